from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..engine import clock
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestAvailability(SalonCase):
    def offered(self, service, staff=None, day=THURSDAY, until=None, branch=None):
        """What is offered, as (wall time, staff) pairs of one day."""
        branch = branch or self.branch
        slots = self.env["salon.availability"]._search_slots(
            branch, service, day, until or day, staff
        )
        employees = self.env["hr.employee"].browse
        return [
            (
                clock.local(slot.start, branch.tz).strftime("%H:%M"),
                employees(slot.staff),
            )
            for slot in slots
        ]

    def times(self, service, staff=None, day=THURSDAY, branch=None):
        found = self.offered(service, staff or self.mia, day, branch=branch)
        return [time for time, _staff in found]

    def test_the_day_is_offered_from_opening_to_the_last_fitting_time(self):
        times = self.times(self.haircut)
        self.assertEqual(times[0], "09:00")
        self.assertEqual(times[-1], "17:15")

    def test_everything_offered_can_be_booked(self):
        self.book(self.colour, at="10:00")
        self.book(self.haircut, at="13:20")
        slots = self.env["salon.availability"]._search_slots(
            self.branch, self.blowdry, THURSDAY, THURSDAY
        )
        self.assertTrue(slots)
        for slot in slots:
            with self.env.cr.savepoint() as savepoint:
                self.env["salon.booking"]._book(
                    self.branch,
                    self.anna,
                    [
                        {
                            "product_id": self.blowdry.id,
                            "staff_id": slot.staff,
                            "start": clock.to_utc(slot.start),
                        }
                    ],
                )
                savepoint.rollback()

    def test_what_is_booked_is_not_offered_until_it_is_cancelled(self):
        before = self.offered(self.haircut)
        visit = self.book(self.haircut, at="11:00")
        self.assertNotIn("11:00", self.times(self.haircut))
        visit._set_state("cancelled")
        self.assertEqual(self.offered(self.haircut), before)

    def test_processing_time_is_offered_to_others(self):
        self.book(self.colour, at="10:00")
        times = self.times(self.blowdry)
        self.assertIn("10:30", times)
        self.assertNotIn("10:45", times)

    def test_time_off_is_not_offered(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Dentist",
                "resource_id": self.mia.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": self.at("12:00"),
                "date_to": self.at("15:00"),
            }
        )
        times = self.times(self.haircut)
        self.assertIn("11:15", times)
        self.assertNotIn("11:30", times)
        self.assertIn("15:00", times)

    def test_a_public_holiday_closes_the_branch(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": self.at("00:00"),
                "date_to": self.at("23:59"),
            }
        )
        self.assertEqual(self.offered(self.haircut), [])

    def test_only_those_who_can_do_it_are_offered(self):
        self.oleg.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.colour.product_tmpl_id
        ).unlink()
        people = {staff for _time, staff in self.offered(self.colour)}
        self.assertEqual(people, {self.mia})

    def test_own_minutes_lengthen_the_service(self):
        self.mia.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        ).duration_minutes = 90
        self.assertEqual(self.times(self.haircut)[-1], "16:30")
        visit = self.book(self.haircut, at="16:30")
        self.assertEqual(visit.stop, self.at("18:00"))

    def test_somebody_of_another_branch_is_not_offered(self):
        other = self.env["salon.branch"].create(
            {"name": "Other", "resource_calendar_id": self.calendar.id}
        )
        self.mia.salon_branch_ids = [Command.set(other.ids)]
        people = {staff for _time, staff in self.offered(self.haircut)}
        self.assertEqual(people, {self.oleg})

    def test_the_past_is_not_offered(self):
        with freeze_time(self.at("14:07")):
            self.assertEqual(self.times(self.haircut)[0], "14:15")
        with freeze_time(self.at("23:00")):
            self.assertEqual(self.offered(self.haircut), [])

    def test_a_branch_open_around_the_clock_has_every_hour_of_a_long_day(self):
        """The autumn clock change: 25 hours, so 97 starts of 60 minutes by quarters."""
        branch = self.env["salon.branch"].create(
            {
                "name": "Night",
                "tz": "Europe/Brussels",
                "resource_calendar_id": False,
            }
        )
        self.mia.salon_branch_ids = [Command.set(branch.ids)]
        self.mia.resource_id.calendar_id = False
        long_day = date(2031, 10, 26)
        found = self.times(self.haircut, day=long_day, branch=branch)
        self.assertEqual(len(found), 25 * 4)

    def test_a_search_costs_the_same_queries_for_many_people_and_days(self):
        staff = self.env["hr.employee"].create(
            [
                {
                    "name": f"Person {number}",
                    "is_salon_staff": True,
                    "salon_branch_ids": [Command.set(self.branch.ids)],
                    "resource_calendar_id": self.calendar.id,
                    "salon_skill_ids": [
                        Command.create(
                            {"product_tmpl_id": self.haircut.product_tmpl_id.id}
                        )
                    ],
                }
                for number in range(12)
            ]
        )

        def queries(people, until):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.offered(self.haircut, people, until=until)
            return self.env.cr.sql_log_count - before

        queries(staff, THURSDAY)
        few = queries(staff[:2], THURSDAY)
        many = queries(staff, datetime(2031, 6, 25).date())
        self.assertEqual(few, many)

    def test_the_search_dialog_books_what_it_shows(self):
        wizard = (
            self.env["salon.booking.wizard"]
            .with_user(self.receptionist)
            .create(
                {
                    "branch_id": self.branch.id,
                    "client_id": self.anna.id,
                    "product_id": self.haircut.id,
                    "staff_id": self.oleg.id,
                    "date_from": THURSDAY,
                    "days": 1,
                }
            )
        )
        oleg = wizard.slots["days"][0]["people"][0]
        self.assertEqual(oleg["name"], self.oleg.name)
        action = wizard.action_book(oleg["times"][0]["start"], oleg["id"])
        visit = self.env["salon.visit"].browse(action["res_id"])
        self.assertEqual(visit.client_id, self.anna)
        self.assertEqual(visit.start, self.at("09:00"))
        self.assertTrue(visit.appointment_ids.is_requested)

    def test_opening_hours_are_on_the_clock_of_each_branch(self):
        """The calendar is one of Brussels; nine o'clock is nine in Lisbon too."""
        lisbon = self.env["salon.branch"].create(
            {
                "name": "Lisbon",
                "tz": "Europe/Lisbon",
                "resource_calendar_id": self.calendar.id,
            }
        )
        self.mia.salon_branch_ids = [Command.set(lisbon.ids)]
        self.mia.resource_id.calendar_id = False
        times = self.times(self.haircut, branch=lisbon)
        self.assertEqual((times[0], times[-1]), ("09:00", "17:15"))

    def test_a_leave_entered_after_the_search_refuses_the_shown_time(self):
        dialog = (
            self.env["salon.booking.wizard"]
            .with_user(self.receptionist)
            .create(
                {
                    "branch_id": self.branch.id,
                    "product_id": self.haircut.id,
                    "date_from": THURSDAY,
                }
            )
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": self.mia.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": self.at("08:00"),
                "date_to": self.at("20:00"),
            }
        )
        with self.assertRaises(SlotTaken):
            dialog.action_book(clock.to_minutes(self.at("10:00")), self.mia.id)
