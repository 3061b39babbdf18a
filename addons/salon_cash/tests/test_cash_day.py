from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestCashDay(CashCase):
    def test_the_first_day_begins_with_whatever_is_in_the_drawer(self):
        day = self.open_till(100)
        self.assertEqual(day.amount_start, 100)
        self.assertEqual(day.amount_expected, 100)
        self.assertFalse(self.moved(day))

    def test_a_payment_in_cash_belongs_to_the_open_day(self):
        day = self.open_till(100)
        result = self.sell()
        payment = result["payments"]
        self.assertEqual(payment.move_id.sudo().salon_cash_day_id, day)
        self.assertEqual(payment.state, "paid")
        self.assertEqual(day.amount_in, 55)
        self.assertEqual(day.amount_expected, 155)
        self.assertEqual(self.moved(day), [55])

    def test_a_payment_by_card_does_not(self):
        day = self.open_till()
        visit = self.book(self.haircut)
        card = self.tender(55, self.bank_journal)
        self.checkout(visit, card, user=self.receptionist)
        self.assertFalse(day.amount_in)

    def test_money_given_back_in_cash_leaves_the_drawer(self):
        day = self.open_till(100)
        invoice = self.sell()["invoice"]
        refund = self.refund(invoice)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=refund.ids
        ).create({"journal_id": self.till.id})._create_payments()
        self.assertEqual((day.amount_in, day.amount_out), (55, -55))
        self.assertEqual(day.amount_expected, 100)

    def test_a_till_that_keeps_days_takes_nothing_while_it_is_closed(self):
        self.close(self.open_till(100), 100)
        with self.assertRaisesRegex(UserError, "is closed.*Open its day"):
            self.sell()

    def test_a_till_that_was_never_opened_takes_money_as_before(self):
        result = self.sell()
        self.assertFalse(result["payments"].move_id.sudo().salon_cash_day_id)

    def test_a_till_is_open_once(self):
        self.open_till()
        with self.assertRaisesRegex(UserError, "is open already"):
            self.open_till()

    def test_only_tills_of_the_branch_are_opened(self):
        for journal in (self.safe, self.bank_journal):
            with self.assertRaisesRegex(UserError, "no till of"):
                self.open_till(till=journal)

    def test_nothing_is_posted_while_the_till_is_counted(self):
        day = self.open_till()
        day.action_count()
        with self.assertRaisesRegex(UserError, "is closed"):
            self.sell()
        day.action_back()
        self.sell(at="12:00")
        self.assertEqual(day.amount_in, 55)

    def test_notes_and_coins_count_by_their_value(self):
        day = self.desk._open(
            self.branch.with_user(self.receptionist),
            self.till,
            [(20, 2), (0.5, 3), (0.05, 1)],
        )
        self.assertEqual(day.amount_opening, 41.55)
        day.action_count()
        found = {20: 2, 1: 1, 0.25: 2, 0.05: 1}
        with Form(day) as form:
            for index in range(len(form.closing_count_ids)):
                with form.closing_count_ids.edit(index) as line:
                    line.quantity = found.get(line.value, 0)
            self.assertEqual(form.amount_in_count, 41.55)
        day.action_close()
        self.assertEqual(day.amount_counted, 41.55)
        self.assertEqual(day.sudo().amount_difference, 0)

    def test_a_day_without_a_difference_posts_nothing_of_its_own(self):
        day = self.open_till(100)
        self.sell()
        self.close(day, 155)
        day = day.with_user(self.manager)
        self.assertEqual(day.state, "closed")
        self.assertEqual(day.amount_difference, 0)
        self.assertEqual(day.amount_left, 155)
        self.assertEqual(self.moved(day), [55])
        self.assertEqual(day.closed_by_id, self.receptionist)

    def test_what_is_missing_is_a_loss_and_what_is_too_much_a_gain(self):
        till = self.till
        for found, at, account in (
            (152, "10:00", till.loss_account_id),
            (160, "12:00", till.profit_account_id),
        ):
            with self.subTest(found=found):
                day = self.open_till(100)
                self.sell(at=at)
                self.close(day, found)
                difference = found - 155
                posted = self.env["account.move.line"].search(
                    [
                        ("account_id", "=", account.id),
                        ("move_id.salon_cash_day_id", "=", day.id),
                        ("name", "like", "Closing"),
                    ]
                )
                self.assertEqual(posted.balance, -difference)
                self.assertEqual(day.sudo().amount_difference, difference)
        self.assertEqual(self.balance(till), 160 - 100)

    def test_the_next_day_begins_with_what_was_left(self):
        self.close(self.open_till(100), 100)
        day = self.open_till(97)
        self.assertEqual(day.amount_start, 100)
        self.assertEqual(self.moved(day), [-3])
        self.assertEqual(day.amount_expected, 97)

    def test_the_difference_costs_the_branch(self):
        self.close(self.open_till(100), 99)
        line = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.till.loss_account_id.id),
                ("journal_id", "=", self.till.id),
            ]
        )
        self.assertEqual(
            line.analytic_distribution, self.branch._get_analytic_distribution()
        )

    def test_the_manager_hands_over_at_the_closing(self):
        day = self.open_till(100)
        self.sell()
        self.count(day, 155)
        own = day.with_user(self.manager)
        own.write({"amount_handover": 120, "handover_journal_id": self.safe.id})
        own.action_close()
        self.assertEqual(own.amount_left, 35)
        self.assertEqual(self.balance(self.safe), 120)
        self.assertEqual(own.order_ids.mapped("amount"), [120])
        transfer = self.company.transfer_account_id
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", transfer.id),
                ("journal_id", "in", (self.till | self.safe).ids),
            ]
        )
        self.assertEqual(len(lines), 2)
        self.assertTrue(all(lines.mapped("reconciled")))

    def test_no_more_is_handed_over_than_was_counted(self):
        day = self.open_till(100)
        self.count(day, 100)
        own = day.with_user(self.manager)
        own.write({"amount_handover": 101, "handover_journal_id": self.safe.id})
        with self.assertRaisesRegex(UserError, "cannot be handed over"):
            own.action_close()

    def test_the_books_and_the_drawer_agree_after_days_of_everything(self):
        self.till._become_salon_till()
        day = self.open_till(0)
        self.sell(at="09:00")
        self.desk._move_cash(day, self.income, 20)
        self.desk._move_cash(day, self.expense, 12.5)
        self.close(day, 60)
        day = self.open_till(61)
        self.sell(at="11:00")
        self.close(day, 110)
        self.assertEqual(self.balance(self.till), 110)
        self.assertEqual(day.amount_left, 110)


