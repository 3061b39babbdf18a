from odoo import api, fields, models
from odoo.exceptions import UserError

from .salon_appointment import STATES


class SalonStateEvent(models.Model):
    """Who moved what from where to where, when and why; never changed afterwards."""

    _name = "salon.state.event"
    _description = "Change of State in the Salon"
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
    previous = fields.Selection(STATES, "From")
    state = fields.Selection(STATES, "To", required=True)
    at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Who", required=True)
    reason = fields.Char()

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "The history of %(event)s cannot be edited. Make a new change of state "
                "instead.",
                event=self[:1].appointment_id.display_name,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The history of %(event)s cannot be deleted.",
                event=self[:1].appointment_id.display_name,
            )
        )
