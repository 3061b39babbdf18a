from markupsafe import Markup

from odoo import Command, api, models
from odoo.tools import SQL

from ..engine import examples
from .salon_channel import Result


class SalonChannelMail(models.AbstractModel):
    """E-mail by the host's queue; the client's answer comes back to the record."""

    _name = "salon.channel.mail"
    _description = "E-mail"
    _inherit = ["salon.channel"]

    _is_page = True

    @api.model
    def _reach_sql(self):
        return SQL("COALESCE(partner.email_normalized, '') != ''")

    @api.model
    def _is_example(self, partner):
        return examples.is_email(partner.email_normalized or "")

    @api.model
    def _send(self, messages, contents):
        # sudo: mail.mail - the system sends
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    self._prepare_mail(message, contents[message.id])
                    for message in messages
                ]
            )
        )
        # The host looks into its queue once an hour.
        # sudo: ir.cron - the system sends
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return {
            message.id: Result(
                "sending",
                values=(
                    ("mail_id", mail.id),
                    ("provider_reference", mail.message_id),
                    ("address", message.partner_id.email),
                ),
            )
            for message, mail in zip(messages, mails, strict=True)
        }

    def _prepare_mail(self, message, content):
        html = content.html or Markup("<p>%s</p>") % content.text
        values = {
            "model": message.res_model,
            "res_id": message.res_id,
            "subject": content.subject,
            "body": html,
            "body_html": html,
            "recipient_ids": [Command.link(message.partner_id.id)],
            "auto_delete": False,
            # An answer finds its way back by the references of the mail.
            "reply_to_force_new": False,
        }
        # sudo: whatever it is about - the system sends what belongs to it
        record = self.env[message.res_model].sudo().browse(message.res_id)
        if papers := record._get_message_attachments(
            message.event_id.code, message.occasion
        ):
            values["attachment_ids"] = [Command.set(papers.ids)]
        if content.email_from:
            values["email_from"] = content.email_from
        return values
