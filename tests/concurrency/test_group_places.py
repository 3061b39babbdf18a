"""A class of twelve never takes a thirteenth, and leaves no place empty.

Eight processes join at the same time; then some join and leave while another makes the
class smaller, larger and later. The table is looked at from outside.
"""

import pytest

ALLOWED = {"done", "SlotTaken"}
SEATS = """
    SELECT e.id, e.capacity, a.seat, a.state, a.start = e.start AS is_in_time
      FROM salon_group_event e
      JOIN salon_appointment a ON a.group_event_id = e.id
     WHERE a.state NOT IN ('cancelled', 'no_show')"""


@pytest.mark.parametrize("without_lock", ["", "all"])
def test_a_class_of_twelve_takes_twelve_and_no_more(desk, without_lock):
    """The unique number of the place guards alone, whether or not anybody waits."""
    with desk.own_salon("classes") as database:
        story = desk.play(
            database,
            "join_the_same_class",
            classes=3,
            attempts=4,
            without_lock=without_lock,
        )
        for number in range(3):
            assert story.outcomes(round=number) == {"done": 12, "SlotTaken": 20}
        taken = {}
        for row in desk.rows(database, SEATS):
            taken.setdefault(row["id"], []).append(row["seat"])
        assert len(taken) == 3
        assert all(sorted(seats) == list(range(1, 13)) for seats in taken.values())
        for attempt in story.find(outcome="SlotTaken"):
            assert "is full" in attempt["message"]
        assert story.deadlocks == 0


def test_a_class_that_changes_keeps_who_joined_meanwhile(desk):
    with desk.own_salon("changed_class") as database:
        story = desk.play(database, "join_and_leave_a_class", classes=1, attempts=20)
        assert set(story.outcomes()) <= ALLOWED | {"UserError"}
        assert any("changed" in attempt for attempt in story.find(outcome="done"))
        # Only the cut below who is there is refused otherwise.
        for attempt in story.find(outcome="UserError"):
            assert "cannot be cut" in attempt["message"]
        rows = desk.rows(database, SEATS)
        assert rows
        seats = [row["seat"] for row in rows]
        assert len(set(seats)) == len(seats)
        assert all(1 <= row["seat"] <= row["capacity"] for row in rows)
        assert all(row["is_in_time"] for row in rows)
