from collections import defaultdict
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from weakref import WeakKeyDictionary

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..engine import clock
from ..engine.intervals import merge, subtract
from ..engine.windows import LONGEST, ONE_DAY

#: Rows begin so many days before today in UTC: yesterday in every zone.
BACK = timedelta(days=2)
#: A night on which the clocks are set back shows some hours twice.
CLOCK_CHANGE = 2
#: So many people and places are worked out at once.
BATCH = 100
#: What changed by cursor while ``_collected`` is open.
_collections = WeakKeyDictionary()


class _Changes:
    """Sources that changed, gathered to refresh once."""

    def __init__(self):
        self.resources = set()
        self.branches = set()
        self.first = date.max
        self.last = date.min
        self.origin = ""
        self.is_structure = False
        self.locks = set()
        self.nights = []

    def add(self, resources, branches, first, last, origin, is_structure, locks):
        self.resources |= set(resources)
        self.branches |= set(branches)
        self.locks |= set(locks)
        self.first = min(self.first, first or date.min)
        self.last = max(self.last, last or date.max)
        self.origin = self.origin or origin
        self.is_structure |= is_structure


class SalonHours(models.AbstractModel):
    """When people and places can be booked at all, before anything is taken.

    Reads ``salon.opening`` where its rows reach, else works the same out live, and
    keeps the rows true when a source changes: time off, shifts, calendars, branches.
    """

    _name = "salon.hours"
    _description = "Salon Hours"

    # Reading

    @api.model
    def _windows(self, branch, resources, first, last):
        """When each person or place can be booked in the branch.

        One query where rows reach; nothing is written, so a replica can answer.

        :param first, last: UTC minutes
        :return: ``{resource id: [(start, stop), …]}`` in UTC minutes, sorted, disjoint,
            within ``[first, last)``; each resource has an entry
        """
        if first >= last or not resources:
            return {resource_id: [] for resource_id in resources.ids}
        first_day = clock.local(first, branch.tz).date() - ONE_DAY
        last_day = clock.local(last, branch.tz).date()
        found = self._read_rows(branch, resources, first, last, first_day, last_day)
        missing = set(resources.ids) - found.keys()
        if missing:
            computed = self._compute(
                {(resource_id, branch.id) for resource_id in missing},
                first_day,
                last_day,
            )
            for (resource_id, _branch_id), windows in computed.items():
                found[resource_id] = [(w.start, w.stop) for w in windows]
        return {
            resource_id: _clipped(sorted(found[resource_id]), first, last)
            for resource_id in resources.ids
        }

    @api.model
    def _read_rows(self, branch, resources, first, last, first_day, last_day):
        """Stored windows of those whose rows reach from first_day to last_day."""
        self.env.cr.execute(
            # One look into the index for each, whatever the planner believes of a table
            # that has just been filled.
            """SELECT coverage.resource_id, open.starts, open.stops
                 FROM salon_opening_coverage coverage
           CROSS JOIN LATERAL (
                      SELECT array_agg(opening.start_minute
                                       ORDER BY opening.start_minute) AS starts,
                             array_agg(opening.stop_minute
                                       ORDER BY opening.start_minute) AS stops
                        FROM salon_opening opening
                       WHERE opening.resource_id = coverage.resource_id
                         AND opening.branch_id = coverage.branch_id
                         AND opening.start_minute < %(last)s
                         AND opening.start_minute > %(first)s - %(longest)s
                         AND opening.stop_minute > %(first)s) open
                WHERE coverage.branch_id = %(branch)s
                  AND coverage.resource_id = ANY(%(resources)s)
                  AND coverage.first_day <= %(first_day)s
                  AND coverage.last_day >= %(last_day)s""",
            {
                "branch": branch.id,
                "resources": resources.ids,
                "first": first,
                "last": last,
                "longest": LONGEST,
                "first_day": first_day,
                "last_day": last_day,
            },
        )
        return {
            resource_id: [] if starts is None else list(zip(starts, stops, strict=True))
            for resource_id, starts, stops in self.env.cr.fetchall()
        }

    @api.model
    def _business_dates(self, moments):
        """The business day of each moment, in one query for all.

        A moment in a shift past midnight belongs to the day on which the shift began,
        any other to the local day of the branch.

        :param moments: list of ``(salon.branch, hr.employee, UTC datetime)``
        """
        walls = [
            clock.local(clock.to_minutes(moment), branch.tz or "UTC")
            for branch, _staff, moment in moments
        ]
        found = [wall.date() for wall in walls]
        shifts = self.env["salon.shift"]
        latest = shifts._latest_morning()
        night = [
            (branch, staff, moment)
            for (branch, staff, moment), wall in zip(moments, walls, strict=True)
            if latest and staff.id and wall.hour <= latest + CLOCK_CHANGE
        ]
        if not night:
            return found
        staff_ids = {staff.id for _branch, staff, _moment in night}
        shifts.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT staff_id, branch_id, business_date, start, stop
                     FROM salon_shift
                    WHERE staff_id = ANY(%s) AND kind = 'work' AND is_published
                      AND start <= %s AND stop > %s
                 ORDER BY business_date, start, id""",
                list(staff_ids),
                max(moment for _branch, _staff, moment in night),
                min(moment for _branch, _staff, moment in night),
            )
        )
        worked = defaultdict(list)
        for staff_id, branch_id, *shift in rows:
            worked[staff_id, branch_id].append(shift)
        for index, (branch, staff, moment) in enumerate(moments):
            for business_date, start, stop in worked.get((staff.id, branch.id), ()):
                if start <= moment < stop:
                    found[index] = business_date
        return found

    # Keeping rows true

    @api.model
    @contextmanager
    def _collected(self):
        """Refresh once at the end, however many sources change inside."""
        cr = self.env.cr
        if cr in _collections:
            yield
            return
        _collections[cr] = changes = _Changes()
        try:
            yield
        finally:
            del _collections[cr]
        if changes.locks:
            self._touch_branches(changes.locks)
        if changes.resources or changes.branches:
            self._refresh(
                changes.resources,
                changes.branches,
                changes.first,
                changes.last,
                changes.origin,
                changes.is_structure,
            )
        if changes.nights:
            staff, starts, stops = zip(*changes.nights, strict=True)
            self.env["salon.visit"]._redate(
                self.env["hr.employee"].concat(*staff), min(starts), max(stops)
            )

    @api.model
    def _night_changed(self, staff, start, stop):
        """Say that a shift past midnight begins, ends or is gone."""
        with self._collected():
            _collections[self.env.cr].nights.append((staff, start, stop))

    @api.model
    def _changed(
        self,
        resources=(),
        branches=(),
        first=None,
        last=None,
        origin="",
        is_structure=False,
        locks=(),
    ):
        """Say that a source of these resources' or branches' hours has changed.

        :param resources, branches: ids
        :param first, last: first and last business day concerned; None is unlimited
        :param origin: what changed, for whoever has to deal with what is cut
        :param is_structure: who works where by which calendar may have changed
        :param locks: ids of branches that others may bring under this source meanwhile
        """
        if not resources and not branches and not locks:
            return
        with self._collected():
            _collections[self.env.cr].add(
                resources, branches, first, last, origin, is_structure, locks
            )

    @api.model
    def _calendars_changed(self, calendars, first=None, last=None, origin=""):
        """Say that the hours or holidays of these calendars have changed."""
        if not calendars:
            return
        self.env["hr.version"].flush_model(["resource_calendar_id", "employee_id"])
        self.env["resource.resource"].flush_model(["calendar_id"])
        self.env["salon.branch"].flush_model(["resource_calendar_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT 'resource', staff.resource_id
                     FROM hr_version version
                     JOIN hr_employee staff ON staff.id = version.employee_id
                    WHERE version.resource_calendar_id = ANY(%(calendars)s)
                    UNION
                   SELECT 'resource', id FROM resource_resource
                    WHERE calendar_id = ANY(%(calendars)s)
                    UNION
                   SELECT 'branch', id FROM salon_branch
                    WHERE resource_calendar_id = ANY(%(calendars)s)
                    UNION
                   SELECT 'lock', branch.id
                     FROM salon_branch branch
                     JOIN resource_calendar calendar
                       ON calendar.id = ANY(%(calendars)s)
                      AND COALESCE(calendar.company_id, branch.company_id)
                          = branch.company_id""",
                calendars=calendars.ids,
            )
        )
        found = defaultdict(list)
        for kind, record_id in rows:
            found[kind].append(record_id)
        self._changed(
            found["resource"],
            found["branch"],
            first,
            last,
            origin,
            locks=found["lock"],
        )

    @api.model
    def _companies_changed(self, companies, first=None, last=None, origin=""):
        """Say that public holidays of these companies have changed."""
        if not companies:
            return
        rows = self.env.execute_query(
            SQL(
                """SELECT NULL, id FROM salon_branch WHERE company_id = ANY(%(ids)s)
                    UNION
                   SELECT resource.id, NULL
                     FROM resource_resource resource
                     JOIN salon_opening_coverage coverage
                       ON coverage.resource_id = resource.id
                    WHERE resource.company_id = ANY(%(ids)s)""",
                ids=companies.ids,
            )
        )
        branches = [branch_id for _resource_id, branch_id in rows if branch_id]
        self._changed(
            [resource_id for resource_id, _branch_id in rows if resource_id],
            branches,
            first,
            last,
            origin,
            locks=branches,
        )

    @api.model
    def _refresh(
        self,
        resources,
        branches,
        first=date.min,
        last=date.max,
        origin="",
        is_structure=False,
        extend=False,
    ):
        """Bring the rows of these resources and branches (ids) to what sources say.

        Only differences are written; the number of queries is fixed. The past stays
        as it was unless the days are named.

        :param extend: let rows reach to the horizon of the branch
        """
        # sudo: salon.opening - rows follow their sources, whoever may change those
        self = self.sudo()
        today = fields.Date.today()
        wanted = self._pairs(resources, branches)
        known = self._lock_known(resources, branches)
        fresh, gone = wanted.keys() - known.keys(), known.keys() - wanted.keys()
        if is_structure or fresh or gone:
            # Who brings somebody under a calendar and who changes that calendar do not
            # see each other's rows: they meet at the branch.
            self._touch_branches(
                {branch_id for _resource_id, branch_id in wanted.keys() | known.keys()}
                | set(branches)
            )
        spans = {}
        for pair, (_id, covered_first, covered_last) in known.items():
            start = max(covered_first, first if first > date.min else today - BACK)
            stop = min(covered_last, last)
            if start <= stop:
                spans[pair] = (start, stop)
        covered = {}
        for pair, horizon in wanted.items():
            reach = today + timedelta(days=horizon)
            if pair in fresh:
                covered[pair] = spans[pair] = (today - BACK, reach)
            elif extend:
                _id, covered_first, covered_last = known[pair]
                covered[pair] = (covered_first, max(covered_last, reach))
                spans[pair] = (max(covered_first, today - BACK), covered[pair][1])
        self._forget([known[pair][0] for pair in gone])
        self._cover(covered)
        self._rewrite(spans, gone, origin)

    @api.model
    def _rewrite(self, spans, gone=(), origin=""):
        """Write what differs in these spans, ``{pair: (first day, last day)}``."""
        windows = set()
        for (first, last), pairs in self._by_span(spans, gone).items():
            for pair, found in self._compute(pairs, first, last).items():
                windows |= {(*pair, w.day, w.start, w.stop) for w in found}
        stored = self._stored(spans)
        removed, added = stored.keys() - windows, windows - stored.keys()
        if removed:
            self.env.cr.execute(
                "DELETE FROM salon_opening WHERE id = ANY(%s)",
                [[stored[row] for row in removed]],
            )
        if added:
            self.env.cr.execute(
                """INSERT INTO salon_opening (resource_id, branch_id, business_date,
                                              start_minute, stop_minute, start, stop)
                   SELECT r, b, day, start, stop,
                          timestamp '1970-01-01' + start * interval '1 minute',
                          timestamp '1970-01-01' + stop * interval '1 minute'
                     FROM unnest(%s::int[], %s::int[], %s::date[], %s::int[], %s::int[])
                          AS new (r, b, day, start, stop)""",
                [list(column) for column in zip(*sorted(added), strict=True)],
            )
        if removed or added:
            self.env["salon.opening"].invalidate_model()
            self.env["salon.board"]._tell(
                {(row[1], row[2].toordinal()) for row in removed | added}, hours=True
            )
        self._tell_cuts(removed, added, origin)
        self._tell_gains(added)

    @api.model
    def _tell_cuts(self, removed, added, origin):
        """Call the hook for future time that was open and is not any more."""
        now = clock.to_minutes_ceil(fields.Datetime.now())
        lost, gained = defaultdict(list), defaultdict(list)
        for rows, intervals in ((removed, lost), (added, gained)):
            for resource_id, branch_id, _day, start, stop in rows:
                if stop > now:
                    intervals[branch_id, resource_id].append((max(start, now), stop))
        cuts = defaultdict(dict)
        for (branch_id, resource_id), intervals in lost.items():
            cut = subtract(merge(intervals), gained[branch_id, resource_id])
            if cut:
                cuts[branch_id][resource_id] = cut
        for branch_id, by_resource in sorted(cuts.items()):
            self._after_windows_cut(
                by_resource, self.env["salon.branch"].browse(branch_id), origin
            )

    @api.model
    def _tell_gains(self, added):
        """Let the waitlist look at the days on which more is open than before."""
        days = defaultdict(set)
        for _resource_id, branch_id, day, _start, _stop in added:
            days[branch_id].add(day)
        self.env["salon.waitlist"]._record(
            (branch_id, min(opened), max(opened)) for branch_id, opened in days.items()
        )

    @api.model
    def _after_windows_cut(self, cuts, branch, origin):
        """Hook: future time of a branch that could be booked and cannot any more.

        Runs in the transaction of the change, with the rights of the system. What is
        booked in that time stays booked until somebody decides.

        :param cuts: ``{resource id: [(start, stop), …]}`` in UTC minutes
        :param origin: what changed, as text; may be empty
        """

    @api.model
    def _fill(self):
        """Work out whoever has no rows yet; at installation and at an upgrade."""
        rows = self.env.execute_query(
            SQL("SELECT resource_id, branch_id FROM salon_opening_coverage")
        )
        missing = self._pairs().keys() - set(rows)
        resources = sorted({resource_id for resource_id, _branch_id in missing})
        for batch in split_every(BATCH, resources, list):
            self._refresh(batch, (), extend=True)

    @api.model
    def _cron_refresh(self):
        """Every night: reach to the horizon, and mend what anything has missed."""
        cron = self.env["ir.cron"]
        resources = sorted({resource_id for resource_id, _branch_id in self._due()})
        left = len(resources)
        cron._commit_progress(remaining=left)
        for batch in split_every(BATCH, resources, list):
            try:
                self._refresh(batch, (), extend=True)
            except SerializationFailure:
                # Somebody changes hours just now; the next night looks again.
                self.env.cr.rollback()
            left -= len(batch)
            if not cron._commit_progress(len(batch), remaining=left):
                break

    @api.model
    def _due(self):
        """Pairs that were not looked at today, do not reach far enough or are gone."""
        today = fields.Date.today()
        wanted = self._pairs()
        rows = self.env.execute_query(
            SQL(
                """SELECT resource_id, branch_id, last_day, checked_on
                     FROM salon_opening_coverage"""
            )
        )
        done = {
            (resource_id, branch_id)
            for resource_id, branch_id, last_day, checked_on in rows
            if checked_on == today
            and (horizon := wanted.get((resource_id, branch_id)))
            and last_day >= today + timedelta(days=horizon)
        }
        known = {(resource_id, branch_id) for resource_id, branch_id, *_days in rows}
        return (wanted.keys() | known) - done

    @api.model
    def _by_span(self, spans, gone):
        """Pairs that share their span, to be worked out together."""
        by_span = defaultdict(set)
        for pair, span in spans.items():
            if pair not in gone:
                by_span[span].add(pair)
        return by_span

    @api.model
    def _pairs(self, resources=None, branches=None):
        """Who can be booked where: ``{(resource id, branch id): horizon in days}``.

        Team and places of active branches, and whoever has a shift in a branch; all of
        them, or those of these resources and branches.
        """
        self.env["hr.employee"].flush_model(["active", "is_salon_staff", "resource_id"])
        self.env["salon.branch"].flush_model(["active", "hours_horizon_days"])
        self.env["salon.facility"].flush_model(["active", "branch_id", "resource_id"])
        self.env["salon.shift"].flush_model()
        wanted = SQL("TRUE")
        if resources is not None:
            wanted = SQL(
                "(pair.resource_id = ANY(%s) OR pair.branch_id = ANY(%s))",
                list(resources),
                list(branches or ()),
            )
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT pair.resource_id, pair.branch_id,
                          branch.hours_horizon_days
                     FROM (
                        SELECT staff.resource_id, member.branch_id
                          FROM hr_employee staff
                          JOIN hr_employee_salon_branch_rel member
                            ON member.employee_id = staff.id
                         WHERE staff.active AND staff.is_salon_staff
                        UNION ALL
                        SELECT staff.resource_id, shift.branch_id
                          FROM salon_shift shift
                          JOIN hr_employee staff ON staff.id = shift.staff_id
                         WHERE staff.active AND staff.is_salon_staff
                           AND shift.is_published AND shift.kind = 'work'
                           AND shift.business_date >= %s
                        UNION ALL
                        SELECT resource_id, branch_id FROM salon_facility WHERE active
                     ) AS pair
                     JOIN salon_branch branch ON branch.id = pair.branch_id
                    WHERE branch.active AND %s""",
                fields.Date.today() - BACK,
                wanted,
            )
        )
        return {(resource, branch): horizon for resource, branch, horizon in rows}

    @api.model
    def _lock_known(self, resources, branches):
        """Lock by UPDATE what is worked out: ``{pair: (id, first day, last day)}``."""
        rows = self.env.execute_query(
            SQL(
                """UPDATE salon_opening_coverage coverage
                      SET revision = revision + 1
                     FROM (SELECT id FROM salon_opening_coverage
                            WHERE resource_id = ANY(%s) OR branch_id = ANY(%s)
                            ORDER BY branch_id, resource_id
                              FOR NO KEY UPDATE) AS locked
                    WHERE coverage.id = locked.id
                RETURNING coverage.id, resource_id, branch_id, first_day, last_day""",
                list(resources),
                list(branches),
            )
        )
        return {
            (resource, branch): (row_id, first, last)
            for row_id, resource, branch, first, last in rows
        }

    @api.model
    def _touch_branches(self, branch_ids):
        """UPDATE the branches, so that changes of structure meet each other."""
        self.env.execute_query(
            SQL(
                """UPDATE salon_branch branch
                      SET hours_revision = COALESCE(hours_revision, 0) + 1
                     FROM (SELECT id FROM salon_branch WHERE id = ANY(%s)
                            ORDER BY id FOR NO KEY UPDATE) AS locked
                    WHERE branch.id = locked.id
                RETURNING branch.id""",
                list(branch_ids),
            )
        )

    @api.model
    def _cover(self, spans):
        """Note new spans; somebody else's new row of the same pair is a conflict."""
        if not spans:
            return
        pairs = sorted(spans, key=lambda pair: pair[::-1])
        self.env.cr.execute(
            """INSERT INTO salon_opening_coverage AS coverage
                      (resource_id, branch_id, first_day, last_day,
                       checked_on, revision)
               SELECT r, b, f, l, %s, 0
                 FROM unnest(%s::int[], %s::int[], %s::date[], %s::date[])
                      AS new (r, b, f, l)
                   ON CONFLICT (resource_id, branch_id) DO UPDATE
                  SET first_day = excluded.first_day, last_day = excluded.last_day,
                      checked_on = excluded.checked_on,
                      revision = coverage.revision + 1""",
            [
                fields.Date.today(),
                [pair[0] for pair in pairs],
                [pair[1] for pair in pairs],
                [spans[pair][0] for pair in pairs],
                [spans[pair][1] for pair in pairs],
            ],
        )
        self.env["salon.opening.coverage"].invalidate_model()

    @api.model
    def _forget(self, coverage_ids):
        """Nobody can be booked there any more; what was open in the past stays."""
        if coverage_ids:
            self.env.cr.execute(
                "DELETE FROM salon_opening_coverage WHERE id = ANY(%s)", [coverage_ids]
            )
            self.env["salon.opening.coverage"].invalidate_model()

    @api.model
    def _stored(self, spans):
        """Rows in these spans: ``{(resource, branch, day, start, stop): id}``."""
        if not spans:
            return {}
        self.env.cr.execute(
            """SELECT opening.id, opening.resource_id, opening.branch_id,
                      opening.business_date, opening.start_minute, opening.stop_minute
                 FROM unnest(%s::int[], %s::int[], %s::date[], %s::date[])
                      AS span (resource_id, branch_id, first, last)
                 JOIN salon_opening opening
                   ON opening.resource_id = span.resource_id
                  AND opening.branch_id = span.branch_id
                  AND opening.business_date BETWEEN span.first AND span.last""",
            [
                [pair[0] for pair in spans],
                [pair[1] for pair in spans],
                [span[0] for span in spans.values()],
                [span[1] for span in spans.values()],
            ],
        )
        return {row[1:]: row[0] for row in self.env.cr.fetchall()}


def _clipped(windows, first, last):
    """Sorted windows within ``[first, last)``; most need nothing done to them."""
    is_inside = not windows or (
        windows[0][0] >= first and max(stop for _start, stop in windows) <= last
    )
    if is_inside and all(one[1] < other[0] for one, other in pairwise(windows)):
        return windows
    return merge((max(start, first), min(stop, last)) for start, stop in windows)
