"""Free times of many people over many days, against reading the taken times alone.

The rows named `single 50x14` are the free starts of a 60-minute service with processing
in it, of 50 people over 14 days, each person separately, with all rules loaded on a
cold cache; `visit3` are three services with free choice of people and places.
"""

import random
from datetime import datetime, timedelta, timezone

import pytz
from bench_salon import BenchSalon
from harness import Measurement, count_queries, median_seconds
from psycopg2.extras import execute_values

from odoo import Command, fields

PEOPLE = (10, 50, 200)
DAYS = (7, 28, 60)
BOOKINGS = 12
#: A day of 10 hours, about 70 % full, its gaps in clusters.
LENGTHS = (15, 20, 30, 30, 35, 40, 45, 45, 60)
SELECT, CALENDAR = "plain SELECT", "host calendar"
PEER = "OCA resource_booking"


class Chain(BenchSalon):
    """Groups of people, each with a service of its own, and some rooms."""

    def __init__(self, env):
        super().__init__(env, people=max(PEOPLE))
        self.first = fields.Date.today() + timedelta(days=3)
        self.chair = env["salon.facility.type"].create({"name": "Bench chair"})
        self.basin = env["salon.facility.type"].create({"name": "Bench basin"})
        env["salon.facility"].create(
            [
                {
                    "name": f"Bench {kind.name} {number}",
                    "branch_id": self.branch.id,
                    "type_id": kind.id,
                }
                for kind, count in ((self.chair, 40), (self.basin, 10))
                for number in range(count)
            ]
        )
        self.services = {
            people: self._phased(
                f"Single {people}", [("work", 20), ("processing", 20), ("finish", 20)]
            )
            for people in PEOPLE
        }
        for people, service in self.services.items():
            self._teach(service, people)
        self.visit = [
            self._phased("Colour", [("work", 30), ("processing", 35)], self.chair),
            self._phased("Rinse", [("work", 15)], self.basin),
            self._phased("Cut", [("work", 45)], self.chair),
        ]
        for service in self.visit:
            self._teach(service, 50)
        self.fill_at_random()
        env.flush_all()

    def _phased(self, name, phases, place=None):
        service = self._service(f"Bench {name}", 5)
        service.salon_phase_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "sequence": index,
                        "kind": kind,
                        "minutes": minutes,
                        "facility_type_id": place.id if place else False,
                    }
                )
                for index, (kind, minutes) in enumerate(phases)
            ),
        ]
        return service

    def _teach(self, service, people):
        self.env["salon.skill"].create(
            [
                {
                    "staff_id": person.id,
                    "product_tmpl_id": service.product_tmpl_id.id,
                }
                for person in self.people[:people]
            ]
        )

    def fill_at_random(self, bookings=BOOKINGS):
        """Write taken times as the bookings service does, but without bookings."""
        chance = random.Random(7)
        self.env.cr.execute(
            "DELETE FROM salon_occupancy WHERE branch_id = %s", [self.branch.id]
        )
        rows = []
        for person in self.people:
            resource = person.resource_id.id
            for day in range(max(DAYS) + 1):
                midnight = datetime.combine(
                    self.first + timedelta(days=day), datetime.min.time()
                )
                cursor = midnight + timedelta(hours=7)
                slack = 600 - 420
                for _booking in range(bookings):
                    if slack > 0 and chance.random() < 0.3:
                        gap = min(slack, chance.choice((15, 30, 45, 60, 75)))
                        cursor += timedelta(minutes=gap)
                        slack -= gap
                    stop = cursor + timedelta(minutes=chance.choice(LENGTHS))
                    rows.append((self.branch.id, resource, 1, "work", cursor, stop))
                    cursor = stop
        execute_values(
            self.env.cr._obj,
            """INSERT INTO salon_occupancy
                   (branch_id, resource_id, unit, phase_kind, start, stop,
                    is_blocking, travel_minutes) VALUES %s""",
            rows,
            template="(%s, %s, %s, %s, %s, %s, TRUE, 0)",
            page_size=5000,
        )
        self.env.cr.execute("ANALYZE salon_occupancy")
        self.env.cr.execute("ANALYZE salon_opening")


def bench_availability(env):
    """Free starts in chains of any size, and visits of three services."""
    chain = Chain(env)
    found = []
    for people in PEOPLE:
        for days in DAYS:
            found += _single(chain, people, days, with_host=days == DAYS[0])
    single, rows = _measured_single(chain, 50, 14)
    found += rows
    found += _visit(chain, single)
    if "resource.booking" in env:
        found.append(_peer(chain, single, 50, 14))
    return found


def bench_growth(env):
    """What the cost of a search grows with: rows read, and not the size of the salon.

    Rows `growth rows 50x28 N` ask the same with more and more bookings; `growth days`
    and `growth people` stretch the question; `growth services` asks again when the
    same people do 200 more services.
    """
    chain = Chain(env)
    found = []
    first = None
    for bookings in (0, 3, 6, 12):
        chain.fill_at_random(bookings)
        value = _milliseconds(chain, 50, 28)
        first = first or value
        rows = 50 * 28 * bookings
        found.append(
            Measurement(value, "ms", first, "no bookings", f"growth rows 50x28 {rows}")
        )
    month = value
    for name, people, days in (("people", 200, 28), ("days", 50, 56)):
        value = _milliseconds(chain, people, days)
        found.append(
            Measurement(value, "ms", month, "50x28", f"growth {name} {people}x{days}")
        )
    for number in range(200):
        chain._teach(chain._service(f"Growth {number}", 45), 50)
    env.flush_all()
    env.cr.execute("ANALYZE salon_skill")
    value = _milliseconds(chain, 50, 28)
    found.append(Measurement(value, "ms", month, "50x28", "growth services 50x28 +200"))
    return found


