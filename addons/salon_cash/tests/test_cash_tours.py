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

    def test_an_accountant_goes_from_the_income_statement_down_to_the_entry(self):
        # Who keeps the books, and does not only bill.
        self.accountant.group_ids |= self.env.ref("account.group_account_user")
        self.sell()
        self.start_tour(
            "/odoo/salon-income-statement",
            "salon_accountant_goes_from_income_to_entry",
            login="test_accountant",
        )

    def test_a_manager_goes_from_profit_and_loss_down_to_what_was_booked(self):
        self.sell()
        self.start_tour(
            "/odoo/salon-profit-and-loss",
            "salon_manager_goes_from_profit_to_item",
            login="test_manager",
        )

    def test_an_accountant_settles_a_card_terminal(self):
        terminal = self.env["account.journal"].create(
            {
                "name": "Terminal of the Tour",
                "type": "bank",
                "code": "TCARD",
                "salon_fee_percent": 0.9,
                "salon_fee_fixed": 0.1,
                "salon_fee_account_id": self.company.expense_account_id.id,
            }
        )
        self.branch.tender_journal_ids |= terminal
        visit = self.book(self.haircut, at="10:00")
        self.checkout(visit, self.tender(55, terminal), user=self.receptionist)
        self.start_tour(
            "/odoo/salon-card-settlements",
            "salon_accountant_settles_a_terminal",
            login="test_accountant",
        )
        settlement = self.env["salon.card.settlement"].search(
            [("journal_id", "=", terminal.id)]
        )
        self.assertEqual((settlement.state, settlement.amount_net), ("posted", 54.4))
