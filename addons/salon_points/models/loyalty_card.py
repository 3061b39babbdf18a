from odoo import models


class LoyaltyCard(models.Model):
    _name = "loyalty.card"
    _inherit = ["loyalty.card", "salon.told.mixin"]

    def _get_message_client(self):
        return self.partner_id

    def _is_message_true(self, _code, _occasion):
        return self.active and self.points > 0
