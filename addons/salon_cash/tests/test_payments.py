from ast import literal_eval

from lxml import etree

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

    def test_its_filters_tell_what_came_from_what_went(self):
        self.refund(self.sell(amount=0)["invoice"])
        visit = self.book(self.haircut, at="12:00")
        self.checkout(visit, self.tender(55, self.till), user=self.receptionist)
        lines = self.env["salon.refund"]._get_bill_lines(visit)
        amounts = {line.id: amount for line, amount in lines.items()}
        self.env["salon.refund"]._refund(visit, amounts, [self.tender(55, self.till)])
        entries = self.payments()
        view = entries.get_view(view_type="search")
        found = {
            node.get("name"): entries.filtered_domain(literal_eval(node.get("domain")))
            for node in etree.fromstring(view["arch"]).iter("filter")
            if node.get("name") in ("came", "went")
        }
        self.assertEqual(
            {name: own.mapped("amount") for name, own in found.items()},
            {"came": [55], "went": [-55]},
        )

    def test_what_is_paid_ahead_stands_there_and_its_use_does_not(self):
        till, client = self.env["salon.till"], self.anna
        till._change_balance(self.branch, client, self.tender(60, self.till))
        balance = self.tender(55, self.company._get_salon_balance_journal())
        self.checkout(self.book(self.haircut), balance, user=self.receptionist)
        self.assertEqual(self.payments().mapped("amount"), [60])

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
