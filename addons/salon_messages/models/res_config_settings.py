import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_sms_cost = fields.Monetary(
        related="company_id.salon_sms_cost",
        readonly=False,
        currency_field="salon_message_currency_id",
    )
    salon_message_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of Messages"
    )
    salon_telegram_bot = fields.Char(
        related="company_id.salon_telegram_bot", readonly=False
    )
    salon_telegram_bot_token = fields.Char(
        related="company_id.salon_telegram_bot_token", readonly=False
    )
    salon_sms_webhook = fields.Char(
        "Address for Incoming SMS",
        compute="_compute_salon_sms_webhook",
        help="Give it to the SMS gateway, in Twilio as the webhook of the number.",
    )

    @api.depends("company_id")
    def _compute_salon_sms_webhook(self):
        for settings in self:
            secret = settings.company_id.salon_sms_secret
            base = settings.get_base_url()
            settings.salon_sms_webhook = (
                secret and f"{base}/salon/sms/{settings.company_id.id}/{secret}"
            )

    # rpc: system administrators only, by the right to the model
    def action_make_salon_sms_secret(self):
        """Make the address for incoming SMS anew; the old one ends."""
        self.check_access("write")
        self.company_id.salon_sms_secret = secrets.token_urlsafe(24)

    # rpc: system administrators only, by the right to the model
    def action_connect_salon_telegram(self):
        """Tell Telegram where to hand in what clients write."""
        self.check_access("write")
        company = self.company_id
        if not company.salon_telegram_bot_token:
            raise UserError(
                self.env._(
                    "%(company)s has no bot. Enter its name and token, save, and "
                    "connect again.",
                    company=company.name,
                )
            )
        company.salon_telegram_secret = secrets.token_urlsafe(24)
        self.env["salon.channel.telegram"]._connect(company)
