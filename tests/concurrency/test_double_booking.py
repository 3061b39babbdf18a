"""Nobody and nothing is booked twice, whoever books at the same moment.

The tests look at the table from outside, after eight processes worked on it through
Odoo's own transactions.
"""

import pytest

ALLOWED = {"done", "SlotTaken"}


@pytest.fixture(scope="module")
def full_days(desk):
    """Two days onto which eight clerks book much more than fits."""
    with desk.own_salon("full_days") as database:
        story = desk.play(database, "book_the_same_days", attempts=50, days=1)
        yield database, story


def test_no_two_rows_of_a_person_or_place_overlap(desk, full_days):
    database, story = full_days
    assert story.outcomes()["done"] > 40, "too little was booked to prove anything"
    assert story.outcomes()["SlotTaken"] > 100, "there was hardly any contention"
    assert desk.overlaps(database) == 0


def test_who_is_refused_is_told_politely(full_days):
    _database, story = full_days
    assert set(story.outcomes()) <= ALLOWED
    for attempt in story.find(outcome="SlotTaken"):
        assert "is not free" in attempt["message"]
        assert "Nearest free times" in attempt["message"]


def test_what_was_acknowledged_is_in_the_table_and_nothing_else(desk, full_days):
    database, story = full_days
    booked = {attempt["result"] for attempt in story.find(outcome="done")}
    stored = desk.rows(
        database,
        """SELECT a.visit_id, count(o.id) AS taken
             FROM salon_appointment a
        LEFT JOIN salon_occupancy o ON o.appointment_id = a.id
         GROUP BY a.visit_id""",
    )
    assert {row["visit_id"] for row in stored} == booked
    assert all(row["taken"] for row in stored)


def test_who_is_refused_really_met_somebody_else(desk, full_days):
    """No wish may be refused whose person and places are all free in the end.

    Nothing was cancelled, so whatever refused a wish is still in the table.
    """
    database, story = full_days
    taken = desk.taken_minutes(database)
    needless = [
        attempt["wishes"]
        for attempt in story.find(outcome="SlotTaken")
        if all(desk.could_have(wish, taken) for wish in attempt["wishes"])
    ]
    assert needless == []


def test_nobody_waits_and_nothing_is_retried(full_days):
    _database, story = full_days
    assert story.deadlocks == 0
    assert all(attempt["tries"] == 1 for attempt in story.attempts)
    assert story.longest < 10


def test_without_the_guard_the_same_rush_books_twice(desk):
    """The control: a harness that cannot find double bookings proves nothing."""
    with desk.own_salon("unguarded", guarded=False) as database:
        desk.play(database, "book_the_same_days", attempts=15, days=1)
        assert desk.overlaps(database) > 0


def test_moving_and_cancelling_keep_people_apart(desk):
    with desk.own_salon("moves") as database:
        story = desk.play(database, "book_move_and_cancel", attempts=40, days=1)
        assert set(story.outcomes()) <= ALLOWED
        assert story.deadlocks == 0
        assert desk.overlaps(database) == 0
        cancelled = [
            entry["cancelled"] for entry in story.find() if "cancelled" in entry
        ]
        assert cancelled
        left = desk.rows(
            database,
            """SELECT a.visit_id, a.state, count(o.id) AS taken
                 FROM salon_appointment a
            LEFT JOIN salon_occupancy o ON o.appointment_id = a.id
             GROUP BY a.visit_id, a.state""",
        )
        for row in left:
            assert (row["visit_id"] in cancelled) == (row["state"] == "cancelled")
            assert bool(row["taken"]) == (row["state"] != "cancelled")


def test_in_a_rush_on_one_slot_one_wins_and_nobody_waits(desk):
    """Without the lock that comes first, equal inserts wait for each other."""
    rounds = 25
    with desk.own_salon("rush") as database:
        story = desk.play(database, "rush_on_one_slot", rounds=rounds)
        for number in range(rounds):
            outcomes = story.outcomes(round=number)
            assert outcomes == {"done": 1, "SlotTaken": 7}
        for attempt in story.find(outcome="SlotTaken"):
            _service, _person, day, minute = attempt["wishes"][0]
            taken = day * 24 * 60 + minute
            assert attempt["offered"]
            # Not even the new times may meet the 45 minutes that were just taken.
            assert all(abs(start - taken) >= 45 for start in attempt["offered"])
        assert desk.overlaps(database) == 0
        assert story.deadlocks == 0
        assert story.longest < 5


@pytest.mark.parametrize("branches", [1, 3])
def test_when_one_gives_up_a_time_another_gets_it_without_a_deadlock(desk, branches):
    """Also where the person works in three branches and is wanted in all of them."""
    with desk.own_salon("given_up") as database:
        story = desk.play(
            *(database, "wait_for_one_who_gives_up"),
            clerks=6,
            rounds=2,
            branches=branches,
        )
        assert story.outcomes() == {"done": 2, "UserError": 2, "SlotTaken": 8}
        assert story.deadlocks == 0
        assert desk.overlaps(database) == 0


@pytest.mark.parametrize(("branches", "without_lock"), [(1, "all"), (3, "shared")])
def test_without_the_lock_it_ends_in_a_deadlock(desk, branches, without_lock):
    """The control: the constraint alone keeps people apart, but lets them wait."""
    with desk.own_salon("unlocked") as database:
        story = desk.play(
            *(database, "wait_for_one_who_gives_up"),
            clerks=4,
            rounds=1,
            branches=branches,
            without_lock=without_lock,
        )
        assert story.deadlocks > 0
        assert desk.overlaps(database) == 0


def test_visits_of_several_people_and_days_in_mixed_order_never_deadlock(desk):
    with desk.own_salon("mixed") as database:
        story = desk.play(database, "book_visits_in_mixed_order", attempts=25, days=3)
        assert set(story.outcomes()) <= ALLOWED
        assert story.deadlocks == 0
        assert desk.overlaps(database) == 0
        torn = """SELECT visit_id FROM salon_appointment
                   GROUP BY visit_id HAVING count(*) <> 4"""
        assert desk.rows(database, torn) == []
