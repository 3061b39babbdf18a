from odoo import api, models
from odoo.exceptions import UserError


class SalonPaymentLink(models.TransientModel):
    _inherit = "salon.payment.link"

    @api.depends("payer_id.phone", "payer_id.salon_telegram_chat")
    def _compute_can_send(self):
        """By any of the channels, as far as the client wants them."""
        event = self.env["salon.message.event"]._find("payment_link")
        if not event:
            return super()._compute_can_send()
        adapters = self.env["salon.messenger"]._adapters()
        channels = event.route_ids.mapped("channel")
        for wizard in self:
            wizard.can_send = any(
                adapters[channel]._reach(wizard.payer_id) for channel in channels
            )
        return None

    @api.model
    def _tell(self, bills):
        if not self.env["salon.message.event"]._find("payment_link"):
            return super()._tell(bills)
        now = f"|{self.env.cr.now()}"
        if not self.env["salon.messenger"]._queue("payment_link", bills, now):
            raise UserError(
                self.env._(
                    "%(client)s wants no messages of this kind. Copy the link and "
                    "send it another way.",
                    client=bills.partner_id[:1].display_name,
                )
            )
        return None
