from datetime import date, datetime, timedelta
from unittest import SkipTest

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..engine import clock
from ..services.salon_demo import LIVELY

CLOCK_CHANGES = (date(2031, 3, 30), date(2031, 10, 26))
NEW_YEAR = date(2031, 12, 31)
WEEK = [date(2031, 6, 9) + timedelta(days=day) for day in range(7)]


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo salon is alive whatever the day and hour on which it is made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env.ref("salon_booking.branch_center", False)
        if not cls.branch:
            raise SkipTest("The database has no demo data.")
        cls.demo = cls.env["salon.demo"].with_context(tracking_disable=True)
        cls.mia = cls.env.ref("salon_booking.staff_mia")
        cls.branches = cls.demo._branches()
        cls.demo._place_in("Europe/Brussels")
        # What is there was made on another day.
        cls.env["salon.occupancy"].flush_model()
        cls.env.cr.execute("DELETE FROM salon_occupancy")

    def day_of(self, wish):
        return clock.local(wish["start"], self.branch.tz).date()

    def plan_all(self, today):
        seen = set()
        return [
            wish
            for branch in self.branches
            for wish in self.demo._plan(branch, today, seen)
        ]

    def test_it_is_about_noon_whenever_it_is_installed(self):
        for day in (*CLOCK_CHANGES, NEW_YEAR):
            for minutes in range(0, 24 * 60, 20):
                now = datetime.combine(day, datetime.min.time())
                now += timedelta(minutes=minutes)
                zone = self.demo._lively_zone(now)
                wall = clock.local(clock.to_minutes(now), zone).time()
                self.assertTrue(LIVELY[0] <= wall <= LIVELY[1], (now, zone))

    def test_there_is_life_on_any_day(self):
        for today in (*WEEK, *CLOCK_CHANGES, NEW_YEAR):
            self.demo._bring_mia(today)
            plan = self.demo._plan(self.branch, today, set())
            here = [wish for wish in plan if self.day_of(wish) == today]
            people = {person for w in here for _s, person, _t in w["appointments"]}
            with self.subTest(today=today):
                self.assertGreater(len(here), 12)
                self.assertIn(self.mia, people)
                self.assertLess(len(plan), 600)

    def test_the_same_day_gives_the_same_visits(self):
        first = self.demo._plan(self.branch, NEW_YEAR, set())
        self.assertEqual(first, self.demo._plan(self.branch, NEW_YEAR, set()))

    def test_nobody_comes_twice_a_day(self):
        plan = self.plan_all(NEW_YEAR)
        comings = [(self.day_of(w), w["client"]) for w in plan if w["client"]]
        self.assertEqual(len(comings), len(set(comings)))

    def test_nobody_works_in_two_branches_on_one_day(self):
        seen, places = set(), {}
        for branch in self.branches:
            for wish in self.demo._plan(branch, WEEK[3], seen):
                for _start, person, _service in wish["appointments"]:
                    key = (self.day_of(wish), person)
                    self.assertEqual(places.setdefault(key, branch), branch)

    @freeze_time("2031-10-26 14:45:00")
    def test_a_day_of_changing_clocks_is_lived_through(self):
        today, now = CLOCK_CHANGES[1], fields.Datetime.now()
        wishes, booked, seen = [], [], set()
        for branch in self.branches:
            planned = self.demo._plan(branch, today, seen)
            own = [wish for wish in planned if self.day_of(wish) == today]
            wishes += own
            booked += self.demo._book_wishes(branch, own, now)
        self.demo._live(booked, now)
        visits = self.env["salon.visit"].union(*(visit for visit, _wish in booked))
        self.assertGreater(len(visits), len(wishes) * 0.8)
        self.assertEqual(set(visits.mapped("business_date")), {today})
        self.assertIn("paid", visits.mapped("payment_state"))
        self.assertGreater(len(set(visits.mapped("state"))), 3)
        for appointment in visits.appointment_ids.filtered("done_at"):
            self.assertLessEqual(appointment.done_at, now)

    @freeze_time("2031-10-26 12:45:00")
    def test_a_time_that_is_taken_is_left_out_and_the_rest_is_booked(self):
        today, now = CLOCK_CHANGES[1], fields.Datetime.now()
        # The desk may do what clients online are sent to the telephone for.
        wishes = [
            {**wish, "source": "desk"}
            for wish in self.demo._plan(self.branch, today, set())
            if self.day_of(wish) > today
        ][:5]
        twice = [*wishes, {**wishes[0], "client": None}]
        booked = self.demo._book_wishes(self.branch, twice, now)
        self.assertEqual([wish for _visit, wish in booked], wishes)

    def test_three_branches_and_twenty_people_have_faces_and_services(self):
        staff = self.env["hr.employee"].search(
            [("salon_branch_ids", "in", self.branches.ids)]
        )
        made = staff.filtered(
            lambda person: person.get_external_id()[person.id].startswith("salon_")
        )
        self.assertEqual((len(self.branches), len(made)), (3, 20))
        for person in made:
            self.assertTrue(person.image_128, person.name)
            self.assertTrue(person.salon_skill_ids, person.name)
        self.assertTrue(any(len(person.salon_branch_ids) > 1 for person in made))
