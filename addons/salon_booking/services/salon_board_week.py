from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import board, clock, states
from ..engine.windows import ONE_DAY

WEEK = timedelta(days=6)


class SalonBoard(models.AbstractModel):
    """The week of a team in figures."""

    _inherit = "salon.board"

    # rpc: reads with the rights of the user; _scope refuses who has no role
    @api.model
    @api.readonly
    def week(self, branch_ids, first):
        """Per person and day: when they work, how much of it is booked."""
        first = fields.Date.to_date(first) or fields.Date.today()
        self.env["salon.reach"]._check_days(first)
        scope = self._scope(branch_ids, first, first + WEEK)
        people, _facilities = self._columns(scope, [])
        windows = self._windows(scope, people)
        booked = self._booked(scope)
        marks = self._marks(scope, people)
        weeks = {
            branch.id: [
                clock.day_bounds(day, branch.tz)[0]
                for day in (*scope.dates, scope.last + ONE_DAY)
            ]
            for branch in scope.branches
        }
        return {
            "days": [fields.Date.to_string(day) for day in scope.dates],
            "branches": [
                {"id": branch.id, "name": branch.name, "tz": branch.tz}
                for branch in scope.branches
            ],
            "staff": [
                {
                    **self._person(person, branch_id, rank),
                    "days": self._days_of_week(
                        weeks[branch_id],
                        windows[branch_id, person["resource"]],
                        booked[branch_id, person["id"]],
                        [mark for mark in marks if mark[1] == person["id"]],
                    ),
                }
                for rank, person in enumerate(people)
                for branch_id in sorted(person["branches"])
            ],
        }

    @api.model
    def _booked(self, scope):
        """What people are busy with: ``{(branch, staff): [(start, stop, id)]}``."""
        for model in ("salon.appointment", "salon.occupancy", "hr.employee"):
            self.env[model].flush_model()
        query = self.env["salon.appointment"]._search(
            [
                ("branch_id", "in", scope.branches.ids),
                ("start", "<", clock.to_utc(scope.stop)),
                ("start", ">=", clock.to_utc(scope.start)),
                ("state", "not in", list(states.LOST)),
            ]
        )
        taken = query.join(
            query.table, "id", "salon_occupancy", "appointment_id", "taken"
        )
        staff = query.join(taken, "resource_id", "hr_employee", "resource_id", "staff")
        booked = defaultdict(list)
        for branch_id, staff_id, start, stop, appointment in self.env.execute_query(
            query.select(
                SQL.identifier(query.table, "branch_id"),
                SQL.identifier(staff, "id"),
                SQL.identifier(taken, "start_minute"),
                SQL.identifier(taken, "stop_minute"),
                SQL.identifier(query.table, "id"),
            )
        ):
            booked[branch_id, staff_id].append((start, stop, appointment))
        return booked

    @api.model
    def _days_of_week(self, bounds, windows, booked, marks):
        """One dict per day; a span belongs to the day on which it begins."""
        count = len(bounds) - 1
        worked = [[] for _day in range(count)]
        busy = [[] for _day in range(count)]
        served = [set() for _day in range(count)]
        for start, stop in windows:
            day = max(bisect_right(bounds, start) - 1, 0)
            if day < count:
                worked[day].append((start, stop))
        for start, stop, appointment in booked:
            day = max(bisect_right(bounds, start) - 1, 0)
            if day < count:
                busy[day].append((start, stop))
                served[day].add(appointment)
        return [
            {
                "windows": worked[day],
                "work_minutes": board.minutes(worked[day]),
                "booked_minutes": board.minutes(busy[day]),
                "count": len(served[day]),
                "first": min((start for start, _stop in busy[day]), default=False),
                "last": max((stop for _start, stop in busy[day]), default=False),
                "off": next(
                    (
                        reason or self._time_off_label()
                        for kind, _staff, start, stop, reason, *_more in marks
                        if kind in ("off", "leave")
                        and start < bounds[day + 1]
                        and bounds[day] < stop
                    ),
                    "",
                ),
            }
            for day in range(count)
        ]
