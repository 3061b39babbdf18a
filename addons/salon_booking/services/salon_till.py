from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import tenders as engine


class SalonTill(models.AbstractModel):
    """The money of one checkout: which tender pays what, as payments of the host.

    In this order the tenders pay earlier bills, the bill, tips, and what the client
    leaves on the balance; tips first where a part of the bill goes on the tab. Each
    share is one posted payment; those of bills are reconciled with them. What the
    tenders do not reach of the bills stays a debt.
    """

    _name = "salon.till"
    _description = "Salon Till Service"

    @api.model
    def _take(self, visits, debts, invoice, tenders, options):
        """Take these tenders for the bill and what is paid with it.

        In sudo, called by the checkout alone.

        :param debts: earlier bills, paid first in this order
        :return: account.payment, all posted
        """
        currency = invoice.currency_id
        demands = self._get_demands(visits, debts, invoice, options)
        due = sum(demand["amount"] for demand in demands)
        tenders = self._appraise(invoice.company_id, tenders, due, invoice.invoice_date)
        tenders.sort(
            key=lambda tender: (not self._get_kind(tender), not tender["foreign"])
        )
        shares = engine.allocate(
            [self._to_cents(currency, tender["value"]) for tender in tenders],
            [self._to_cents(currency, demand["amount"]) for demand in demands],
        )
        self._check(currency, tenders, demands, shares)
        payments = self.env["account.payment"]
        owed = []
        for place, demand, part in self._share_out(currency, tenders, shares):
            demand = demands[demand]
            tender = {**tenders[place], **part, "branch": visits.branch_id}
            tender["date"] = invoice.invoice_date
            if bill := demand.get("bill"):
                payments |= self.env["salon.checkout"]._register_tender(bill, tender)
            else:
                owed.append(self._prepare_owed(visits, invoice, tender, demand))
        payments |= self._post_owed(owed)
        self._check_rounded(invoice)
        if change := options.get("change"):
            payments |= self._give_change(visits, invoice, payments, change)
        if invoice.move_type == "out_refund":
            payments |= self._give_back(visits.branch_id, invoice, options)
        return payments

    @api.model
    def _get_foreign(self, company, journal):
        """The currency of a till or account that keeps another one than the company."""
        currency = journal.currency_id
        return currency if currency != company.currency_id else currency.browse()

    @api.model
    def _appraise(self, company, tenders, due, date):
        """What each tender is worth in the currency of the company.

        Money of another currency counts at the rate of the day. What is exactly as much
        as the rate asks for what is left, is worth what is left: nothing stays open
        because of a cent that the other currency does not have.

        :param tenders: ``{"journal_id", "amount"}``, the amount in the currency of
            the journal
        :param due: what is to be paid in all
        :return: the tenders above zero, each with ``value`` and ``foreign``, its
            currency
        :raises UserError: there is no rate
        """
        own, appraised = company.currency_id, []
        for tender in tenders:
            # sudo: account.journal - the desk sees the currency of its tenders
            journal = self.env["account.journal"].sudo().browse(tender["journal_id"])
            foreign = self._get_foreign(company, journal)
            if not (foreign or own).is_zero(tender["amount"]):
                appraised.append(
                    {**tender, "foreign": foreign, "value": tender["amount"]}
                )
        foreigners = [tender for tender in appraised if tender["foreign"]]
        left = due - sum(
            tender["value"] for tender in appraised if not tender["foreign"]
        )
        for tender in foreigners:
            foreign, amount = tender["foreign"], tender["amount"]
            self._check_rate(company, foreign)
            asked = own._convert(max(left, 0), foreign, company, date)
            if foreign.compare_amounts(asked, amount) == 0:
                tender["value"] = own.round(left)
            else:
                tender["value"] = foreign._convert(amount, own, company, date)
            left -= tender["value"]
        return appraised

    @api.model
    def _check_rate(self, company, currency):
        """Without a rate the host takes one for one."""
        rates = currency.rate_ids.filtered(
            lambda rate: rate.company_id in (company.root_id, company.root_id.browse())
        )
        own = company.currency_id.rate_ids
        if not rates and not own:
            raise UserError(
                self.env._(
                    "%(currency)s has no rate, so nobody knows what it is worth in "
                    "%(own)s. Enter the rate of the day under Currencies.",
                    currency=currency.name,
                    own=company.currency_id.name,
                )
            )

    @api.model
    def _prepare_money_out(self, company, journal, amount, date):
        """Amount and currency of what leaves a till, worth ``amount``."""
        own = company.currency_id
        foreign = self._get_foreign(company, journal)
        if not foreign:
            return {"amount": amount, "currency_id": own.id}
        self._check_rate(company, foreign)
        return {
            "amount": own._convert(amount, foreign, company, date),
            "currency_id": foreign.id,
            "force_balance": amount,
        }

    @api.model
    def _share_out(self, currency, tenders, shares):
        """Amounts of shares, and what of another currency each of them is.

        :return: list of (place of the tender, of the demand, ``{"amount",
            "amount_currency"}``)
        """
        parts = {}
        for place, tender in enumerate(tenders):
            if foreign := tender["foreign"]:
                own = [share for share in shares if share[0] == place]
                cents = engine.in_currency(
                    [share[2] for share in own],
                    self._to_cents(foreign, tender["amount"]),
                )
                for share, part in zip(own, cents, strict=True):
                    parts[share] = foreign.round(part * foreign.rounding)
        return [
            (
                place,
                demand,
                {
                    "amount": currency.round(cents * currency.rounding),
                    "amount_currency": parts.get((place, demand, cents)),
                },
            )
            for place, demand, cents in shares
        ]

    @api.model
    def _give_change(self, visits, invoice, payments, change):
        """Change for money of another currency, out of a till in the own one.

        What came in for it and what goes out are payments of the payer that settle each
        other.
        """
        came_in = payments.filtered(lambda payment: payment.is_salon_change)
        out = self._post_owed(
            [
                {
                    **self._prepare_payment(
                        visits.branch_id, change, invoice.invoice_date
                    ),
                    "payment_type": "outbound",
                    "partner_type": "customer",
                    "partner_id": invoice.partner_id.id,
                    "memo": self.env._("Change with %(bill)s", bill=invoice.name),
                    "is_salon_change": True,
                }
            ]
        )
        (came_in | out).move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        return out

    @api.model
    def _give_back(self, branch, credit, options):
        """Deposits were more than the bill: the rest goes back at once."""
        journal_id = options.get("give_back_journal_id")
        if not journal_id:
            raise UserError(
                self.env._(
                    "The deposit is %(rest)s more than the bill. Choose how that goes "
                    "back.",
                    rest=credit.currency_id.format(credit.amount_residual),
                )
            )
        tender = {
            "journal_id": journal_id,
            "amount": credit.amount_residual,
            "branch": branch,
        }
        self._check_may_refund_to(branch, credit, tender)
        return self.env["salon.checkout"]._register_tender(credit, tender)

    @api.model
    def _to_cents(self, currency, amount):
        return round(amount / currency.rounding)

    @api.model
    def _get_kind(self, tender):
        return self.env["account.journal"].browse(tender["journal_id"]).salon_kind

    @api.model
    def _get_demands(self, visits, debts, invoice, options):
        """What is to be paid, in its order.

        :return: list of ``{"amount"}`` with ``bill``, ``staff``, ``client`` or
            ``change``, which is what a tender in another currency is too much
        """
        bills = debts
        if invoice.move_type == "out_invoice":
            bills += invoice
        bills = [{"amount": bill.amount_residual, "bill": bill} for bill in bills]
        tips = []
        for tip in options.get("tips", ()):
            staff = self.env["hr.employee"].browse(tip["staff_id"])
            self._check_tip(visits, staff, tip["amount"])
            tips.append({"amount": tip["amount"], "staff": staff})
        # A debt is of the bill: tips are not lent by the team.
        demands = tips + bills if options.get("on_tab") else bills + tips
        if to_balance := options.get("to_balance"):
            payer = invoice.commercial_partner_id
            self._check_may_have_balance(visits.branch_id, payer)
            demands.append({"amount": to_balance, "client": payer})
        if change := options.get("change"):
            demands.append({"amount": change["amount"], "change": True})
        return demands

    @api.model
    def _check_tip(self, visits, staff, amount):
        if amount < 0:
            raise UserError(self.env._("A tip cannot be negative."))
        if not staff.is_salon_staff or staff.company_id.root_id != (
            visits.company_id.root_id
        ):
            raise UserError(
                self.env._(
                    "%(staff)s is not on the team of %(branch)s and gets no tip there.",
                    staff=staff.name,
                    branch=visits.branch_id.name,
                )
            )

    @api.model
    def _check_may_have_balance(self, branch, client):
        if client == branch.walk_in_partner_id:
            raise UserError(
                self.env._(
                    "Somebody who leaves no name has no balance. Choose who pays, or "
                    "give change."
                )
            )

    @api.model
    def _check_may_refund_to(self, branch, refund, tender):
        if self._get_kind(tender) == "balance":
            self._check_may_have_balance(branch, refund.commercial_partner_id)

    @api.model
    def _check(self, currency, tenders, demands, shares):
        """Nobody pays more than is due, a negative amount, or half a tip."""
        if any(tender["value"] < 0 for tender in tenders):
            raise UserError(self.env._("A payment cannot be negative."))
        given = sum(self._to_cents(currency, tender["value"]) for tender in tenders)
        due = sum(self._to_cents(currency, demand["amount"]) for demand in demands)
        if given > due:
            raise UserError(
                self.env._(
                    "%(given)s was tendered but only %(due)s is due. Give change or "
                    "lower the amounts.",
                    given=currency.format(given * currency.rounding),
                    due=currency.format(due * currency.rounding),
                )
            )
        for place, demand in enumerate(demands):
            paid = sum(cents for _tender, paid, cents in shares if paid == place)
            missing = self._to_cents(currency, demand["amount"]) - paid
            if missing and "bill" not in demand:
                raise UserError(
                    self.env._(
                        "Tips and what goes on the balance are paid at once: "
                        "%(missing)s is missing. Raise the payments or lower the tip.",
                        missing=currency.format(missing * currency.rounding),
                    )
                )
        for tender, demand, _cents in shares:
            self._check_fits(tenders[tender], demands[demand])

    @api.model
    def _check_rounded(self, invoice):
        """What stays on the tab is paid who knows how, so it is not rounded."""
        if invoice.invoice_cash_rounding_id and not invoice.currency_id.is_zero(
            invoice.amount_residual
        ):
            raise UserError(
                self.env._("Only what is wholly paid in cash is rounded as cash is.")
            )

    @api.model
    def _check_fits(self, tender, demand):
        """Money alone goes on balances and to the team; change is for cash."""
        kind = self._get_kind(tender)
        if "client" in demand and kind:
            raise UserError(
                self.env._(
                    "More is taken from the balance than is to be paid. Lower that "
                    "amount."
                )
                if kind == "balance"
                else self.env._(
                    "More is settled by barter than is to be paid. Lower that amount."
                )
            )
        if "staff" in demand and kind == "barter":
            raise UserError(
                self.env._("A tip is money. Take it in cash or by card, not by barter.")
            )
        journal = self.env["account.journal"].browse(tender["journal_id"])
        if "change" in demand and not (tender["foreign"] and journal.type == "cash"):
            raise UserError(
                self.env._(
                    "Change is given for cash only. Lower the amount of %(tender)s.",
                    tender=journal.display_name,
                )
            )

    @api.model
    def _prepare_payment(self, branch, tender, date):
        """What every payment beside that of the bill has."""
        journal = self.env["account.journal"].browse(tender["journal_id"])
        self.env["salon.checkout"]._check_tender_journal(branch, journal)
        values = {
            "payment_type": "inbound",
            "journal_id": journal.id,
            "company_id": branch.company_id.id,
            "currency_id": branch.currency_id.id,
            "amount": tender["amount"],
            "date": date,
            "payment_reference": tender.get("reference"),
            "salon_branch_id": branch.id,
        }
        if tender.get("foreign"):
            values |= {
                "currency_id": tender["foreign"].id,
                "amount": tender["amount_currency"],
                "force_balance": tender["amount"],
            }
        return values

    @api.model
    def _prepare_owed(self, visits, invoice, tender, demand):
        """A payment that the salon owes on: to one of the team, or to the client."""
        branch = visits.branch_id
        values = self._prepare_payment(branch, tender, invoice.invoice_date)
        if "change" in demand:
            return values | {
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "memo": self.env._("Changed with %(bill)s", bill=invoice.name),
                "is_salon_change": True,
            }
        if staff := demand.get("staff"):
            return values | {
                **self._prepare_tip(branch, staff),
                "memo": self.env._("Tip with %(bill)s", bill=invoice.name),
                "salon_visit_id": self._get_visit_of(visits, staff).id,
                "salon_client_id": invoice.commercial_partner_id.id,
            }
        return values | {
            **self._prepare_balance(branch, demand["client"]),
            "memo": self.env._("Paid ahead with %(bill)s", bill=invoice.name),
        }

    @api.model
    def _prepare_tip(self, branch, staff):
        """A payment of what one of the team is owed."""
        if not staff.work_contact_id:
            staff._create_work_contacts()
        return {
            "partner_type": "supplier",
            "partner_id": staff.work_contact_id.id,
            "destination_account_id": branch.company_id._get_salon_tips_account().id,
            "salon_staff_id": staff.id,
        }

    @api.model
    def _prepare_balance(self, branch, client):
        """A payment of what a client has paid ahead."""
        return {
            "partner_type": "customer",
            "partner_id": client.id,
            "destination_account_id": (
                branch.company_id._get_salon_balance_account().id
            ),
        }

    # --- without a bill ---

    @api.model
    def _change_balance(self, branch, client, tender, is_out=False):
        """Take money onto a client's balance, or pay it back.

        :param tender: ``{"journal_id", "amount", "reference"}``
        :return: the posted account.payment
        :raises UserError: more is paid back than is on the balance
        """
        self._check_may_handle(branch, is_out)
        client = client.commercial_partner_id
        client.check_access("read")
        self._check_may_have_balance(branch, client)
        memo = self.env._("Paid back") if is_out else self.env._("Paid ahead")
        return self._post_alone(
            branch,
            tender,
            {
                "payment_type": "outbound" if is_out else "inbound",
                "memo": tender.get("reference") or memo,
            },
            lambda till: till._prepare_balance(branch, client),
        )

    @api.model
    def _pay_out_tips(self, branch, staff, tender):
        """Pay tips to one of the team, at most what is owed.

        :return: the posted account.payment
        """
        self._check_may_handle(branch)
        owed = self.env["salon.tip.balance"].search([("staff_id", "=", staff.id)])
        if not owed:
            raise UserError(
                self.env._("%(staff)s is owed no tips.", staff=staff.display_name)
            )
        return self._post_alone(
            branch,
            tender,
            {"payment_type": "outbound", "memo": self.env._("Tips paid out")},
            # sudo: hr.employee - the work contact of who is paid
            lambda till: till._prepare_tip(branch, staff.sudo()),
        )

    @api.model
    def _check_may_handle(self, branch, gives_back=False):
        """Money changes hands at the desk of an own branch."""
        user = self.env.user
        if not self.env.su and not user.has_group(
            "salon_booking.group_salon_receptionist"
        ):
            raise AccessError(self.env._("Handling money is for the front desk."))
        branch.ensure_one()
        branch.check_access("read")
        if user.salon_branch_ids and branch not in user.salon_branch_ids:
            raise AccessError(
                self.env._("%(branch)s is not your branch.", branch=branch.name)
            )
        if (
            gives_back
            and not self.env.su
            and not user.has_group("salon_booking.group_salon_refund")
        ):
            raise AccessError(
                self.env._(
                    "Giving money back needs the right to refund; ask your manager."
                )
            )

    @api.model
    def _post_alone(self, branch, tender, values, prepare):
        """One posted payment without a bill, by a tender that is money."""
        # sudo: account.payment - the desk holds no accounting rights; what it may do
        # was checked by the caller
        self = self.sudo().with_company(branch.company_id)
        branch = branch.sudo()
        date = fields.Date.context_today(self.with_context(tz=branch.tz or "UTC"))
        if self._get_kind(tender):
            raise UserError(self.env._("Choose a tender in which money changes hands."))
        tenders = self._appraise(branch.company_id, [tender], 0, date)
        if not tenders or tenders[0]["value"] <= 0:
            raise UserError(self.env._("Enter the amount that was paid."))
        [tender] = tenders
        money = {"amount": tender["value"], "amount_currency": tender["amount"]}
        return self._post_owed(
            [
                {
                    **self._prepare_payment(branch, {**tender, **money}, date),
                    **prepare(self),
                    **values,
                }
            ]
        )

    @api.model
    def _get_visit_of(self, visits, staff):
        """The visit in which this person worked, for a tip on a common bill."""
        worked = visits.appointment_ids.filtered(lambda a: a.staff_id == staff)
        return worked.visit_id[:1] or visits[:1]

    @api.model
    def _post_owed(self, values_list):
        payments = self.env["account.payment"].create(values_list)
        payments.action_post()
        return payments