def _milliseconds(chain, people, days):
    service = chain.services[people]
    return (
        median_seconds(chain.env, lambda: _search(chain, service, days), runs=9) * 1000
    )


def _search(chain, service, days):
    """The service that every channel asks, with the rights of the desk."""
    last = chain.first + timedelta(days=days - 1)
    env = chain.desk
    search = env["salon.search"]._prepare(_wish(chain, [service]), chain.first, last)
    return env["salon.availability"]._free_starts(search)


def _wish(chain, services):
    from odoo.addons.salon_booking.engine.wishes import ServiceWish, VisitWish

    return VisitWish(
        chain.branch.id, tuple(ServiceWish(service.id) for service in services)
    )


def _single(chain, people, days, *, with_host):
    _value, rows = _measured_single(chain, people, days, with_host=with_host)
    return rows


def _measured_single(chain, people, days, *, with_host=True):
    service = chain.services[people]
    resources = chain.people[:people].resource_id.ids
    start = datetime.combine(chain.first, datetime.min.time())
    runs = 9 if people * days < 2000 else 5

    def free():
        assert _search(chain, service, days)

    def select():
        chain.env.cr.execute(
            """SELECT resource_id, start, stop FROM salon_occupancy
                WHERE resource_id = ANY(%s) AND start < %s AND stop > %s""",
            [resources, start + timedelta(days=days), start],
        )
        assert chain.env.cr.fetchall()

    def calendars():
        moment = start.replace(tzinfo=timezone.utc)
        for person in chain.people[:people]:
            person.resource_calendar_id._work_intervals_batch(
                moment, moment + timedelta(days=days), person.resource_id
            )

    name = f"{people}x{days}"
    value = median_seconds(chain.env, free, runs=runs) * 1000
    peer = median_seconds(chain.env, select, runs=runs) * 1000
    queries = count_queries(chain.env, lambda: _search(chain, service, days))
    rows = [
        Measurement(value, "ms", peer, SELECT, f"single {name}"),
        Measurement(queries, "queries", name=f"single {name} queries"),
    ]
    if with_host:
        host = median_seconds(chain.env, calendars, runs=1, warmup=0) * 1000
        rows.insert(1, Measurement(value, "ms", host, CALENDAR, f"single {name}"))
    return value, rows


def _visit(chain, single):
    """Three services, all starts; people and places for the twenty that are shown."""
    env = chain.desk
    last = chain.first + timedelta(days=13)

    def visits():
        search = env["salon.search"]._prepare(
            _wish(chain, chain.visit), chain.first, last
        )
        starts = env["salon.availability"]._starts(search)
        assert starts
        for start in starts[:20]:
            assert env["salon.availability"]._plan(search, start)

    value = median_seconds(chain.env, visits, runs=9) * 1000
    queries = count_queries(chain.env, visits)
    return [
        Measurement(value, "ms", single, "single 50x14", "visit3 50x14"),
        Measurement(queries, "queries", name="visit3 50x14 queries"),
    ]


def _peer(chain, single, people, days):
    """The same people, hours and taken times as the peer keeps them."""
    env = chain.env
    resources = chain.people[:people].resource_id
    combinations = env["resource.booking.combination"].create(
        [{"resource_ids": [Command.set(one.ids)]} for one in resources]
    )
    kind = env["resource.booking.type"].create(
        {
            "name": "Bench",
            "duration": 1.0,
            "slot_duration": 0.25,
            "modifications_deadline": 0,
            "resource_calendar_id": chain.branch.resource_calendar_id.id,
            "combination_rel_ids": [
                Command.create({"combination_id": one.id}) for one in combinations
            ],
        }
    )
    env.flush_all()
    start = datetime.combine(chain.first, datetime.min.time())
    stop = start + timedelta(days=days)
    env.cr.execute(
        """WITH taken AS (
               SELECT occupancy.id, relation.combination, start, stop
                 FROM salon_occupancy occupancy
                 JOIN unnest(%(resources)s, %(combinations)s)
                      AS relation (resource, combination)
                   ON relation.resource = occupancy.resource_id
                WHERE start < %(stop)s AND stop > %(start)s),
           events AS (
               INSERT INTO calendar_event
                      (name, start, stop, duration, active, allday, show_as,
                       privacy, user_id, location)
               SELECT 'Bench', start, stop, 0, TRUE, FALSE, 'busy', 'public',
                      NULL, id::text
                 FROM taken RETURNING id, location)
           INSERT INTO resource_booking
                  (name, active, combination_id, type_id, start, stop, duration,
                   meeting_id, state)
           SELECT 'Bench', TRUE, taken.combination, %(kind)s, taken.start,
                  taken.stop, 0.5, events.id, 'confirmed'
             FROM taken JOIN events ON events.location = taken.id::text""",
        {
            "resources": resources.ids,
            "combinations": combinations.ids,
            "kind": kind.id,
            "start": start,
            "stop": stop,
        },
    )
    env.cr.execute("ANALYZE calendar_event, resource_booking")
    env.invalidate_all()
    zone = pytz.timezone("Europe/Brussels")

    def free():
        wish = {"type_id": kind.id, "duration": 1.0}
        booking = env["resource.booking"].new(wish)
        assert booking.with_context(tz=zone.zone)._get_available_slots(
            zone.localize(start), zone.localize(stop)
        )

    peer = median_seconds(env, free, runs=1, warmup=0) * 1000
    return Measurement(single, "ms", peer, PEER, f"single {people}x{days}")
