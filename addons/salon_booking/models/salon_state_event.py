from odoo import fields, models

from .salon_appointment import STATES


class SalonStateEvent(models.Model):
    """Who moved what from where to where, when and why; never changed afterwards."""

    _name = "salon.state.event"
    _description = "Change of State in the Salon"
    _inherit = ["salon.append.only.mixin"]
    _order = "at desc, id desc"
    _rec_name = "appointment_id"
    # Who and when are fields of its own.
    _log_access = False

    visit_id = fields.Many2one(
        "salon.visit", required=True, index=True, ondelete="cascade"
    )
    appointment_id = fields.Many2one(
        "salon.appointment", required=True, index=True, ondelete="cascade"
    )
    previous = fields.Selection(STATES, "State Before")
    state = fields.Selection(STATES, "State After", required=True)
    at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Who", required=True)
    reason = fields.Char()

    def _message_not_changed(self):
        return self.env._(
            "The history of %(event)s cannot be edited. Make a new change of state "
            "instead.",
            event=self.appointment_id.display_name,
        )

    def _message_not_deleted(self):
        return self.env._(
            "The history of %(event)s cannot be deleted.",
            event=self.appointment_id.display_name,
        )
