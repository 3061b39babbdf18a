from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    def _prepare_down_payment_invoice_line_values(self, order, so_line, account):
        """Money of a salon's clients is owed to them, whatever the chart says."""
        if order.salon_branch_id:
            account = self.env["salon.deposit"]._get_account(order.company_id)
        return super()._prepare_down_payment_invoice_line_values(
            order, so_line, account
        )
