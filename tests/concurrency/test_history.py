"""Thirty-two guests at a server with four workers: who was told what, and is it true?

Each scenario has a day of its own. Every call and answer is logged, and afterwards the
log is compared with the tables, as seen from outside of Odoo.
"""

import threading
import uuid

import pytest
from guests import FACTS, play
from web_client import WebClerk, serving

WORKERS = 4
#: Seconds the server may work on one request; printed with the median and p99. On a
#: machine that is busy with something else, so many times a lonely search for times.
PATIENCE = 1.0
LONELY = 25
#: What a guest may be told besides yes.
REFUSED = "SlotTaken"
RUSH, ANYBODY, BASINS, PAIRS, MOVES, KILLED, CRASHED, TWICE = range(8)
TEN = 10 * 60
LATER = [9 * 60 + 45 * number for number in range(12)]

STORED = """
    SELECT a.visit_id, a.state, v.booking_key AS key, count(o.id) AS taken
      FROM salon_appointment a JOIN salon_visit v ON v.id = a.visit_id
 LEFT JOIN salon_occupancy o ON o.appointment_id = a.id
     WHERE a.start >= timestamp '2031-06-12' + interval '{day} day'
       AND a.start < timestamp '2031-06-13' + interval '{day} day'
     GROUP BY a.id, v.id"""


@pytest.fixture(scope="module")
def shop(desk):
    """A salon that is served, with a clerk who has signed in."""
    with (
        desk.own_salon("history") as database,
        serving(desk, database, WORKERS) as server,
    ):
        shop = Shop(desk, database, server)
        yield shop


class Shop:
    def __init__(self, desk, database, server):
        self.desk = desk
        self.database = database
        self.server = server
        self.clerk = WebClerk(server.address, database, "rush_desk")
        (self.facts,) = desk.rows(database, FACTS)
        self.patience = self._measure_patience()

    def _measure_patience(self):
        """Let every worker fill its caches, then see how long one search takes."""

        def look(guest):
            guest.wait_for_the_others()
            for _time in range(3):
                guest.open_dialog("cut")

        def look_alone(guest):
            values = {"slots": {}}
            dialog = guest.open_dialog("cut")
            for _time in range(5):
                answer = guest.clerk.call_once(
                    *("salon.booking.wizard", "web_read", [dialog]),
                    specification=values,
                )
                guest.log.append({"outcome": "seen", **answer})

        play("warming up", self.clerk, self.facts, look, 16)
        alone = play("alone", self.clerk, self.facts, look_alone, 1)
        return max(PATIENCE, LONELY * alone.median())

    def play(self, name, act, guests=32):
        before = len(self.server.tracebacks())
        story = play(name, self.clerk, self.facts, act, guests)
        assert len(self.server.tracebacks()) == before, "the log has a traceback"
        return story

    def stored(self, day):
        return self.desk.rows(self.database, STORED.format(day=day))

    def assert_true(self, story, day):
        """What every history must keep."""
        assert self.desk.overlaps(self.database) == 0
        assert set(story.outcomes()) <= {"done", REFUSED}
        for entry in story.find(outcome=REFUSED):
            assert "Nearest free times" in entry["message"], entry["message"]
        rows = self.stored(day)
        assert {row["visit_id"] for row in rows} == story.booked()
        for row in rows:
            is_cancelled = row["visit_id"] in story.cancelled()
            assert is_cancelled == (row["state"] == "cancelled")
            assert bool(row["taken"]) != is_cancelled

    def assert_nobody_waits(self, story):
        assert story.longest() < self.patience


def test_in_a_rush_on_one_slot_one_of_32_wins(shop):
    rounds = 5

    def act(guest):
        dialog = guest.open_dialog("cut", RUSH)
        for number in range(rounds):
            guest.wait_for_the_others()
            guest.choose(dialog, ("cut", number, RUSH, TEN), round=number)

    story = shop.play("rush on one slot", act)
    for number in range(rounds):
        assert story.outcomes(round=number) == {"done": 1, REFUSED: 31}
    shop.assert_true(story, RUSH)
    shop.assert_nobody_waits(story)


def test_whoever_wants_anybody_gets_somebody_while_there_is_one(shop):
    """Ten o'clock or the nearest time after it, with whom it may be."""

    def act(guest):
        dialog = guest.open_dialog("dry", ANYBODY)
        guest.wait_for_the_others()
        for _try in range(20):
            shown = guest.free_times(dialog)
            at = min(shown, key=lambda minute: abs(minute - ANYBODY * 24 * 60 - TEN))
            person = guest.random.choice(shown[at])
            if guest.choose(dialog, ("dry", person, ANYBODY, at - ANYBODY * 24 * 60)):
                break

    story = shop.play("any stylist", act)
    assert story.outcomes()["done"] == 32, "somebody went away in a day half empty"
    shop.assert_true(story, ANYBODY)
    shop.assert_nobody_waits(story)


def test_three_basins_take_three_guests_and_not_four(shop):
    rounds = 4

    def act(guest):
        dialog = guest.open_dialog("wash", BASINS)
        for number in range(rounds):
            wish = ("wash", guest.number % 5, BASINS, TEN + 15 * number)
            guest.wait_for_the_others()
            guest.choose(dialog, wish, round=number)

    story = shop.play("three basins", act)
    for number in range(rounds):
        assert story.outcomes(round=number) == {"done": 3, REFUSED: 29}
    shop.assert_true(story, BASINS)
    shop.assert_nobody_waits(story)


