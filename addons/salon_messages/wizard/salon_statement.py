from odoo import api, models
from odoo.exceptions import UserError


class SalonStatement(models.TransientModel):
    _inherit = "salon.statement"

    @api.model
    def _tell(self, client, template, paper):
        if not self.env["salon.message.event"]._find("statement"):
            return super()._tell(client, template, paper)
        name, content = paper
        # sudo: ir.attachment - the paper of the client, kept with the message
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": client._name,
                    "res_id": client.id,
                }
            )
        )
        if not self.env["salon.messenger"]._queue(
            "statement", client, f"|{attachment.id}", template=template
        ):
            raise UserError(
                self.env._(
                    "%(client)s wants no messages of this kind. Print the statement.",
                    client=client.display_name,
                )
            )
        return None
