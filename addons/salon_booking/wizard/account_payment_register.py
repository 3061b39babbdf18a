from odoo import api, fields, models


class AccountPaymentRegister(models.TransientModel):
    """Payments of a salon's bills know in which branch the money came in."""

    _inherit = "account.payment.register"

    salon_branch_id = fields.Many2one(
        "salon.branch", compute="_compute_salon_branch_id", store=True, readonly=False
    )
    salon_value = fields.Monetary(
        currency_field="company_currency_id",
        help="What a payment in another currency is worth, when that was settled.",
    )
    salon_reference = fields.Char(help="Number of the card slip or transfer.")

    @api.depends("line_ids")
    def _compute_salon_branch_id(self):
        for wizard in self:
            wizard.salon_branch_id = wizard.line_ids.move_id.salon_branch_id[:1]

    def _create_payments(self):
        self.env["salon.checkout"]._begin_books(self.line_ids.move_id)
        return super()._create_payments()

    def _create_payment_vals_from_wizard(self, batch_result):
        return {
            **super()._create_payment_vals_from_wizard(batch_result),
            "salon_branch_id": self.salon_branch_id.id,
            "payment_reference": self.salon_reference,
            **({"force_balance": self.salon_value} if self.salon_value else {}),
        }

    def _init_payments(self, to_process, edit_mode=False):
        # What was settled needs no correction.
        edit_mode = edit_mode and not self.salon_value
        return super()._init_payments(to_process, edit_mode=edit_mode)

    def _create_payment_vals_from_batch(self, batch_result):
        branch = batch_result["lines"].move_id.salon_branch_id[:1]
        return {
            **super()._create_payment_vals_from_batch(batch_result),
            "salon_branch_id": branch.id,
        }
