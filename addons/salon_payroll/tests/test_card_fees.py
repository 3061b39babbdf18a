from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestLessCardFees(PayrollCase):
    """A haircut of 50.00 brings 45 %; the terminal keeps 1.00 of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme.card_fees_from = cls.today

    @contextmanager
    def kept(self, fee):
        """The terminal of whoever settles says what it kept, and tells it."""
        with patch.object(
            self.env.registry["account.move.line"],
            "_get_salon_card_fees",
            lambda lines: dict.fromkeys(lines, fee),
        ):
            yield

    def settle_card(self, bill, fee):
        with self.kept(fee):
            bill.invoice_line_ids._on_salon_card_fees()
            bill.invoice_line_ids._on_salon_card_fees()

    def test_the_fee_lowers_the_commission_once_when_it_is_known(self):
        bill = self.bill(self.haircut)
        self.settle_card(bill, 1)
        self.assert_rows(self.rows(bill), ("paid", 50, 22.5), ("card_fee", -1, -0.45))

    def test_a_settlement_taken_back_gives_it_back(self):
        bill = self.bill(self.haircut)
        self.settle_card(bill, 1)
        self.settle_card(bill, 0)
        self.assert_rows(
            self.rows(bill),
            ("paid", 50, 22.5),
            ("card_fee", -1, -0.45),
            ("card_fee", 1, 0.45),
        )

    def test_of_what_was_refunded_nobody_bears_a_fee(self):
        bill = self.bill(self.haircut)
        with self.kept(1):
            bill.invoice_line_ids._on_salon_card_fees()
            self.refund(bill)
        self.assertEqual(sum(self.rows(bill).mapped("amount")), 0)

    def test_a_percentage_that_changed_meanwhile_stays_as_it_was(self):
        bill = self.bill(self.haircut)
        self.scheme.service_percentage = 60
        self.settle_card(bill, 1)
        self.assertEqual(sum(self.rows(bill).mapped("amount")), 22.05)

    def test_bills_of_before_and_fixed_amounts_stay_whole(self):
        self.scheme.card_fees_from = self.today + timedelta(days=1)
        bill = self.bill(self.haircut)
        self.settle_card(bill, 1)
        self.assert_rows(self.rows(bill), ("paid", 50, 22.5))
        self.scheme.card_fees_from = self.today
        self.scheme.service_ids = [
            Command.create(
                {"product_tmpl_id": self.colour.product_tmpl_id.id, "amount": 10}
            )
        ]
        fixed = self.bill(self.colour)
        self.settle_card(fixed, 1)
        self.assert_rows(self.rows(fixed), ("paid", 100, 10))

    def test_a_fee_after_the_payslip_falls_in_the_next_one(self):
        bill = self.bill(self.haircut)
        payslip = self.issued()
        self.settle_card(bill, 1)
        self.assertEqual(payslip.amount_total, 22.5)
        late = self.rows(bill).filtered(lambda row: row.cause == "card_fee")
        self.assertEqual(late.date, payslip.date_to + timedelta(days=1))
