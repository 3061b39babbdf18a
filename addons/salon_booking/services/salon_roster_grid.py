from collections import defaultdict
from datetime import time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import clock, coverage
from ..engine.intervals import subtract
from .salon_board import Scope

WEEK = 7
#: At most so many days at once: a screen that still can be read.
MOST_DAYS = 5 * WEEK
HOUR = 60
#: The footer shows people by the hour between these, whatever the branch's hours.
HOURS = range(6, 24)


class SalonRosterGrid(models.AbstractModel):
    """People and days of one branch: shifts, weekly hours, time off, what is booked.

    Shifts come through the record rules of the user: a stylist sees the own row.
    """

    _name = "salon.roster.grid"
    _description = "Roster as a Grid"

    # rpc: reads with the rights of the user; salon.board refuses who has no role
    @api.model
    def load(self, branch_id=None, first=None, days=WEEK):
        """All that the grid shows, in a fixed number of queries.

        :param branch_id: the user's first branch when empty
        :param first: local day as text; the Monday of this week when empty
        :return: dict of branch, branches, days, staff; hours are hours, not minutes
        """
        scope = self._scope(branch_id, first, days)
        if not scope.branches:
            return {"branch": False, "branches": [], "days": [], "staff": []}
        board = self.env["salon.board"]
        people, _facilities = board._columns(scope, [])
        marks = board._marks(scope, people)
        windows = board._windows(scope, people)
        booked = self._booked(scope, people)
        shifts = self._shifts(scope, people)
        opening = board._opening(scope, marks)[scope.branches.id]
        can_edit = self.env["salon.shift"].has_access("write")
        targets = self._targets(scope, people) if can_edit else {}
        work = self._work(scope, people, shifts, windows)
        rows = [
            {
                "id": person["id"],
                "name": person["name"],
                "avatar": f"/web/image/hr.employee.public/{person['id']}/avatar_128"
                f"?unique={person['key']}",
                "target": targets.get(person["id"], 0),
                "days": self._cells(scope, person, shifts, windows, marks, booked),
            }
            for person in people
        ]
        return {
            "branch": {"id": scope.branches.id, "name": scope.branches.name},
            "branches": [
                {"id": branch.id, "name": branch.name} for branch in scope.known
            ],
            "today": fields.Date.to_string(self._today(scope.branches.tz)),
            "can_edit": can_edit,
            "first_hour": HOURS.start,
            "days": self._days(scope, rows, opening, marks, work, booked),
            "staff": rows,
            "to_move": board._counts(scope)["to_move"],
        }

    # rpc: shifts are made with the rights of the user
    @api.model
    def place(self, shifts):
        """Put shifts or days off on days as drafts; whoever calls may undo by deleting.

        :param shifts: list of dict: staff, branch, date, kind, from, to (hours), breaks
            (list of from and to), note
        :return: ids of the new shifts
        """
        self.env["salon.shift"].check_access("create")
        return (
            self.env["salon.shift"]
            ._plan(
                [
                    {
                        "staff_id": int(shift["staff"]),
                        "branch_id": int(shift["branch"]),
                        "business_date": fields.Date.to_date(shift["date"]),
                        "is_published": False,
                        "kind": "off" if shift.get("kind") == "off" else "work",
                        "time_from": float(shift.get("from") or 0),
                        "time_to": float(shift.get("to") or 0),
                        "breaks": [
                            (float(start), float(stop))
                            for start, stop in shift.get("breaks") or ()
                        ],
                        "note": shift.get("note") or False,
                    }
                    for shift in shifts[: MOST_DAYS * 20]
                ]
            )
            .ids
        )

    @api.model
    def _scope(self, branch_id, first, days):
        board = self.env["salon.board"]
        board._check_role()
        if not 0 < int(days) <= MOST_DAYS:
            raise UserError(
                self.env._(
                    "The roster shows %(days)s days at most. Choose fewer.",
                    days=MOST_DAYS,
                )
            )
        known = board._branches()
        branch = known.filtered(lambda branch: branch.id == branch_id)
        if branch_id and not branch:
            raise AccessError(
                self.env._("You do not work in that branch. Choose one of yours.")
            )
        branch = branch or (self.env.user.salon_branch_ids & known)[:1] or known[:1]
        zone = branch.tz or "UTC"
        today = self._today(zone)
        monday = today - timedelta(days=today.weekday())
        first = fields.Date.to_date(first) or monday
        self.env["salon.reach"]._check_days(first)
        last = first + timedelta(days=int(days) - 1)
        start, stop = clock.day_bounds(first, zone)[0], clock.day_bounds(last, zone)[1]
        return Scope(known, branch, first, last, start, stop)

    @api.model
    def _today(self, zone):
        return clock.local(clock.to_minutes(fields.Datetime.now()), zone).date()

    @api.model
    def _shifts(self, scope, people):
        """``{(staff id, day): shifts}``, those of other branches, too."""
        shifts = self.env["salon.shift"].search_fetch(
            [
                ("staff_id", "in", [person["id"] for person in people]),
                ("business_date", ">=", scope.first),
                ("business_date", "<=", scope.last),
            ],
        )
        shifts.break_ids.fetch(["shift_id", "time_from", "time_to", "start", "stop"])
        return shifts.grouped(lambda shift: (shift.staff_id.id, shift.business_date))

    @api.model
    def _booked(self, scope, people):
        """``{staff id: [(start, stop), …]}`` that appointments take here."""
        person_of = {person["resource"]: person["id"] for person in people}
        booked = defaultdict(list)
        for row in self.env["salon.board"]._taken(scope, people):
            is_client = row["appointment"] or row["event"]
            if is_client and row["branch"] == scope.branches.id:
                booked[person_of[row["resource"]]].append((row["start"], row["stop"]))
        return booked

    @api.model
    def _targets(self, scope, people):
        """Hours that each person is to work in these days: pattern, else contract."""
        days = len(scope.dates)
        # sudo: hr.employee, resource.calendar - managers plan by the hours agreed
        employees = self.env["hr.employee"].sudo().browse(p["id"] for p in people)
        employees.fetch(["resource_calendar_id"])
        employees.resource_calendar_id.fetch(["hours_per_week"])
        targets = {
            person.id: person.resource_calendar_id.hours_per_week
            for person in employees
        }
        assignments = self.env["salon.roster.assignment"].search(
            [
                ("staff_id", "in", employees.ids),
                ("date_from", "<=", scope.last),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", scope.first),
            ]
        )
        for staff, own in assignments.grouped("staff_id").items():
            targets[staff.id] = sum(own.pattern_id.mapped("hours_per_week"))
        return {
            staff_id: round(hours * days / WEEK, 2)
            for staff_id, hours in targets.items()
        }

    @api.model
    def _cells(self, scope, person, shifts, windows, marks, booked):
        """``{day: cell}`` of one person."""
        zone = scope.branches.tz
        weekly, taken, off = defaultdict(list), defaultdict(int), {}
        for start, stop in windows[scope.branches.id, person["resource"]]:
            weekly[clock.local(start, zone).date()].append((start, stop))
        for start, stop in booked[person["id"]]:
            taken[clock.local(start, zone).date()] += stop - start
        for kind, staff, start, stop, *_more in marks:
            if kind == "leave" and staff == person["id"]:
                for day in scope.dates:
                    begin, end = clock.day_bounds(day, zone)
                    if start < end and begin < stop:
                        off[day] = [max(start, begin), min(stop, end)]
        cells = {}
        for day in scope.dates:
            own = shifts.get((person["id"], day), self.env["salon.shift"])
            # Drafts change nothing yet: until they are published weekly hours count.
            is_planned = bool(own.filtered("is_published"))
            shown = [] if is_planned else weekly[day]
            cells[fields.Date.to_string(day)] = {
                "shifts": [self._shift(scope, shift) for shift in own],
                "weekly": [
                    [self._hour(start, zone), self._hour(stop, zone)]
                    for start, stop in shown
                ],
                "off": self._off(off.get(day), day, zone),
                "planned": self._planned(scope, own, shown),
                "booked": round(taken[day] / HOUR, 2),
            }
        return cells

    @api.model
    def _planned(self, scope, shifts, weekly):
        """Hours here, drafts included, as if they were published."""
        here = shifts.filtered(lambda shift: shift.branch_id == scope.branches)
        if shifts:
            return round(sum(here.mapped("planned_hours")), 2)
        return round(sum(stop - start for start, stop in weekly) / HOUR, 2)

    @api.model
    def _off(self, span, day, zone):
        """Time off as the grid says it: all day, or from when to when."""
        if not span:
            return False
        begin, end = clock.day_bounds(day, zone)
        if span == [begin, end]:
            return {"all_day": True}
        return {
            "all_day": False,
            "from": self._hour(span[0], zone),
            "to": self._hour(span[1], zone),
        }

    @api.model
    def _hour(self, minute, zone):
        wall = clock.local(minute, zone)
        return wall.hour + wall.minute / HOUR

    @api.model
    def _shift(self, scope, shift):
        is_here = shift.branch_id == scope.branches
        return {
            "id": shift.id,
            "kind": shift.kind,
            "from": shift.time_from,
            "to": shift.time_to,
            "breaks": [[pause.time_from, pause.time_to] for pause in shift.break_ids],
            "hours": shift.planned_hours,
            "draft": not shift.is_published,
            "by_hand": bool(shift.assignment_id) and shift.is_edited,
            "branch": "" if is_here else shift.branch_id.name,
            "note": shift.note or "",
        }

    @api.model
    def _days(self, scope, rows, opening, marks, work, booked):
        """What stands above and below the columns."""
        branch = scope.branches
        holidays = self.env["salon.board"]._holidays(branch, marks)
        open_on = defaultdict(list)
        for start, stop in opening:
            open_on[clock.local(start, branch.tz).date()].append((start, stop))
        taken = [span for spans in booked.values() for span in spans]
        days = []
        for day in scope.dates:
            name = fields.Date.to_string(day)
            begin, end = clock.day_bounds(day, branch.tz)
            first = clock.wall_to_minutes(day, time(HOURS.start), branch.tz)
            there, busy = (
                coverage.by_bin(spans, first, HOUR, len(HOURS))
                for spans in (work[day], taken)
            )
            days.append(
                {
                    "date": name,
                    "open": [
                        [self._hour(start, branch.tz), self._hour(stop, branch.tz)]
                        for start, stop in open_on[day]
                    ],
                    "closed": next(
                        (
                            reason or self.env._("Closed")
                            for start, stop, reason in holidays
                            if start < end and begin < stop
                        ),
                        "",
                    ),
                    "planned": round(
                        sum(row["days"][name]["planned"] for row in rows), 2
                    ),
                    "booked": round(
                        sum(row["days"][name]["booked"] for row in rows), 2
                    ),
                    "hours": [
                        [round(minutes / HOUR, 2), round(used / HOUR, 2)]
                        for minutes, used in zip(there, busy, strict=True)
                    ],
                }
            )
        return days

    @api.model
    def _work(self, scope, people, shifts, windows):
        """``{day: [(start, stop), …]}`` of work here, as if all were published."""
        branch = scope.branches
        work = defaultdict(list)
        for person in people:
            planned = {day for staff, day in shifts if staff == person["id"]}
            for start, stop in windows[branch.id, person["resource"]]:
                day = clock.local(start, branch.tz).date()
                if day not in planned:
                    work[day].append((start, stop))
        for (_staff, day), own in shifts.items():
            for shift in own:
                if shift.kind == "work" and shift.branch_id == branch:
                    work[day] += subtract(
                        [self._span(shift)],
                        [self._span(one) for one in shift.break_ids],
                    )
        return work

    @api.model
    def _span(self, stretch):
        return clock.to_minutes(stretch.start), clock.to_minutes(stretch.stop)
