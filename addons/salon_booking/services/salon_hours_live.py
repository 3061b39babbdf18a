from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache

from ..engine import clock, windows
from ..engine.intervals import intersect, merge, subtract
from ..engine.windows import ONE_DAY, Hours, Shift, Terms

#: The end of time for what has no end.
FAR = 1 << 40


class _Resource(NamedTuple):
    """A person or place; what of it matters for its hours."""

    id: int
    tz: str
    calendar: int | None
    company: int | None
    is_open: bool
    employee: int | None
    branches: frozenset


class _Branch(NamedTuple):
    id: int
    tz: str
    calendar: int | None
    company: int | None
    active: bool


class _Leave(NamedTuple):
    resource: int | None
    calendar: int | None
    company: int | None
    start: int
    stop: int


class SalonHours(models.AbstractModel):
    """What the sources say, worked out in a fixed number of queries."""

    _inherit = "salon.hours"

    @api.model
    def _compute(self, pairs, first, last):
        """Windows by business day, both days included.

        :param pairs: set of ``(resource id, branch id)``
        :return: ``{pair: [engine.windows.Window]}``
        """
        # sudo: hr.version, resource - who can be booked when is no personnel file
        self = self.sudo()
        resources = self._load_resources({pair[0] for pair in pairs})
        branches = self._load_branches({pair[1] for pair in pairs})
        terms = self._load_terms(resources)
        calendars = {one.calendar for one in (*branches.values(), *resources.values())}
        calendars |= {one.calendar for some in terms.values() for one in some}
        calendars -= {None}
        weeks = self._load_weeks(calendars)
        leaves = self._load_leaves(resources, calendars, first, last)
        shifts = self._load_shifts(resources, first, last)
        opening = {
            branch.id: self._opening(branch, weeks, leaves, first, last)
            for branch in branches.values()
        }
        always = [(0, FAR)]
        found = {}
        for resource_id, branch_id in pairs:
            resource, branch = resources.get(resource_id), branches.get(branch_id)
            if not (resource and branch and resource.is_open and branch.active):
                found[resource_id, branch_id] = []
                continue
            periods = self._periods(resource, terms, first, last)
            zone = resource.tz if resource.employee else branch.tz
            # A place without hours of its own stands there day and night: opening
            # hours bind the people, and what the desk books by hand needs a chair, too.
            allowed = subtract(
                opening[branch_id] if resource.employee else always,
                self._time_off(resource, periods, leaves, zone),
            )
            found[resource_id, branch_id] = windows.booking_windows(
                first,
                last,
                branch_id,
                self._weekly(resource, branch, periods, weeks, zone, first, last),
                shifts[resource_id],
                allowed,
            )
        return found

    @api.model
    def _branch_windows(self, branch, first, last):
        """When the branch is open, ``[(start, stop), …]`` in UTC minutes."""
        # sudo: resource.calendar - opening hours hang on the door
        self = self.sudo()
        found = self._load_branches({branch.id})[branch.id]
        calendars = {found.calendar} - {None}
        first_day = clock.local(first, branch.tz).date()
        last_day = clock.local(last, branch.tz).date()
        leaves = self._load_leaves({}, calendars, first_day, last_day)
        opening = self._opening(
            found, self._opening_weeks(calendars), leaves, first_day, last_day
        )
        return intersect(opening, [(first, last)])

    # What the sources say about one

    @api.model
    def _opening(self, branch, weeks, leaves, first, last):
        """Opening hours less public holidays, until the morning after the last day."""
        week = weeks[branch.calendar] if branch.calendar else None
        hours = windows.opening_hours(week, first - ONE_DAY, last + ONE_DAY, branch.tz)
        return subtract(
            hours,
            [
                (leave.start, leave.stop)
                for leave in leaves
                if not leave.resource
                and leave.calendar in (None, branch.calendar)
                and leave.company in (None, branch.company)
            ],
        )

    @api.model
    def _periods(self, resource, terms, first, last):
        """Which calendar counts when, ``(first day, last day, calendar id)``."""
        first -= 2 * ONE_DAY
        last += 2 * ONE_DAY
        if not terms[resource.id]:
            return [(first, last, resource.calendar)]
        return windows.calendar_periods(terms[resource.id], first, last)

    @api.model
    def _weekly(self, resource, branch, periods, weeks, zone, first, last):
        """Hours by the weekly calendar; none where the person is not of the team."""
        if resource.employee and branch.id not in resource.branches:
            return {}
        by_day = {
            day: weeks[calendar] if calendar else None
            for start, stop, calendar in periods
            for day in windows.days(start, stop)
        }
        return windows.weekly_hours(
            lambda day: by_day.get(day, ()), first - ONE_DAY, last, zone, branch.tz
        )

    @api.model
    def _time_off(self, resource, periods, leaves, zone):
        """Own time off; public holidays of the company and of the calendar then used.

        Own time off counts whatever its kind: somebody at a training is at work but
        not at the chair.
        """
        off = []
        for leave in leaves:
            stretch = (leave.start, leave.stop)
            if leave.resource == resource.id:
                off.append(stretch)
            elif (
                leave.resource
                or leave.company not in (None, resource.company)
                or not (resource.employee or resource.calendar)
            ):
                continue
            elif not leave.calendar:
                off.append(stretch)
            else:
                for first, last, calendar in periods:
                    if calendar == leave.calendar:
                        start = clock.day_bounds(first, zone)[0]
                        stop = clock.day_bounds(last, zone)[1]
                        off += intersect([stretch], [(start, stop)])
        return merge(off)

    # Loading, one query each

    @api.model
    def _load_resources(self, resource_ids):
        for name in ("hr.employee", "salon.facility", "resource.resource"):
            self.env[name].flush_model(["active"])
        self.env["hr.employee"].flush_model(["is_salon_staff", "resource_id"])
        self.env["resource.resource"].flush_model(["tz", "calendar_id", "company_id"])
        self.env["salon.facility"].flush_model(["resource_id"])
        self.env.cr.execute(
            """SELECT resource.id, resource.tz, resource.calendar_id,
                      resource.company_id,
                      CASE WHEN staff.id IS NOT NULL
                           THEN staff.active AND COALESCE(staff.is_salon_staff, FALSE)
                           ELSE COALESCE(facility.active, resource.active) END,
                      staff.id,
                      ARRAY(SELECT member.branch_id
                              FROM hr_employee_salon_branch_rel member
                             WHERE member.employee_id = staff.id)
                 FROM resource_resource resource
                 LEFT JOIN hr_employee staff ON staff.resource_id = resource.id
                 LEFT JOIN salon_facility facility ON facility.resource_id = resource.id
                WHERE resource.id = ANY(%s)""",
            [list(resource_ids)],
        )
        return {
            row[0]: _Resource(*row[:-1], frozenset(row[-1]))
            for row in self.env.cr.fetchall()
        }

    @api.model
    def _load_branches(self, branch_ids):
        self.env["salon.branch"].flush_model(
            ["tz", "resource_calendar_id", "company_id", "active"]
        )
        self.env.cr.execute(
            """SELECT id, tz, resource_calendar_id, company_id, active
                 FROM salon_branch WHERE id = ANY(%s)""",
            [list(branch_ids)],
        )
        return {row[0]: _Branch(*row) for row in self.env.cr.fetchall()}

    @api.model
    def _load_terms(self, resources):
        """Dated versions of employees; the host's helper widens them by contract."""
        staff = {one.employee: one.id for one in resources.values() if one.employee}
        terms = defaultdict(list)
        if not staff:
            return terms
        self.env["hr.version"].flush_model()
        self.env.cr.execute(
            """SELECT employee_id, date_version, resource_calendar_id,
                      contract_date_start, contract_date_end
                 FROM hr_version
                WHERE active AND employee_id = ANY(%s)
                ORDER BY date_version, id""",
            [list(staff)],
        )
        for employee_id, *values in self.env.cr.fetchall():
            terms[staff[employee_id]].append(Terms(*values))
        return terms

    @api.model
    def _opening_weeks(self, calendar_ids):
        """The same as ``_load_weeks`` for branches, whose hours change rarely."""
        return dict(self._read_opening_weeks(tuple(sorted(calendar_ids))))

    @api.model
    @ormcache("calendar_ids")
    def _read_opening_weeks(self, calendar_ids):
        return self._load_weeks(calendar_ids)

    @api.model
    def _load_weeks(self, calendar_ids):
        """Lines of calendars: ``{id: engine.windows.Week}``.

        A flexible calendar says how much, not when: the host lays its hours around
        noon for the sums of payroll. Such a person can be booked while the branch is
        open, as one without a calendar.
        """
        if not calendar_ids:
            return {}
        self.env["resource.calendar"].flush_model()
        self.env["resource.calendar.attendance"].flush_model()
        self.env.cr.execute(
            """SELECT calendar.id, calendar.two_weeks_calendar,
                      calendar.schedule_type = 'flexible',
                      line.dayofweek, line.hour_from, line.hour_to, line.week_type
                 FROM resource_calendar calendar
                 LEFT JOIN resource_calendar_attendance line
                   ON line.calendar_id = calendar.id
                  AND line.display_type IS NULL AND line.day_period != 'lunch'
                WHERE calendar.id = ANY(%s)
                ORDER BY calendar.id, line.id""",
            [list(calendar_ids)],
        )
        weeks = {}
        for row in self.env.cr.fetchall():
            calendar_id, has_two_weeks, is_flexible, weekday, start, stop, week = row
            if is_flexible:
                weeks[calendar_id] = None
                continue
            lines = weeks.setdefault(calendar_id, ())
            if weekday is not None:
                weeks[calendar_id] = (
                    *lines,
                    Hours(
                        int(weekday),
                        round(start * 60),
                        round(stop * 60),
                        int(week or 0) if has_two_weeks else None,
                    ),
                )
        return weeks

    @api.model
    def _load_leaves(self, resources, calendar_ids, first, last):
        self.env["resource.calendar.leaves"].flush_model()
        self.env.cr.execute(
            """SELECT resource_id, calendar_id, company_id, date_from, date_to
                 FROM resource_calendar_leaves
                WHERE date_from < %s AND date_to > %s
                  AND (resource_id = ANY(%s)
                       OR resource_id IS NULL AND time_type = 'leave'
                          AND (calendar_id IS NULL OR calendar_id = ANY(%s)))""",
            [
                last + 3 * ONE_DAY,
                first - 3 * ONE_DAY,
                list(resources),
                list(calendar_ids),
            ],
        )
        return [
            _Leave(*row[:3], clock.to_minutes(row[3]), clock.to_minutes_ceil(row[4]))
            for row in self.env.cr.fetchall()
        ]

    @api.model
    def _load_shifts(self, resources, first, last):
        """Published shifts with their breaks: ``{resource id: [engine Shift]}``."""
        staff = {one.employee: one.id for one in resources.values() if one.employee}
        shifts = defaultdict(list)
        if not staff:
            return shifts
        self.env["salon.shift"].flush_model()
        self.env["salon.shift.break"].flush_model()
        self.env.cr.execute(
            """SELECT shift.staff_id, shift.business_date, shift.branch_id,
                      shift.kind, shift.start, shift.stop,
                      ARRAY(SELECT start FROM salon_shift_break
                             WHERE shift_id = shift.id ORDER BY id),
                      ARRAY(SELECT stop FROM salon_shift_break
                             WHERE shift_id = shift.id ORDER BY id)
                 FROM salon_shift shift
                WHERE shift.is_published AND shift.staff_id = ANY(%s)
                  AND shift.business_date BETWEEN %s AND %s""",
            [list(staff), first - ONE_DAY, last],
        )
        for staff_id, day, branch, kind, start, stop, *breaks in self.env.cr.fetchall():
            start, stop = clock.to_minutes(start), clock.to_minutes(stop)
            pauses = tuple(
                (clock.to_minutes(pause_start), clock.to_minutes(pause_stop))
                for pause_start, pause_stop in zip(*breaks, strict=True)
            )
            if kind == "off":
                stop, pauses = start, ()
            shifts[staff[staff_id]].append(Shift(day, branch, start, stop, pauses))
        return shifts
