from odoo import api, fields, models


class SalonDisplacementSettle(models.TransientModel):
    """Keep or cancel affected bookings, with the reason."""

    _name = "salon.displacement.settle"
    _description = "Keep or Cancel Affected Bookings"

    displacement_ids = fields.Many2many(
        "salon.displacement", string="Bookings", required=True
    )
    decision = fields.Selection(
        [("keep", "Keep anyway"), ("cancel", "Cancel")], required=True, default="keep"
    )
    reason = fields.Char(required=True)
    notify_client = fields.Boolean("Tell the client", default=True)

    @api.model
    def _open(self, displacements, decision):
        displacements.check_access("write")
        displacements._check_open()
        displacements = displacements._get_of_visits()
        labels = dict(self._fields["decision"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": labels[decision],
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_displacement_ids": displacements.ids,
                "default_decision": decision,
                "default_notify_client": all(displacements.mapped("notify_client")),
            },
        }

    def action_settle(self):
        self.ensure_one()
        rows = self.displacement_ids
        if self.decision == "keep":
            rows._keep(self.reason)
            return {"type": "ir.actions.act_window_close"}
        rows.check_access("write")
        rows._check_open()
        rows.notify_client = self.notify_client
        rows.appointment_id._set_state("cancelled", self.reason)
        told = rows._tell_client("mail_template_visit_cancelled")
        closed = {"type": "ir.actions.act_window_close"}
        if told is True:
            return closed
        told["params"]["next"] = closed
        return told
