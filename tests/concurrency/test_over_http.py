"""The same rush through a server with two workers, as from eight browsers."""

import random
from concurrent.futures import ThreadPoolExecutor

from web_client import WebClerk, serving

BROWSERS = 8
ATTEMPTS = 15
TAKEN = "odoo.addons.salon_booking.exceptions.SlotTaken"
FACTS = """
    SELECT (SELECT min(id) FROM salon_branch WHERE name = 'Rush') AS branch,
           (SELECT min(id) FROM product_product WHERE default_code = 'rush-cut') AS cut,
           (SELECT json_agg(id) FROM hr_employee WHERE is_salon_staff) AS people"""


def test_eight_browsers_at_two_workers_never_book_twice(desk):
    with desk.own_salon("http") as database:
        (facts,) = desk.rows(database, FACTS)
        with serving(desk, database) as server:
            clerk = WebClerk(server.address, database, "rush_desk")
            clerks = [clerk.tab() for _ in range(BROWSERS)]
            with ThreadPoolExecutor(BROWSERS) as pool:
                told = pool.map(
                    lambda number: _book_at_random(number, clerks[number], facts),
                    range(BROWSERS),
                )
                answers = [answer for answers in told for answer in answers]
        booked = {answer["result"][0]["id"] for answer in answers if "result" in answer}
        refused = [answer for answer in answers if "result" not in answer]
        longest = max(answer["seconds"] for answer in answers)
        print(  # noqa: T201
            f"\n{len(booked)} booked, {len(refused)} refused, longest {longest:.2f} s"
        )
        assert all(answer["status"] == 200 for answer in answers)
        assert {answer["error"]["data"]["name"] for answer in refused} == {TAKEN}
        for answer in refused:
            assert "Nearest free times" in answer["error"]["data"]["message"]
        stored = desk.rows(database, "SELECT DISTINCT visit_id FROM salon_appointment")
        assert {row["visit_id"] for row in stored} == booked
        assert len(booked) > 20
        assert desk.overlaps(database) == 0


def _book_at_random(number, clerk, facts):
    dice = random.Random(number)
    answers = []
    for _ in range(ATTEMPTS):
        hour, minute = dice.randrange(8, 19), dice.choice((0, 15, 30, 45))
        appointment = {
            "product_id": facts["cut"],
            "staff_id": dice.choice(facts["people"]),
            "start": f"2031-06-12 {hour:02}:{minute:02}:00",
        }
        values = {
            "branch_id": facts["branch"],
            "appointment_ids": [(0, 0, appointment)],
        }
        answers.append(
            clerk.call("salon.visit", "web_save", [], values, specification={})
        )
    return answers
