from datetime import timedelta

from odoo.tests import tagged

from .common import MessagesCase


@tagged("post_install", "-at_install")
class TestReminders(MessagesCase):
    """Visits on THURSDAY, 10:00 in Brussels, which is 8:00 UTC."""

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.haircut)
        self.send()

    def cadences(self):
        return self.messages("visit_reminder").mapped("cadence")

    def test_reminded_a_day_and_two_hours_before(self):
        self.assertEqual(self.remind("2031-06-11 07:30:00"), 0)
        self.assertEqual(self.remind("2031-06-11 08:00:00"), 1)
        self.assertEqual(self.remind("2031-06-11 08:10:00"), 0)
        self.assertEqual(self.cadences(), [24 * 60])
        self.send("2031-06-11 08:10:00")
        self.assertEqual(self.remind("2031-06-12 06:00:00"), 0)

    def test_in_quiet_hours_the_reminder_waits_for_their_end(self):
        """8:00 in Brussels is quiet until 9:00, an hour before the visit."""
        self.remind("2031-06-12 06:50:00")
        late = self.messages("visit_reminder")
        self.assertEqual(late.cadence, 2 * 60)
        self.assertEqual(str(late.not_before), "2031-06-12 07:00:00")

    def test_before_an_early_visit_the_reminder_leaves_before_the_quiet_hours(self):
        early = self.book(self.haircut, at="09:00", staff=self.oleg)
        self.remind("2031-06-11 17:50:00")
        late = self.messages("visit_reminder", visit_id=early.id, cadence=120)
        self.assertEqual(str(late.not_before), "2031-06-11 17:59:00")

    def test_what_comes_late_waits_for_the_end_of_the_quiet_hours(self):
        """Quiet from 20:00 to 9:00 in Brussels, and the clock stood still meanwhile."""
        self.remind("2031-06-11 08:00:00")
        late = self.messages("visit_reminder")
        self.send("2031-06-11 18:30:00")
        self.assertEqual(late.state, "queued")
        self.assertEqual(str(late.not_before), "2031-06-12 07:00:00")
        self.send("2031-06-12 07:00:00")
        self.assertEqual(late.state, "sending")

    def test_what_was_to_leave_right_before_the_quiet_hours_still_leaves(self):
        early = self.book(self.haircut, at="09:00", staff=self.oleg)
        self.remind("2031-06-11 17:50:00")
        late = self.messages("visit_reminder", visit_id=early.id, cadence=120)
        self.send("2031-06-11 18:03:00")
        self.assertEqual(late.state, "sending")

    def test_refused_in_the_evening_the_next_channel_waits_for_the_morning(self):
        self.remind("2031-06-11 08:00:00")
        mail = self.messages("visit_reminder")
        self.send("2031-06-11 08:00:00")
        with self.later("2031-06-11 18:30:00"):
            mail.mail_id.write({"state": "exception", "failure_reason": "No"})
        self.send("2031-06-11 18:31:00")
        text = self.messages("visit_reminder") - mail
        self.assertEqual((text.channel, text.state), ("sms", "queued"))
        self.assertEqual(str(text.not_before), "2031-06-12 07:00:00")

    def test_by_any_cadence(self):
        self.env["salon.message.cadence"].create(
            {"event_id": self.event("visit_reminder").id, "hours": 36}
        )
        self.remind("2031-06-11 06:50:00")
        self.assertEqual(self.cadences(), [36 * 60])

    def test_who_has_answered_is_not_reminded(self):
        self.visit._set_state("confirmed")
        self.assertEqual(self.remind("2031-06-11 08:00:00"), 0)

    def test_an_answer_keeps_back_the_reminder_that_waits(self):
        self.remind("2031-06-11 07:50:00")
        self.visit._set_state("confirmed")
        self.assertEqual(self.messages("visit_reminder").state, "cancelled")

    def test_a_moved_visit_is_reminded_of_its_new_time(self):
        self.remind("2031-06-11 08:00:00")
        with self.later("2031-06-11 08:05:00"):
            self.visit.appointment_ids.start += timedelta(days=1)
        self.assertEqual(self.messages("visit_reminder").state, "cancelled")
        self.assertEqual(self.remind("2031-06-11 09:00:00"), 0)
        self.assertEqual(self.remind("2031-06-12 08:00:00"), 1)

    def test_moved_away_and_back_it_is_reminded_of_all_the_same(self):
        self.remind("2031-06-11 07:50:00")
        with self.later("2031-06-11 07:51:00"):
            self.visit.appointment_ids.start += timedelta(days=1)
            self.visit.appointment_ids.start -= timedelta(days=1)
        self.assertEqual(self.remind("2031-06-11 08:00:00"), 1)

    def test_who_has_just_booked_is_not_reminded_at_once(self):
        self.env.cr.execute(
            "UPDATE salon_visit SET create_date = '2031-06-11 07:30' WHERE id = %s",
            [self.visit.id],
        )
        self.assertEqual(self.remind("2031-06-11 08:00:00"), 0)

    def test_a_clock_that_stood_still_reminds_late_but_not_twice(self):
        self.assertEqual(self.remind("2031-06-11 20:00:00"), 1)
        self.assertEqual(self.cadences(), [24 * 60])
        self.assertEqual(self.remind("2031-06-12 07:45:00"), 0)

    def test_the_number_of_queries_does_not_depend_on_the_number_of_visits(self):
        def queries(day):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.remind(f"2031-06-{day}:00:00")
            return self.env.cr.sql_log_count - before

        alone = queries("11 08")
        for hour in range(11, 18):
            visit = self.book(self.haircut, at=f"{hour}:00")
            visit.appointment_ids.start += timedelta(days=1)
        self.assertLessEqual(queries("12 15"), alone)
        self.assertEqual(len(self.cadences()), 8)
