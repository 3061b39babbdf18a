from odoo import fields, models


class SalonWalkInLeave(models.TransientModel):
    _name = "salon.walk.in.leave"
    _description = "A Walk-in Leaves"

    walk_in_id = fields.Many2one("salon.walk.in", required=True)
    reason = fields.Selection(
        selection=lambda self: (
            self.env["salon.walk.in"]._fields["left_reason"].selection
        ),
        default="too_long",
        required=True,
    )

    def action_leave(self):
        self.ensure_one()
        self.walk_in_id._leave(self.reason)
        return {"type": "ir.actions.act_window_close"}
