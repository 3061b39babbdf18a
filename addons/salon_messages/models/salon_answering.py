"""Where answers of clients come in, and who is woken by them."""

from odoo import models
from odoo.tools import email_normalize, html2plaintext, plaintext2html


class SalonVisit(models.Model):
    _inherit = "salon.visit"

    # rpc: the host's; called by the mail gateway for an answer to a mail
    def message_update(self, msg_dict, update_vals=None):
        result = super().message_update(msg_dict, update_vals=update_vals)
        sender = email_normalize(msg_dict.get("email_from") or "")
        for visit in self:
            client = visit.client_id
            if sender and client.email_normalized == sender:
                text = html2plaintext(msg_dict.get("body") or "")
                self.env["salon.message.answers"]._receive(client, text, "mail", visit)
        return result

    def _wake_keeper(self, user, text):
        """Let somebody read what the client wrote about this visit."""
        self.ensure_one()
        self.message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("%(visit)s: an answer", visit=self.display_name),
            body=text,
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _wake_keeper(self, user, text):
        """Let somebody read what the client wrote."""
        self.ensure_one()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._("The client has written"),
            note=plaintext2html(text),
        )
