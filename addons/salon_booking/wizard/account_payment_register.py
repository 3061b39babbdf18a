from odoo import api, fields, models


class AccountPaymentRegister(models.TransientModel):
    """Payments of a salon's bills know in which branch the money came in."""

    _inherit = "account.payment.register"

    salon_branch_id = fields.Many2one(
        "salon.branch", compute="_compute_salon_branch_id", store=True, readonly=False
    )

    @api.depends("line_ids")
    def _compute_salon_branch_id(self):
        for wizard in self:
            wizard.salon_branch_id = wizard.line_ids.move_id.salon_branch_id[:1]

    def _create_payment_vals_from_wizard(self, batch_result):
        return {
            **super()._create_payment_vals_from_wizard(batch_result),
            "salon_branch_id": self.salon_branch_id.id,
        }

    def _create_payment_vals_from_batch(self, batch_result):
        branch = batch_result["lines"].move_id.salon_branch_id[:1]
        return {
            **super()._create_payment_vals_from_batch(batch_result),
            "salon_branch_id": branch.id,
        }
