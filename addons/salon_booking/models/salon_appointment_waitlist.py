from odoo import api, models

from ..engine import states
from .salon_appointment import OCCUPYING_FIELDS


class SalonAppointment(models.Model):
    """What becomes free here is told to the waitlist."""

    _inherit = "salon.appointment"

    def write(self, vals):
        if not OCCUPYING_FIELDS & vals.keys():
            return super().write(vals)
        days = self._freed_days()
        result = super().write(vals)
        self.env["salon.waitlist"]._record_days(days)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_tell_waitlist(self):
        self.env["salon.waitlist"]._record_days(self._freed_days())

    def _after_state_change(self, previous):
        result = super()._after_state_change(previous)
        lost = self.filtered(
            lambda appointment: (
                appointment.state in states.LOST
                and previous[appointment.id] in states.OCCUPYING
            )
        )
        self.env["salon.waitlist"]._record_days(self.env["salon.booking"]._days(lost))
        return result

    def _freed_days(self):
        """The (branch id, local day) that lose something when these move or go."""
        return self.env["salon.booking"]._days(
            self.filtered(
                lambda appointment: (
                    appointment.state in states.OCCUPYING
                    and not appointment.visit_id.is_history
                )
            )
        )


class SalonVisit(models.Model):
    """Deleting or moving a visit does not pass through its appointments."""

    _inherit = "salon.visit"

    def write(self, vals):
        if "branch_id" not in vals:
            return super().write(vals)
        days = self.appointment_ids._freed_days()
        result = super().write(vals)
        self.env["salon.waitlist"]._record_days(days)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_tell_waitlist(self):
        self.appointment_ids._unlink_tell_waitlist()
