from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonTipBalance(models.Model):
    """The tips that one person has not been paid out yet."""

    _name = "salon.tip.balance"
    _description = "Tips Owed"
    _order = "amount desc, id"
    _rec_name = "staff_id"
    _log_access = False

    staff_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Owed", required=True, readonly=True)

    _one_per_person = models.Constraint(
        "UNIQUE (staff_id, company_id)", "Tips of a person are added up in one row."
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "Nobody is paid out more tips than were given."
    )

    # rpc: the dialog checks who asks
    def action_pay_out(self):
        """Open the dialog in which these tips are paid out."""
        return self.env["salon.tip.payout"]._open(self)


class SalonTip(models.Model):
    """A tip given to one person, or paid out to it; rows are only ever added.

    A tip is not revenue and not taxed: it came in with a payment and is owed.
    """

    _name = "salon.tip"
    _description = "Tip"
    _inherit = ["salon.ledger.mixin"]
    _totals_model = "salon.tip.balance"
    _owner_field = "staff_id"
    _account_field = "salon_tips_account_id"

    staff_id = fields.Many2one(
        "hr.employee",
        "For",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    visit_id = fields.Many2one(
        "salon.visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _find_owners(self, lines):
        """The person named on the payment, else whose work contact the item names."""
        found = {}
        for line in lines:
            staff = line.move_id.origin_payment_id.salon_staff_id
            if staff and staff.work_contact_id == line.partner_id:
                found[line] = staff
        others = lines.filtered(lambda line: line not in found)
        people = self.env["hr.employee"].search(
            [
                ("work_contact_id", "in", others.partner_id.ids),
                ("company_id", "in", lines.company_id.ids),
            ],
            order="id desc",
        )
        by_contact = {person.work_contact_id: person for person in people}
        for line in others:
            found[line] = by_contact.get(line.partner_id) or self._refuse_line(line)
        return found

    @api.model
    def _refuse_line(self, line):
        raise UserError(
            self.env._(
                "%(entry)s books on “%(account)s”, where tips are owed to the team, "
                "but names nobody of it. Enter the work contact of the person in the "
                "item.",
                entry=line.move_id.display_name,
                account=line.account_id.name,
            )
        )

    @api.model
    def _prepare_row(self, move, amount):
        payment = move.origin_payment_id
        return {
            **super()._prepare_row(move, amount),
            "payment_id": payment.id,
            "visit_id": payment.salon_visit_id.id,
        }

    @api.model
    def _message_too_little(self, owner, owed, wanted):
        return self.env._(
            "%(staff)s is owed %(owed)s of tips, and %(wanted)s would be taken back or "
            "paid out. Lower the amount; tips that were paid out stay with the person.",
            staff=owner.display_name,
            owed=owed,
            wanted=wanted,
        )
