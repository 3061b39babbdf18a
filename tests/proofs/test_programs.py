"""Random programs of everything that happens in a day; all invariants after each step.

A few on each commit; `SALON_PROGRAMS=200 ./salon test tests/proofs -k TestPrograms`
runs as many as wanted, longer ones. With SALON_SHRINK=1 the program that fails is
shrunk to the shortest one that does.
"""

import os
from datetime import timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from ledger import COLOUR, CUT, SERVICES, WASH, Line, Service, span
from small_day import CLOSE, OPEN, SmallDayCase

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.salon_booking.engine.wishes import (
    Offer,
    Part,
    ServiceWish,
    VisitWish,
)
from odoo.addons.salon_booking.exceptions import SlotTaken
from odoo.addons.salon_booking.tests.common import THURSDAY

NOW = "2031-06-01 08:00:00"
PROGRAMS = int(os.environ.get("SALON_PROGRAMS", 0))
SHRINK = bool(os.environ.get("SALON_SHRINK"))
services = st.sampled_from([CUT, COLOUR, WASH])
people = st.sampled_from(["mia", "oleg"])
#: On the grid mostly, and beside it as when somebody drags.
minutes = st.integers(OPEN // 15, CLOSE // 15 - 1).map(lambda quarter: quarter * 15)
any_minutes = minutes | st.integers(OPEN, CLOSE - 60)
picks = st.integers(0, 30)


class Day(RuleBasedStateMachine):
    """A program on the small day; `case` is the test that gives it a database."""

    case = None
    clock = None

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.booking = self.env["salon.booking"]
        self.day = self.case.new_ledger()
        #: Appointments by id: what they take while they are live.
        self.known = {}
        self.lost = {}
        #: Holds by id, with the moment at which they end.
        self.holds = {}
        self.clock.move_to(NOW)
        self.steps = 0
        self.refused = 0

    def teardown(self):
        try:
            self.the_listing_is_complete_and_true(everything=True)
        finally:
            self.savepoint.rollback()
            self.savepoint.close(rollback=False)
            self.env.invalidate_all()
            # As the host does after a dry run: places as they were built are kept.
            self.env.registry.clear_cache()

    # --- what happens ---

    def attempt(self, operation, refusal_type=SlotTaken):
        """Do something; return whether it was refused as just taken."""
        try:
            with self.env.cr.savepoint():
                operation()
                self.env.flush_all()
        except refusal_type as refusal:
            # Everybody who is refused is told what to do instead.
            assert "free" in str(refusal) or "Move" in str(refusal), refusal
            self.env.invalidate_all()
            self.refused += 1
            return True
        return False

    def expect(self, was_refused, must, may):
        """What fits everywhere must be possible, what fits nowhere must not."""
        if must:
            assert not was_refused, "refused although person and place are free"
        if not may:
            assert was_refused, "booked although person or place is taken"

    def remember(self, visit, lines):
        appointments = visit.appointment_ids.sorted("id")
        assert len(appointments) == len(lines)
        for appointment, line in zip(appointments, lines):
            self.known[appointment.id] = line
            self.take(appointment.id, line)

    def take(self, key, line, column="appointment_id", record_id=None):
        """Enter a line into the ledger, with the place that the database gave it."""
        self.day.lines[key] = line
        resource = self.case.facilities.get(line.service.place)
        if resource:
            taken = self.case.taken(column, record_id or key)
            (unit,) = {
                unit
                for thing, unit in taken
                if thing == resource.resource_id.id
                and line.place_minutes <= taken[thing, unit]
            }
            self.day.units[key] = unit

    def look_who_sits_where(self):
        """Whoever has not begun may sit elsewhere, to make room for somebody else."""
        for key in self.day.units:
            column, record_id = ("appointment_id", key)
            if isinstance(key, tuple):
                column, record_id = ("hold_id", key[1])
            self.take(key, self.day.lines[key], column, record_id)

    def give_back(self, key):
        self.day.units.pop(key, None)
        return self.day.lines.pop(key)

    def pick(self, number, ids):
        ids = sorted(ids)
        return ids[number % len(ids)]

    def appointment(self, id_):
        return self.env["salon.appointment"].browse(id_)

    @rule(service=services, person=people, start=any_minutes)
    def book(self, service, person, start):
        self.try_to_book(Line(service, person, start))

    def try_to_book(self, line):
        must, may = self.day.must_fit(line), self.day.may_fit(line)
        visits = []
        was_refused = self.attempt(
            lambda: visits.append(
                self.booking._book(
                    self.case.branch, self.case.anna, self.case.wish(line)
                )
            )
        )
        self.expect(was_refused, must, may)
        if not was_refused:
            self.remember(visits[0], [line])

    @rule(first=services, second=services, start=minutes, swapped=st.booleans())
    def book_two_with_two_people(self, first, second, start, swapped):
        pair = ("oleg", "mia") if swapped else ("mia", "oleg")
        lines = [
            Line(first, pair[0], start),
            Line(second, pair[1], start + first.minutes),
        ]
        may = all(self.day.may_fit(line) for line in lines)
        must = first.place != second.place and all(map(self.day.must_fit, lines))
        visits = []
        was_refused = self.attempt(
            lambda: visits.append(
                self.booking._book(
                    self.case.branch, self.case.bella, self.case.wish(*lines)
                )
            )
        )
        self.expect(was_refused, must, may)
        if not was_refused:
            self.remember(visits[0], lines)

    @rule(service=services, person=people | st.none(), pick=picks)
    def book_what_is_offered(self, service, person, pick):
        """Everything offered can be had at once."""
        offers = self.case.find(service, person)
        if not offers:
            return
        start = self.pick(pick, offers)
        (part,) = offers[start].parts
        name = {who.id: name for name, who in self.case.people.items()}[part.staff]
        line = Line(service, name, start)
        visit = self.booking._book(
            self.case.branch, self.case.anna, self.case.wish(line)
        )
        self.remember(visit, [line])

    @precondition(lambda self: self.known)
    @rule(pick=picks, person=people, start=any_minutes)
    def move(self, pick, person, start):
        key = self.pick(pick, self.known)
        line = Line(self.known[key].service, person, start)
        must = self.day.must_fit(line, [key])
        may = self.day.may_fit(line, [key])
        values = {
            "staff_id": self.case.people[person].id,
            "start": self.case.moment(start),
            "duration_minutes": line.service.minutes,
        }
        was_refused = self.attempt(lambda: self.appointment(key).write(values))
        self.expect(was_refused, must, may)
        if not was_refused:
            self.give_back(key)
            self.known[key] = line
            self.take(key, line)

    @precondition(lambda self: self.find_known(CUT))
    @rule(pick=picks, longer=st.sampled_from([15, 20, 45, 60, 90]))
    def lengthen(self, pick, longer):
        key = self.pick(pick, self.find_known(CUT))
        old = self.known[key]
        line = Line(old.service.lasting(longer), old.person, old.start)
        fits = self.day.must_fit(line, [key])
        was_refused = self.attempt(
            lambda: self.appointment(key).write({"duration_minutes": longer})
        )
        self.expect(was_refused, fits, fits)
        if not was_refused:
            self.known[key] = self.day.lines[key] = line

    def find_known(self, service):
        return [
            key for key, line in self.known.items() if line.service.name == service.name
        ]

    @precondition(lambda self: self.known)
    @rule(pick=picks, state=st.sampled_from(["cancelled", "no_show"]))
    def cancel(self, pick, state):
        key = self.pick(pick, self.known)
        self.appointment(key)._set_state(state)
        self.give_back(key)
        self.lost[key] = self.known.pop(key)

    @precondition(lambda self: self.lost)
    @rule(pick=picks)
    def reopen(self, pick):
        key = self.pick(pick, self.lost)
        line = self.lost[key]
        must, may = self.day.must_fit(line), self.day.may_fit(line)
        was_refused = self.attempt(lambda: self.appointment(key)._set_state("booked"))
        self.expect(was_refused, must, may)
        if not was_refused:
            self.known[key] = self.lost.pop(key)
            self.take(key, line)

    @rule(service=services, person=people, pick=picks)
    def book_and_cancel(self, service, person, pick):
        """What was given back is offered as if nothing had been."""
        offers = self.case.find(service, person)
        if not offers:
            return
        before = self.case.find_all()
        line = Line(service, person, self.pick(pick, offers))
        visit = self.booking._book(
            self.case.branch, self.case.anna, self.case.wish(line)
        )
        assert self.case.find_all() != before
        visit._set_state("cancelled")
        assert self.case.find_all() == before
        self.lost[visit.appointment_ids.id] = line

    @precondition(lambda self: self.known)
    @rule(pick=picks, start=minutes)
    def move_there_and_back(self, pick, start):
        key = self.pick(pick, self.known)
        appointment, before = self.appointment(key), self.case.find_all()
        old = appointment.start
        there = {"start": self.case.moment(start)}
        if not self.attempt(lambda: appointment.write(there)):
            appointment.write({"start": old})
            # It may sit elsewhere now, where that is as good.
            self.take(key, self.known[key])
        assert self.case.find_all() == before

    @precondition(lambda self: len(self.known) > 1)
    @rule(pick=picks, other=picks)
    def swap(self, pick, other):
        first = self.pick(pick, self.known)
        second = self.pick(other, self.known.keys() - {first})
        keys = first, second
        lines = [
            Line(self.known[key].service, there.person, there.start)
            for key, there in zip(keys, (self.known[second], self.known[first]))
        ]
        clash = (
            lines[0].person == lines[1].person
            and lines[0].person_minutes & lines[1].person_minutes
        )
        may = not clash and all(self.day.may_fit(line, keys) for line in lines)
        must = (
            not clash
            and lines[0].service.place != lines[1].service.place
            and all(self.day.must_fit(line, keys) for line in lines)
        )
        was_refused = self.attempt(
            lambda: self.booking._swap(*map(self.appointment, keys))
        )
        self.expect(was_refused, must, may)
        if not was_refused:
            for key, line in zip(keys, lines):
                self.give_back(key)
                self.known[key] = line
                self.take(key, line)

    # --- holds: a time is kept for some minutes ---

    @rule(service=services, person=people, pick=picks, lasting=st.integers(1, 15))
    def hold(self, service, person, pick, lasting):
        offers = self.case.find(service, person)
        if not offers:
            return
        start = self.pick(pick, offers)
        hold = self.booking._hold(self.case.branch, offers[start].parts, lasting)
        self.holds[hold.id] = self.clock.time_to_freeze + timedelta(minutes=lasting)
        line = Line(service, person, start)
        self.take(("hold", hold.id), line, "hold_id", hold.id)

    @precondition(lambda self: self.holds)
    @rule(pick=picks)
    def give_up_a_hold(self, pick):
        key = self.pick(pick, self.holds)
        self.env["salon.hold"].browse(key)._release()
        del self.holds[key]
        self.give_back(("hold", key))

    @precondition(lambda self: self.holds)
    @rule(pick=picks)
    def book_what_is_held(self, pick):
        """Whoever holds a time gets it, whatever has happened meanwhile."""
        key = self.pick(pick, self.holds)
        del self.holds[key]
        line = self.give_back(("hold", key))
        product = self.case.products[line.service.name].id
        staff = self.case.people[line.person].id
        start = self.case.midnight + line.start
        stop = start + line.service.minutes
        visit = self.booking._book_offer(
            VisitWish(self.case.branch.id, (ServiceWish(product),)),
            Offer(start, stop, (Part(product, staff, start, stop),)),
            hold=self.env["salon.hold"].browse(key),
        )
        self.remember(visit, [line])

    @precondition(lambda self: self.holds)
    @rule(minutes=st.integers(1, 10))
    def wait(self, minutes):
        """I11: what is held counts until its time is over, and not a moment longer."""
        self.clock.tick(timedelta(minutes=minutes))
        for key in [
            key for key, end in self.holds.items() if end <= self.clock.time_to_freeze
        ]:
            del self.holds[key]
            self.try_to_book(self.give_back(("hold", key)))

    @rule(person=people, start=minutes, length=st.sampled_from([15, 45, 120]))
    def take_time_off(self, person, start, length):
        staff = self.case.people[person]
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": staff.resource_id.id,
                "calendar_id": staff.resource_calendar_id.id,
                "date_from": self.case.moment(start),
                "date_to": self.case.moment(start + length),
            }
        )
        self.day.off.append((person, span(start, start + length)))

    @rule(
        person=people,
        start=st.integers(OPEN // 60, CLOSE // 60 - 2),
        hours=st.integers(1, 4),
        pause=minutes | st.none(),
    )
    def plan_a_shift(self, person, start, hours, pause):
        """A dated shift replaces the weekly hours of its day."""
        stop = start + hours
        self.env["salon.shift"].search(
            [("staff_id", "=", self.case.people[person].id)]
        ).unlink()
        pauses, away = [], frozenset()
        if pause and start * 60 <= pause and pause + 15 <= stop * 60:
            pauses = [(0, 0, {"time_from": pause / 60, "time_to": (pause + 15) / 60})]
            away = span(pause, pause + 15)
        self.env["salon.shift"].create(
            {
                "staff_id": self.case.people[person].id,
                "branch_id": self.case.branch.id,
                "business_date": THURSDAY,
                "time_from": start,
                "time_to": stop,
                "break_ids": pauses,
            }
        )
        self.day.windows[person] = span(start * 60, stop * 60) - away

    @rule(person=people, start=minutes, length=st.sampled_from([15, 45]))
    def block(self, person, start, length):
        """Time that is not for clients is guarded like theirs."""
        line = Line(Service("block", length, ((0, length),)), person, start)
        fits = self.day.must_fit(line)
        blocks = []
        was_refused = self.attempt(
            lambda: blocks.append(
                self.env["salon.block"].create(
                    {
                        "branch_id": self.case.branch.id,
                        "staff_ids": [(6, 0, self.case.people[person].ids)],
                        "start": self.case.moment(start),
                        "stop": self.case.moment(start + length),
                    }
                )
            ),
            UserError,
        )
        self.expect(was_refused, fits, fits)
        if not was_refused:
            self.day.lines["block", blocks[0].id] = line

    @rule(kind=st.sampled_from(["chair", "basin"]), capacity=st.integers(1, 3))
    def build_places(self, kind, capacity):
        # A place that somebody holds stays; only empty ones can go.
        held = [
            self.day.units[key]
            for key, line in self.day.lines.items()
            if line.service.place == kind
        ]
        capacity = max([capacity, *held])
        self.case.facilities[kind].capacity = capacity
        self.day.capacity[kind] = capacity

    # --- what must hold after each step ---

    @invariant()
    def nothing_overlaps(self):
        """I1, as the table says."""
        assert not self.case.overlaps()

    @invariant()
    def each_visit_has_all_its_time_or_none(self):
        """I3 and I4: the person in parts around processing, the place as a whole."""
        self.look_who_sits_where()
        for key, line in self.known.items():
            expected = {
                (self.case.people[line.person].resource_id.id, 1): line.person_minutes
            }
            if line.service.place:
                facility = self.case.facilities[line.service.place]
                unit = facility.resource_id.id, self.day.units[key]
                expected[unit] = line.place_minutes
            assert self.case.taken("appointment_id", key) == expected
        for key in self.lost:
            assert self.case.taken("appointment_id", key) == {}

    @invariant()
    def the_listing_is_complete_and_true(self, everything=False):
        """I6 and I7: it has what a look at every minute finds, and nothing else."""
        pairs = [
            (service, who) for service in SERVICES.values() for who in self.day.people
        ]
        if not everything:
            self.steps += 1
            pairs = [pairs[self.steps % len(pairs)]]
        for service, person in pairs:
            offered = set(self.case.find(service, person))
            must = self.day.starts(service, person, self.day.must_fit)
            may = self.day.starts(service, person, self.day.may_fit)
            assert must <= offered, f"not offered: {must - offered}"
            assert offered <= may, f"offered in vain: {offered - may}"


def run_programs(case, clock, programs, steps):
    """Run random programs on the day of a test, with its frozen clock."""
    run_state_machine_as_test(
        type("ThisDay", (Day,), {"case": case, "clock": clock}),
        settings=settings(
            max_examples=programs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            # Shrinking takes longer than all the programs of a commit.
            phases=tuple(Phase) if SHRINK else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


@tagged("post_install", "-at_install")
class TestPrograms(SmallDayCase):
    def test_random_programs_keep_every_invariant(self):
        with freeze_time(NOW) as clock:
            run_programs(self, clock, PROGRAMS or 10, 30 if PROGRAMS else 15)
