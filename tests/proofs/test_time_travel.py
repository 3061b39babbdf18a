"""The hour that is offered is the hour on the salon's clock, on every day there is.

The clock is put to the minute before, of and after each change of the clocks, and to
the ends of days, months and years; what is offered is compared with a look at every
minute through the tables of time zones alone. Where the server stands does not matter.
"""

import os
import time
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.salon_booking.engine import clock
from odoo.addons.salon_booking.engine.wishes import ServiceWish, VisitWish
from odoo.addons.salon_booking.tests.common import SalonCase

ZONES = ("Europe/Brussels", "Australia/Lord_Howe", "America/St_Johns")
SERVERS = ("UTC", "Pacific/Kiritimati", "Australia/Lord_Howe")
YEAR = 2031
MINUTE = timedelta(minutes=1)
OPEN, CLOSE = 1, 5
LENGTH = 30
GRID = 15


def clock_changes(zone):
    """The first minutes of a new offset in the year, in UTC."""
    here = ZoneInfo(zone)
    moment = datetime(YEAR, 1, 1, tzinfo=timezone.utc)
    changes = []
    while moment.year == YEAR:
        after = moment + timedelta(hours=1)
        if moment.astimezone(here).utcoffset() != after.astimezone(here).utcoffset():
            minute = moment
            before = moment.astimezone(here).utcoffset()
            while minute.astimezone(here).utcoffset() == before:
                minute += MINUTE
            changes.append(minute)
        moment = after
    return changes


def moments(zone):
    """When to look, with the day that is looked at."""
    here = ZoneInfo(zone)
    for change in clock_changes(zone):
        for moment in (change - MINUTE, change, change + MINUTE):
            yield moment, change.astimezone(here).date()
    for day, wall in (
        (date(YEAR, 6, 12), "23:59"),
        (date(2032, 2, 28), "23:59"),
        (date(2032, 2, 29), "00:00"),
        (date(YEAR, 12, 31), "23:59"),
        (date(YEAR + 1, 1, 1), "00:00"),
    ):
        hour, minute = map(int, wall.split(":"))
        now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=here)
        yield now.astimezone(timezone.utc), day
        yield now.astimezone(timezone.utc), day + timedelta(days=1)


def slow_starts(zone, day, now):
    """Every minute of two real days, each looked at on the wall clock by itself."""
    here = ZoneInfo(zone)
    first = datetime(day.year, day.month, day.day, tzinfo=here).astimezone(timezone.utc)
    found = set()
    for number in range(0, 48 * 60, GRID):
        start = first + number * MINUTE
        walls = [(start + minute * MINUTE).astimezone(here) for minute in range(LENGTH)]
        is_open = all(
            wall.date() == day and OPEN <= wall.hour < CLOSE for wall in walls
        )
        if is_open and start >= now:
            found.add(clock.to_minutes(start))
    return found


@tagged("post_install", "-at_install")
class TestTimeTravel(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.set_server, os.environ.get("TZ", "UTC"))
        cls.trim = cls._service("Trim", 20, [("work", LENGTH)])
        cls.branches = {}
        for zone in ZONES:
            # Open at night, when the clocks change, and on the clock of its door.
            hours = cls.env["resource.calendar"].create(
                {
                    "name": f"At night in {zone}",
                    "tz": zone,
                    "attendance_ids": [
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": OPEN,
                                "hour_to": CLOSE,
                                "day_period": "full_day",
                            }
                        )
                        for day in range(7)
                    ],
                }
            )
            branch = cls.env["salon.branch"].create(
                {
                    "name": zone,
                    "tz": zone,
                    "resource_calendar_id": hours.id,
                    "slot_minutes": GRID,
                }
            )
            cls.env["hr.employee"].create(
                {
                    "name": f"Stylist of {zone}",
                    "is_salon_staff": True,
                    "tz": zone,
                    "resource_calendar_id": hours.id,
                    "salon_branch_ids": [Command.set(branch.ids)],
                    "salon_skill_ids": [
                        Command.create({"product_tmpl_id": cls.trim.product_tmpl_id.id})
                    ],
                }
            )
            cls.branches[zone] = branch

    @staticmethod
    def set_server(zone):
        os.environ["TZ"] = zone
        time.tzset()

    def offered(self, zone, day):
        offers = self.env["salon.availability"]._find_offers(
            VisitWish(self.branches[zone].id, (ServiceWish(self.trim.id),)), day, day
        )
        return {offer.start for offer in offers}

    def test_what_is_offered_is_on_the_clock_of_the_door(self):
        with freeze_time("2031-01-01") as frozen:
            for zone in ZONES:
                for now, day in moments(zone):
                    frozen.move_to(now.replace(tzinfo=None))
                    self.env.invalidate_all()
                    with self.subTest(zone=zone, now=now, day=day):
                        self.assertEqual(
                            self.offered(zone, day), slow_starts(zone, day, now)
                        )

    def test_a_clock_change_makes_the_night_shorter_or_longer(self):
        """Otherwise the test above would compare days like any other."""
        with freeze_time("2031-01-01"):
            for zone in ZONES:
                lengths = {
                    len(self.offered(zone, change.astimezone(ZoneInfo(zone)).date()))
                    for change in clock_changes(zone)
                }
                usual = len(self.offered(zone, date(YEAR, 6, 12)))
                self.assertEqual(usual, (CLOSE - OPEN) * 4 - 1)
                self.assertTrue(any(length > usual for length in lengths), zone)
                self.assertTrue(any(length < usual for length in lengths), zone)

    def test_where_the_server_stands_changes_no_answer(self):
        """I12: neither the zone of the process, nor the session's, nor the user's."""
        change = clock_changes("Australia/Lord_Howe")[0]
        day = change.astimezone(ZoneInfo("Australia/Lord_Howe")).date()
        with freeze_time((change - MINUTE).replace(tzinfo=None)):
            for zone in ZONES:
                answers = []
                for server in SERVERS:
                    self.set_server(server)
                    self.env.cr.execute("SET LOCAL TIME ZONE %s", [server])
                    self.env.user.tz = server
                    self.env.invalidate_all()
                    answers.append(self.offered(zone, day))
                self.assertTrue(answers[0])
                self.assertEqual(answers[0], answers[1])
                self.assertEqual(answers[0], answers[2])
