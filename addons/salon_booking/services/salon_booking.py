import re
from typing import NamedTuple

from psycopg2.errors import ExclusionViolation, UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL, format_date, format_time

from ..engine import clock, states
from ..engine.slots import choose_units
from ..exceptions import SlotTaken

#: The two keys in the detail of a violated exclusion constraint: the refused one and
#: the existing one, whatever language the words between them are in.
CONFLICTING_KEY = re.compile(r'=\(\[(\d+),\d+\), \[(\d+),\d+\), \["(.+?)","(.+?)"\)\)')


#: Where nobody of the salon looks at the day while it is booked.
ONLINE = frozenset({"web", "api"})
KEY_INDEX = "salon_visit_booking_key_branch_unique"


class _Conflict(NamedTuple):
    """What an existing row takes; all 0 when the database does not tell."""

    resource: int = 0
    unit: int = 0
    start: int = 0
    stop: int = 0


class _NothingFree(Exception):
    """The person or every fitting place is taken; kept inside of this service."""

    def __init__(self, appointment, conflicts=()):
        super().__init__()
        self.appointment = appointment
        self.conflicts = conflicts


class SalonBooking(models.AbstractModel):
    """Takes time of people and places; the only writer of ``salon.occupancy``."""

    _name = "salon.booking"
    _description = "Salon Booking Service"

    @api.model
    def _book(self, branch, client, wishes, source="desk", note=None, key=None):
        """Book one visit, all of its appointments or none.

        :param wishes: list of appointment values: ``product_id``, ``start`` and, when
            known, ``staff_id``, ``is_requested``, ``duration_minutes``
        :param key: chosen by the caller, the same for each try of one booking: what
            was booked with it is returned instead of a second visit
        :raises SlotTaken: somebody else was faster, with the nearest free times
        """
        if source in ONLINE:
            self.env["salon.occupancy"]._assert_open_for(source, is_booking=True)
        if booked := self._find_booked(branch, client, key):
            return booked
        try:
            return self.env["salon.visit"].create(
                {
                    "branch_id": branch.id,
                    "client_id": client.id if client else False,
                    "source": source,
                    "note": note,
                    "booking_key": key,
                    "appointment_ids": [(0, 0, wish) for wish in wishes],
                }
            )
        except UniqueViolation as error:
            if error.diag.constraint_name != KEY_INDEX:
                raise
            # The first try has just been committed; a new transaction sees it.
            raise ConcurrencyError(f"booking key {key}") from error

    @api.model
    def _find_booked(self, branch, client, key):
        """The visit that was booked with a key, whatever has become of it; or empty.

        :raises UserError: the key belongs to somebody else's booking
        """
        if not key:
            return self.env["salon.visit"]
        # sudo: salon.visit - also when it has passed to a colleague meanwhile
        visit = (
            self.env["salon.visit"]
            .sudo()
            .search([("branch_id", "=", branch.id), ("booking_key", "=", key)])
        )
        if visit and visit.client_id.id != (client.id if client else False):
            raise UserError(
                self.env._(
                    "This booking key was used for another client. Start a new booking."
                )
            )
        return visit.with_env(self.env)

    @api.model
    def _book_offer(self, wish, offer, source="desk", note=None, hold=None, key=None):
        """Book what was offered; everything is checked again by the database.

        :param wish: ``engine.wishes.VisitWish`` that the offer answers
        :param hold: salon.hold that keeps the time until now
        :param key: as for ``_book``
        :return: salon.visit
        :raises SlotTaken: somebody else was faster, with the nearest free times
        """
        requested = {
            service.product for service in wish.services if service.is_requested
        }
        return self._book(
            self.env["salon.branch"].browse(wish.branch),
            self.env["res.partner"].browse(wish.client or ()),
            [
                {
                    "product_id": part.product,
                    "staff_id": part.staff,
                    "start": clock.to_utc(part.start),
                    "duration_minutes": part.stop - part.start,
                    "is_requested": part.product in requested,
                }
                for part in offer.parts
            ],
            source=source,
            note=note,
            key=key,
        )

    @api.model
    def _occupy(self, appointments):
        """Take the person and the places of these appointments.

        Rows go in last, under one advisory lock per branch and local day: without it
        two equal inserts can wait for each other until the deadlock timeout.

        :raises SlotTaken: a person or every fitting place is already taken
        """
        appointments = appointments.filtered(
            lambda a: a.state in states.OCCUPYING and not a.visit_id.is_history
        )
        if not appointments:
            return
        appointments._lock_visits()
        appointments.flush_recordset()
        try:
            with self.env.cr.savepoint(flush=False):
                self._lock_days(self._days(appointments))
                if self._try_insert(self._plan(appointments)) is not None:
                    for appointment in appointments:
                        self._occupy_one(appointment)
        except _NothingFree as refused:
            # The savepoint has given the lock back: nobody waits for it while other
            # times are looked for.
            raise self._slot_taken(refused.appointment, refused.conflicts) from None
        appointments.invalidate_recordset(["occupancy_ids", "facility_names"])

    @api.model
    def _release(self, appointments):
        """Free everything that these appointments take."""
        if not appointments:
            return
        # Whoever takes the freed time before this commits waits for the lock, not for
        # the deleted row: in that wait he would hold the lock himself.
        self._lock_days(self._days(appointments))
        self.env.cr.execute(
            SQL(
                "DELETE FROM salon_occupancy WHERE appointment_id IN %s",
                tuple(appointments.ids),
            )
        )
        self.env["salon.occupancy"].invalidate_model(flush=False)
        appointments.invalidate_recordset(["occupancy_ids", "facility_names"])

    @api.model
    def _reoccupy(self, appointments, days_before=frozenset()):
        """After a change of time, person or service: free first, then take.

        All are freed before any is taken, so that two can swap.

        :param days_before: the ``_days`` on which they were before the change
        """
        self._lock_days(days_before | self._days(appointments))
        self._release(appointments)
        self._occupy(appointments)

    @api.model
    def _days(self, appointments):
        """What ``_lock_days`` locks for them: a set of (branch id, local day)."""
        return frozenset(
            (
                appointment.branch_id.id,
                clock.local(
                    clock.to_minutes(appointment.start), appointment.branch_id.tz
                )
                .date()
                .toordinal(),
            )
            for appointment in appointments
        )

    @api.model
    def _lock_days(self, days):
        """One transaction-long lock per (branch, local day), in sorted order."""
        if not days:
            return
        # One statement; the rows of unnest come in the order of the array.
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(day, 0)) "
            "FROM unnest(%s) AS day",
            [[f"salon.booking:{branch}:{day}" for branch, day in sorted(days)]],
        )

    @api.model
    def _plan(self, appointments, conflicts=()):
        """Rows for the table: who and what each appointment takes.

        :param conflicts: each a ``_Conflict``, known to be in the way although this
            transaction cannot see it
        :raises _NothingFree: no place of a needed type is free
        """
        # sudo: salon.availability - reads what is taken, by whomever
        availability = self.env["salon.availability"].sudo()
        rows = []
        for branch, members in appointments.grouped("branch_id").items():
            first = clock.to_minutes(min(members.mapped("start")))
            last = clock.to_minutes_ceil(max(members.mapped("stop")))
            types = members.product_id.salon_phase_ids.facility_type_id
            units = {}
            if types:
                # sudo: salon.facility - any channel may take a place, not see it
                facilities = (
                    self.env["salon.facility"]
                    .sudo()
                    .search(
                        [("branch_id", "=", branch.id), ("type_id", "in", types.ids)]
                    )
                )
                busy = availability._busy(
                    facilities.resource_id, first, last, without=members
                )
                units = availability._units(facilities, busy, first, last)
            for appointment in members:
                planned = self._plan_one(appointment, units, rows, conflicts)
                rows += planned
        return rows

    @api.model
    def _plan_one(self, appointment, units, rows, conflicts):
        template = appointment.product_id.product_tmpl_id
        segments = template._get_salon_segments(appointment.duration_minutes)
        start = clock.to_minutes(appointment.start)
        # sudo: hr.employee - the resource behind a colleague
        staff_resource = appointment.sudo().staff_id.resource_id
        blocking = not appointment.overlap_reason
        refused = {(conflict.resource, conflict.unit) for conflict in conflicts}
        planned = []
        if staff_resource:
            planned += [
                self._row(appointment, segment, start, staff_resource.id, 1, blocking)
                for segment in segments
                if segment.phase.is_staff_busy and segment.phase.minutes
            ]
        for (hold_from, hold_to), free in choose_units(segments, start, units).items():
            unit = next(
                (
                    unit
                    for unit in free
                    if (unit.resource, unit.number) not in refused
                    and not self._clashes(
                        rows, unit, start + hold_from, start + hold_to
                    )
                ),
                None,
            )
            if unit is None:
                if not blocking:
                    continue
                raise _NothingFree(appointment, conflicts)
            planned += [
                self._row(
                    appointment, segment, start, unit.resource, unit.number, blocking
                )
                for segment in segments
                if hold_from <= segment.offset < hold_to and segment.phase.minutes
            ]
        return planned

    @api.model
    def _row(self, appointment, segment, start, resource_id, unit, blocking):
        return (
            appointment.id,
            appointment.branch_id.id,
            resource_id,
            unit,
            segment.phase.kind,
            clock.to_utc(start + segment.offset),
            clock.to_utc(start + segment.stop),
            blocking,
        )

    @api.model
    def _clashes(self, rows, unit, first, last):
        """Say whether a row planned in this batch already takes the unit."""
        start, stop = clock.to_utc(first), clock.to_utc(last)
        return any(
            row[2] == unit.resource
            and row[3] == unit.number
            and row[5] < stop
            and start < row[6]
            for row in rows
        )

    @api.model
    def _try_insert(self, rows):
        """Insert; return the ``_Conflict`` that refused it, or None."""
        if not rows:
            return None
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        """INSERT INTO salon_occupancy
                               (appointment_id, branch_id, resource_id, unit,
                                phase_kind, start, stop, is_blocking)
                           VALUES %s""",
                        SQL(", ").join(SQL("%s", row) for row in rows),
                    ),
                    log_exceptions=False,
                )
        except ExclusionViolation as error:
            keys = CONFLICTING_KEY.findall(error.diag.message_detail or "")
            if not keys:
                return _Conflict()
            resource, unit, start, stop = keys[-1]
            return _Conflict(
                int(resource),
                int(unit),
                clock.to_minutes(fields.Datetime.to_datetime(start)),
                clock.to_minutes_ceil(fields.Datetime.to_datetime(stop)),
            )
        return None

    @api.model
    def _occupy_one(self, appointment):
        """Try place after place; the person is not exchangeable."""
        # sudo: hr.employee - the resource behind a colleague
        person = appointment.sudo().staff_id.resource_id.id
        conflicts = []
        while conflict := self._try_insert(self._plan(appointment, conflicts)):
            unit = (conflict.resource, conflict.unit)
            is_final = conflict.resource in (0, person) or unit in {
                (known.resource, known.unit) for known in conflicts
            }
            conflicts.append(conflict)
            if is_final:
                raise _NothingFree(appointment, conflicts)

    @api.model
    def _slot_taken(self, appointment, conflicts=()):
        """The polite refusal, with the nearest times that can be had.

        :param conflicts: what this transaction cannot see, because it was taken after
            it began
        """
        slots = self.env["salon.availability"]._nearest_slots(
            appointment, [(conflict.start, conflict.stop) for conflict in conflicts]
        )
        branch = appointment.branch_id
        env = self.env
        who = appointment.staff_id.name or branch.name
        moment = appointment.start
        message = env._(
            "%(who)s is not free on %(day)s at %(time)s: the time was just taken or a "
            "place for “%(service)s” is missing.",
            who=who,
            day=format_date(env, clock.local(clock.to_minutes(moment), branch.tz)),
            time=format_time(env, moment, tz=branch.tz, time_format="short"),
            service=appointment.product_id.name,
        )
        if slots:
            message += " " + env._(
                "Nearest free times: %(times)s.", times=self._slot_labels(slots, branch)
            )
        else:
            message += " " + env._(
                "Nothing is free within a week; choose another day or person."
            )
        return SlotTaken(message, slots)

    @api.model
    def _not_offered(self, branch, start, slots):
        """The refusal of a shown time that was taken before it was chosen.

        :param start: UTC minutes
        :param slots: what is free instead
        """
        nearest = sorted(slots, key=lambda slot: abs(slot.start - start))[:3]
        message = self.env._("This time is not free any more.")
        if nearest:
            message += " " + self.env._(
                "Nearest free times: %(times)s.",
                times=self._slot_labels(nearest, branch),
            )
        else:
            message += " " + self.env._("Please choose another day or person.")
        return SlotTaken(message, nearest)

    @api.model
    def _slot_labels(self, slots, branch):
        labels = []
        for slot in slots:
            wall = clock.local(slot.start, branch.tz)
            labels.append(
                f"{format_date(self.env, wall)} "
                f"{format_time(self.env, wall.time(), time_format='short')}"
            )
        return ", ".join(labels)
