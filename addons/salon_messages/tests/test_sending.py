from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MessagesCase

SENDER = "odoo.addons.salon_messages.services.salon_message_sender"


@tagged("post_install", "-at_install")
class TestSending(MessagesCase):
    def setUp(self):
        super().setUp()
        self.visit = self.book(self.haircut, user=self.receptionist)
        self.message = self.messages()

    def test_a_mail_is_handed_to_the_hosts_queue_once(self):
        self.send()
        self.send()
        mail = self.env["mail.mail"].search(
            [("model", "=", "salon.visit"), ("res_id", "=", self.visit.id)]
        )
        self.assertEqual(mail, self.message.mail_id)
        self.assertEqual(mail.recipient_ids, self.anna)
        self.assertEqual(self.message.state, "sending")
        self.assertIn("10:00", mail.subject)
        self.assertRegex(self.message.body, "https?://")

    def test_what_the_mail_server_says_stands_on_the_message(self):
        self.send()
        self.message.mail_id.write({"state": "sent"})
        self.assertEqual(self.message.state, "sent")
        self.assertTrue(self.message.sent_at)

    def test_a_refused_mail_is_followed_by_a_text(self):
        self.send()
        self.message.mail_id.write(
            {"state": "exception", "failure_reason": "No such mailbox"}
        )
        self.assertEqual(self.message.state, "failed")
        self.assertEqual(self.message.failure, "No such mailbox")
        text = self.messages() - self.message
        self.assertEqual((text.channel, text.origin_id), ("sms", self.message))
        self.assertFalse(self.messages("manager_failed"))
        self.send()
        self.assertEqual(text.state, "sending")
        self.assertEqual(text.address, "+32470123456")

    def test_a_mail_that_comes_back_is_followed_by_a_text(self):
        self.send()
        mail = self.message.mail_id
        mail.write({"state": "sent"})
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": self.anna.email_normalized,
                "bounced_partner": self.anna,
                "bounced_msg_ids": [mail.message_id],
                "bounced_message": mail.mail_message_id,
                "body": "<p>No such user</p>",
                "email_from": "mailer-daemon@salon.test",
                "to": "bounce@salon.test",
                "message_id": "<bounce@salon.test>",
            },
        )
        self.assertEqual(
            (self.message.state, self.message.reason), ("failed", "gateway")
        )
        self.assertIn("No such user", self.message.failure)
        self.assertEqual((self.messages() - self.message).channel, "sms")

    def test_when_no_channel_is_left_managers_are_told_once(self):
        self.anna.phone = False
        other = self.book(self.haircut, at="12:00")
        self.send()
        messages = self.message | self.messages(visit_id=other.id)
        for message in messages:
            message.mail_id.write({"state": "exception", "failure_reason": "No"})
        self.send()
        told = self.messages("manager_failed", partner_id=self.manager.partner_id.id)
        self.assertEqual(len(told), 1)
        self.assertIn("2 messages", told.body)

    def test_a_text_counts_its_parts_and_hears_of_delivery(self):
        self.company.salon_sms_cost = 0.05
        self.anna.email = False
        visit = self.book(self.haircut, at="12:00")
        self.send()
        text = self.messages(visit_id=visit.id)
        self.assertGreaterEqual(text.cost, 0.05)
        tracker = self.env["sms.tracker"].search(
            [("sms_uuid", "=", text.provider_reference)]
        )
        tracker._action_update_from_sms_state("pending")
        self.assertEqual(text.state, "sent")
        tracker._action_update_from_sms_state("sent")
        self.assertEqual(text.state, "delivered")
        tracker._action_update_from_sms_state("pending")
        self.assertEqual(text.state, "delivered")

    def test_an_error_of_the_gateway_is_a_failure(self):
        self.anna.email = False
        visit = self.book(self.haircut, at="12:00")
        self.send()
        text = self.messages(visit_id=visit.id)
        self.env["sms.tracker"].search(
            [("sms_uuid", "=", text.provider_reference)]
        )._action_update_from_provider_error("not_delivered")
        self.assertEqual(text.state, "failed")

    def test_what_is_not_true_any_more_does_not_leave(self):
        """Even if nobody kept it back in time."""
        self.env.cr.execute(
            "UPDATE salon_visit SET state = 'cancelled' WHERE id = %s",
            [self.visit.id],
        )
        self.env.invalidate_all()
        self.send()
        self.assertEqual(
            (self.message.state, self.message.reason), ("cancelled", "outdated")
        )

    @mute_logger(SENDER)
    def test_a_channel_that_breaks_is_tried_again_later_and_in_the_end_given_up(self):
        channel = type(self.env["salon.channel.mail"])
        with patch.object(channel, "_send", side_effect=ValueError("broken")):
            self.send()
            self.assertEqual((self.message.state, self.message.tries), ("queued", 1))
            self.assertEqual(str(self.message.not_before), "2031-06-10 08:01:00")
            self.send("2031-06-10 08:01:00")
            self.assertEqual(str(self.message.not_before), "2031-06-10 08:03:00")
            for hour in range(9, 14):
                self.send(f"2031-06-10 {hour}:30:00")
        self.assertEqual(self.message.state, "failed")
        self.assertEqual(self.message.failure, "broken")

    def test_a_broken_template_fails_with_its_reason(self):
        self.event("visit_booked").text_template_id.body = "{{ object.nonsense }}"
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            self.send()
        self.assertEqual(self.message.reason, "template")
        self.assertTrue(self.message.failure)

    def test_nobody_is_written_to_at_an_address_that_nobody_has(self):
        """The demo salon may run for weeks on a server that sends."""
        self.anna.write({"email": "anna@example.com", "phone": False})
        self.bella.phone = "+1 415-555-0102"
        self.book(self.haircut, at="12:00", client=self.bella)
        texts = self.messages(partner_id=self.bella.id)
        self.assertEqual((texts.channel, texts.state), ("sms", "queued"))
        mails = self.env["mail.mail"].search_count([])
        self.send()
        for message in self.message | texts:
            self.assertEqual((message.state, message.reason), ("skipped", "example"))
            self.assertTrue(message.body, "what would have been said can be read")
            self.assertFalse(message.sent_at)
        self.assertEqual(len(self.messages()), 2, "no other channel is tried")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        written = self.env["sms.sms"].search([("partner_id", "=", self.bella.id)])
        self.assertFalse(written)

    def test_who_has_an_example_of_an_address_and_a_phone_gets_a_text(self):
        """A clerk who had to type an address typed one."""
        self.anna.write({"email": "none@example.com", "phone": "+32 470 12 34 56"})
        self.send()
        self.assertEqual(
            (self.message.state, self.message.reason), ("failed", "example")
        )
        text = self.messages() - self.message
        self.assertEqual((text.channel, text.origin_id), ("sms", self.message))

    def test_thanks_are_left_out_on_a_day_of_many_messages(self):
        self.branch.message_daily_limit = 1
        self.send()
        self.message.mail_id.write({"state": "sent"})
        self.visit._set_state("done")
        self.send("2031-06-10 10:30:00")
        thanks = self.messages("visit_thanks")
        self.assertEqual((thanks.state, thanks.reason), ("skipped", "limit"))

    def test_said_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        template = self.event("visit_booked").text_template_id
        template.with_context(lang="tr_TR").body = "Bekleriz {{ object.name }}"
        self.anna.lang = "tr_TR"
        visit = self.book(self.haircut, at="12:00")
        self.send()
        self.assertEqual(
            self.messages(visit_id=visit.id).body, f"Bekleriz {visit.name}"
        )

    def test_who_speaks_another_language_by_now_is_told_in_it(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        template = self.event("visit_booked").text_template_id
        template.with_context(lang="tr_TR").body = "Bekleriz {{ object.name }}"
        self.anna.lang = "tr_TR"
        self.send()
        self.assertEqual(self.message.body, f"Bekleriz {self.visit.name}")
        self.assertEqual(self.message.lang, "tr_TR")

    def test_a_new_address_is_the_one_that_counts(self):
        self.anna.email = "new@salon.test"
        self.send()
        self.assertEqual(self.message.address, "new@salon.test")
        self.assertEqual(self.message.mail_id.recipient_ids.email, "new@salon.test")

    def test_who_objects_before_it_leaves_is_not_told(self):
        self.anna._record_consent("service", False, False, "portal")
        self.send()
        self.assertEqual(
            (self.message.state, self.message.reason), ("cancelled", "unwanted")
        )
        instead = self.messages() - self.message
        self.assertEqual((instead.state, instead.reason), ("skipped", "unwanted"))
        self.assertFalse(self.message.mail_id)

    def test_who_objects_to_mails_before_it_leaves_is_sent_a_text(self):
        self.anna._record_consent("service", "mail", False, "portal")
        self.send()
        instead = self.messages() - self.message
        self.assertEqual((instead.channel, instead.state), ("sms", "sending"))

    def test_who_wants_nothing_of_it_any_more_is_not_told(self):
        self.anna._set_message_preferences({"confirmations": {"is_off": True}}, "desk")
        self.send()
        self.assertEqual(set(self.messages().mapped("reason")), {"unwanted"})

    def test_whose_record_is_archived_is_not_told(self):
        self.anna.active = False
        self.send()
        self.assertEqual(self.message.state, "cancelled")

    def test_sent_again_by_the_desk_it_goes_where_the_client_is_now(self):
        self.bella_visit = self.book(self.haircut, at="12:00", client=self.bella)
        skipped = self.messages(partner_id=self.bella.id)
        self.bella.email = "bella@salon.test"
        skipped.with_user(self.receptionist).action_resend()
        again = self.messages(partner_id=self.bella.id) - skipped
        self.assertEqual((again.channel, again.state), ("mail", "queued"))

    def test_a_batch_of_mails_needs_no_more_queries_for_each(self):
        def queries(hours):
            for hour in hours:
                self.book(self.haircut, at=f"{hour}:00")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.send()
            return self.env.cr.sql_log_count - before

        queries(["12"])
        few, many = queries(["13"]), queries(["14", "15", "16", "17"])
        self.assertLessEqual(many - few, 3 * 12)

    def test_a_debt_is_reminded_of_by_the_outbox_unless_it_was_paid_meanwhile(self):
        reminders = self.env["salon.debt.reminders"].with_company(self.company)
        template = self.env.ref("salon_booking.mail_template_debt")
        reminders._notify(self.anna, template)
        told = self.messages("debt_reminder")
        self.assertEqual((told.channel, told.mail_template_id), ("mail", template))
        self.send()
        self.assertEqual(told.state, "cancelled")
        partner = type(self.env["res.partner"])
        overdue = [{"name": "INV/1", "due": "today", "amount": "55"}]
        with patch.object(partner, "_get_salon_overdue", lambda _client: overdue):
            reminders._notify(self.bella, template)
            self.bella.email = "bella@salon.test"
            self.messages(partner_id=self.bella.id).action_resend()
            self.send()
        mail = self.messages(partner_id=self.bella.id, state="sending").mail_id
        self.assertIn("INV/1", mail.body_html)
