from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import MessagesCase


@tagged("post_install", "-at_install")
class TestConsents(MessagesCase):
    def prefer(self, topic, **values):
        self.anna._set_message_preferences({topic: values}, "portal")

    def test_the_client_chooses_the_channel(self):
        self.prefer("confirmations", channel="sms")
        self.book(self.haircut)
        self.assertEqual(self.messages().channel, "sms")

    def test_who_wants_nothing_of_a_topic_gets_nothing(self):
        self.prefer("confirmations", is_off=True)
        self.book(self.haircut)
        message = self.messages()
        self.assertEqual((message.state, message.reason), ("skipped", "unwanted"))

    def test_a_withdrawn_consent_closes_a_channel(self):
        self.anna._record_consent("service", "mail", False, "portal")
        self.book(self.haircut)
        self.assertEqual(self.messages().channel, "sms")
        self.anna._record_consent("service", "mail", True, "portal")
        self.book(self.haircut, at="12:00")
        self.assertEqual(self.messages()[-1].channel, "mail")

    def test_marketing_needs_a_consent(self):
        event = self.event("visit_booked")
        event.purpose = "marketing"
        self.book(self.haircut)
        self.assertEqual(self.messages().state, "skipped")
        self.anna._record_consent("marketing", False, True, "web", "News, please")
        self.book(self.haircut, at="12:00")
        self.assertEqual(self.messages()[-1].state, "queued")

    def test_the_portal_reads_and_writes_what_the_client_may_choose(self):
        self.prefer("marketing", is_off=False, channel="sms")
        chosen = {one["topic"]: one for one in self.anna._get_message_preferences()}
        self.assertNotIn("team", chosen)
        self.assertEqual(chosen["marketing"]["channel"], "sms")
        self.assertEqual(
            [code for code, _label in chosen["marketing"]["channels"]], ["mail", "sms"]
        )
        self.assertTrue(self.anna._has_consent("marketing"))
        self.prefer("marketing", is_off=True)
        self.assertFalse(self.anna._has_consent("marketing"))
        self.assertEqual(len(self.anna.salon_consent_ids), 2)
        for nonsense in ({"team": {}}, {"offers": {"channel": "inbox"}}):
            with self.assertRaises(ValidationError):
                self.anna._set_message_preferences(nonsense, "portal")

    def test_a_consent_is_never_changed(self):
        consent = self.env["salon.consent"].with_user(self.receptionist)
        noted = consent.create(
            {
                "partner_id": self.anna.id,
                "purpose": "marketing",
                "origin": "portal",
                "user_id": self.owner.id,
            }
        )
        self.assertEqual((noted.origin, noted.user_id), ("desk", self.receptionist))
        with self.assertRaises(UserError):
            noted.is_given = False
        with self.assertRaises(AccessError):
            noted.unlink()
        with self.assertRaises(UserError):
            noted.sudo().is_given = False
        with self.assertRaises(UserError):
            noted.sudo().unlink()
