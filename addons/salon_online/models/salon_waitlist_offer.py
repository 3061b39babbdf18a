from odoo import models


class SalonWaitlistOffer(models.Model):
    _inherit = "salon.waitlist.offer"

    def _after_accept(self, source):
        """By the link of the offer, the deposit is asked as on the booking pages."""
        super()._after_accept(source)
        if source == "web":
            # sudo: salon.visit - booked by whoever holds the token of the offer
            self.env["salon.online.deposits"]._ask(self.visit_id.sudo())
