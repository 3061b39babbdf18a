from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.salon_booking.engine import clock
from odoo.addons.salon_booking.engine.refusals import Refusal
from odoo.addons.salon_booking.tests.common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestTimeOff(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leave_type = cls.env["hr.leave.type"].create(
            {
                "name": "Holiday (test)",
                "requires_allocation": False,
                "leave_validation_type": "hr",
            }
        )
        cls.officer = new_test_user(
            cls.env, "test_officer", groups="hr_holidays.group_hr_holidays_manager"
        )

    def ask(self, staff=None, days=0, date=THURSDAY):
        return (
            self.env["hr.leave"]
            .with_context(leave_fast_create=True, mail_notify_force_send=False)
            .create(
                {
                    "employee_id": (staff or self.mia).id,
                    "holiday_status_id": self.leave_type.id,
                    "request_date_from": date,
                    "request_date_to": date + timedelta(days=days),
                }
            )
        )

    def approve(self, leave):
        leave.with_user(self.officer).action_approve()
        self.env.flush_all()

    def slots(self, staff=None, date=THURSDAY):
        return self.env["salon.availability"]._search_slots(
            self.branch, self.haircut, date, date, staff or self.mia
        )

    def test_approved_time_off_takes_the_free_times_away(self):
        self.assertTrue(self.slots())
        leave = self.ask()
        self.assertTrue(self.slots(), "a request alone takes nothing away")
        self.approve(leave)
        self.assertFalse(self.slots())
        self.assertTrue(self.slots(self.oleg))
        self.assertTrue(self.slots(date=THURSDAY + timedelta(days=1)))

    def test_refused_time_off_gives_them_back(self):
        before = self.slots()
        leave = self.ask()
        self.approve(leave)
        leave.with_user(self.officer).action_refuse()
        self.env.flush_all()
        self.assertEqual(self.slots(), before)

    def test_a_request_tells_how_many_clients_it_hits(self):
        self.book(self.haircut, at="10:00")
        self.book(self.haircut, at="14:00", client=self.bella)
        self.book(self.haircut, at="10:00", staff=self.oleg)
        self.book(self.haircut, at="10:00", date=THURSDAY + timedelta(days=1))
        cancelled = self.book(self.haircut, at="16:00")
        cancelled._set_state("cancelled")
        leave = self.ask()
        self.assertEqual(leave.with_user(self.officer).salon_booking_count, 2)

    def test_its_button_lists_these_visits(self):
        visit = self.book(self.haircut, at="10:00")
        self.book(self.haircut, at="10:00", staff=self.oleg)
        leave = self.ask()
        action = leave.action_view_salon_bookings()
        self.assertEqual(self.env["salon.visit"].search(action["domain"]), visit)

    def test_counting_many_requests_takes_one_query_for_bookings(self):
        leaves = self.ask() | self.ask(self.oleg)
        self.env.flush_all()
        self.env.invalidate_all()
        leaves.mapped("date_from")
        with self.assertQueryCount(4):
            leaves.mapped("salon_booking_count")

    def test_bookings_in_approved_time_off_are_listed_as_affected(self):
        # Soon: hours are kept as rows only so far ahead.
        soon = fields.Date.today() + timedelta(days=10)
        visit = self.book(self.haircut, at="10:00", date=soon)
        self.approve(self.ask(date=soon))
        affected = self.env["salon.displacement"].search(
            [("appointment_id", "in", visit.appointment_ids.ids)]
        )
        self.assertEqual(affected.state, "open")

    def test_only_who_approves_time_off_reads_its_type(self):
        self.approve(self.ask())
        _first, last = clock.day_bounds(THURSDAY, self.branch.tz)
        until = clock.to_minutes(self.at("18:00"))
        refusal = Refusal("on_leave", {"staff": self.mia.id}, until=until)
        for user, knows in ((self.officer, True), (self.receptionist, False)):
            says = self.env["salon.refusal"].with_user(user)
            text = says._say_on_leave(refusal.values, refusal, self.branch)
            self.assertEqual("Holiday (test)" in text, knows, text)
        self.assertGreater(last, until)

    def test_a_stranger_is_told_of_no_bookings(self):
        leave = self.ask()
        stranger = new_test_user(self.env, "test_stranger", groups="base.group_portal")
        with self.assertRaises(AccessError):
            leave.with_user(stranger).action_view_salon_bookings()