@tagged("post_install", "-at_install")
class TestClosedDay(CashCase):
    """Nothing of a closed day changes; corrections are new documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cls.open_till(100)
        cls.payment = cls.env["account.payment"].browse(cls.sell()["payments"].id)
        cls.close(cls.day, 155)

    def test_its_entries_are_not_reset_cancelled_or_dated_anew(self):
        payment = self.payment.with_user(self.accountant)
        tomorrow = self.day.date + self.days(1)
        for change in (
            lambda: payment.move_id.button_draft(),
            lambda: payment.move_id.button_cancel(),
            lambda: payment.action_draft(),
            lambda: payment.action_cancel(),
            lambda: payment.unlink(),
            lambda: payment.write({"amount": 1}),
            lambda: payment.move_id.write({"date": tomorrow}),
            lambda: payment.write({"date": tomorrow}),
        ):
            with self.assertRaisesRegex(UserError, "is counted"), self.cr.savepoint():
                change()
        self.assertEqual(self.moved(self.day), [55])

    def test_its_lines_keep_account_and_amount(self):
        line = self.payment.move_id.line_ids.filtered("debit")
        for values in ({"account_id": self.safe.default_account_id.id}, {"debit": 1}):
            with self.assertRaisesRegex(UserError, "is counted"):
                line.with_user(self.accountant).write(values)

    def test_nothing_is_dated_into_it(self):
        self.open_till(155)
        move = self.env["account.move"].create(
            {
                "journal_id": self.till.id,
                "date": self.day.date - self.days(1),
                "line_ids": [
                    fields.Command.create(
                        {"account_id": account.id, "balance": balance}
                    )
                    for account, balance in (
                        (self.till.default_account_id, 5),
                        (self.company.income_account_id, -5),
                    )
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "are over"):
            move.action_post()

    def test_its_count_and_its_handover_stay(self):
        with self.assertRaisesRegex(UserError, "not being counted"):
            self.day.closing_count_ids[:1].quantity = 7
        with self.assertRaisesRegex(UserError, "only its note"):
            self.day.with_user(self.manager).amount_handover = 7
        self.day.note = "Found under the till"

    def test_its_bill_is_refunded_from_the_day_that_is_open(self):
        day = self.open_till(155)
        # sudo: account.payment - which bill it paid, as the accountant sees it
        visit = self.payment.sudo().reconciled_invoice_ids.salon_visit_ids
        lines = self.env["salon.refund"]._get_bill_lines(visit)
        self.env["salon.refund"].with_user(self.manager)._refund(
            visit.with_user(self.manager),
            {line.id: amount for line, amount in lines.items()},
            [self.tender(55, self.till)],
        )
        self.assertEqual(self.moved(self.day), [55])
        self.assertEqual(self.moved(day), [-55])

    def test_an_entry_of_the_open_day_can_still_be_taken_back(self):
        day = self.open_till(155)
        payment = self.sell(at="12:00")["payments"]
        payment.with_user(self.accountant).sudo(False).action_draft()
        self.assertFalse(payment.move_id.sudo().salon_cash_day_id)
        self.assertEqual(day.amount_expected, 155)

    def test_steps_are_not_written_by_hand(self):
        day = self.open_till(155)
        for values in ({"state": "open"}, {"amount_left": 1}, {"figures": {}}):
            with self.assertRaises(AccessError):
                day.write(values)
        move = self.payment.move_id.with_user(self.accountant)
        with self.assertRaises(AccessError):
            move.salon_cash_day_id = False
