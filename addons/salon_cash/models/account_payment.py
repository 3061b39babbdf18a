from odoo import fields, models

#: What a payment says of the money; the host lets it be written without the entry.
CASH_FIELDS = frozenset("amount currency_id date journal_id payment_type".split())


class AccountPayment(models.Model):
    _inherit = "account.payment"

    salon_ticket_id = fields.Many2one(
        "account.payment",
        "Card Ticket",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The first of several payments that one swipe of a card made.",
    )

    def write(self, vals):
        if vals.keys() & CASH_FIELDS:
            self.filtered(
                lambda payment: any(
                    self.env["account.move"]._field_will_change(payment, vals, name)
                    for name in CASH_FIELDS & vals.keys()
                )
            ).move_id._check_cash_day_open()
        return super().write(vals)
