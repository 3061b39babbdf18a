from odoo import Command
from odoo.tests import tagged

from .test_busy_events import CalendarCase


@tagged("post_install", "-at_install")
class TestMirroredBookings(CalendarCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mia.salon_mirrors_to_calendar = True

    def run_mirror(self):
        self.env["salon.calendar.mirror"]._run()
        self.env.flush_all()

    def shown(self):
        return self.env["calendar.event"].search(
            [("salon_appointment_id.staff_id", "=", self.mia.id)]
        )

    def test_a_booking_appears_in_the_persons_calendar(self):
        visit = self.book(self.haircut, at="10:00")
        self.run_mirror()
        event = self.shown()
        self.assertEqual((event.start, event.stop), (visit.start, visit.stop))
        self.assertEqual(event.user_id, self.stylist)
        self.assertEqual(event.partner_ids, self.stylist.partner_id)
        self.assertFalse(event.alarm_ids)

    def test_nobody_is_mailed_or_notified(self):
        before = self.env["mail.message"].search_count([])
        mails = self.env["mail.mail"].search_count([])
        visit = self.book(self.haircut, at="10:00")
        messages = self.env["mail.message"].search_count([])
        self.run_mirror()
        visit.appointment_ids.start = self.at("14:00")
        self.run_mirror()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        events = self.env["mail.message"].search_count(
            [("model", "=", "calendar.event"), ("res_id", "in", self.shown().ids)]
        )
        self.assertEqual(events, 0)
        self.assertGreaterEqual(messages, before)

    def test_a_moved_booking_moves_its_event(self):
        visit = self.book(self.haircut, at="10:00")
        self.run_mirror()
        event = self.shown()
        visit.appointment_ids.start = self.at("14:00")
        self.run_mirror()
        self.assertEqual(self.shown(), event)
        self.assertEqual(event.start, self.at("14:00"))

    def test_a_cancelled_booking_or_another_person_removes_it(self):
        first = self.book(self.haircut, at="10:00")
        second = self.book(self.haircut, at="12:00")
        self.run_mirror()
        self.assertEqual(len(self.shown()), 2)
        first._set_state("cancelled")
        second.appointment_ids.staff_id = self.oleg
        self.run_mirror()
        self.assertFalse(
            self.env["calendar.event"].search(
                [("salon_appointment_id", "in", (first | second).appointment_ids.ids)]
            )
        )

    def test_a_shown_booking_never_takes_time_itself(self):
        visit = self.book(self.haircut, at="10:00")
        self.run_mirror()
        self.assertFalse(self.env["salon.calendar.busy"].search([]))
        visit._set_state("cancelled")
        self.assertTrue(self.is_free("10:00"))

    def test_what_the_person_changes_there_is_put_right_again(self):
        self.book(self.haircut, at="10:00")
        self.run_mirror()
        event = self.shown()
        event.with_context(skip_attendee_notification=True).write(
            {"start": self.at("16:00"), "stop": self.at("17:00")}
        )
        self.run_mirror()
        self.assertEqual(event.start, self.at("10:00"))

    def test_who_does_not_wish_it_any_more_has_none(self):
        self.book(self.haircut, at="10:00")
        self.run_mirror()
        self.mia.salon_mirrors_to_calendar = False
        self.run_mirror()
        self.assertFalse(self.shown())

    def test_running_again_changes_nothing(self):
        self.book(self.haircut, at="10:00")
        self.run_mirror()
        event = self.shown()
        before = event.write_date
        self.run_mirror()
        self.assertEqual(self.shown(), event)
        self.assertEqual(event.write_date, before)

    def test_a_change_of_a_booking_asks_for_a_look(self):
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("salon_calendar.ir_cron_mirror_bookings")
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.book(self.haircut, at="10:00")
        self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)


@tagged("post_install", "-at_install")
class TestMirroredClasses(CalendarCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mia.salon_mirrors_to_calendar = True
        yoga = cls._service("Yoga", 20, [("work", 60)])
        yoga.write({"is_salon_group_service": True, "salon_group_capacity": 4})
        cls.event = cls.env["salon.group.event"].create(
            {
                "product_id": yoga.id,
                "branch_id": cls.branch.id,
                "staff_ids": [Command.set(cls.mia.ids)],
                "start": cls.at("10:00"),
            }
        )

    def shown(self):
        """What the calendar holds once the job has run."""
        self.env["salon.calendar.mirror"]._run()
        self.env.flush_all()
        return self.env["calendar.event"].search(
            [("user_id", "=", self.stylist.id), ("start", ">=", self.at("00:00"))]
        )

    def join(self, client):
        return self.env["salon.booking"]._join(self.event, client)

    def test_a_class_appears_before_anybody_takes_part(self):
        shown = self.shown()
        self.assertEqual(shown.name, "Yoga")
        self.assertEqual((shown.start, shown.stop), (self.event.start, self.event.stop))
        self.assertEqual(shown.partner_ids, self.stylist.partner_id)

    def test_a_class_is_one_event_however_many_take_part(self):
        before = self.shown()
        self.join(self.anna)
        self.join(self.bella)
        self.assertEqual(len(before), 1)
        self.assertEqual(self.shown(), before)

    def test_each_who_holds_a_class_and_wishes_it_sees_it(self):
        self.oleg.user_id = self.receptionist
        self.event.staff_ids |= self.oleg
        for wishes in (False, True):
            self.oleg.salon_mirrors_to_calendar = wishes
            people = self.stylist | self.receptionist if wishes else self.stylist
            self.shown()
            events = self.env["calendar.event"].search(
                [("salon_group_event_id", "=", self.event.id)]
            )
            self.assertEqual(events.user_id, people)
            self.assertEqual(len(events), len(people))

    def test_a_moved_class_moves_its_event_and_a_cancelled_one_has_none(self):
        before = self.shown()
        self.event.start = self.at("14:00")
        self.assertEqual(self.shown(), before)
        self.assertEqual(before.start, self.at("14:00"))
        self.event._cancel("Nobody came")
        self.assertFalse(self.shown())

    def test_a_shown_class_takes_no_time_itself(self):
        self.shown()
        self.assertFalse(self.env["salon.calendar.busy"].search([]))
        self.event._cancel("Nobody came")
        self.assertTrue(self.is_free("10:00"))

    def test_a_change_of_a_class_asks_for_a_look(self):
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("salon_calendar.ir_cron_mirror_bookings")
        asked = [("cron_id", "=", cron.id)]
        for change in (
            lambda: self.event.write({"start": self.at("14:00")}),
            lambda: self.event._cancel("Nobody came"),
        ):
            before = triggers.search_count(asked)
            change()
            self.assertGreater(triggers.search_count(asked), before)
