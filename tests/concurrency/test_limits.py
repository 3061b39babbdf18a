"""Nobody gets more bookings on a day than a limit allows, whoever books at once.

Eight processes book onto one day on which each person takes six bookings; who comes
late is repeated by the host and counts anew.
"""

LIMIT = 6
COUNTS = """
    SELECT staff_id, count(*) AS bookings FROM salon_appointment
     WHERE state NOT IN ('cancelled', 'no_show') GROUP BY staff_id"""


def test_a_limit_per_day_is_reached_and_never_exceeded(desk):
    with desk.own_salon("limits") as database:
        desk.execute(
            database,
            f"UPDATE hr_employee SET salon_daily_cap = {LIMIT} WHERE is_salon_staff",
        )
        story = desk.play(database, "book_the_same_days", attempts=20, days=1)
        story.tell()
        assert set(story.outcomes()) == {"done", "SlotTaken"}
        assert story.deadlocks == 0
        counts = [row["bookings"] for row in desk.rows(database, COUNTS)]
        assert max(counts) == LIMIT
        assert sum(counts) == story.outcomes()["done"]
        assert [one for one in story.find(outcome="SlotTaken") if one["tries"] == 1]
