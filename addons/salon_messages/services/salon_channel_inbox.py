from odoo import api, models
from odoo.tools import SQL, plaintext2html

from .salon_channel import Result


class SalonChannelInbox(models.AbstractModel):
    """In-app: the host notifies a user in the inbox or by mail, as he has chosen."""

    _name = "salon.channel.inbox"
    _description = "In-app"
    _inherit = ["salon.channel"]

    @api.model
    def _reach_sql(self):
        return SQL(
            """EXISTS (SELECT FROM res_users users
                        WHERE users.partner_id = partner.id AND users.active
                          AND users.share IS NOT TRUE)"""
        )

    @api.model
    def _send(self, messages, contents):
        results = {}
        for message in messages:
            content = contents[message.id]
            # sudo: mail.thread - the system tells
            note = (
                self.env["mail.thread"]
                .sudo()
                .message_notify(
                    partner_ids=message.partner_id.ids,
                    subject=content.subject,
                    body=plaintext2html(content.text),
                )
            )
            results[message.id] = Result(
                "delivered", values=(("provider_reference", note.message_id),)
            )
        return results
