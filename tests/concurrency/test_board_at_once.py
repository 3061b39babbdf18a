"""Several clerks drop the same block at once: one moves it, all others are told."""

import pytest

ROUNDS, CLERKS = 8, 4
PLACES = """
    SELECT appointment.visit_id,
           extract(epoch FROM appointment.start)::bigint / 60 AS start,
           appointment.staff_id AS staff,
           (SELECT count(*) FROM salon_occupancy taken
             WHERE taken.appointment_id = appointment.id
               AND taken.start = appointment.start) AS taken
      FROM salon_appointment appointment"""


@pytest.mark.parametrize("parts", [["start"], ["staff"], ["start", "staff"]])
def test_one_change_counts_and_the_others_are_told(desk, parts):
    with desk.own_salon("dragged") as database:
        story = desk.play(
            database,
            "drag_the_same_block",
            clerks=CLERKS,
            visits=ROUNDS,
            parts=parts,
        )
        placed = {row["visit_id"]: row for row in desk.rows(database, PLACES)}
        for number, visit_id in enumerate(story.visits):
            drops = story.find(round=number)
            assert all(drop["outcome"] == "done" for drop in drops), drops
            won = [drop for drop in drops if drop["result"]["ok"]]
            told = [drop for drop in drops if drop["result"]["stale"]]
            assert len(won) == 1 and len(told) == CLERKS - 1, drops
            assert "was changed meanwhile" in told[0]["result"]["why"]
            (name, value) = next(iter(won[0]["values"].items()))
            assert placed[visit_id][name] == value
            assert placed[visit_id]["taken"] == 1
        assert desk.overlaps(database) == 0
        assert story.deadlocks == 0
