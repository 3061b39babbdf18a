from odoo import models

#: What a payment says of the money; the host lets it be written without the entry.
CASH_FIELDS = frozenset("amount currency_id date journal_id payment_type".split())


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def write(self, vals):
        if vals.keys() & CASH_FIELDS:
            self.filtered(
                lambda payment: any(
                    self.env["account.move"]._field_will_change(payment, vals, name)
                    for name in CASH_FIELDS & vals.keys()
                )
            ).move_id._check_cash_day_open()
        return super().write(vals)
