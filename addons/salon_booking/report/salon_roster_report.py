from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

#: An id says its row: person, branch and day, each in bits of its own.
ROW_ID = """(staff_id::bigint << 31) | (branch_id::bigint << 15)
            | (business_date - date '2000-01-01')"""
#: Ratios of sums, not averages of ratios.
RATIOS = {
    "booked_share:avg": "booked_hours",
    "utilisation:avg": "busy_hours",
}


class SalonRosterReport(models.Model):
    """Planned against booked time, by person, branch and business day."""

    _name = "salon.roster.report"
    _description = "Salon Planned and Booked Hours"
    _auto = False
    _order = "business_date, staff_id, branch_id"
    _rec_name = "staff_id"

    staff_id = fields.Many2one("hr.employee", "Staff Member", readonly=True)
    branch_id = fields.Many2one("salon.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    business_date = fields.Date("Day", readonly=True)
    planned_hours = fields.Float(
        readonly=True,
        help="Published shifts without breaks; on days without one the weekly hours.",
    )
    booked_hours = fields.Float(
        readonly=True,
        help="Time that appointments take of the person, cancelled ones and processing "
        "in which she is free left out, buffers too.",
    )
    busy_hours = fields.Float(
        readonly=True, help="The part of it whose clients have come."
    )
    booked_share = fields.Float(
        "Booked %", readonly=True, aggregator="avg", help="Booked of planned hours."
    )
    utilisation = fields.Float(
        "Utilisation %", readonly=True, aggregator="avg", help="Busy of planned hours."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT %(row_id)s AS id, hours.staff_id, hours.branch_id,
                   branch.company_id, hours.business_date,
                   hours.planned AS planned_hours,
                   hours.booked AS booked_hours,
                   hours.busy AS busy_hours,
                   hours.booked / NULLIF(hours.planned, 0) AS booked_share,
                   hours.busy / NULLIF(hours.planned, 0) AS utilisation
              FROM (SELECT staff_id, branch_id, business_date,
                           SUM(planned) AS planned, SUM(booked) AS booked,
                           SUM(busy) AS busy
                      FROM (%(parts)s) part
                     GROUP BY staff_id, branch_id, business_date) hours
              JOIN salon_branch branch ON branch.id = hours.branch_id
            """,
            row_id=SQL(ROW_ID),
            parts=SQL(" UNION ALL ").join(
                [self._shifts_query(), self._weekly_query(), self._booked_query()]
            ),
        )

    def _shifts_query(self):
        return SQL(
            """
            SELECT staff_id, branch_id, business_date, planned_hours AS planned,
                   0.0 AS booked, 0.0 AS busy
              FROM salon_shift
             WHERE kind = 'work' AND is_published
            """
        )

    def _weekly_query(self):
        """Days without a shift: what the weekly hours open.

        They open every branch of the person at once. Each stretch counts in one: where
        most is booked in that time, else in the branch that was there first.
        """
        return SQL(
            """
            SELECT staff_id, branch_id, business_date,
                   (stop_minute - start_minute) / 60.0, 0.0, 0.0
              FROM (%(hours)s) alone
             WHERE NOT is_shared
            UNION ALL
            SELECT staff_id, branch_id, business_date, minutes / 60.0, 0.0, 0.0
              FROM (SELECT DISTINCT ON (piece.staff_id, piece.business_date,
                                        piece.start_minute)
                           piece.staff_id, piece.business_date, shared.branch_id,
                           piece.stop_minute - piece.start_minute AS minutes
                      FROM (%(pieces)s) piece
                      JOIN (%(hours)s) shared
                        ON shared.staff_id = piece.staff_id
                       AND shared.business_date = piece.business_date
                       AND shared.start_minute <= piece.start_minute
                       AND shared.stop_minute >= piece.stop_minute
                  ORDER BY piece.staff_id, piece.business_date, piece.start_minute,
                           (SELECT SUM(taken.stop_minute - taken.start_minute)
                              FROM salon_occupancy taken
                             WHERE taken.resource_id = shared.resource_id
                               AND taken.branch_id = shared.branch_id
                               AND taken.appointment_id IS NOT NULL
                               AND taken.start_minute < shared.stop_minute
                               AND taken.stop_minute > shared.start_minute)
                           DESC NULLS LAST,
                           shared.branch_id) chosen
            """,
            hours=self._weekly_hours(),
            pieces=self._weekly_pieces(),
        )

    def _weekly_hours(self):
        return SQL(
            """
            SELECT person.id AS staff_id, opening.resource_id, opening.branch_id,
                   opening.business_date, opening.start_minute, opening.stop_minute,
                   MIN(opening.branch_id) OVER on_day
                       != MAX(opening.branch_id) OVER on_day AS is_shared
              FROM salon_opening opening
              JOIN hr_employee person ON person.resource_id = opening.resource_id
             WHERE NOT EXISTS (
                       SELECT FROM salon_shift shift
                        WHERE shift.staff_id = person.id AND shift.is_published
                          AND shift.business_date = opening.business_date)
            WINDOW on_day AS (PARTITION BY person.id, opening.business_date)
            """
        )

    def _weekly_pieces(self):
        """From each moment at which a branch opens or closes to the next one."""
        return SQL(
            """
            SELECT staff_id, business_date, minute AS start_minute,
                   LEAD(minute) OVER (PARTITION BY staff_id, business_date
                                          ORDER BY minute) AS stop_minute
              FROM (SELECT staff_id, business_date, start_minute AS minute
                      FROM (%(hours)s) opens WHERE is_shared
                    UNION
                    SELECT staff_id, business_date, stop_minute
                      FROM (%(hours)s) closes WHERE is_shared) moment
            """,
            hours=self._weekly_hours(),
        )

    def _booked_query(self):
        """What is taken past midnight belongs to the day of its shift."""
        return SQL(
            """
            SELECT person.id, taken.branch_id,
                   COALESCE(
                       shift.business_date,
                       (taken.start AT TIME ZONE 'UTC' AT TIME ZONE branch.tz)::date),
                   0.0,
                   EXTRACT(EPOCH FROM taken.stop - taken.start) / 3600.0,
                   CASE WHEN booked.state IN ('arrived', 'in_service', 'done')
                        THEN EXTRACT(EPOCH FROM taken.stop - taken.start) / 3600.0
                        ELSE 0.0 END
              FROM salon_occupancy taken
              JOIN salon_appointment booked ON booked.id = taken.appointment_id
              JOIN hr_employee person ON person.resource_id = taken.resource_id
              JOIN salon_branch branch ON branch.id = taken.branch_id
         LEFT JOIN salon_shift shift
                ON shift.staff_id = person.id
               AND shift.kind = 'work' AND shift.is_published
               AND shift.start <= taken.start AND taken.start < shift.stop
             WHERE taken.phase_kind != 'buffer'
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec not in RATIOS:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, RATIOS[aggregate_spec], query),
            self._field_to_sql(self._table, "planned_hours", query),
        )

    def action_view_appointments(self):
        """The appointments of that person and day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_appointment_action"
        )
        return {
            **action,
            "domain": [
                ("staff_id", "=", self.staff_id.id),
                ("branch_id", "=", self.branch_id.id),
                ("start", ">=", self.business_date),
                ("start", "<", self.business_date + timedelta(days=2)),
            ],
            "context": {},
        }

    def action_view_shifts(self):
        """The shifts of that person and day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_shift_action"
        )
        return {
            **action,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("staff_id", "=", self.staff_id.id),
                ("business_date", "=", self.business_date),
            ],
            "context": {
                "default_staff_id": self.staff_id.id,
                "default_branch_id": self.branch_id.id,
                "default_business_date": self.business_date,
            },
        }
