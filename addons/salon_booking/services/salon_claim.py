import re
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import clock
from ..engine.phases import BUFFER, pool_holds
from ..engine.seating import Want, seat
from .salon_catalog import Person, Service

#: The two keys in the detail of a violated exclusion constraint: the refused one and
#: the existing one, whatever language the words between them are in.
CONFLICTING_KEY = re.compile(
    r'=\(\[(\d+),\d+\), (?:\[(\d+),\d+\)|[\d.]+), \["(.+?)","(.+?)"\)\)'
)
#: Rows that others took meanwhile are found one by one.
TRIES = 30


class Row(NamedTuple):
    """What is written: a resource's unit, taken from one UTC minute to another."""

    owner: int
    branch: int
    resource: int
    unit: int
    kind: str
    start: int
    stop: int
    is_blocking: bool = True
    travel: int = 0


class Conflict(NamedTuple):
    """What an existing row takes; all 0 when the database does not tell."""

    resource: int = 0
    unit: int = 0
    start: int = 0
    stop: int = 0

    def hits(self, resource, unit, start, stop):
        return (
            self.resource == resource
            and self.unit == unit
            and self.start < stop
            and start < self.stop
        )


@dataclass(frozen=True, slots=True)
class Demand:
    """One service that wants time: of whom, when, and what it is made of.

    ``party`` tells whose visit it is part of; a place that is kept for the visit is the
    same for all of them. ``helpers`` do phases by number instead of the person,
    ``places`` are the resources asked for of those that the service needs.
    """

    owner: int
    branch: int
    service: Service
    start: int
    minutes: int
    person: Person | None = None
    is_blocking: bool = True
    party: int = 0
    round_minutes: int = 0
    helpers: tuple[tuple[int, Person], ...] = ()
    places: frozenset[int] = frozenset()

    @property
    def segments(self):
        before = self.person.before if self.person else 0
        after = self.person.after if self.person else 0
        return self.service.segments(self.minutes, before, after)

    @property
    def worked(self):
        """Pairs of a segment in which somebody is busy and who that is."""
        helpers = dict(self.helpers)
        phase = 0
        for segment in self.segments:
            who = self.person
            if segment.phase.kind != BUFFER:
                who = helpers.get(phase, who)
                phase += 1
            if who and segment.phase.is_staff_busy and segment.phase.minutes:
                yield segment, who


class NothingFree(Exception):
    """The person or every fitting place is taken; kept inside of the services."""

    def __init__(self, demand, conflicts=()):
        super().__init__()
        self.demand = demand
        self.conflicts = conflicts


