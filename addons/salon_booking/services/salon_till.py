from odoo import api, models
from odoo.exceptions import UserError

from ..engine import tenders as engine


class SalonTill(models.AbstractModel):
    """The money of one checkout: which tender pays what, as payments of the host.

    In this order the tenders pay earlier bills, the bill, tips, and what the client
    leaves on the balance. Each share is one posted payment; those of bills are
    reconciled with them. What the tenders do not reach of the bills stays a debt.
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
        tenders = [
            tender for tender in tenders if not currency.is_zero(tender["amount"])
        ]
        tenders.sort(key=lambda tender: not self._get_kind(tender))
        demands = self._get_demands(visits, debts, invoice, options)
        shares = engine.allocate(
            [self._to_cents(currency, tender["amount"]) for tender in tenders],
            [self._to_cents(currency, demand["amount"]) for demand in demands],
        )
        self._check(currency, tenders, demands, shares)
        payments = self.env["account.payment"]
        owed = []
        for tender, demand, cents in shares:
            tender, demand = tenders[tender], demands[demand]
            amount = currency.round(cents * currency.rounding)
            tender = {**tender, "amount": amount, "branch": visits.branch_id}
            if bill := demand.get("bill"):
                tender["date"] = invoice.invoice_date
                payments |= self.env["salon.checkout"]._register_tender(bill, tender)
            else:
                owed.append(self._prepare_owed(visits, invoice, tender, demand))
        payments |= self._post_owed(owed)
        if invoice.move_type == "out_refund":
            payments |= self._give_back(visits.branch_id, invoice, options)
        return payments

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

        :return: list of ``{"amount"}`` with ``bill``, ``staff`` or ``client``
        """
        bills = debts
        if invoice.move_type == "out_invoice":
            bills += invoice
        demands = [{"amount": bill.amount_residual, "bill": bill} for bill in bills]
        for tip in options.get("tips", ()):
            staff = self.env["hr.employee"].browse(tip["staff_id"])
            self._check_tip(visits, staff, tip["amount"])
            demands.append({"amount": tip["amount"], "staff": staff})
        if to_balance := options.get("to_balance"):
            payer = invoice.commercial_partner_id
            self._check_may_have_balance(visits.branch_id, payer)
            demands.append({"amount": to_balance, "client": payer})
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
        if any(tender["amount"] < 0 for tender in tenders):
            raise UserError(self.env._("A payment cannot be negative."))
        given = sum(self._to_cents(currency, tender["amount"]) for tender in tenders)
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
            if "client" in demands[demand] and self._get_kind(tenders[tender]):
                raise UserError(
                    self.env._(
                        "More is taken from the balance than is to be paid. Lower that "
                        "amount."
                    )
                )

    @api.model
    def _prepare_owed(self, visits, invoice, tender, demand):
        """A payment that the salon owes on: to one of the team, or to the client."""
        branch = visits.branch_id
        journal = self.env["account.journal"].browse(tender["journal_id"])
        self.env["salon.checkout"]._check_tender_journal(branch, journal)
        values = {
            "payment_type": "inbound",
            "journal_id": journal.id,
            "company_id": invoice.company_id.id,
            "currency_id": invoice.currency_id.id,
            "amount": tender["amount"],
            "date": invoice.invoice_date,
            "payment_reference": tender.get("reference"),
            "salon_branch_id": branch.id,
        }
        if staff := demand.get("staff"):
            if not staff.work_contact_id:
                staff._create_work_contacts()
            account = branch.company_id._get_salon_tips_account()
            return values | {
                "partner_type": "supplier",
                "partner_id": staff.work_contact_id.id,
                "destination_account_id": account.id,
                "memo": self.env._("Tip with %(bill)s", bill=invoice.name),
                "salon_staff_id": staff.id,
                "salon_visit_id": self._get_visit_of(visits, staff).id,
            }
        account = branch.company_id._get_salon_balance_account()
        return values | {
            "partner_type": "customer",
            "partner_id": demand["client"].id,
            "destination_account_id": account.id,
            "memo": self.env._("Paid ahead with %(bill)s", bill=invoice.name),
        }

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
