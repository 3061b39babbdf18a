from odoo import fields, models


class SalonClientBlock(models.TransientModel):
    """Asks a manager why clients are blocked."""

    _name = "salon.client.block"
    _description = "Block Clients"

    client_ids = fields.Many2many("res.partner", string="Clients", required=True)
    reason = fields.Char(
        required=True, help="Seen by the whole team when the client wants to book."
    )

    def action_block(self):
        self.client_ids.write(
            {"salon_is_blocked": True, "salon_block_reason": self.reason}
        )
        return {"type": "ir.actions.act_window_close"}
