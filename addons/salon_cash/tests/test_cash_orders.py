from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestCashOrders(CashCase):
    def test_a_small_purchase_is_an_expense_of_the_branch(self):
        day = self.open_till(100)
        order = self.desk._move_cash(day, self.expense, 12.5, note="Milk")
        self.assertEqual(day.amount_expected, 87.5)
        cash, cost = order.sudo().move_id.line_ids.sorted("balance")
        self.assertEqual(cash.account_id, self.till.default_account_id)
        self.assertEqual((cash.balance, cost.balance), (-12.5, 12.5))
        self.assertEqual(cost.account_id, self.company.expense_account_id)
        self.assertEqual(
            cost.analytic_distribution, self.branch._get_analytic_distribution()
        )
        self.assertEqual(order.sudo().move_id.state, "posted")

    def test_a_reason_may_have_an_account_of_its_own(self):
        account = self.company.expense_account_id.copy()
        self.expense.account_id = account
        order = self.desk._move_cash(self.open_till(), self.expense, 5)
        self.assertIn(account, order.sudo().move_id.line_ids.account_id)

    def test_orders_are_numbered_by_direction_without_a_gap(self):
        day = self.open_till()
        orders = [
            self.desk._move_cash(day, reason, 1)
            for reason in (self.income, self.income, self.expense, self.income)
        ]
        year = day.date.year
        self.assertEqual(
            [order.name for order in orders],
            [f"{year}/0001", f"{year}/0002", f"{year}/0001", f"{year}/0003"],
        )

    def test_a_number_of_an_order_that_was_not_made_is_given_again(self):
        day = self.open_till()
        first = self.desk._move_cash(day, self.income, 1).name
        with self.assertRaises(ValueError):
            self.desk._move_cash(day, self.income, 1)
            raise ValueError("Something after it failed")
        second = self.desk._move_cash(day, self.income, 1).name
        self.assertEqual(int(second[-4:]), int(first[-4:]) + 1)

    def test_numbers_begin_anew_each_year(self):
        with freeze_time("2031-12-31 10:00"):
            day = self.open_till()
            old = [self.desk._move_cash(day, self.income, 1).name for _time in "12"]
        with freeze_time("2032-01-01 10:00"):
            new = self.desk._move_cash(day, self.income, 1).name
        self.assertEqual([*old, new], ["2031/0001", "2031/0002", "2032/0001"])

    def test_nobody_pays_out_what_is_not_there(self):
        day = self.open_till(10)
        with self.assertRaisesRegex(UserError, "not so much cash"):
            self.desk._move_cash(day, self.expense, 11)

    def test_an_amount_is_above_zero(self):
        day = self.open_till()
        for amount in (0, -5):
            with self.assertRaisesRegex(UserError, "how much"):
                self.desk._move_cash(day, self.income, amount)

    def test_nobody_pays_the_same_money_out_twice(self):
        day = self.open_till(10)
        self.desk._move_cash(day, self.expense, 6)
        with self.assertRaisesRegex(UserError, "not so much cash"):
            self.desk._move_cash(day, self.expense, 6)

    def test_a_supplier_is_named(self):
        day = self.open_till()
        desk = self.desk.with_user(self.manager)
        reason = self.env.ref("salon_cash.reason_payable")
        day = day.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "to whom"):
            desk._move_cash(day, reason, 5)
        order = desk._move_cash(day, reason, 5, self.bella)
        payable = self.bella.property_account_payable_id
        self.assertIn(payable, order.sudo().move_id.line_ids.account_id)

    def test_the_desk_does_not_hand_over(self):
        day = self.open_till()
        with self.assertRaises(AccessError):
            self.desk._move_cash(day, self.handover, 5, journal=self.safe)

    def test_only_a_handover_has_another_side(self):
        day = self.open_till(100)
        self.desk._move_cash(day, self.expense, 5, journal=self.safe)
        self.assertEqual(self.balance(self.safe), 0)
        desk = self.desk.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "cannot go to"):
            desk._move_cash(
                day.with_user(self.manager), self.handover, 5, journal=self.till
            )

    def test_a_handover_to_the_bank_waits_for_its_statement(self):
        day = self.open_till().with_user(self.manager)
        self.desk.with_user(self.manager)._move_cash(
            day, self.handover, 60, journal=self.bank_journal
        )
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.company.transfer_account_id.id),
                ("journal_id", "in", (self.till | self.bank_journal).ids),
                ("move_id.salon_cash_day_id", "=", day.id),
            ]
        )
        self.assertEqual(lines.mapped("balance"), [60])
        self.assertFalse(lines.reconciled)
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank_journal.id,
                "amount": 60,
                "counterpart_account_id": lines.account_id.id,
            }
        )
        told = statement.move_id.line_ids.filtered(
            lambda line: line.account_id == lines.account_id
        )
        (lines | told).reconcile()
        with self.assertRaisesRegex(UserError, "is matched with"):
            day.order_ids.action_correct()

    def test_a_wrong_order_is_taken_back_by_a_second_one(self):
        day = self.open_till(100)
        order = self.desk._move_cash(day, self.expense, 12.5, note="Milk")
        with self.assertRaises(AccessError):
            order.action_correct()
        order.with_user(self.manager).action_correct()
        correction = order.correction_ids
        self.assertEqual((correction.direction, correction.amount), ("in", 12.5))
        self.assertEqual(day.amount_expected, 100)
        self.assertEqual(correction.sudo().move_id.state, "posted")
        with self.assertRaisesRegex(UserError, "corrected already"):
            order.with_user(self.manager).action_correct()

    def test_a_handover_taken_back_empties_the_safe_again(self):
        day = self.open_till(100).with_user(self.manager)
        desk = self.desk.with_user(self.manager)
        order = desk._move_cash(day, self.handover, 60, journal=self.safe)
        self.assertEqual(self.balance(self.safe), 60)
        order.action_correct()
        self.assertEqual(self.balance(self.safe), 0)
        self.assertEqual(day.amount_expected, 100)

    def test_an_order_of_a_closed_day_is_taken_back_in_the_open_one(self):
        day = self.open_till(100)
        order = self.desk._move_cash(day, self.expense, 10)
        self.close(day, 90)
        own = order.with_user(self.manager)
        with self.assertRaises(UserError):
            own.action_correct()
        later = self.open_till(90)
        own.action_correct()
        self.assertEqual(own.correction_ids.day_id, later)
        self.assertEqual(later.amount_expected, 100)

    def test_the_dialog_asks_what_the_reason_needs(self):
        day = self.open_till(100)
        action = day.action_cash_out()
        wizards = self.env["salon.cash.order.wizard"].with_user(self.receptionist)
        with Form(wizards.with_context(**action["context"])) as form:
            form.reason_id = self.expense
            form.amount = 7
            form.note = "Stamps"
        shown = form.record.action_take()
        order = self.env["salon.cash.order"].browse(shown["res_id"])
        self.assertEqual((order.amount, order.note), (7, "Stamps"))

    def test_a_till_in_another_currency_counts_in_it(self):
        till = self.make_euro_till()
        day = self.open_till(10, till)
        self.assertEqual(day.currency_id.name, "EUR")
        order = self.desk._move_cash(day, self.income, 5)
        self.assertEqual(day.amount_expected, 15)
        self.assertEqual(
            sorted(order.sudo().move_id.line_ids.mapped("balance")), [-10, 10]
        )
