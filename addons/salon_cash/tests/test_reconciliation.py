from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestReconciliation(CashCase):
    def line_of(self, name):
        reconciliations = self.env["salon.reconciliation"].with_user(self.accountant)
        with Form(reconciliations) as form:
            form.date = fields.Date.context_today(reconciliations)
        return form.record.line_ids.filtered(lambda line: line.name == name)

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
        general = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        move = self.env["account.move"].create(
            {
                "journal_id": general.id,
                "line_ids": [
                    fields.Command.create({"account_id": account.id, "balance": amount})
                    for account, amount in (
                        (self.till.default_account_id, 7),
                        (self.company.income_account_id, -7),
                    )
                ],
            }
        )
        move.action_post()
        line = self.line_of(self.till.name)
        self.assertEqual(line.difference, -7)
        action = line.action_open_items()
        found = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(found.move_id, move)

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
