from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.salon_booking.engine import clock
from odoo.addons.salon_booking.exceptions import SlotTaken
from odoo.addons.salon_booking.tests.common import THURSDAY, SalonCase


class CalendarCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mia.write({"salon_blocks_by_calendar": True, "tz": "Europe/Brussels"})
        cls.env.flush_all()

    @classmethod
    def event(cls, start="10:00", stop="11:00", user=None, **values):
        return (
            cls.env["calendar.event"]
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Dentist",
                    "start": cls.at(start),
                    "stop": cls.at(stop),
                    "user_id": cls.stylist.id,
                    "partner_ids": [Command.set(cls.stylist.partner_id.ids)],
                    **values,
                }
            )
        )

    def is_free(self, at="10:00", date=THURSDAY):
        slots = self.env["salon.availability"]._search_slots(
            self.branch, self.haircut, date, date, self.mia
        )
        return clock.to_minutes(self.at(at, date)) in {slot.start for slot in slots}


@tagged("post_install", "-at_install")
class TestBusyEvents(CalendarCase):
    def test_a_busy_event_takes_the_time(self):
        self.event()
        self.assertFalse(self.is_free("10:00"))
        self.assertTrue(self.is_free("11:00"))
        with self.assertRaises(SlotTaken):
            self.book(self.haircut, at="10:30")

    def test_an_event_of_somebody_who_does_not_wish_it_takes_nothing(self):
        self.mia.salon_blocks_by_calendar = False
        self.event()
        self.assertTrue(self.is_free())

    def test_wishing_it_later_counts_for_events_that_are_there(self):
        self.mia.salon_blocks_by_calendar = False
        self.event()
        self.mia.salon_blocks_by_calendar = True
        self.assertFalse(self.is_free())
        self.mia.salon_blocks_by_calendar = False
        self.assertTrue(self.is_free())

    def test_an_event_shown_as_free_takes_nothing(self):
        event = self.event(show_as="free")
        self.assertTrue(self.is_free())
        event.show_as = "busy"
        self.assertFalse(self.is_free())

    def test_who_declines_is_free(self):
        event = self.event()
        event.attendee_ids.state = "declined"
        self.assertTrue(self.is_free())
        event.attendee_ids.state = "accepted"
        self.assertFalse(self.is_free())

    def test_an_invitation_takes_the_time_once_it_is_accepted(self):
        event = self.event(user_id=self.owner.id)
        invited = event.attendee_ids
        self.assertEqual(invited.state, "needsAction")
        self.assertTrue(self.is_free())
        for answer, is_free in (
            ("accepted", False),
            ("tentative", True),
            ("accepted", False),
            ("needsAction", True),
        ):
            invited.state = answer
            self.assertEqual(self.is_free(), is_free, answer)

    def test_who_organizes_an_event_is_busy_without_an_answer(self):
        event = self.event()
        event.attendee_ids.state = "needsAction"
        self.assertFalse(self.is_free())

    def test_a_moved_event_frees_the_old_time(self):
        event = self.event()
        event.with_context(skip_attendee_notification=True).write(
            {"start": self.at("14:00"), "stop": self.at("15:00")}
        )
        self.assertTrue(self.is_free("10:00"))
        self.assertFalse(self.is_free("14:00"))

    def test_a_deleted_or_archived_event_frees_the_time(self):
        first, second = self.event(), self.event("14:00", "15:00")
        first.unlink()
        second.active = False
        self.assertTrue(self.is_free("10:00"))
        self.assertTrue(self.is_free("14:00"))
        self.assertFalse(
            self.env["salon.occupancy"].search([("calendar_busy_id", "!=", False)])
        )

    def test_an_all_day_event_takes_the_day_of_the_persons_zone(self):
        self.event(allday=True, start_date=THURSDAY, stop_date=THURSDAY)
        row = self.env["salon.calendar.busy"].search([("staff_id", "=", self.mia.id)])
        self.assertEqual(
            (row.start, row.stop),
            (self.at("00:00"), self.at("00:00", THURSDAY + timedelta(days=1))),
        )
        self.assertFalse(self.is_free("17:00"))
        self.assertTrue(self.is_free("09:00", THURSDAY + timedelta(days=1)))

    def test_each_date_of_a_recurring_event_takes_time(self):
        self.event(
            recurrency=True,
            rrule_type="weekly",
            thu=True,
            interval=1,
            end_type="count",
            count=3,
            event_tz="Europe/Brussels",
        )
        for week in range(4):
            date = THURSDAY + timedelta(weeks=week)
            self.assertEqual(self.is_free(date=date), week == 3, date)

    def test_overlapping_events_are_no_conflict(self):
        first = self.event("10:00", "12:00")
        self.event("11:00", "13:00")
        self.assertFalse(self.is_free("12:00"))
        first.unlink()
        self.env["salon.calendar.sync"]._retake()
        self.assertTrue(self.is_free("10:00"))
        self.assertFalse(self.is_free("11:00"))

    def test_an_event_over_a_booking_lists_it_and_takes_the_rest(self):
        visit = self.book(self.haircut, at="10:00")
        self.event("10:00", "12:00")
        affected = self.env["salon.displacement"].search(
            [("appointment_id", "in", visit.appointment_ids.ids)]
        )
        self.assertEqual(affected.state, "open")
        self.assertNotIn("Dentist", affected.reason)
        self.assertFalse(self.is_free("11:00"))

    def test_when_the_booking_is_gone_its_time_is_taken_as_well(self):
        visit = self.book(self.haircut, at="10:00")
        self.event("10:00", "12:00")
        visit._set_state("cancelled")
        self.env["salon.calendar.sync"]._retake()
        self.assertFalse(self.is_free("10:00"))

    def test_the_nightly_check_keeps_the_booking_in_the_list(self):
        visit = self.book(self.haircut, at="10:00")
        event = self.event("10:00", "12:00")
        displacement = self.env["salon.displacement"]
        displacement._check(visit.appointment_ids)
        affected = displacement.search(
            [("appointment_id", "in", visit.appointment_ids.ids)]
        )
        self.assertEqual(affected.state, "open")
        event.unlink()
        self.assertEqual(affected.state, "gone")

    def test_a_user_without_salon_rights_keeps_an_own_calendar(self):
        self.stylist.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.book(self.haircut, at="10:00")
        self.env["calendar.event"].with_user(self.stylist).create(
            {"name": "Own", "start": self.at("10:00"), "stop": self.at("12:00")}
        )
        self.assertFalse(self.is_free("11:00"))
