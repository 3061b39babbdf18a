import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

_logger = logging.getLogger(__name__)


class SalonOccupancy(models.Model):
    """Who or what is taken, from when to when.

    One row per phase of an appointment and thing it takes. The exclusion constraint
    is the only protection against double booking: under the host's REPEATABLE READ a
    check in Python does not see what another transaction has just committed. Rows
    are written by the service ``salon.booking`` alone.
    """

    _name = "salon.occupancy"
    _description = "Time Taken of a Person or Place"
    _order = "start, id"
    _log_access = False
    _rec_name = "appointment_id"

    appointment_id = fields.Many2one(
        "salon.appointment", required=True, index=True, ondelete="cascade"
    )
    branch_id = fields.Many2one("salon.branch", required=True, ondelete="cascade")
    resource_id = fields.Many2one(
        "resource.resource", "Person or Place", required=True, ondelete="restrict"
    )
    unit = fields.Integer(
        required=True, default=1, help="Which of the places of a larger facility."
    )
    phase_kind = fields.Char(required=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    is_blocking = fields.Boolean(
        required=True, default=True, help="Off where an overlap was permitted."
    )

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(resource_id, resource_id, '[]') WITH =,
            int4range(unit, unit, '[]') WITH =,
            tsrange(start, stop, '[)') WITH &&
        ) WHERE (is_blocking)""",
        "This time was just taken. Please choose another one.",
    )
    _stop_after_start = models.Constraint(
        "CHECK (start < stop)", "What is taken lasts at least a moment."
    )
    _resource_start = models.Index("(resource_id, start) INCLUDE (stop)")

    @api.model
    def _is_guarded(self):
        """Say whether the table has its exclusion constraint, checked at once."""
        self.env.cr.execute(
            """SELECT 1 FROM pg_constraint
                WHERE conrelid = 'salon_occupancy'::regclass
                  AND conname = 'salon_occupancy_no_overlap'
                  AND contype = 'x' AND convalidated AND NOT condeferrable"""
        )
        return bool(self.env.cr.fetchone())

    @api.model
    @ormcache()
    def _was_guarded(self):
        """The same, asked once per process: good enough to show times, not to book."""
        return self._is_guarded()

    @api.model
    def _assert_guarded(self):
        """Raise UserError when the table has lost its exclusion constraint."""
        if not self._is_guarded():
            raise UserError(
                self.env._(
                    "The table of occupied times has no guard against double booking. "
                    "Remove overlapping rows and upgrade the Salon Booking addon."
                )
            )

    @api.model
    def _assert_open_for(self, channel, *, is_booking=False):
        """Raise UserError where clients would book into an unguarded table.

        :param channel: "desk", "web" or "api"; at the desk somebody looks at the day
        :param is_booking: ask the database anew
        """
        if channel == "desk":
            return
        if not (self._is_guarded() if is_booking else self._was_guarded()):
            _logger.error("Online booking is closed: %s is not guarded.", self._table)
            raise UserError(
                self.env._(
                    "Online booking is closed for the moment. Please call the salon."
                )
            )
