"""The day board of a big salon, against the bare read of the same appointments."""

from datetime import timedelta
from unittest.mock import patch

from bench_salon import BenchSalon
from harness import Measurement, count_queries, median_seconds

from odoo import Command, fields

PEOPLE, APPOINTMENTS = 30, 300
WEEK_PEOPLE = 50


def bench_board(env):
    """A day of 30 people and 300 appointments, and a week of 50 people."""
    salon = BenchSalon(env, people=WEEK_PEOPLE)
    salon.people[PEOPLE:].salon_branch_ids = False
    # Within the days that are worked out ahead, as days on a board are.
    day = fields.Date.today() + timedelta(days=7)
    places = env["salon.facility.type"].create({"name": "Bench chair"})
    env["salon.facility"].create(
        [
            {
                "name": f"Bench chair {number}",
                "branch_id": salon.branch.id,
                "type_id": places.id,
            }
            for number in range(WEEK_PEOPLE)
        ]
    )
    salon.cut.salon_phase_ids.facility_type_id = places
    clients = env["res.partner"].create(
        [{"name": f"Bench client {number}"} for number in range(APPOINTMENTS)]
    )

    def fill(people, days, per_person):
        # A day at a time: places are looked for among all that is booked at once.
        for number in days:
            env["salon.visit"].create(
                [
                    {
                        "branch_id": salon.branch.id,
                        "client_id": clients[(person + hour) % len(clients)].id,
                        "appointment_ids": [
                            Command.create(
                                {
                                    "product_id": (salon.cut, salon.dry)[hour % 2].id,
                                    "staff_id": salon.people[person].id,
                                    "start": fields.Datetime.to_datetime(day)
                                    + timedelta(
                                        days=number, hours=7, minutes=45 * hour
                                    ),
                                }
                            )
                        ],
                    }
                    for person in people
                    for hour in range(per_person)
                ]
            )

    fill(range(PEOPLE), [0], APPOINTMENTS // PEOPLE)
    desk = salon.desk
    branches, date = salon.branch.ids, fields.Date.to_string(day)

    def load():
        board = desk["salon.board"].load(branches, date, date)
        assert len(board["appointments"]) == APPOINTMENTS
        assert len(board["staff"]) == PEOPLE

    def with_drawer():
        """As a desk has it open that left the drawer open yesterday."""
        desk["salon.board"].load(branches, date, date, "waitlist")

    def with_walk_ins(number_waiting=12):
        """At noon of that day, with who waits and when each will be taken."""
        board = desk["salon.board"].load(branches, date, date, "walk_ins")
        rows = board["drawer"]["rows"]
        assert len(rows) == number_waiting and all(row["expected"] for row in rows)

    def search_read():
        desk["salon.appointment"].search_read(
            [
                ("branch_id", "in", branches),
                ("start", ">=", f"{date} 00:00:00"),
                ("start", "<", fields.Date.to_string(day + timedelta(days=1))),
            ],
            [
                "visit_id",
                "client_id",
                "staff_id",
                "product_id",
                "category_id",
                "start",
                "stop",
                "state",
                "price",
            ],
        )

    against = "search_read of the same appointments"
    env.flush_all()
    env.cr.execute("ANALYZE salon_appointment, salon_visit, salon_occupancy")
    # The rights are known to a running server.
    load()
    ours = median_seconds(env, load) * 1000
    peer = median_seconds(env, search_read) * 1000
    queries = count_queries(env, load)
    opened = median_seconds(env, with_drawer) * 1000
    opened_queries = count_queries(env, with_drawer)
    peer_queries = count_queries(env, search_read)
    env["salon.walk.in"].create(
        [
            {
                "name": f"Bench walk-in {number}",
                "branch_id": salon.branch.id,
                "product_ids": [Command.set(services.ids)],
                "staff_id": staff.id,
            }
            for number in range(3)
            for services, staff in (
                (salon.cut, salon.people[:0]),
                (salon.dry, salon.people[:0]),
                (salon.cut, salon.people[number]),
                (salon.cut | salon.dry, salon.people[:0]),
            )
        ]
    )
    noon = fields.Datetime.to_datetime(day) + timedelta(hours=12)
    with patch.object(fields.Datetime, "now", lambda: noon):
        with_walk_ins()
        waiting = median_seconds(env, with_walk_ins) * 1000
        waiting_queries = count_queries(env, with_walk_ins)
    appointment = desk["salon.appointment"].search(
        [("branch_id", "in", branches)], limit=1
    )

    def answers():
        desk["salon.board"].answers(appointment.id)

    answers()
    picked_up = median_seconds(env, answers) * 1000
    salon.people.salon_branch_ids = [Command.link(salon.branch.id)]
    fill(range(PEOPLE), range(1, 7), 8)
    fill(range(PEOPLE, WEEK_PEOPLE), range(7), 8)

    def week():
        found = desk["salon.board"].week(branches, date)
        assert len(found["staff"]) == WEEK_PEOPLE

    week()
    return [
        Measurement(ours, "ms", peer, against, "board day 30x300"),
        Measurement(
            queries, "queries", peer_queries, against, "board day 30x300 queries"
        ),
        Measurement(opened, "ms", name="board day 30x300 with drawer"),
        Measurement(
            opened_queries, "queries", name="board day 30x300 with drawer queries"
        ),
        Measurement(waiting, "ms", name="board day 30x300 with 12 walk-ins"),
        Measurement(
            waiting_queries, "queries", name="board day 30x300 with 12 walk-ins queries"
        ),
        Measurement(picked_up, "ms", name="board answers 30x300"),
        Measurement(median_seconds(env, week) * 1000, "ms", name="board week 50"),
        Measurement(count_queries(env, week), "queries", name="board week 50 queries"),
    ]
