from odoo.tests import tagged

from odoo.addons.salon_booking.tests.common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestBoard(SalonCase):
    def visits(self, user):
        board = self.env(user=user)["salon.board"].load(
            self.branch.ids, str(THURSDAY), str(THURSDAY)
        )
        return board["visits"]

    def icons(self, user):
        return self.visits(user)[self.visit.id]["icons"]

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.haircut)

    def test_a_birthday_is_marked_on_its_day(self):
        self.assertNotIn("birthday", self.icons(self.receptionist))
        self.anna.write(
            {"salon_birth_day": THURSDAY.day, "salon_birth_month": str(THURSDAY.month)}
        )
        self.assertIn("birthday", self.icons(self.receptionist))

    def test_what_others_did_for_her_clients_is_not_on_the_board_of_a_stylist(self):
        done = self.book(self.haircut, at="12:00", staff=self.oleg)
        done._set_state("done")
        both = {self.visit.id, done.id}
        self.assertEqual(set(self.visits(self.receptionist)), both)
        self.assertEqual(set(self.visits(self.stylist)), {self.visit.id})

    def test_health_notes_are_marked_for_those_with_the_right(self):
        self.env["salon.health.note"].create(
            {"client_id": self.anna.id, "name": "PPD", "kind": "allergy"}
        )
        self.assertIn("allergy", self.icons(self.manager))
        self.assertNotIn("allergy", self.icons(self.receptionist))
        self.assertNotIn("allergy", self.icons(self.stylist))
