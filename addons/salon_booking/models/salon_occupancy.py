import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

_logger = logging.getLogger(__name__)

#: Integer minutes beside the moments, kept by the database itself: searches read them
#: several times faster than datetimes. A part of a minute takes it whole.
MINUTE_COLUMNS = {
    "start_minute": "floor(date_part('epoch', start) / 60)::int4",
    "stop_minute": "ceil(date_part('epoch', stop) / 60)::int4",
}


class SalonOccupancy(models.Model):
    """Who or what is taken, from when to when.

    One row per phase of an appointment and thing it takes; holds, blocks and group
    events take time here as well. The exclusion constraint is the only protection
    against double booking: under the host's REPEATABLE READ a check in Python does not
    see what another transaction has just committed. Rows are written by the service
    ``salon.booking`` alone.

    Another kind of owner adds its column (``ondelete="cascade"``) with ``_inherit`` and
    names it in ``_owner_columns``.
    """

    _name = "salon.occupancy"
    _description = "Time Taken of a Person or Place"
    _order = "start, id"
    _log_access = False
    _rec_name = "appointment_id"

    appointment_id = fields.Many2one(
        "salon.appointment", index="btree_not_null", ondelete="cascade"
    )
    hold_id = fields.Many2one("salon.hold", index="btree_not_null", ondelete="cascade")
    group_event_id = fields.Many2one(
        "salon.group.event", index="btree_not_null", ondelete="cascade"
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
    expires_at = fields.Datetime(help="A hold counts until then.")
    travel_minutes = fields.Integer(
        required=True,
        default=0,
        help="What the person needs to get to another branch.",
    )

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(resource_id, resource_id, '[]') WITH =,
            int4range(unit, unit, '[]') WITH =,
            tsrange(start, stop, '[)') WITH &&
        ) WHERE (is_blocking)""",
        "This time was just taken. Please choose another one.",
    )
    # Two branches differ: no built-in operator class of GiST knows <> for numbers, but
    # that for addresses does.
    _no_flying = models.Constraint(
        """EXCLUDE USING gist (
            int4range(resource_id, resource_id, '[]') WITH =,
            ('0.0.0.0'::inet + branch_id) inet_ops WITH <>,
            tsrange(start, stop + travel_minutes * interval '1 minute', '[)') WITH &&
        ) WHERE (is_blocking AND travel_minutes > 0)""",
        "There is not enough time to get from one branch to the other.",
    )
    # At most a day each, so that a search need not look back further than that.
    _length_sensible = models.Constraint(
        "CHECK (start < stop AND stop <= start + interval '1 day')",
        "What is taken lasts a moment at least and a day at most.",
    )

    def init(self):
        for column, expression in MINUTE_COLUMNS.items():
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE salon_occupancy ADD COLUMN IF NOT EXISTS %s int4 "
                    "GENERATED ALWAYS AS (%s) STORED",
                    SQL.identifier(column),
                    SQL(expression),  # pylint: disable=sql-injection
                )
            )
        self.env.cr.execute(
            """CREATE INDEX IF NOT EXISTS salon_occupancy_resource_minutes
                ON salon_occupancy (resource_id, start_minute)
                INCLUDE (stop_minute, unit)"""
        )

    @api.model
    def _owner_columns(self):
        """What may take time: ``{model: column of this table}``."""
        return {
            "salon.appointment": "appointment_id",
            "salon.group.event": "group_event_id",
            "salon.hold": "hold_id",
        }

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
