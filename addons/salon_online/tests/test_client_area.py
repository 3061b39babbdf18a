import base64

from odoo import http
from odoo.tests import HttpCase, tagged

from .test_own_visit import OwnVisitCase

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestClientArea(OwnVisitCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.portal.partner_id
        cls.client.write({"name": "Paula Portal", "email": "paula@portal.example"})
        cls.bella.write({"name": "Bella Child", "salon_payer_id": cls.client.id})
        cls.own_visit = cls.book(cls.blowdry, client=cls.client, staff=cls.oleg)

    def setUp(self):
        super().setUp()
        self.authenticate("test_portal", "test_portal")

    def photo(self, visit, **values):
        return self.env["salon.photo"].create(
            {"visit_id": visit.id, "image": PIXEL, **values}
        )

    def save(self, **answers):
        return self.url_open(
            "/my/salon/messages",
            data={"csrf_token": http.Request.csrf_token(self), "saving": "1"} | answers,
        )

    def choices(self):
        choices = self.env["salon.client.area"]._get_choices(self.client)
        return {topic["topic"]: topic for topic in choices["topics"]}

    def test_a_client_sees_balance_open_bills_and_family(self):
        self.checkout(self.own_visit)
        page = self.url_open("/my/salon").text
        self.assertIn("Left to pay", page)
        self.assertIn("33.00", page)
        self.assertIn("Bella Child", page)

    def test_visits_of_the_family_are_among_the_own_ones(self):
        child = self.book(
            self.colour, client=self.bella, staff=self.oleg, date=self.day
        )
        self.assertIn("Colour", self.url_open("/my/visits").text)
        page = self.url_open(f"/my/visits/{child.id}").text
        self.assertIn("Bella Child", page)
        self.bella.salon_payer_id = False
        self.assertNotIn("Colour", self.url_open("/my/visits").text)

    def test_only_released_photos_of_oneself_are_shown(self):
        released = self.photo(self.own_visit, is_released=True)
        kept = self.photo(self.own_visit)
        foreign = self.photo(self.visit, is_released=True)
        page = self.url_open("/my/salon/photos").text
        self.assertIn(f"/my/salon/photos/{released.id}", page)
        for photo, status in ((released, 200), (kept, 404), (foreign, 404)):
            answer = self.url_open(f"/my/salon/photos/{photo.id}")
            self.assertEqual(answer.status_code, status)
        self.assertEqual(
            self.url_open(f"/my/salon/photos/{released.id}").headers["Cache-Control"],
            "no-store",
        )
        self.assertTrue(base64.b64decode(PIXEL))

    def test_offers_are_off_until_they_are_agreed_to(self):
        self.assertTrue(self.choices()["marketing"]["is_off"])
        wanted = {f"wanted_{topic}": "1" for topic in self.choices()}
        self.assertIn("Saved", self.save(**wanted).text)
        self.assertTrue(self.client._has_consent("marketing"))
        [consent] = self.env["salon.consent"].search(
            [("partner_id", "=", self.client.id)]
        )
        self.assertEqual((consent.origin, consent.user_id), ("portal", self.portal))
        self.assertIn("news and offers", consent.text)

    def test_what_is_switched_off_stays_off_and_is_noted_once(self):
        for _try in range(2):
            self.save(wanted_confirmations="1")
        self.assertTrue(self.choices()["reminders"]["is_off"])
        self.assertFalse(self.choices()["confirmations"]["is_off"])
        self.assertFalse(
            self.env["salon.consent"].search_count(
                [("partner_id", "=", self.client.id)]
            )
        )

    def test_a_channel_that_was_not_offered_is_refused(self):
        answer = self.save(channel_reminders="pigeon", wanted_reminders="1")
        self.assertIn("no such choice", answer.text)
        self.assertFalse(
            self.env["salon.message.preference"].search_count(
                [("partner_id", "=", self.client.id)]
            )
        )
