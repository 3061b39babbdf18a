from odoo import models


class LoyaltyCardUpdateBalance(models.TransientModel):
    _inherit = "loyalty.card.update.balance"

    def action_update_card_point(self):
        """The ledger keeps the reason too."""
        own = self.with_context(salon_note=self.description)
        return super(LoyaltyCardUpdateBalance, own).action_update_card_point()
