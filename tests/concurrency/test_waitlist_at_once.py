"""What is offered to the waitlist becomes one visit, however many accept at once."""

VISITS = """
    SELECT entry.note AS round, count(DISTINCT appointment.visit_id) AS visits,
           count(DISTINCT entry.visit_id) AS booked,
           count(*) FILTER (WHERE entry.state = 'offered') AS undecided
      FROM salon_waitlist_entry entry
 LEFT JOIN salon_appointment appointment ON appointment.visit_id = entry.visit_id
  GROUP BY entry.note"""


def test_accepting_the_same_offer_at_once_makes_one_visit(desk):
    """All eight get the same visit as an answer."""
    rounds = 10
    with desk.own_salon("accept_one") as database:
        story = desk.play(
            database, "accept_what_is_offered", rounds=rounds, mode="in_turn"
        )
        for number in range(rounds):
            answers = story.find(round=number)
            assert {answer["outcome"] for answer in answers} == {"done"}
            assert len({answer["result"] for answer in answers}) == 1
            assert answers[0]["result"]
        rows = desk.rows(database, VISITS)
        assert len(rows) == rounds
        assert all(row["visits"] == row["booked"] == 1 for row in rows)
        assert desk.overlaps(database) == 0
        count = "SELECT count(*) AS visits FROM salon_visit WHERE state != 'cancelled'"
        assert desk.rows(database, count) == [{"visits": rounds}]


def test_of_all_who_accept_the_same_time_at_once_one_has_it(desk):
    """The others are told so and go on waiting."""
    rounds = 10
    with desk.own_salon("accept_many") as database:
        story = desk.play(
            database, "accept_what_is_offered", rounds=rounds, mode="at_once"
        )
        for number in range(rounds):
            answers = story.find(round=number)
            won = [answer for answer in answers if answer.get("result")]
            assert len(won) == 1
            assert {answer["outcome"] for answer in answers} <= {"done", "UserError"}
        rows = desk.rows(database, VISITS)
        assert len(rows) == rounds
        assert all(
            row["visits"] == row["booked"] == 1 and row["undecided"] == 0
            for row in rows
        )
        assert desk.overlaps(database) == 0
        assert story.deadlocks == 0
