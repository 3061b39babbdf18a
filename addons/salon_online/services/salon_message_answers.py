from odoo import api, models


class SalonMessageAnswers(models.AbstractModel):
    _inherit = "salon.message.answers"

    @api.model
    def _may_cancel(self, visit):
        """A branch whose clients cancel by call alone takes no short answer either."""
        can_cancel = self.env["salon.own.visit"]._can_cancel(visit)
        return can_cancel and super()._may_cancel(visit)
