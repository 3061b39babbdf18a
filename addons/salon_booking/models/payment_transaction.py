from odoo import models


class PaymentTransaction(models.Model):
    """What is paid online knows of which branch the bill was."""

    _inherit = "payment.transaction"

    def _create_payment(self, **extra_create_values):
        branch = self.invoice_ids.salon_branch_id
        if len(branch) == 1:
            extra_create_values.setdefault("salon_branch_id", branch.id)
        return super()._create_payment(**extra_create_values)
