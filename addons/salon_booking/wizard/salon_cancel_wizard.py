from odoo import api, fields, models


class SalonCancelWizard(models.TransientModel):
    _name = "salon.cancel.wizard"
    _description = "Cancel Appointments"

    appointment_ids = fields.Many2many("salon.appointment", required=True)
    reason = fields.Char(required=True)

    @api.model
    def _open(self, appointments):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_appointment_ids": appointments.filtered(
                    lambda a: a.state not in ("done", "cancelled", "no_show")
                ).ids
            },
        }

    def action_cancel(self):
        self.ensure_one()
        self.appointment_ids._set_state("cancelled", self.reason)
        return {"type": "ir.actions.act_window_close"}
