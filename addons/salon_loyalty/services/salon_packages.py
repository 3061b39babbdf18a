from collections import defaultdict
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.packages import Pool, part_not_paid, value_of_use

#: In the context of a checkout, which settles at its end what was paid; an object,
#: because nobody can send it over RPC.
LATER = object()
#: Begins the key by which a service that a package pays for is rounded.
COVERED = "salon_package,"


class SalonPackages(models.AbstractModel):
    """Packages: sold by bills, used on bills, kept beside two liability accounts.

    Whatever is posted on a bill item of a package is written into its ledger, whoever
    posts it. What was sold and not paid yet stands on an account of its own, so that
    the liability is what was paid; an entry moves it as payments come and go.
    """

    _name = "salon.packages"
    _description = "Package Service"

    # -- Setting up ---------------------------------------------------------

    @api.model
    def _setup_companies(self, companies):
        """Book packages to the liability of companies that keep books."""
        # sudo: product.template - part of installing a company
        templates = (
            self.env["product.template"]
            .sudo()
            .with_context(active_test=False)
            .search([("is_salon_package", "=", True)])
        )
        self._book_to_liability(templates | self._get_use_product().product_tmpl_id)

    @api.model
    def _setup_installed(self):
        # sudo: res.company - all of them, whoever installs
        companies = self.env["res.company"].sudo()
        self._setup_companies(companies.search([("chart_template", "!=", False)]))

    @api.model
    def _get_use_product(self):
        # sudo: product.product - what stands for the use of a package on a bill
        return self.env.ref("salon_loyalty.product_package_use").sudo()

    @api.model
    def _book_to_liability(self, templates):
        # sudo: res.company, product.template - accounts follow, whoever sets it up
        companies = self.env["res.company"].sudo()
        with_books = companies.search([("chart_template", "!=", False)])
        for company in companies.search([("id", "child_of", with_books.root_id.ids)]):
            account = company.root_id._get_salon_package_account()
            for template in templates.sudo().with_company(company):
                if template.property_account_income_id != account:
                    template.property_account_income_id = account

    # -- What can be used ---------------------------------------------------

    @api.model
    def _get_open_domain(self, company=None):
        """Credits that can be used today."""
        today = fields.Date.context_today(self)
        domain = Domain("credits_left", ">", 0) & (
            Domain("package_id.date_end", "=", False)
            | Domain("package_id.date_end", ">=", today)
        )
        if company:
            # sudo: res.company - companies of a chain share what they owe
            members = company.sudo().root_id
            domain &= Domain("company_id", "child_of", members.ids)
        return domain

    @api.model
    def _find_credits(self, clients, company=None):
        """What these clients can use, their own or their family's, the oldest first.

        :return: ``{res.partner id: [salon.package.credit, …]}``
        """
        # sudo: res.partner, salon.package.credit - what the clients at the desk have
        clients = clients.sudo()
        payer_of = {
            client.id: (client.salon_payer_id or client).id for client in clients
        }
        family = (
            self.env["res.partner"]
            .sudo()
            ._search(
                Domain("id", "in", list(payer_of.values()))
                | Domain("salon_payer_id", "in", list(payer_of.values()))
            )
        )
        found = (
            self.env["salon.package.credit"]
            .sudo()
            .search(
                self._get_open_domain(company)
                & (
                    Domain("package_id.client_id", "in", clients.ids)
                    | Domain("package_id.is_shared", "=", True)
                    & Domain("package_id.client_id", "in", family)
                )
            )
        )
        own, shared = defaultdict(list), defaultdict(list)
        for credit in found.sorted(
            lambda one: (one.package_id.date_start, one.package_id.id, one.id)
        ):
            owner = credit.package_id.client_id
            own[owner.id].append(credit)
            if credit.package_id.is_shared:
                shared[(owner.salon_payer_id or owner).id].append(credit)
        usable_by = {}
        for client, payer in payer_of.items():
            others = [one for one in shared[payer] if one not in own[client]]
            if usable := own[client] + others:
                usable_by[client] = usable
        return usable_by

    @api.model
    def _propose(self, appointments):
        """The oldest credit that fits for each of these appointments.

        :return: ``{salon.appointment: salon.package.credit}``
        """
        company = appointments.company_id[:1]
        usable = self._find_credits(appointments.client_id, company)
        taken = defaultdict(int)
        proposed = {}
        for appointment in appointments:
            # sudo: product.template - what the service is, whoever asks
            template = appointment.product_id.sudo().product_tmpl_id
            for credit in usable.get(appointment.client_id.id, ()):
                if taken[credit] < credit.credits_left and credit._covers(template):
                    taken[credit] += 1
                    proposed[appointment] = credit
                    break
        return proposed

    @api.model
    def _check_use(self, appointment, credit, usable):
        template = appointment.product_id.product_tmpl_id
        client = appointment.client_id
        if credit in usable.get(client.id, ()) and credit._covers(template):
            return
        raise UserError(
            self.env._(
                "%(package)s cannot be used for %(service)s of %(client)s any more. "
                "Open the checkout again to see what can be used.",
                package=credit.display_name,
                service=appointment.product_id.display_name,
                client=client.name,
            )
        )

    # -- On a bill ----------------------------------------------------------

    @api.model
    def _put_on_bill(self, values, appointments, uses):
        """Let packages pay for services of an order that is about to be made.

        The service costs what its credit is worth, which is revenue of who did it; a
        line below zero takes that from what is owed.

        :param values: of the sale.order
        :param uses: ``{appointment id: salon.package.credit id}``
        """
        # sudo: salon.package.credit - of this bill, checked here
        self = self.sudo()
        appointments = appointments.sudo().filtered(lambda one: uses.get(one.id))
        company = self.env["res.company"].browse(values["company_id"])
        usable = self._find_credits(appointments.client_id, company)
        appointment_of = {one.id: one for one in appointments}
        left, pools = {}, {}
        lines = []
        for command in values["order_line"]:
            line = command[2]
            lines.append(command)
            appointment = appointment_of.get(line.get("salon_appointment_id"))
            if not appointment:
                continue
            credit = self.env["salon.package.credit"].browse(uses[appointment.id])
            self._check_use(appointment, credit, usable)
            package = credit.package_id
            if package not in left:
                left[package] = round(
                    package.amount_left / company.currency_id.rounding
                )
                pools[package] = {
                    one: [one.credits_left, Decimal(f"{one.single_price:.6f}")]
                    for one in package.credit_ids
                }
            cents = self._take_one(package, credit, left, pools)
            price, cents = self._price_for(company, values, appointment, package, cents)
            left[package] -= cents
            # Rounded by itself: its credit is worth a certain amount, to the cent.
            key = {"computation_key": f"{COVERED}{appointment.id}"}
            line.update(discount=0, price_unit=price, extra_tax_data=key)
            if package.is_taxed:
                line["tax_ids"] = [Command.clear()]
            lines.append(
                Command.create(
                    self._prepare_use_line(appointment, credit, cents, company)
                )
            )
        values["order_line"] = lines

    @api.model
    def _take_one(self, package, credit, left, pools):
        """What the next credit is worth; one less is left."""
        own = pools[package]
        if own[credit][0] <= 0:
            raise UserError(
                self.env._(
                    "%(package)s: more credits are on the bill than are left. Take "
                    "the package off one of the services.",
                    package=credit.display_name,
                )
            )
        place = list(own).index(credit)
        cents = value_of_use(
            left[package], [Pool(*pool) for pool in own.values()], place
        )
        own[credit][0] -= 1
        return cents

    @api.model
    def _price_for(self, company, values, appointment, package, cents):
        """The price that comes to so much with tax, and what it comes to.

        Not every amount is the sum of a price and its tax: then it is the cent below,
        and the next use is worth a cent more.
        """
        unit = company.currency_id.rounding
        amount = company.currency_id.round(cents * unit)
        if package.is_taxed:
            return amount, cents
        # sudo: account.tax, account.fiscal.position - as the bill will have them
        taxes = appointment.product_id.sudo().taxes_id._filter_taxes_by_company(company)
        payer = self.env["res.partner"].browse(values["partner_id"])
        position = self.env["account.fiscal.position"].with_company(company)
        taxes = position._get_fiscal_position(payer).map_tax(taxes)
        if not taxes:
            return amount, cents
        if all(tax.price_include for tax in taxes):
            return amount, cents
        whole = taxes.compute_all(100, company.currency_id)["total_included"]
        net = company.currency_id.round(amount * 100 / whole)
        for tried in (net + unit, net, net - unit):
            total = taxes.compute_all(tried, company.currency_id)["total_included"]
            if company.currency_id.compare_amounts(total, amount) <= 0:
                return company.currency_id.round(tried), round(total / unit)
        return amount, cents

    @api.model
    def _prepare_use_line(self, appointment, credit, cents, company):
        amount = company.currency_id.round(cents * company.currency_id.rounding)
        return {
            "product_id": self._get_use_product().id,
            "name": credit.package_id.name,
            "product_uom_qty": 1,
            "price_unit": -amount,
            "tax_ids": [Command.clear()],
            "salon_package_credit_id": credit.id,
            "salon_covered_id": appointment.id,
        }

    # -- The ledger ---------------------------------------------------------

    @api.model
    def _open(self, moves):
        """Make the package of each bill item that sells one, before it is posted.

        Both its sale and its use are booked where packages are owed, whatever account
        a product has by now.
        """
        # sudo: account.move.line, salon.package - follows from the posted bill
        for line in moves.sudo().invoice_line_ids:
            if not line.salon_package_id and not line.product_id.is_salon_package:
                continue
            account = line.company_id.root_id._get_salon_package_account()
            if line.move_id.is_invoice() and line.account_id != account:
                line.account_id = account
            if line.salon_package_id:
                continue
            if line.move_id.move_type == "out_invoice" and line.quantity > 0:
                earlier = line.sale_line_ids.invoice_lines.salon_package_id
                line.salon_package_id = earlier[:1] or self._create_package(line)
            elif line.move_id.move_type == "out_refund":
                raise UserError(
                    self.env._(
                        "%(document)s gives back “%(package)s” without saying which "
                        "one. Make a credit note of the bill that sold it.",
                        document=line.move_id.display_name,
                        package=line.product_id.name,
                    )
                )

    @api.model
    def _create_package(self, line):
        move, product = line.move_id, line.product_id
        client = line.salon_visit_id.client_id or move.partner_id
        if not client or client == move.salon_branch_id.walk_in_partner_id:
            raise UserError(
                self.env._(
                    "“%(package)s” needs a client who owns it. Choose who pays, or "
                    "enter the client in the visit.",
                    package=product.name,
                )
            )
        start = move.invoice_date or fields.Date.context_today(self)
        months = product.salon_package_months
        return (
            self.env["salon.package"]
            .sudo()  # sudo: salon.package - follows from the bill
            .with_context(mail_create_nosubscribe=True, tracking_disable=True)
            .create(
                {
                    "name": product.name,
                    "client_id": client.id,
                    "product_id": product.id,
                    "company_id": move.company_id.id,
                    "branch_id": move.salon_branch_id.id,
                    "staff_id": line.salon_staff_id.id,
                    "date_start": start,
                    "date_end": months and start + relativedelta(months=months),
                    "is_shared": product.salon_package_is_shared,
                    "is_taxed": bool(line.tax_ids),
                    "sale_line_id": line.sale_line_ids[:1].id,
                    "credit_ids": [
                        Command.create(
                            {
                                "credits": content.credits * max(int(line.quantity), 1),
                                "service_ids": [Command.set(content.service_ids.ids)],
                                "category_id": content.category_id.id,
                                "single_price": content.single_price,
                                "currency_id": move.company_id.currency_id.id,
                            }
                        )
                        for content in product.salon_package_content_ids
                    ],
                }
            )
        )

    @api.model
    def _settle(self, moves):
        """Bring ledger and sums to what these documents say; safe to repeat."""
        # sudo: account.move.line, salon.package.entry - what is posted decides
        self = self.sudo()
        items = self.env["account.move.line"].search(
            [("move_id", "in", moves.ids), ("salon_package_id", "!=", False)]
        )
        if not items:
            return
        packages = items.salon_package_id
        self._add(
            self._get_amount_rows(moves, items) + self._get_credit_rows(moves, items)
        )
        self._add(self._get_voids(moves, packages))
        self._settle_between(moves, items)
        self._follow_payments(packages)

    @api.model
    def _get_amount_rows(self, moves, items):
        """Rows for what these documents book and the ledger does not have."""
        wanted = defaultdict(lambda: [0, 0])
        for entry_group in self.env["salon.package.entry"]._read_group(
            [("move_id", "in", moves.ids)],
            ["move_id", "package_id", "use_line_id"],
            ["amount:sum", "amount_unpaid:sum"],
        ):
            move, package, use, owed, unpaid = entry_group
            wanted[move, package, use][0] -= owed
            wanted[move, package, use][1] -= unpaid
        for item in items.filtered(lambda item: item.parent_state == "posted"):
            company = item.company_id.root_id
            key = item.move_id, item.salon_package_id, self._get_use(item)
            if item.account_id == company.salon_package_account_id:
                wanted[key][0] -= item.balance
            elif item.account_id == company.salon_package_unpaid_account_id:
                wanted[key][1] -= item.balance
        return [
            self._prepare_row(
                package,
                self._get_kind(move, use, owed + unpaid),
                move=move,
                use=use,
                amount=owed,
                amount_unpaid=unpaid,
            )
            for (move, package, use), (owed, unpaid) in wanted.items()
            if not package.currency_id.is_zero(owed)
            or not package.currency_id.is_zero(unpaid)
        ]

    @api.model
    def _get_use(self, item):
        return item.sale_line_ids.filtered("salon_package_credit_id")[:1]

    @api.model
    def _get_kind(self, move, use, amount):
        if use:
            return "used" if amount < 0 else "returned"
        if move.move_type == "entry":
            income = any(
                item.account_id.internal_group == "income" for item in move.line_ids
            )
            return "expired" if income else "paid"
        return "sold" if amount > 0 else "refunded"

    @api.model
    def _get_credit_rows(self, moves, items):
        """Rows for credits that were sold, used or came back with these documents."""
        entries = self.env["salon.package.entry"]
        packages = items.salon_package_id
        uses = self.env["sale.order.line"].union(*(self._get_use(i) for i in items))
        have = defaultdict(int)
        for package, credit, use, count in entries._read_group(
            [
                ("package_id", "in", packages.ids),
                ("kind", "in", ("sold", "used", "returned")),
            ],
            ["package_id", "credit_id", "use_line_id"],
            ["credits:sum"],
        ):
            have[package, credit, use] += count
        rows = []
        for package in packages:
            sold = package.bill_line_ids.filtered(
                lambda item, package=package: (
                    item.product_id == package.product_id
                    and item.parent_state == "posted"
                    and item.move_id.move_type == "out_invoice"
                )
            )
            for credit in package.credit_ids:
                wanted = credit.credits if sold else 0
                if change := wanted - have[package, credit, uses.browse()]:
                    move = items.filtered(
                        lambda item, p=package: item.salon_package_id == p
                    ).move_id[:1]
                    rows.append(
                        self._prepare_row(
                            package, "sold", move=move, credit=credit, credits=change
                        )
                    )
        for use in uses:
            credit = use.salon_package_credit_id
            taken = -1 if self._is_used(use) else 0
            if change := taken - have[credit.package_id, credit, use]:
                rows.append(
                    self._prepare_row(
                        credit.package_id,
                        "used" if change < 0 else "returned",
                        move=(use.invoice_lines.move_id & moves)[-1:],
                        use=use,
                        credit=credit,
                        credits=change,
                    )
                )
        return rows

    @api.model
    def _is_used(self, use):
        """A credit comes back when all of its use was given back."""
        items = use.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        amount = sum(items.mapped("balance"))
        if not use.currency_id.is_zero(amount):
            return amount > 0
        if not use.currency_id.is_zero(use.price_total):
            return False
        count = sum(
            -item.quantity if item.move_id.move_type == "out_refund" else item.quantity
            for item in items
        )
        return count > 0

    @api.model
    def _get_voids(self, moves, packages):
        """Where the sale was given back to the last cent, nothing is left to use."""
        rows = []
        for package in packages:
            own = package.bill_line_ids.filtered(
                lambda item, package=package: item.product_id == package.product_id
            ).move_id
            credit_notes = own.filtered(
                lambda move: move.move_type == "out_refund" and move.state == "posted"
            )
            is_void = credit_notes and package.currency_id.is_zero(package.amount_left)
            void = defaultdict(int)
            for entry in package.entry_ids.filtered(lambda e: e.kind == "refunded"):
                void[entry.credit_id] += entry.credits
            for credit in package.credit_ids:
                change = -credit.credits_left if is_void else -void[credit]
                if change:
                    rows.append(
                        self._prepare_row(
                            package,
                            "refunded",
                            move=(own & moves)[-1:] or own[-1:],
                            credit=credit,
                            credits=change,
                        )
                    )
        return rows

    @api.model
    def _prepare_row(self, package, kind, move=None, use=None, credit=None, **values):
        move = move or self.env["account.move"]
        use = use or self.env["sale.order.line"]
        appointment = use.salon_covered_id
        credit = credit or use.salon_package_credit_id
        return {
            "package_id": package.id,
            "credit_id": credit.id if credit else False,
            "client_id": package.client_id.id,
            "product_id": package.product_id.id,
            "company_id": package.company_id.root_id.id,
            "branch_id": (move.salon_branch_id or package.branch_id).id,
            "kind": kind,
            "date": move.date or fields.Date.context_today(self),
            "reference": move.name,
            "move_id": move.id,
            "use_line_id": use.id,
            "visit_id": appointment.visit_id.id,
            "appointment_id": appointment.id,
            **values,
        }

    @api.model
    def _add(self, rows):
        """Write rows and change the sums beside them."""
        rows = self._join(rows)
        if not rows:
            return
        # sudo: salon.package.entry - only this service writes the ledger
        entries = self.env["salon.package.entry"].sudo().create(rows)
        counts = defaultdict(int)
        amounts = defaultdict(lambda: [0, 0])
        for entry in entries:
            counts[entry.credit_id] += entry.credits
            amounts[entry.package_id][0] += entry.amount + entry.amount_unpaid
            amounts[entry.package_id][1] += entry.amount_unpaid
        for package, (left, unpaid) in amounts.items():
            left = package.currency_id.round(package.amount_left + left)
            if left < 0:
                raise UserError(self._message_too_little(package, left))
            package.amount_left = left
            package.amount_unpaid = package.currency_id.round(
                package.amount_unpaid + unpaid
            )
        for credit, change in counts.items():
            if credit and change:
                if credit.credits_left + change < 0:
                    raise UserError(self._message_no_credit(credit))
                credit.credits_left += change

    @api.model
    def _join(self, rows):
        """One row for the money and the credits of the same event."""
        joined = {}
        for row in rows:
            event = tuple(
                row[name] for name in ("package_id", "move_id", "kind", "use_line_id")
            )
            first = joined.setdefault(event, [row])[0]
            if first is row:
                continue
            if "credits" not in first and "credits" in row:
                first |= {name: row[name] for name in ("credits", "credit_id")}
            else:
                joined[event].append(row)
        return [row for own in joined.values() for row in own]

    @api.model
    def _message_too_little(self, package, left):
        currency = package.currency_id
        return self.env._(
            "%(package)s is worth %(left)s, and %(wanted)s would be taken from it: the "
            "rest was already used. Refund at most what is left.",
            package=package.display_name,
            left=currency.format(package.amount_left),
            wanted=currency.format(package.amount_left - left),
        )

    @api.model
    def _message_no_credit(self, credit):
        return self.env._(
            "%(package)s, so what was sold cannot be taken back: some of it was "
            "already used. Refund the visits in which it was used first.",
            package=credit.display_name,
        )

    @api.model
    def _settle_between(self, moves, items):
        """What one company sold and another one took is owed between the two."""
        for move in moves.filtered(lambda one: one.move_type != "entry"):
            account = move.company_id.root_id.salon_package_account_id
            wanted = defaultdict(float)
            for item in items:
                package = item.salon_package_id
                if (
                    item.move_id == move
                    and item.parent_state == "posted"
                    and self._get_use(item)
                ):
                    wanted[package.company_id] += item.balance
            if wanted or move.salon_between_ids:
                self.env["salon.intercompany"]._follow(move, account, wanted)

    # -- What was paid ------------------------------------------------------

    @api.model
    def _follow_bills(self, moves):
        """Payments of these bills came or went."""
        if self.env.context.get("salon_packages") is LATER or not moves:
            return
        # sudo: account.move.line - which packages the bills have sold
        items = (
            self.env["account.move.line"]
            .sudo()
            .search([("move_id", "in", moves.ids), ("salon_package_id", "!=", False)])
        )
        self._follow_payments(items.salon_package_id)

    @api.model
    def _follow_payments(self, packages):
        """Move between the two accounts what was paid, or is not paid any more."""
        if self.env.context.get("salon_packages") is LATER:
            return
        # sudo: account.move - follows from the payments, whoever takes them
        for package in packages.sudo():
            change = package.currency_id.round(
                self._get_unpaid(package) - package.amount_unpaid
            )
            if not package.currency_id.is_zero(change):
                company = package.company_id.root_id
                self._post_entry(
                    package,
                    self.env._("Not paid") if change > 0 else self.env._("Paid"),
                    company._get_salon_package_unpaid_account(),
                    change,
                )

    @api.model
    def _get_unpaid(self, package):
        """What of its bills is open; no more than what is left to use."""
        unit = package.currency_id.rounding
        cents = 0
        for item in package.bill_line_ids:
            move = item.move_id
            if (
                move.move_type != "out_invoice"
                or move.state != "posted"
                or not move.amount_residual
                or not item.price_total
                or item.product_id != package.product_id
            ):
                continue
            # What credit notes gave back is neither paid nor open.
            left = self.env["salon.refund"]._get_left(move)
            # To the cent as there: the bill may have taken one off this line.
            total = move._get_salon_line_totals()[item]
            # What is below zero is a discount, or pays like money does.
            others = [
                amount
                for one, amount in left.items()
                if one != item
                and not self._is_covered(one)
                and (amount > 0 or one.account_id.internal_group != "liability")
            ]
            cents += part_not_paid(
                round(-item.balance * left[item] / (total or 1) / unit),
                round(left[item] / unit),
                round(sum(others) / unit),
                round(move.amount_residual / unit),
            )
        return min(package.currency_id.round(cents * unit), package.amount_left)

    @api.model
    def _is_covered(self, item):
        """Whether a package pays for this bill item."""
        key = (item.extra_tax_data or {}).get("computation_key") or ""
        return key.startswith(COVERED)

    @api.model
    def _post_entry(self, package, label, account, amount):
        """Move an amount from what is owed on a package to another account."""
        company = package.company_id
        name = f"{package.display_name}, {label}"
        zone = package.branch_id.tz or "UTC"
        values = {
            "partner_id": package.client_id.commercial_partner_id.id,
            "name": name,
        }
        owed = company.root_id._get_salon_package_account()
        is_income = account.internal_group == "income"
        branch = package.branch_id
        analytic = branch._get_analytic_distribution() if branch else False
        entry = (
            # sudo: account.move - follows from the bill and its payments
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "journal_id": self.env["salon.intercompany"]
                    ._get_journal(company)
                    .id,
                    "date": fields.Date.context_today(self.with_context(tz=zone)),
                    "ref": name,
                    "line_ids": [
                        Command.create(
                            {
                                **values,
                                "account_id": owed.id,
                                "balance": amount,
                                "salon_package_id": package.id,
                            }
                        ),
                        Command.create(
                            {
                                **values,
                                "account_id": account.id,
                                "balance": -amount,
                                "salon_package_id": not is_income and package.id,
                                "analytic_distribution": is_income and analytic,
                            }
                        ),
                    ],
                }
            )
        )
        entry._post(soft=False)
        return entry

    # -- Refund, transfer ---------------------------------------------------

    @api.model
    def _open_refund(self, package):
        """The refund dialog of its bill, with what is left of the package."""
        package.check_access("read")
        service = self.env["salon.refund"]
        # sudo: account.move.line - the bill that sold it, for the desk
        sold = package.sudo().bill_line_ids.filtered(
            lambda item: (
                item.product_id == package.product_id
                and item.parent_state == "posted"
                and item.move_id.move_type == "out_invoice"
            )
        )[-1:]
        visit = sold.salon_visit_id.with_env(self.env)
        if visit:
            service._check_may_refund(visit)
        if not visit or not package.amount_left:
            raise UserError(
                self.env._(
                    "%(package)s cannot be refunded at the desk: nothing is left of "
                    "it, or it was not sold there.",
                    package=package.display_name,
                )
            )
        action = self.env["salon.refund.wizard"]._open(visit)
        wizard = self.env["salon.refund.wizard"].browse(action["res_id"])
        gross = package.currency_id.round(
            package.amount_left * sold.price_total / -sold.balance
        )
        # sudo: account.move.line - ids of the bill lines that the dialog was made of
        for line in wizard.sudo().line_ids:
            line.amount = (
                min(gross, line.amount_left) if line.bill_line_id == sold else 0
            )
        wizard.tender_ids.unlink()
        wizard.tender_ids = wizard._propose_tenders(sold.move_id)
        return action

    @api.model
    def _transfer(self, package, client, reason):
        """Give what is left of a package to another client."""
        if not self.env.su and not self.env.user.has_group(
            "salon_booking.group_salon_manager"
        ):
            raise AccessError(
                self.env._("Packages are given to another client by a manager.")
            )
        package.check_access("write")
        client.check_access("read")
        if client == package.client_id:
            return
        note = self.env._(
            "From %(old)s to %(new)s. %(reason)s",
            old=package.client_id.name,
            new=client.name,
            reason=reason or "",
        ).strip()
        # sudo: salon.package - the right was checked above
        package.sudo().client_id = client
        self._add([self._prepare_row(package.sudo(), "transferred", note=note)])
