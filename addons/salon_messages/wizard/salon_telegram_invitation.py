import base64

from odoo import api, fields, models

#: Pixels.
QR_SIZE = 240


class SalonTelegramInvitation(models.TransientModel):
    """The link by which a client lets the salon write by Telegram, to be scanned."""

    _name = "salon.telegram.invitation"
    _description = "Invitation to Telegram"

    partner_id = fields.Many2one("res.partner", "Client", required=True, readonly=True)
    link = fields.Char(required=True, readonly=True)
    qr = fields.Binary("QR Code", compute="_compute_qr")

    @api.depends("link")
    def _compute_qr(self):
        reports = self.env["ir.actions.report"]
        for invitation in self:
            picture = reports.barcode(
                "QR", invitation.link, width=QR_SIZE, height=QR_SIZE
            )
            invitation.qr = base64.b64encode(picture)
