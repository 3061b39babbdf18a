from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.imports.money import unit_price
from ..engine.imports.rows import SERVICE
from ..engine.imports.values import RowError, word

#: Receipts whose documents are created, posted and paid together.
BATCH = 200


class SalonImportBills(models.AbstractModel):
    """Receipts become posted invoices of their day with the recorded taxes, paid."""

    # A file for each step of the import: one alone would be three times too long.
    _inherit = "salon.import"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _import_receipts(self, rows, job):
        """Store each receipt as one bill.

        A receipt of which some lines were broken at the first import comes in without
        them; mended later, they make a bill of their own with the same reference.

        :return: ``{key: account.move}`` of what this run created
        """
        known = self._known_lines(job)
        wanted = []
        for receipt in rows:
            stored = known[word(receipt.number)]
            new = [line for line in receipt.lines if line.key not in stored]
            job.count("receipt_line", "unchanged", len(receipt.lines) - len(new))
            if stored:
                job.count("receipt", "unchanged")
            if not new:
                continue
            at = new[0].at
            if stored - {line.key for line in receipt.lines}:
                job.warn(
                    at,
                    f"receipt {receipt.number} was changed after it was imported; "
                    "compare it with its bill",
                )
                continue
            key = word(receipt.number) + (f".{len(stored)}" if stored else "")
            try:
                wanted.append(
                    (key, at, receipt, new, self._prepare_bill(receipt, new, job))
                )
            except RowError as error:
                self._report(job, "receipt", (key, at, receipt, new), error)
        created = self._in_batches(
            job, "receipt", wanted, self._create_bill_batch, BATCH
        )
        self._compare_totals(job)
        return created

    @api.model
    def _known_lines(self, job):
        """Keys of the stored lines by the word of their receipt's number."""
        known = defaultdict(set)
        for name in job.known:
            kind, _dot, key = name.partition(".")
            if kind == "receipt_line":
                known[key.partition(".")[0]].add(key)
        return known

    @api.model
    def _report(self, job, kind, item, reason):
        if kind != "receipt":
            return super()._report(job, kind, item, reason)
        _key, _at, receipt, lines, *_rest = item
        job.count("receipt", "skipped")
        for line in lines:
            job.skip("receipt_line", line.at, f"receipt {receipt.number}: {reason}")
        return None

    # -- one bill -----------------------------------------------------------------

    @api.model
    def _prepare_bill(self, receipt, lines, job):
        self._check_lock_dates(receipt, lines, job)
        company = job.branch.company_id
        gross = sum(self._gross(line) for line in lines)
        # The host posts no invoice below zero; more returned than sold is a credit.
        sign = -1 if gross < 0 else 1
        client = receipt.clients[:1]
        return {
            "move_type": "out_refund" if sign < 0 else "out_invoice",
            "journal_id": job.sale_journal.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "partner_id": (
                job.get("client", client[0])
                if client
                else job.branch.walk_in_partner_id.id
            ),
            "invoice_date": receipt.day,
            "date": receipt.day,
            "invoice_date_due": receipt.day,
            "invoice_payment_term_id": False,
            "ref": receipt.number,
            "salon_branch_id": job.branch.id,
            "invoice_line_ids": [
                Command.create(self._prepare_bill_line(line, place, sign, job))
                for place, line in enumerate(lines, 1)
            ],
        }

    @api.model
    def _prepare_bill_line(self, line, place, sign, job):
        plan = job.visits.visit_by_line[line.key]
        visit = job.find("visit", plan.key)
        if not visit:
            raise RowError(f"needs the visit of {plan.client}, which did not come in")
        booking = job.visits.booking_by_line.get(line.key)
        quantity, price = unit_price(line.amount, line.quantity)
        kind = "service" if line.item.kind == SERVICE else "product"
        values = {
            "sequence": place,
            "product_id": job.get(kind, line.item.code),
            "quantity": float(quantity * sign),
            "price_unit": float(price),
            "salon_visit_id": visit,
            "salon_appointment_id": (
                job.find("appointment", booking.key) if booking else False
            ),
            "salon_staff_id": job.get("staff", line.staff) if line.staff else False,
            "analytic_distribution": job.branch._get_analytic_distribution(),
            **self._prepare_taxes(line, quantity * sign, price, sign, job),
        }
        if line.description:
            values["name"] = line.description
        return values

    @api.model
    def _prepare_taxes(self, line, quantity, price, sign, job):
        """Taxes of a line, their amounts fixed to what the receipt recorded.

        The host computes the same but for the cents that fractions add up to; it keeps
        amounts given this way as long as quantity and price stay what they are.
        """
        amounts = {
            tax: sign * cents / 100
            for tax, recorded, cents in zip(
                job.taxes, line.taxes, line.tax_cents, strict=True
            )
            if recorded or not line.amount
        }
        if not amounts:
            return {"tax_ids": [Command.clear()]}
        taxes = job.taxes.browse(tax.id for tax in amounts)
        return {
            "tax_ids": [Command.set(taxes.ids)],
            "extra_tax_data": {
                "currency_id": job.branch.company_id.currency_id.id,
                "price_unit": float(price),
                "quantity": float(quantity),
                "discount": 0.0,
                "rate": 1.0,
                "manual_tax_amounts": {
                    str(tax.id): {
                        "tax_amount_currency": amount,
                        "tax_amount": amount,
                    }
                    for tax, amount in amounts.items()
                },
            },
        }

    @api.model
    def _check_lock_dates(self, receipt, lines, job):
        """A receipt of a closed period stays out: the host would move its date.

        :raises RowError: the day is locked
        """
        has_tax = any(any(line.taxes) for line in lines)
        key = (receipt.day, has_tax)
        if key not in job.locks:
            company = job.branch.company_id
            job.locks[key] = company._get_violated_lock_dates(
                receipt.day, has_tax, job.sale_journal
            ) or company._get_violated_lock_dates(receipt.day, False, job.journal)
        if job.locks[key]:
            raise RowError(
                f"is of {format_date(self.env, receipt.day)}, but the books are "
                f"closed up to {format_date(self.env, job.locks[key][-1][0])}; open "
                "the period for the import or leave the receipt out"
            )

    @api.model
    def _gross(self, line):
        return line.amount + Decimal(sum(line.tax_cents)) / 100

    # -- a batch of bills ---------------------------------------------------------

    @api.model
    def _create_bill_batch(self, part, job):
        bills = self.env["account.move"].create(
            [dict(values) for _key, _at, _receipt, _lines, values in part]
        )
        known, created = {}, {}
        for (key, _at, receipt, lines, _values), bill in zip(part, bills, strict=True):
            self._check_bill(bill, receipt, lines)
            created[key] = known["receipt", key] = bill
            for line, bill_line in zip(
                lines, bill.invoice_line_ids.sorted("sequence"), strict=True
            ):
                known["receipt_line", line.key] = bill_line
        bills._post(soft=False)
        payments = self._pay(bills, job)
        self._remember(known, job)
        job.count("receipt_line", "created", len(known) - len(created))
        job.count("payment", "created", len(payments))
        return created

    @api.model
    def _check_bill(self, bill, receipt, lines):
        """The document must say what the paper said, to the cent."""
        gross = float(sum(self._gross(line) for line in lines))
        sign = -1 if bill.move_type == "out_refund" else 1
        if bill.currency_id.compare_amounts(bill.amount_total * sign, gross):
            raise UserError(
                self.env._(
                    "comes to %(computed)s instead of %(recorded)s; check taxes and "
                    "roundings of the company",
                    computed=bill.currency_id.format(bill.amount_total * sign),
                    recorded=bill.currency_id.format(gross),
                )
            )

    @api.model
    def _pay(self, bills, job):
        """One payment for each bill, on its day, reconciled in one go."""
        due = bills.filtered(
            lambda bill: not bill.currency_id.is_zero(bill.amount_total)
        )
        payments = (
            self.env["account.payment"]
            .with_context(skip_invoice_sync=True)
            .create([self._prepare_payment(bill, job) for bill in due])
        )
        payments.action_post()
        self.env["account.move.line"]._reconcile_plan(
            [
                (bill.line_ids + payment.move_id.line_ids).filtered(
                    lambda line, payment=payment: (
                        line.account_id == payment.destination_account_id
                    )
                )
                for bill, payment in zip(due, payments, strict=True)
            ]
        )
        unpaid = due.filtered(
            lambda bill: bill.payment_state not in ("paid", "in_payment")
        )
        if unpaid:
            raise UserError(
                self.env._(
                    "could not be settled in %(journal)s",
                    journal=job.journal.display_name,
                )
            )
        return payments

    @api.model
    def _prepare_payment(self, bill, job):
        receivable = bill.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        return {
            "date": bill.invoice_date,
            "amount": bill.amount_total,
            "payment_type": (
                "outbound" if bill.move_type == "out_refund" else "inbound"
            ),
            "partner_type": "customer",
            "partner_id": bill.commercial_partner_id.id,
            "memo": bill.name,
            "journal_id": job.journal.id,
            "company_id": bill.company_id.id,
            "currency_id": bill.currency_id.id,
            "destination_account_id": receivable.account_id.id,
            "invoice_ids": [Command.set(bill.ids)],
        }

    # -- the books ----------------------------------------------------------------

    @api.model
    def _check_books(self, job):
        """Say before anything is stored what the company lacks for receipts."""
        company = job.branch.company_id
        job.sale_journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "sale"),
            ],
            limit=1,
        )
        if not job.sale_journal:
            raise UserError(
                self.env._(
                    "%(company)s has no sales journal. Install a chart of accounts in "
                    "the accounting settings first.",
                    company=company.name,
                )
            )
        if company.currency_id.decimal_places < 2:
            raise UserError(
                self.env._(
                    "The receipts have cents, which the currency of %(company)s has "
                    "not. Import them into a company with their own currency.",
                    company=company.name,
                )
            )

    @api.model
    def _get_journal(self, branch):
        """Where the receipts were paid into: exports seldom name the tender."""
        journals = branch._get_tender_journals()
        journal = journals.filtered(lambda journal: journal.type == "bank")[:1]
        if not (journal or journals):
            raise UserError(
                self.env._(
                    "%(branch)s has no bank or cash journal to pay receipts into. "
                    "Choose its tenders first.",
                    branch=branch.name,
                )
            )
        return journal or journals[:1]

    @api.model
    def _get_taxes(self, job):
        """The sales taxes of the export, made where the company has none like them."""
        taxes = self.env["account.tax"]
        for tax in job.export.taxes:
            found = taxes.browse(job.find("tax", word(tax.name)))
            found = found or self._find_tax(tax, job)
            if not found:
                found = taxes.create(self._prepare_tax(tax, job))
                self._remember({("tax", word(tax.name)): found}, job)
                job.count("tax", "created")
            else:
                job.count("tax", "unchanged")
            taxes |= found
        return taxes

    @api.model
    def _find_tax(self, tax, job):
        percent = f"{tax.percent.normalize():f}%"
        return self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(job.branch.company_id),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", "=", float(tax.percent)),
                ("price_include", "=", False),
                (
                    "name",
                    "in",
                    [tax.name, f"{tax.name} {percent}", f"{percent} {tax.name}"],
                ),
            ],
            limit=1,
        )

    @api.model
    def _prepare_tax(self, tax, job):
        account = self._get_tax_account(tax, job)
        repartition = [
            Command.create({"document_type": document, **values})
            for document in ("invoice", "refund")
            for values in (
                {"repartition_type": "base"},
                {"repartition_type": "tax", "account_id": account.id},
            )
        ]
        return {
            "name": f"{tax.name} {tax.percent.normalize():f}%",
            "invoice_label": tax.name,
            "type_tax_use": "sale",
            "amount_type": "percent",
            "amount": float(tax.percent),
            "price_include_override": "tax_excluded",
            "is_base_affected": False,
            "tax_group_id": self._get_tax_group(tax, job).id,
            "company_id": job.branch.company_id.id,
            "repartition_line_ids": repartition,
        }

    @api.model
    def _get_tax_group(self, tax, job):
        """A group of its own, so that an invoice shows each tax with its amount."""
        groups = self.env["account.tax.group"]
        company = job.branch.company_id
        return groups.search(
            [*groups._check_company_domain(company), ("name", "=", tax.name)], limit=1
        ) or groups.create({"name": tax.name, "company_id": company.id})

    @api.model
    def _get_tax_account(self, tax, job):
        """Where the company posts its sales tax, or a new account for this one."""
        company = job.branch.company_id
        used = company.account_sale_tax_id.invoice_repartition_line_ids.account_id[:1]
        if used:
            return used
        accounts = self.env["account.account"].with_company(company)
        last = accounts.search(
            [
                *accounts._check_company_domain(company),
                ("account_type", "=", "liability_current"),
            ],
            limit=1,
        )
        return accounts.create(
            {
                "name": self.env._("%(tax)s payable", tax=tax.name),
                "code": accounts._search_new_account_code(last.code or "210000"),
                "account_type": "liability_current",
                "company_ids": [Command.set(company.ids)],
            }
        )

    @api.model
    def _compare_totals(self, job):
        """What the export says beside what is posted for it, over all runs."""
        lines = [line for receipt in job.export.receipts for line in receipt.lines]
        bills = self.env["account.move"].browse(
            id_ for name, id_ in job.known.items() if name.startswith("receipt.")
        )
        posted = defaultdict(Decimal)
        groups = self.env["account.move.line"]._read_group(
            [
                ("move_id", "in", bills.ids),
                ("parent_state", "=", "posted"),
                ("display_type", "in", ("product", "tax")),
            ],
            ["tax_line_id"],
            ["balance:sum"],
        )
        for tax, balance in groups:
            posted[tax.id] -= round(Decimal(balance), 2)
        job.totals["net"] = (sum(line.amount for line in lines), posted[False])
        for place, (tax, record) in enumerate(
            zip(job.export.taxes, job.taxes, strict=True)
        ):
            recorded = sum((line.taxes[place] for line in lines), Decimal())
            job.totals[tax.name] = (recorded, posted[record.id])
        job.totals["gross"] = tuple(map(sum, zip(*job.totals.values(), strict=True)))
