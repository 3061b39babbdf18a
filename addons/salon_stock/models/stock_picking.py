from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _send_confirmation_email(self):
        """What a client carries home from the desk needs no shipping message."""
        return super(
            StockPicking,
            self.filtered(lambda picking: not picking.sale_id.salon_branch_id),
        )._send_confirmation_email()