class SalonClaim(models.AbstractModel):
    """Takes and gives back time; the only writer of ``salon.occupancy``.

    Rows go in last, under one advisory lock per branch and local day: without it two
    equal inserts can wait for each other until the deadlock timeout. What is free is
    said by the exclusion constraint alone; everything before it only chooses well.
    """

    _name = "salon.claim"
    _description = "Salon Claim of Time"

    @api.model
    def _take(self, column, demands, expires_at=None):
        """Take the people and places of all demands, or of none.

        :param column: the owner's column in ``salon.occupancy``
        :raises NothingFree: with the demand that cannot be met; the lock is given back
        """
        if not demands:
            return
        days = self._days_of_demands(demands)
        try:
            with self.env.cr.savepoint(flush=False):
                self._lock_days(days)
                rows, moved = self._plan(column, demands)
                self._insert(column, rows, moved, expires_at)
        except ExclusionViolation as error:
            # Rare, and the lock went with the savepoint: so from the beginning.
            with self.env.cr.savepoint(flush=False):
                self._lock_days(days)
                conflict = self._conflict_of(error)
                self._take_around(column, demands, conflict, expires_at)

        self._tell_boards(column, {demand.owner for demand in demands}, days)

    @api.model
    def _tell_boards(self, column, owner_ids, days):
        """Boards that show these days learn that somebody takes or frees time."""
        visits = ()
        if column == "appointment_id":
            # sudo: salon.appointment - only the ids of visits are told
            appointments = self.env["salon.appointment"].sudo().browse(owner_ids)
            visits = appointments.visit_id.ids
        self.env["salon.board"]._tell(days, visits, blocks=not visits)

    @api.model
    def _take_around(self, column, demands, conflict, expires_at):
        """Try again without what others took since this transaction began."""
        conflicts = []
        for _try in range(TRIES):
            if not self._drop_expired(conflict):
                self._check_exchangeable(demands, conflict, conflicts)
                conflicts.append(conflict)
            rows, moved = self._plan(column, demands, conflicts)
            try:
                with self.env.cr.savepoint(flush=False):
                    self._insert(column, rows, moved, expires_at)
                return
            except ExclusionViolation as error:
                conflict = self._conflict_of(error)
        raise NothingFree(demands[0], conflicts)

    @api.model
    def _check_exchangeable(self, demands, conflict, conflicts):
        """Raise NothingFree when another place would not help."""
        for demand in demands:
            if demand.person and demand.person.resource == conflict.resource:
                raise NothingFree(demand, [*conflicts, conflict])
        if not conflict.resource or conflict in conflicts:
            raise NothingFree(demands[0], [*conflicts, conflict])

    @api.model
    def _take_rows(self, column, rows, days):
        """Take time that is known exactly, or raise ExclusionViolation.

        :param rows: list of ``Row``
        """
        if not rows:
            return
        with self.env.cr.savepoint(flush=False):
            self._lock_days(days)
            for _try in range(TRIES):
                try:
                    with self.env.cr.savepoint(flush=False):
                        self._insert(column, rows)
                    self._tell_boards(column, {row.owner for row in rows}, days)
                    return
                except ExclusionViolation as error:
                    if not self._drop_expired(self._conflict_of(error)):
                        raise

    @api.model
    def _give_back(self, column, owner_ids, days=frozenset()):
        """Free everything that these owners take.

        Whoever takes the freed time before this commits waits for the lock, not for the
        deleted row: in that wait he would hold the lock himself.
        """
        if not owner_ids:
            return
        self._lock_days(days)
        self._tell_boards(column, owner_ids, days)
        self.env.cr.execute(
            SQL(
                "DELETE FROM salon_occupancy WHERE %s IN %s",
                SQL.identifier(column),
                tuple(owner_ids),
            )
        )
        self.env["salon.occupancy"].invalidate_model(flush=False)

    @api.model
    def _give_back_rest(self, appointment_ids, moment, days=frozenset()):
        """Free what these appointments take from a moment (UTC) on."""
        if not appointment_ids:
            return
        self._lock_days(days)
        self._tell_boards("appointment_id", appointment_ids, days)
        ids = tuple(appointment_ids)
        self.env.cr.execute(
            SQL(
                """DELETE FROM salon_occupancy
                    WHERE appointment_id IN %s AND start >= %s""",
                ids,
                moment,
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE salon_occupancy SET stop = %s
                    WHERE appointment_id IN %s AND stop > %s""",
                moment,
                ids,
                moment,
            )
        )
        self.env["salon.occupancy"].invalidate_model(flush=False)

    @api.model
    def _days_of(self, column, owner_ids):
        """The branch-days on which these owners take time now."""
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT branch_id, resource_id, start, stop
                     FROM salon_occupancy
                    WHERE %s IN %s""",
                SQL.identifier(column),
                tuple(owner_ids or [0]),
            )
        )
        rows = self.env.cr.fetchall()
        return self._local_days(
            (branch, clock.to_minutes(start))
            for branch, _resource, start, _stop in rows
        ) | self._shared_days(
            (resource, clock.to_minutes(start), clock.to_minutes_ceil(stop))
            for _branch, resource, start, stop in rows
        )

    @api.model
    def _shared_days(self, moments):
        """What to lock besides for people who work in several branches.

        Those who want the same person from two branches hold no lock of a branch-day
        in common.

        :param moments: (resource id, start, stop) in UTC minutes
        :return: ``{(minus resource id, number of the UTC day)}``
        """
        moments = list(moments)
        if not moments:
            return frozenset()
        self.env["hr.employee"].flush_model(["resource_id", "salon_branch_ids"])
        self.env.cr.execute(
            """SELECT employee.resource_id
                 FROM hr_employee employee
                 JOIN hr_employee_salon_branch_rel rel
                   ON rel.employee_id = employee.id
                WHERE employee.resource_id = ANY(%s)
             GROUP BY employee.resource_id HAVING count(*) > 1""",
            [list({resource for resource, _start, _stop in moments})],
        )
        shared = {resource for (resource,) in self.env.cr.fetchall()}
        return self._utc_days(moment for moment in moments if moment[0] in shared)

    @api.model
    def _utc_days(self, moments):
        return frozenset(
            (-resource, day)
            for resource, start, stop in moments
            for day in range(start // clock.DAY, (stop - 1) // clock.DAY + 1)
        )

    @api.model
    def _days_of_demands(self, demands):
        """What to lock for demands, which know who works in several branches."""
        return self._local_days(
            (demand.branch, demand.start) for demand in demands
        ) | self._utc_days(
            (person.resource, demand.start, demand.start + demand.minutes)
            for demand in demands
            for person in (demand.person, *(one for _phase, one in demand.helpers))
            if person and person.is_shared
        )

    @api.model
    def _local_days(self, moments):
        """``{(branch id, ordinal of the local day)}`` of (branch id, UTC minute)."""
        moments = list(moments)
        # sudo: salon.branch - its time zone only
        branches = (
            self.env["salon.branch"].sudo().browse({branch for branch, _ in moments})
        )
        zones = {branch.id: branch.tz for branch in branches}
        return frozenset(
            (branch, clock.local(minute, zones[branch]).toordinal())
            for branch, minute in moments
        )

    @api.model
    def _lock_days(self, days):
        """One transaction-long lock per (branch, local day), in sorted order.

        People of several branches come first: see ``_shared_days``.
        """
        if not days:
            return
        # One statement; the rows of unnest come in the order of the array.
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(day, 0)) "
            "FROM unnest(%s) AS day",
            [[f"salon.booking:{branch}:{day}" for branch, day in sorted(days)]],
        )

    # What is written

    @api.model
    def _insert(self, column, rows, moved=(), expires_at=None):
        """Write rows, and others that change their places, in one statement each."""
        if moved:
            self.env.cr.execute(
                SQL(
                    """WITH gone AS (
                           DELETE FROM salon_occupancy occupancy
                            USING (VALUES %s) AS new (id, resource_id, unit)
                            WHERE occupancy.id = new.id
                        RETURNING occupancy.*, new.resource_id AS to_resource,
                                  new.unit AS to_unit)
                       SELECT appointment_id, branch_id, to_resource, to_unit,
                              phase_kind, start, stop, is_blocking, travel_minutes
                         FROM gone""",
                    SQL(", ").join(SQL("%s", row) for row in moved),
                ),
                log_exceptions=False,
            )
            again = self.env.cr.fetchall()
            self._insert_values("appointment_id", again, None)
            self._tell_boards(
                "appointment_id",
                {row[0] for row in again},
                self._local_days((row[1], clock.to_minutes(row[5])) for row in again),
            )
        self._insert_values(
            column,
            [
                (
                    row.owner,
                    row.branch,
                    row.resource,
                    row.unit,
                    row.kind,
                    clock.to_utc(start),
                    clock.to_utc(stop),
                    row.is_blocking,
                    row.travel,
                )
                for row in rows
                for start, stop in _pieces(row.start, row.stop)
            ],
            expires_at,
        )

    @api.model
    def _insert_values(self, column, values, expires_at):
        if not values:
            return
        # Columns as arrays: half the time of as many rows of VALUES.
        self.env.cr.execute(
            SQL(
                """INSERT INTO salon_occupancy
                       (%s, branch_id, resource_id, unit, phase_kind, start, stop,
                        is_blocking, travel_minutes, expires_at)
                   SELECT taken.*, %s::timestamp
                     FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[],
                                 %s::varchar[], %s::timestamp[], %s::timestamp[],
                                 %s::bool[], %s::int[]) AS taken""",
                SQL.identifier(column),
                expires_at,
                *(list(cells) for cells in zip(*values, strict=True)),
            ),
            log_exceptions=False,
        )

    @api.model
    def _conflict_of(self, error):
        keys = CONFLICTING_KEY.findall(error.diag.message_detail or "")
        if not keys:
            return Conflict()
        resource, unit, start, stop = keys[-1]
        return Conflict(
            int(resource),
            # The guard of the way between branches names no unit: people are one.
            int(unit or 1),
            clock.to_minutes(fields.Datetime.to_datetime(start)),
            clock.to_minutes_ceil(fields.Datetime.to_datetime(stop)),
        )

    @api.model
    def _drop_expired(self, conflict):
        """Delete the hold that is in the way when its time is over; say whether."""
        self.env.cr.execute(
            """DELETE FROM salon_occupancy
                WHERE resource_id = %s AND unit = %s AND hold_id IS NOT NULL
                  AND expires_at <= %s AND start < %s AND stop > %s""",
            [
                conflict.resource,
                conflict.unit,
                fields.Datetime.now(),
                clock.to_utc(conflict.stop),
                clock.to_utc(conflict.start),
            ],
        )
        return bool(self.env.cr.rowcount)

    # What is planned

    @api.model
    def _plan(self, column, demands, conflicts=()):
        """Who and what the demands take: rows, and ``(row id, resource, unit)`` moved.

        :param conflicts: each a ``Conflict``, known to be in the way although this
            transaction cannot see it
        :raises NothingFree: no place of a needed type is free
        """
        rows, wants = [], {}
        for index, demand in enumerate(demands):
            segments = demand.segments
            rows += [
                self._row(demand, segment, person) for segment, person in demand.worked
            ]
            for pool, begin, end in pool_holds(segments):
                wants.setdefault(demand.branch, []).append(
                    (index, pool, demand.start + begin, demand.start + end)
                )
        rows += self._pads(demands)
        # Nobody assists while she is busy with the same visit herself.
        conflicts = [
            *conflicts,
            *(
                Conflict(row.resource, row.unit, row.start, row.stop)
                for row in rows
                if row.is_blocking
            ),
        ]
        moved = []
        for branch, wanted in wants.items():
            placed, here = self._seat(column, branch, demands, wanted, conflicts)
            rows += placed
            moved += here
        return rows, moved

    @api.model
    def _row(self, demand, segment, person):
        return Row(
            demand.owner,
            demand.branch,
            person.resource,
            1,
            segment.phase.kind,
            demand.start + segment.offset,
            demand.start + segment.stop,
            demand.is_blocking,
            person.travel,
        )

    @api.model
    def _pads(self, demands):
        """The services of one person in a visit are summed and rounded up once."""
        last, total = {}, defaultdict(int)
        for demand in demands:
            if not demand.person or demand.round_minutes <= 1:
                continue
            if not any(segment.phase.is_staff_busy for segment in demand.segments):
                continue
            key = demand.party, demand.person.resource
            total[key] += demand.minutes
            if key not in last or last[key].start < demand.start:
                last[key] = demand
        pads = []
        for key, demand in last.items():
            if rest := -total[key] % demand.round_minutes:
                stop = demand.start + max(
                    segment.stop
                    for segment in demand.segments
                    if segment.phase.is_staff_busy
                )
                pads.append(
                    Row(
                        demand.owner,
                        demand.branch,
                        demand.person.resource,
                        1,
                        BUFFER,
                        stop,
                        stop + rest,
                        demand.is_blocking,
                        demand.person.travel,
                    )
                )
        return pads

    @api.model
    def _seat(self, column, branch, demands, wanted, conflicts):
        """Rows for the places of one branch, and who changes places for them.

        :param wanted: list of (index of the demand, pool, start, stop)
        """
        # Whoever changes places may reach beyond the visit.
        first = min(start for _index, _pool, start, _stop in wanted) - clock.DAY // 2
        last = max(stop for _index, _pool, _start, stop in wanted) + clock.DAY // 2
        catalog = self.env["salon.catalog"]
        pools = {pool for _index, pool, _start, _stop in wanted}
        places, kept = catalog._places(branch, pools, first, last)
        without = column, [demand.owner for demand in demands]
        seated = catalog._take_off(places, kept, first, last, without, conflicts)
        wants = self._wants(demands, wanted, kept, places)
        seats = seat(wants, places, list(seated))
        if seats is None:
            seats = self._seat_overlapping(demands, wants, places, conflicts)
        rows = [
            row
            for want in wants
            if want.key in seats
            for row in self._rows_at(demands, want, seats[want.key])
        ]
        moved = [
            (row_id, *seats[want.key])
            for want, row_ids in seated.items()
            if want.key in seats
            for row_id in row_ids
        ]
        return rows, moved

    @api.model
    def _wants(self, demands, wanted, kept, places=None):
        """What the engine is to seat; the key holds the indexes of the demands.

        :param places: by pool, where some may have been asked for
        """
        wants, whole = [], {}
        for index, pool, start, stop in wanted:
            demand = demands[index]
            staff = demand.person.staff if demand.person else None
            product = demand.service.product
            known_places = (places or {}).get(pool, ())
            only = demand.places & {place.resource for place in known_places}
            if pool not in kept:
                key = ((index, start, stop),), pool
                wants.append(
                    Want(key, pool, start, stop, product, staff, only=only or None)
                )
                continue
            known = whole.get((demand.party, pool))
            if known:
                start, stop = min(known.start, start), max(known.stop, stop)
                only |= known.only or frozenset()
            holds = (*(known.key[0] if known else ()), (index, start, stop))
            whole[demand.party, pool] = Want(
                (holds, pool), pool, start, stop, product, staff, only=only or None
            )
        return [*wants, *whole.values()]

    @api.model
    def _seat_overlapping(self, demands, wants, places, conflicts):
        """Seat what can be: overlaps were permitted, or raise NothingFree."""
        seats = {}
        for want in wants:
            demand = demands[want.key[0][0][0]]
            alone = seat([want], places)
            if alone is not None:
                seats.update(alone)
            elif demand.is_blocking:
                raise NothingFree(demand, conflicts)
        if any(demands[want.key[0][0][0]].is_blocking for want in wants):
            # Each alone could be seated, all together cannot.
            raise NothingFree(demands[wants[-1].key[0][0][0]], conflicts)
        return seats

    @api.model
    def _rows_at(self, demands, want, place):
        """The rows of one seated want: by phase, and what lies between services."""
        rows = []
        begin = want.start
        for index, start, stop in sorted(want.key[0], key=lambda hold: hold[1]):
            demand = demands[index]
            for segment in demand.segments:
                from_, to = (
                    demand.start + segment.offset,
                    demand.start + segment.stop,
                )
                if from_ < start or to > stop or from_ == to:
                    continue
                if want.pool not in segment.phase.pools or to <= begin:
                    continue
                if from_ > begin:
                    # Kept for the client while she waits for the next service.
                    rows.append(self._place_row(demand, "waiting", begin, from_, place))
                rows.append(
                    self._place_row(
                        demand, segment.phase.kind, max(begin, from_), to, place
                    )
                )
                begin = to
        return rows

    @api.model
    def _place_row(self, demand, kind, start, stop, place):
        resource, unit = place
        return Row(
            demand.owner,
            demand.branch,
            resource,
            unit,
            kind,
            start,
            stop,
            demand.is_blocking,
        )


def _pieces(start, stop):
    """A long stretch in pieces of a day: see the constraint of the table."""
    while start < stop:
        yield start, min(stop, start + clock.DAY)
        start += clock.DAY
