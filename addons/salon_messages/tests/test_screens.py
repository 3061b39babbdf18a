from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import MessagesCase


@tagged("post_install", "-at_install")
class TestScreens(MessagesCase):
    def test_a_manager_previews_every_event(self):
        self.book(self.haircut)
        events = self.env["salon.message.event"].with_user(self.manager)
        for event in events.with_context(active_test=False).search([]):
            action = event.action_preview()
            preview = Form(
                self.env[action["res_model"]]
                .with_user(self.manager)
                .with_context(**action["context"])
            )
            if event.res_model == "salon.visit":
                self.assertTrue(preview.text, event.code)
                self.assertNotIn("object.", preview.text)

    def test_a_manager_switches_an_event_off_and_orders_channels(self):
        with Form(self.event("visit_booked").with_user(self.manager)) as event:
            event.active = False
            event.route_ids.remove(0)
        self.assertEqual(self.event("visit_booked").channels, "E-mail → SMS")

    def test_the_desk_notes_preferences_on_the_clients_form(self):
        client = self.anna.with_user(self.receptionist)
        arch = client.get_view(view_type="form")["arch"]
        self.assertIn("salon_message_preference_ids", arch)
        client.write(
            {
                "salon_message_preference_ids": [
                    Command.create({"topic": "thanks", "is_off": True})
                ],
                "salon_consent_ids": [Command.create({"purpose": "marketing"})],
            }
        )
        self.assertTrue(self.anna._has_consent("marketing"))

    def test_the_desk_invites_a_client_to_telegram(self):
        desk = self.anna.with_user(self.receptionist)
        with self.assertRaisesRegex(UserError, "has no bot yet"):
            desk.action_invite_to_telegram()
        self.company.salon_telegram_bot = "salon_bot"
        action = desk.action_invite_to_telegram()
        invitation = desk.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("https://t.me/salon_bot?start=", invitation.link)
        self.assertTrue(invitation.qr)
        with self.assertRaises(AccessError):
            self.anna.with_user(self.stylist).action_invite_to_telegram()

    def test_the_visit_leads_to_its_messages(self):
        visit = self.book(self.haircut).with_user(self.receptionist)
        self.env.flush_all()
        action = visit.action_view_message_rows()
        found = self.env["salon.message"].search(action["domain"])
        self.assertEqual(len(found), visit.message_row_count)
        self.assertTrue(found)
