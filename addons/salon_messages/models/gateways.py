"""What the host's queues learn of messages that they were given."""

from odoo import api, fields, models
from odoo.tools import html2plaintext

#: Letters of what a mail server says.
MOST_LETTERS = 200

#: State of a mail, as that of a message.
OF_MAIL = {
    "sent": "sent",
    "received": "delivered",
    "exception": "failed",
    "cancel": "failed",
}
#: State of an SMS, as that of a message: the host calls delivered "sent".
OF_SMS = {
    "pending": "sent",
    "sent": "delivered",
    "error": "failed",
    "canceled": "failed",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_sms_cost = fields.Monetary(
        "Price of an SMS", help="Of one part; long texts are charged as several."
    )
    salon_telegram_bot = fields.Char(
        "Telegram Bot", help="Its name without “@”, for links that clients open."
    )
    salon_telegram_bot_token = fields.Char(
        "Token of the Bot", groups="base.group_system"
    )
    salon_telegram_secret = fields.Char(
        "Secret of the Bot's Webhook", copy=False, groups="base.group_system"
    )
    salon_sms_secret = fields.Char(
        "Secret of Incoming SMS", copy=False, groups="base.group_system"
    )


class MailMail(models.Model):
    _inherit = "mail.mail"

    def write(self, vals):
        result = super().write(vals)
        if state := OF_MAIL.get(vals.get("state")):
            self.env["salon.message"]._note_outcome(
                [("mail_id", "in", self.ids)],
                state,
                "gateway",
                vals.get("failure_reason") or vals.get("failure_type"),
            )
        return result


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A mail that was taken and came back has not arrived."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        if bounced := message_dict["bounced_message"]:
            said = html2plaintext(message_dict.get("body") or "").strip()
            self.env["salon.message"]._note_outcome(
                [
                    ("channel", "=", "mail"),
                    ("provider_reference", "in", bounced.mapped("message_id")),
                ],
                "failed",
                "gateway",
                said[:MOST_LETTERS],
            )
        return result


class SmsTracker(models.Model):
    _inherit = "sms.tracker"

    def _action_update_from_sms_state(
        self, sms_state, failure_type=False, failure_reason=False
    ):
        result = super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )
        if state := OF_SMS.get(sms_state):
            self._note_salon_outcome(state, failure_reason or failure_type)
        return result

    def _action_update_from_provider_error(self, provider_error):
        result = super()._action_update_from_provider_error(provider_error)
        _status, failure_type, reason = result
        self._note_salon_outcome("failed", reason or failure_type)
        return result

    def _note_salon_outcome(self, state, failure):
        if self:
            self.env["salon.message"]._note_outcome(
                [
                    ("channel", "=", "sms"),
                    ("provider_reference", "in", self.mapped("sms_uuid")),
                ],
                state,
                "gateway",
                failure,
            )
