from datetime import date

from odoo.tests import tagged

from odoo.addons.salon_booking.exceptions import NotEligible

from .common import CrmCase


@tagged("post_install", "-at_install")
class TestEligibility(CrmCase):
    """What the client card says is what the booking rules hear."""

    def block(self):
        self.anna.write({"salon_is_blocked": True, "salon_block_reason": "Four times"})

    def test_a_blocked_client_is_not_booked_and_the_desk_knows_why(self):
        self.block()
        with self.assertRaisesRegex(NotEligible, "Four times"):
            self.book(self.haircut, user=self.receptionist)

    def test_a_blocked_client_is_not_told_online(self):
        self.block()
        with self.assertRaises(NotEligible) as refused:
            self.env["salon.booking"]._book(
                self.branch,
                self.anna,
                [{"product_id": self.haircut.id, "start": self.at("10:00")}],
                source="web",
            )
        self.assertNotIn("Four times", str(refused.exception))
        self.assertIn("call us", str(refused.exception))

    def test_a_manager_books_a_blocked_client_with_a_reason(self):
        self.block()
        visit = (
            self.env["salon.booking"]
            .with_user(self.manager)
            ._book(
                self.branch,
                self.anna,
                [{"product_id": self.haircut.id, "start": self.at("10:00")}],
                override_reason="Apologised and paid",
            )
        )
        self.assertEqual(visit.override_user_id, self.manager)

    def test_the_birthday_on_the_card_is_the_age_that_counts(self):
        self.haircut.product_tmpl_id.salon_min_age = 16
        self.anna.write(
            {"salon_birth_day": 13, "salon_birth_month": "6", "salon_birth_year": 2015}
        )
        self.assertEqual(self.anna._get_salon_birth_date(), date(2015, 6, 13))
        with self.assertRaisesRegex(NotEligible, "16 years"):
            self.book(self.haircut, user=self.receptionist)
        self.anna.salon_birth_day = 12
        self.book(self.haircut, at="14:00", user=self.receptionist)

    def test_without_a_year_of_birth_nobody_is_too_young(self):
        self.haircut.product_tmpl_id.salon_min_age = 16
        self.anna.write({"salon_birth_day": 13, "salon_birth_month": "6"})
        visit = self.book(self.haircut, user=self.receptionist)
        self.assertIn("date of birth", visit.rule_warnings)
