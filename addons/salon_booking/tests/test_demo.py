from datetime import date, timedelta
from unittest import SkipTest

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..engine import clock

CLOCK_CHANGES = (date(2031, 3, 30), date(2031, 10, 26))
NEW_YEAR = date(2031, 12, 31)
WEEK = [date(2031, 6, 9) + timedelta(days=day) for day in range(7)]


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo salon is alive whatever the day on which it is made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env.ref("salon_booking.branch_center", False)
        if not cls.branch:
            raise SkipTest("The database has no demo data.")
        cls.demo = cls.env["salon.demo"]
        cls.mia = cls.env.ref("salon_booking.staff_mia")
        cls.branch.tz = "Europe/Brussels"
        # What is there was made on another day.
        cls.env["salon.occupancy"].flush_model()
        cls.env.cr.execute("DELETE FROM salon_occupancy")

    def day_of(self, wish):
        return clock.local(wish["start"], self.branch.tz).date()

    def test_there_is_life_on_any_day(self):
        for today in (*WEEK, *CLOCK_CHANGES, NEW_YEAR):
            plan = self.demo._plan(self.branch, today, set())
            here = [wish for wish in plan if self.day_of(wish) == today]
            people = {person for w in here for _s, person, _t in w["appointments"]}
            with self.subTest(today=today):
                self.assertGreater(len(here), 5)
                self.assertIn(self.mia, people)
                self.assertLess(len(plan), 160)

    def test_the_same_day_gives_the_same_visits(self):
        first = self.demo._plan(self.branch, NEW_YEAR, set())
        self.assertEqual(first, self.demo._plan(self.branch, NEW_YEAR, set()))

    def test_nobody_comes_twice_a_day(self):
        plan = self.demo._plan(self.branch, NEW_YEAR, set())
        comings = [(self.day_of(w), w["client"]) for w in plan if w["client"]]
        self.assertEqual(len(comings), len(set(comings)))

    @freeze_time("2031-10-26 12:45:00")
    def test_a_day_of_changing_clocks_is_lived_through(self):
        before = self.env["salon.visit"].search([])
        today = CLOCK_CHANGES[1]
        pivot = clock.to_minutes(fields.Datetime.now())
        for wish in self.demo._plan(self.branch, today, set()):
            if self.day_of(wish) == today:
                with self.env.cr.savepoint():
                    self.demo._live_through(self.branch, wish, pivot)
        visits = self.env["salon.visit"].search([]) - before
        self.assertEqual(set(visits.mapped("business_date")), {today})
        self.assertIn("paid", visits.mapped("payment_state"))
        self.assertGreater(len(set(visits.mapped("state"))), 2)
        for appointment in visits.appointment_ids.filtered("done_at"):
            self.assertEqual(appointment.done_at, appointment.stop)
