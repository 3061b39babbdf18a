from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.salon_booking.tests.common import THURSDAY

from .common import MessagesCase


@tagged("post_install", "-at_install")
class TestOutbox(MessagesCase):
    def test_a_booking_is_confirmed_by_the_first_channel_that_reaches(self):
        visit = self.book(self.haircut, user=self.receptionist)
        message = self.messages()
        self.assertEqual(message.event_id, self.event("visit_booked"))
        self.assertEqual(message.visit_id, visit)
        self.assertEqual((message.channel, message.state), ("mail", "queued"))

    def test_without_an_email_the_client_is_sent_a_text(self):
        self.anna.email = False
        self.book(self.haircut, user=self.receptionist)
        self.assertEqual(self.messages().channel, "sms")

    def test_who_cannot_be_reached_stands_on_the_list_to_call(self):
        self.book(self.haircut, client=self.bella, user=self.receptionist)
        message = self.messages()
        self.assertEqual((message.state, message.reason), ("skipped", "no_address"))

    def test_queued_again_it_is_there_once(self):
        visit = self.book(self.haircut)
        for _try in range(2):
            self.assertEqual(self.messenger._queue("visit_booked", visit), 0)
        self.assertEqual(len(self.messages()), 1)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_the_same_message_twice(self):
        self.book(self.haircut)
        message = self.messages()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                """INSERT INTO salon_message (event_id, res_model, res_id, partner_id,
                        channel, cadence, occasion, state, not_before)
                   SELECT event_id, res_model, res_id, partner_id, channel, cadence,
                          occasion, 'queued', not_before
                     FROM salon_message WHERE id = %s""",
                [message.id],
            )

    def test_nobody_is_told_of_what_is_over_or_of_a_walk_in(self):
        self.book(self.haircut, date=fields.Date.to_date("2031-06-09"))
        visit = self.book(self.haircut)
        self.env["salon.booking"]._book(
            self.branch,
            self.anna,
            [{"product_id": self.haircut.id, "start": self.at("14:00")}],
            source="walk_in",
        )
        self.assertEqual(self.messages().visit_id, visit)

    def test_a_moved_visit_is_told_once_and_after_a_while(self):
        visit = self.book(self.haircut)
        self.send()
        for hour in ("11:00", "12:00"):
            visit.appointment_ids.start = self.at(hour)
        first, second = self.messages("visit_changed")
        self.assertEqual((first.state, first.reason), ("cancelled", "outdated"))
        self.assertEqual(second.state, "queued")
        self.assertEqual(str(second.not_before), "2031-06-10 08:05:00")
        self.send("2031-06-10 08:06:00")
        self.assertIn("12:00", second.body)

    def test_moved_back_before_anybody_was_told_there_is_nothing_to_tell(self):
        visit = self.book(self.haircut)
        self.send()
        visit.appointment_ids.start = self.at("11:00")
        visit.appointment_ids.start = self.at("10:00")
        self.assertEqual(self.messages("visit_changed").mapped("state"), ["cancelled"])

    def test_a_confirmation_that_has_not_left_tells_the_new_time(self):
        visit = self.book(self.haircut)
        visit.appointment_ids.start = self.at("11:00")
        self.assertFalse(self.messages("visit_changed"))
        self.send()
        self.assertIn("11:00", self.messages("visit_booked").body)

    def test_told_by_the_desk_it_leaves_at_once_and_spared_it_stays(self):
        visit = self.book(self.haircut)
        self.send()
        visit.appointment_ids.start = self.at("11:00")
        self.assertFalse(visit._notify_client("mail_template_visit_moved"))
        told = self.messages("visit_changed", state="queued")
        self.assertEqual(str(told.not_before), "2031-06-10 08:00:00")
        visit._spare_client()
        self.assertEqual((told.state, told.reason), ("cancelled", "by_hand"))

    def test_the_desk_learns_who_cannot_be_told(self):
        visit = self.book(self.haircut, client=self.bella)
        visit.appointment_ids.start = self.at("11:00")
        self.assertEqual(visit._notify_client("mail_template_visit_moved"), visit)

    def test_cancelled_in_time_the_confirmation_stays_here(self):
        visit = self.book(self.haircut, user=self.receptionist)
        visit.with_user(self.receptionist)._set_state("cancelled", "ill")
        states = {one.event_id.code: one.state for one in self.messages()}
        self.assertEqual(
            states, {"visit_booked": "cancelled", "visit_cancelled": "queued"}
        )

    def test_reopened_it_is_confirmed_again_and_the_cancellation_is_not_told(self):
        visit = self.book(self.haircut)
        visit._set_state("cancelled")
        visit._set_state("booked")
        self.assertEqual(self.messages("visit_cancelled").state, "cancelled")
        self.assertEqual(
            self.messages("visit_booked").mapped("state"), ["cancelled", "queued"]
        )

    def test_a_done_visit_is_thanked_for_two_hours_later(self):
        visit = self.book(self.haircut)
        visit._set_state("done")
        thanks = self.messages("visit_thanks")
        self.assertEqual(str(thanks.not_before), "2031-06-10 10:00:00")

    def test_managers_hear_of_a_no_show_and_staff_of_an_arrival(self):
        visit = self.book(self.haircut)
        visit.with_user(self.receptionist)._set_state("arrived")
        self.assertEqual(
            self.messages("client_arrived").partner_id, self.stylist.partner_id
        )
        missed = self.book(self.haircut, at="12:00")
        missed.with_user(self.receptionist)._set_state("no_show")
        told = self.messages("manager_no_show").partner_id
        self.assertIn(self.manager.partner_id, told)
        self.assertNotIn(self.stylist.partner_id, told)

    def test_who_books_is_not_told_of_it(self):
        self.book(self.haircut, user=self.receptionist)
        self.assertTrue(self.messages("staff_booked"))
        self.stylist.group_ids |= self.env.ref("salon_booking.group_salon_receptionist")
        self.messages("staff_booked").unlink()
        self.book(self.haircut, at="12:00", user=self.stylist)
        self.assertFalse(self.messages("staff_booked"))

    def test_an_event_is_switched_off_everywhere_or_in_one_branch(self):
        event = self.event("visit_booked")
        event.off_branch_ids = self.branch
        self.book(self.haircut)
        self.assertFalse(self.messages())
        event.write({"off_branch_ids": False, "active": False})
        self.book(self.haircut, at="12:00")
        self.assertFalse(self.messages())
        event.active = True
        self.book(self.haircut, at="14:00")
        self.assertTrue(self.messages())

    def test_booking_costs_few_queries_more_than_without_messages(self):
        self.book(self.haircut, at="09:00")
        self.env.flush_all()

        def queries(at):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.book(self.haircut, at=at)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries("10:00")
        told = queries("11:00")
        self.event("visit_booked").active = False
        self.event("staff_booked").active = False
        queries("12:00")
        self.assertLessEqual(told - queries("13:00"), 20)

    def test_the_desk_reads_the_outbox_and_writes_nothing_by_hand(self):
        self.book(self.haircut)
        message = self.messages()
        desk = message.with_user(self.receptionist)
        self.assertEqual(desk.state, "queued")
        with self.assertRaises(AccessError):
            desk.write({"state": "sent"})
        with self.assertRaises(AccessError):
            desk.create({"event_id": message.event_id.id})
        desk.action_cancel()
        self.assertEqual((message.state, message.reason), ("cancelled", "by_hand"))
        with self.assertRaises(AccessError):
            message.with_user(self.stylist).action_resend()

    def test_a_branch_does_not_see_messages_of_another_one(self):
        self.book(self.haircut)
        other = self.branch.copy({"name": "Other"})
        self.receptionist.salon_branch_ids = other
        self.assertFalse(
            self.env["salon.message"].with_user(self.receptionist).search([])
        )

    def test_the_roster_is_told_to_each_once(self):
        shifts = self.env["salon.shift"].create(
            [
                {
                    "staff_id": self.mia.id,
                    "branch_id": self.branch.id,
                    "business_date": fields.Date.add(THURSDAY, days=day),
                    "time_from": 9,
                    "time_to": 18,
                    "is_published": False,
                }
                for day in range(3)
            ]
        )
        shifts.with_user(self.manager).is_published = True
        self.assertEqual(
            self.messages("roster_published").partner_id, self.stylist.partner_id
        )
        self.assertEqual(len(self.messages("roster_published")), 1)
        shifts[0].with_user(self.manager).time_from = 10
        changed = self.messages("roster_changed")
        self.send("2031-06-10 08:11:00")
        self.assertIn("10:00", changed.body)

    def test_a_paid_bill_sends_a_receipt_once(self):
        visit = self.book(self.haircut)
        bill = self.checkout(visit, 55, user=self.receptionist)["invoice"]
        bill.sudo()._on_salon_bill_paid()
        receipt = self.messages("receipt")
        self.assertEqual(len(receipt), 1)
        self.assertEqual(receipt.visit_id, visit)
