from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _eligible_for_stock_account(self):
        """What was sold before the import never lay on our shelves: no cost of it."""
        if self.salon_visit_id.is_history:
            return False
        return super()._eligible_for_stock_account()
