from odoo import fields, models
from odoo.exceptions import UserError


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

    def _assert_guarded(self):
        """Raise UserError when the table has lost its exclusion constraint."""
        self.env.cr.execute(
            """SELECT 1 FROM pg_constraint
                WHERE conrelid = 'salon_occupancy'::regclass
                  AND contype = 'x' AND convalidated AND NOT condeferrable"""
        )
        if not self.env.cr.fetchone():
            raise UserError(
                self.env._(
                    "The table of occupied times has no guard against double booking. "
                    "Remove overlapping rows and upgrade the Salon Booking addon."
                )
            )
