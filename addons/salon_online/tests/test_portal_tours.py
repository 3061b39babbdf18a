from odoo.tests import HttpCase, tagged

from .test_reviews import ReviewCase


@tagged("post_install", "-at_install")
class TestPortalTours(ReviewCase, HttpCase):
    """What clients do with their visits, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.close_today()

    def path_of(self, visit, purpose):
        url = next(iter(self.env["salon.link"]._make(visit, purpose).values()))
        return "/s/" + url.rpartition("/")[2]

    def walk(self, path, tour, login=None):
        self.start_tour(path, tour, login=login)
        self.env.invalidate_all()

    def test_a_client_changes_the_time_by_link(self):
        before = self.visit.start
        self.walk(self.path_of(self.visit, "visit"), "salon_client_changes_the_time")
        self.assertNotEqual(self.visit.start, before)

    def test_a_client_cancels_by_link(self):
        self.walk(self.path_of(self.visit, "cancel"), "salon_client_cancels")
        self.assertEqual((self.visit.state, self.visit.fee_asked), ("cancelled", 0))

    def test_who_cancels_late_agrees_to_the_fee(self):
        visit = self.book_soon()
        self.walk(self.path_of(visit, "visit"), "salon_client_cancels_late")
        self.assertEqual((visit.state, visit.fee_asked), ("cancelled", 27.5))

    def test_the_same_again_takes_two_taps_from_a_message(self):
        self.walk(
            self.path_of(self.done, "rebook"), "salon_client_books_the_same_again"
        )
        booked = self.env["salon.visit"].search(
            [("client_id", "=", self.anna.id), ("source", "=", "web")]
        )
        self.assertEqual(booked.appointment_ids.product_id, self.haircut)
        self.assertEqual(booked.appointment_ids.staff_id, self.mia)

    def test_the_host_of_a_party_changes_the_time_of_everybody_by_link(self):
        guest = self.book(
            self.blowdry, staff=self.oleg, client=self.bella, date=self.day
        )
        visits = self.visit | guest
        visits.party_id = self.env["salon.party"].create(
            {"branch_id": self.branch.id, "client_id": self.anna.id}
        )
        before = self.visit.start
        self.walk(
            self.path_of(self.visit, "visit"), "salon_host_of_a_party_changes_the_time"
        )
        self.assertNotEqual(self.visit.start, before)
        self.assertEqual(guest.start, self.visit.start)

    def test_a_client_pays_the_deposit_by_link(self):
        self.visit.sudo().deposit_asked = 20
        self.patch(self.env.registry["salon.own.visit"], "_can_pay", lambda *_a: True)
        self.walk(self.path_of(self.visit, "visit"), "salon_client_pays_a_deposit")
        self.assertTrue(self.visit.invoice_ids._get_unpaid_deposits())

    def test_a_client_looks_after_a_visit_in_the_portal(self):
        client = self.portal.partner_id
        client.write({"name": "Paula Portal", "email": "paula@portal.example"})
        visit = self.book(self.haircut, client=client, staff=self.oleg, date=self.day)
        before = visit.start
        self.walk("/my/visits", "salon_client_looks_after_a_visit", login="test_portal")
        self.assertNotEqual(visit.start, before)
        self.assertEqual(visit.state, "cancelled")

    def test_a_client_reviews_by_link(self):
        self.walk(self.path_of(self.done, "review"), "salon_client_reviews")
        review = self.reviews._get_review(self.done)
        self.assertEqual((review.stars, review.text), (5, "Lovely, as always"))

    def test_a_client_looks_after_everything_in_the_portal(self):
        client = self.portal.partner_id
        client.write({"name": "Paula Portal", "email": "paula@portal.example"})
        visit = self.book(self.haircut, client=client, staff=self.oleg, date=self.day)
        self.walk("/my", "salon_client_portal", login="test_portal")
        [reminders] = self.env["salon.message.preference"].search(
            [("partner_id", "=", client.id)]
        )
        self.assertEqual((reminders.topic, reminders.is_off), ("reminders", True))
        booked = self.env["salon.visit"].search(
            [("client_id", "=", client.id), ("id", "!=", visit.id)]
        )
        self.assertEqual(booked.source, "web")
