from odoo.tests import HttpCase, tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestCashTours(CashCase, HttpCase):
    def test_a_receptionist_keeps_a_cash_day_from_opening_to_closing(self):
        self.start_tour(
            "/odoo/salon-cash",
            "salon_receptionist_keeps_a_cash_day",
            login="test_receptionist",
        )
        day = self.env["salon.cash.day"].search([("journal_id", "=", self.till.id)])
        self.assertEqual(day.state, "closed")
        self.assertEqual(day.amount_difference, -87.5)
        self.assertEqual(day.order_ids.note, "Milk of the Tour")
        self.assertEqual(self.balance(self.till), -100)
