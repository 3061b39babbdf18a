from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestJournalOfPayments(CashCase):
    def payments(self, user=None):
        self.env.flush_all()
        entries = self.env["salon.payment.entry"].with_user(user or self.manager)
        return entries.search([("branch_id", "=", self.branch.id)], order="id")

    def test_what_comes_is_above_zero_and_what_goes_back_below(self):
        invoice = self.sell()["invoice"]
        refund = self.refund(invoice)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=refund.ids
        ).create({"journal_id": self.till.id})._create_payments()
        entries = self.payments()
        self.assertEqual(entries.mapped("amount"), [55, -55])
        self.assertEqual(entries.bill_id, invoice | refund)
        self.assertEqual(entries.journal_id, self.till)

    def test_a_payment_that_was_cancelled_is_none(self):
        payment = self.sell()["payments"].sudo()
        payment.action_draft()
        payment.action_cancel()
        self.assertFalse(self.payments())

    def test_a_bill_paid_in_two_tenders_stands_there_twice(self):
        card = self.tender(25, self.bank_journal)
        cash = self.tender(30, self.till)
        self.checkout(self.book(self.haircut), cash, card, user=self.receptionist)
        self.assertEqual(sorted(self.payments().mapped("amount")), [25, 30])

    def test_a_manager_sees_own_branches_and_the_desk_none(self):
        self.sell()
        self.assertEqual(len(self.payments(self.accountant)), 1)
        with self.assertRaises(AccessError):
            self.payments(self.receptionist)
        other = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        self.set_branches(self.manager, other)
        self.assertFalse(self.payments())
