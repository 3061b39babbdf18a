from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestReconciliation(CashCase):
    def line_of(self, name, date=None):
        reconciliations = self.env["salon.reconciliation"].with_user(self.accountant)
        with Form(reconciliations) as form:
            form.date = date or fields.Date.context_today(reconciliations)
        return form.record.line_ids.filtered(lambda line: line.name == name)

    def post_past_the_till(self, amount):
        general = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        move = self.env["account.move"].create(
            {
                "journal_id": general.id,
                "line_ids": [
                    fields.Command.create(
                        {"account_id": account.id, "balance": balance}
                    )
                    for account, balance in (
                        (self.till.default_account_id, amount),
                        (self.company.income_account_id, -amount),
                    )
                ],
            }
        )
        move.action_post()
        return move

    def test_a_till_and_its_account_agree(self):
        day = self.open_till(0)
        self.sell()
        line = self.line_of(self.till.name)
        self.assertEqual((line.ledger, line.books, line.difference), (55, 55, 0))
        self.close(day, 50)
        line = self.line_of(self.till.name)
        self.assertEqual((line.ledger, line.books, line.difference), (50, 50, 0))

    def test_an_entry_past_the_till_is_seen_and_opened(self):
        self.open_till(0)
        move = self.post_past_the_till(7)
        line = self.line_of(self.till.name)
        self.assertEqual(line.difference, -7)
        action = line.action_open_items()
        found = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(found.move_id, move)

    def test_what_was_there_at_first_is_posted_by_the_accountant(self):
        self.open_till(100)
        self.sell()
        line = self.line_of(self.till.name)
        self.assertEqual((line.ledger, line.books, line.difference), (155, 55, 100))
        self.assertTrue(line.is_unstarted)
        action = line.action_start()
        wizards = self.env["salon.cash.start"].with_user(self.accountant)
        start = Form(wizards.with_context(**action["context"])).save()
        self.assertEqual(start.amount, 100)
        self.assertEqual(start.account_id.account_type, "equity")
        start.action_post()
        line = self.line_of(self.till.name)
        self.assertEqual((line.books, line.difference), (155, 0))
        self.assertFalse(line.is_unstarted)
        with self.assertRaisesRegex(UserError, "know already"):
            start.action_post()

    def test_an_entry_past_the_till_is_no_starting_balance(self):
        self.open_till(0)
        self.post_past_the_till(7)
        line = self.line_of(self.till.name)
        self.assertEqual(line.difference, -7)
        self.assertFalse(line.is_unstarted)

    def test_a_past_day_is_told_as_it_was(self):
        with freeze_time("2031-06-10 08:00"):
            day = self.open_till(0)
            self.desk._move_cash(day, self.income, 20)
        with freeze_time("2031-06-11 08:00"):
            self.desk._move_cash(day, self.income, 5)
            self.close(day, 25)
        for date, drawer in (("2031-06-10", 20), ("2031-06-11", 25)):
            line = self.line_of(self.till.name, date)
            self.assertEqual((line.ledger, line.difference), (drawer, 0))
        self.assertFalse(self.line_of(self.till.name, "2031-06-09"))

    def test_a_till_in_another_currency_is_told_in_it(self):
        till = self.make_euro_till()
        day = self.open_till(0, till)
        self.desk._move_cash(day, self.income, 5)
        line = self.line_of(till.name)
        self.assertEqual((line.ledger, line.books, line.difference), (5, 5, 0))
        self.assertEqual(line.currency_id.name, "EUR")

    def test_what_a_ledger_adds_up_is_opened_from_its_line(self):
        self.open_till(0)
        self.sell()
        action = self.line_of(self.till.name).action_open_ledger()
        self.env.flush_all()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.mapped("amount"), [55])

    def test_every_instrument_agrees(self):
        self.open_till(0)
        self.sell()
        reconciliations = self.env["salon.reconciliation"].with_user(self.accountant)
        lines = reconciliations.create({}).line_ids
        own = lines.filtered(lambda line: line.name == self.till.name)
        self.assertTrue(own)
        self.assertFalse(own.difference)

    def test_it_is_for_accountants(self):
        for user in (self.receptionist, self.manager):
            with self.assertRaises(AccessError):
                self.env["salon.reconciliation"].with_user(user).create({})

    def test_books_of_a_company_that_is_not_open_stay_closed(self):
        other = self.env["res.company"].create({"name": "Another chain"})
        reconciliations = self.env["salon.reconciliation"].with_user(self.accountant)
        with self.assertRaisesRegex(AccessError, "not open to you"):
            reconciliations.create({"company_id": other.id}).line_ids.mapped("name")
