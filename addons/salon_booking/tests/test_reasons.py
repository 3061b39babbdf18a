from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..engine import clock
from ..engine.wishes import ServiceWish, VisitWish
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestReasons(SalonCase):
    """Why not: the rule that refuses a wish, as the receptionist reads it."""

    def why(self, service, at, staff=None, day=THURSDAY, channel="desk", **wish):
        env = self.env(user=self.receptionist)
        people = tuple(staff.ids) if staff else None
        wish = VisitWish(
            self.branch.id, (ServiceWish(service.id, people, **wish),), channel=channel
        )
        start = clock.to_minutes(self.at(at, day))
        refusals = env["salon.availability"]._explain(wish, start)
        self.texts = env["salon.refusal"]._texts(
            refusals, self.branch.with_env(env), channel
        )
        return [refusal.code for refusal in refusals]

    def test_nothing_speaks_against_a_free_time(self):
        self.assertEqual(self.why(self.haircut, "10:00", self.mia), [])

    def test_busy_until_the_first_time_that_fits(self):
        self.book(self.colour, at="10:00")
        self.assertEqual(self.why(self.haircut, "10:15", self.mia), ["busy"])
        self.assertIn("Mia", self.texts[0])
        self.assertNotIn("Anna", self.texts[0])

    def test_closed_before_opening(self):
        self.assertEqual(self.why(self.haircut, "07:00", self.mia), ["closed"])

    def test_on_leave_until_the_last_day_of_it(self):
        start = clock.to_utc(clock.day_bounds(THURSDAY, self.branch.tz)[0])
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Sea",
                "resource_id": self.mia.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": start,
                "date_to": start + timedelta(days=3),
            }
        )
        self.assertEqual(self.why(self.haircut, "10:00", self.mia), ["on_leave"])
        self.assertIn("14 June", self.texts[0])
        # Anybody else would do.
        self.assertEqual(self.why(self.haircut, "10:00"), [])

    def test_nobody_does_the_service_here(self):
        unknown = self._service("Unknown", 10, [("work", 30)])
        self.assertEqual(self.why(unknown, "10:00"), ["no_skill"])
        self.assertEqual(self.why(unknown, "10:00", self.mia), ["no_skill"])

    def test_a_colleague_of_another_branch(self):
        self.mia.salon_branch_ids = [Command.clear()]
        self.assertEqual(self.why(self.haircut, "10:00", self.mia), ["not_in_branch"])

    def test_past_times_and_short_notice(self):
        self.assertEqual(
            self.why(
                self.haircut, "09:00", self.mia, day=THURSDAY - timedelta(days=30)
            ),
            ["past"],
        )
        self.env["salon.booking.policy"].create(
            {
                "branch_id": self.branch.id,
                "channel": "web",
                "lead_minutes": 60 * 24 * 30,
            }
        )
        self.assertEqual(
            self.why(self.haircut, "10:00", self.mia, channel="web"), ["lead_time"]
        )

    def test_off_the_grid(self):
        self.assertEqual(self.why(self.haircut, "10:05", self.mia), ["off_grid"])

    def test_no_place_is_free(self):
        bed = self.env["salon.facility.type"].create({"name": "Bed (test)"})
        massage = self._service("Massage", 60, [("work", 60)], bed)
        self.mia.salon_skill_ids = [
            Command.create({"product_tmpl_id": massage.product_tmpl_id.id})
        ]
        self.assertEqual(self.why(massage, "10:00", self.mia), ["no_place"])
        self.assertIn("Bed (test)", self.texts[0])

    def test_nobody_is_free(self):
        self.book(self.haircut, at="10:00", staff=self.mia)
        self.book(self.haircut, at="10:00", staff=self.oleg, client=self.bella)
        self.assertEqual(self.why(self.haircut, "10:00"), ["nobody_free"])

    def test_an_expired_licence(self):
        kind = self.env["salon.licence.type"].create(
            {
                "name": "Colourist",
                "needed_for": "services",
                "product_tmpl_ids": [Command.set(self.colour.product_tmpl_id.ids)],
            }
        )
        self.env["salon.licence"].create(
            {
                "staff_id": self.mia.id,
                "type_id": kind.id,
                "valid_until": THURSDAY - timedelta(days=1),
            }
        )
        self.assertEqual(self.why(self.colour, "10:00", self.mia), ["licence_expired"])

    def test_a_full_day(self):
        self.mia.salon_daily_cap = 1
        self.book(self.blowdry, at="09:00")
        self.assertEqual(self.why(self.haircut, "10:00", self.mia), ["staff_daily_cap"])

    def test_a_gap_that_nobody_could_use(self):
        self.env["salon.booking.policy"].create(
            {
                "branch_id": self.branch.id,
                "gap_strategy": "min_hole",
                "min_hole_minutes": 30,
                "lead_minutes": 0,
            }
        )
        self.assertEqual(self.why(self.haircut, "09:15", self.mia), ["gap"])
