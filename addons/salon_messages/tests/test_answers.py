from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import MessagesCase

SECRET = "s" * 32


class AnswersCase(MessagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answers = cls.env["salon.message.answers"]
        cls.visit = cls.book(cls.haircut, user=cls.receptionist)

    def setUp(self):
        super().setUp()
        self.send()


@tagged("post_install", "-at_install")
class TestAnswers(AnswersCase):
    def test_yes_confirms(self):
        said = self.answers._receive(self.anna, " Evet! ", "sms")
        self.assertEqual(self.visit.state, "confirmed")
        self.assertIn("10:00", said)
        self.answers._receive(self.anna, "1", "sms")
        self.assertEqual(self.visit.state, "confirmed")

    def test_no_cancels_and_is_told_once(self):
        said = self.answers._receive(self.anna, "нет", "sms")
        self.assertEqual(self.visit.state, "cancelled")
        self.assertIn("cancelled", said)
        self.assertEqual(self.messages("visit_cancelled").state, "cancelled")

    def test_a_no_that_comes_twice_cancels_one_visit(self):
        """Gateways hand in again what they hold for lost."""
        other = self.book(self.haircut, at="12:00")
        self.send()
        for _try in range(2):
            self.answers._receive(self.anna, "2", "sms")
        self.assertEqual((other.state, self.visit.state), ("cancelled", "booked"))

    def test_a_no_to_one_of_two_reminders_is_for_a_person(self):
        other = self.book(self.haircut, at="12:00")
        self.send()
        for moment in ("2031-06-11 08:00:00", "2031-06-11 10:00:00"):
            self.remind(moment)
            self.send(moment)
        with self.later("2031-06-11 10:05:00"):
            self.assertIsNone(self.answers._receive(self.anna, "2", "sms"))
        self.assertEqual({self.visit.state, other.state}, {"booked"})

    def test_a_no_by_mail_is_answered_by_a_message(self):
        self.visit.message_update({"email_from": "anna@salon.test", "body": "2"})
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(self.messages("visit_cancelled").state, "queued")

    def test_words_of_a_client_are_no_page_for_the_team(self):
        self.visit._set_state("done")
        self.answers._receive(self.anna, "<b>Late</b> 5 < 6", "sms")
        note = self.anna.activity_ids.note
        self.assertNotIn("<b>", note)
        self.assertIn("5 &lt; 6", note)

    def test_what_costs_a_fee_is_for_a_person(self):
        self.env["salon.fee.ladder"].search([]).active = False
        self.env["salon.fee.ladder"].create(
            {
                "name": "Strict",
                "forgiven": 0,
                "branch_id": self.branch.id,
                "step_ids": [Command.create({"below_hours": 1000, "percent": 50})],
            }
        )
        self.assertIsNone(self.answers._receive(self.anna, "2", "sms"))
        self.assertEqual(self.visit.state, "booked")

    def test_anything_else_reaches_whoever_booked(self):
        before = self.visit.message_ids
        said = self.answers._receive(self.anna, "Yes, but a bit later?", "sms")
        self.assertIsNone(said)
        self.assertEqual(self.visit.state, "booked")
        written = self.visit.message_ids - before
        self.assertIn("a bit later", "".join(written.mapped("body")))
        self.assertIn(self.anna, written.author_id)
        notes = self.env["mail.message"].search(
            [("message_type", "=", "user_notification")], order="id desc", limit=1
        )
        self.assertEqual(notes.partner_ids, self.receptionist.partner_id)
        self.assertIn("a bit later", notes.body)

    def test_without_a_coming_visit_it_is_an_activity_of_a_manager(self):
        self.visit._set_state("done")
        self.answers._receive(self.anna, "1", "sms")
        self.assertTrue(self.anna.activity_ids.user_id)

    def test_an_answer_by_mail_is_about_its_visit(self):
        other = self.book(self.haircut, at="12:00")
        self.visit.message_update(
            {
                "email_from": '"Anna" <Anna@salon.test>',
                "body": "<p>1</p><p>-- <br/>&gt; Are you coming?</p>",
            }
        )
        self.assertEqual(self.visit.state, "confirmed")
        self.assertEqual(other.state, "booked")

    def test_somebody_elses_mail_confirms_nothing(self):
        self.visit.message_update({"email_from": "eve@salon.test", "body": "1"})
        self.assertEqual(self.visit.state, "booked")


@tagged("post_install", "-at_install")
class TestSmsWebhook(HttpCase, AnswersCase):
    def post(self, secret=SECRET, company=None, **form):
        return self.url_open(
            f"/salon/sms/{company or self.company.id}/{secret}", data=form
        )

    def setUp(self):
        super().setUp()
        self.company.salon_sms_secret = SECRET

    def test_the_gateway_hands_in_a_text(self):
        answer = self.post(From="+32470123456", Body="1")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("<Message>Thank you", answer.text)
        self.assertEqual(self.visit.state, "confirmed")

    def test_without_the_secret_nothing_happens(self):
        for secret, company in (("x" * 32, None), ("ü", None), (SECRET, 2**40)):
            answer = self.post(secret, company, From="+32470123456", Body="1")
            self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.visit.state, "booked")

    def test_nonsense_is_answered_politely(self):
        for form in (
            {"x": "1"},
            {"From": "x" * 5000, "Body": "1"},
            {"From": "+1", "Body": ""},
        ):
            self.assertEqual(self.post(**form).status_code, 200)
        self.assertEqual(self.visit.state, "booked")