def test_visits_with_two_people_in_mixed_order_are_whole_or_not_there(shop):
    def act(guest):
        guest.wait_for_the_others()
        for _try in range(4):
            first, second = guest.random.sample(range(5), 2)
            minute = guest.random.choice(LATER)
            guest.save_visit(
                [("dry", first, PAIRS, minute), ("cut", second, PAIRS, minute + 30)]
            )

    story = shop.play("visits with two people", act)
    shop.assert_true(story, PAIRS)
    shop.assert_nobody_waits(story)
    assert story.outcomes()["done"] > 15
    lines = [row["visit_id"] for row in shop.stored(PAIRS)]
    assert all(lines.count(visit) == 2 for visit in lines)


def test_dragged_and_cancelled_appointments_are_where_they_were_said_to_be(shop):
    def act(guest):
        own = []
        guest.wait_for_the_others()
        for _try in range(6):
            dice = guest.random.random()
            person, minute = guest.random.randrange(5), guest.random.choice(LATER)
            if own and dice < 0.2:
                guest.cancel(own.pop()["id"])
            elif own and dice < 0.7:
                appointment = own[0]["appointment_ids"][0]["id"]
                guest.drag(appointment, person, MOVES, minute)
            elif visit := guest.save_visit([("cut", person, MOVES, minute)]):
                own.append(visit)

    story = shop.play("drag and cancel", act)
    shop.assert_true(story, MOVES)
    shop.assert_nobody_waits(story)
    assert story.cancelled() and story.find(kind="drag", outcome="done")
    last = {
        entry["moved"]: entry["result"]
        for entry in story.find(kind="drag", outcome="done")
    }
    for appointment, person, start in last.values():
        (row,) = shop.desk.rows(
            shop.database,
            f"""SELECT staff_id, extract(epoch FROM start)::int / 60 AS start
                  FROM salon_appointment WHERE id = {appointment}""",
        )
        assert row == {"staff_id": shop.facts["people"][person], "start": start}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_around_its_commit_books_once(shop, when):
    """The guest's program sends the same key again, as it never got an answer."""
    minute = {"before": TEN, "after": TEN + 60}[when]

    def act(guest):
        dialog = guest.open_dialog("cut", CRASHED)
        wish = ("cut", guest.number, CRASHED, minute)
        guest.choose(dialog, wish, crash=when)

    story = shop.play(f"killed {when} the commit", act, guests=3)
    assert story.outcomes() == {"done": 3}
    assert all(entry["tries"] > 1 for entry in story.log)
    booked = {row["visit_id"] for row in shop.stored(CRASHED) if row["taken"]}
    assert story.booked() <= booked
    keys = [row["key"] for row in shop.stored(CRASHED)]
    assert len(keys) == len(set(keys)) == (3 if when == "before" else 6)


def test_while_workers_are_killed_no_booking_is_lost_or_doubled(shop):
    over = threading.Event()

    def kill():
        # A new worker has to fill its caches before the next one goes.
        while not over.wait(0.75):
            shop.server.kill_a_worker()

    def act(guest):
        dialog = guest.open_dialog("cut", KILLED)
        guest.wait_for_the_others()
        for _try in range(8):
            wish = (
                "cut",
                guest.random.randrange(5),
                KILLED,
                guest.random.choice(LATER),
            )
            guest.choose(dialog, wish)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        story = shop.play("killed workers", act)
    finally:
        over.set()
        killer.join()
    assert any(entry["tries"] > 1 for entry in story.log), "nobody was killed at work"
    shop.assert_true(story, KILLED)
    shop.assert_nobody_waits(story)
    by_key = {entry["key"]: entry["result"] for entry in story.find(outcome="done")}
    assert {row["key"]: row["visit_id"] for row in shop.stored(KILLED)} == by_key


def test_a_key_sent_twice_at_once_books_once(shop):
    key = str(uuid.uuid4())

    def act(guest):
        dialog = guest.open_dialog("cut", TWICE)
        guest.wait_for_the_others()
        guest.choose(dialog, ("cut", 0, TWICE, TEN), key=key)

    story = shop.play("one key twice at once", act, guests=4)
    assert story.outcomes() == {"done": 4}
    assert len(story.booked()) == 1
    shop.assert_true(story, TWICE)
    shop.assert_nobody_waits(story)


def test_the_same_harness_sees_double_bookings_when_the_guard_is_off(desk):
    """The control: what finds nothing there finds nothing anywhere."""

    def act(guest):
        dialog = guest.open_dialog("cut", RUSH)
        for number in range(4):
            guest.wait_for_the_others()
            guest.choose(dialog, ("cut", number, RUSH, TEN), round=number)

    with (
        desk.own_salon("history_unguarded", guarded=False) as database,
        serving(desk, database, WORKERS) as server,
    ):
        shop = Shop(desk, database, server)
        story = shop.play("rush without the guard", act)
        assert desk.overlaps(database) > 0
        assert story.outcomes()["done"] > 4
        with pytest.raises(AssertionError):
            shop.assert_true(story, RUSH)
