from odoo import Command
from odoo.tests import tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestFixedAmountsAndFees(PayrollCase):
    """A colour costs 100.00 and brings 10.00, whatever is paid for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colour.taxes_id = False
        cls.scheme.service_ids = [
            Command.create(
                {"product_tmpl_id": cls.colour.product_tmpl_id.id, "amount": 10}
            )
        ]
        cls.scheme.pays_fees = True
        fee = cls.env.ref("salon_booking.product_cancellation_fee")
        fee.taxes_id = cls.tax
        cls.env["salon.fee.ladder"].create(
            {
                "name": "A quarter",
                "branch_id": cls.branch.id,
                "forgiven": 0,
                "step_ids": [Command.create({"is_no_show": True, "percent": 25})],
            }
        )

    def missed(self, *services, staff=None):
        """A visit to which nobody came, with its fee paid in cash."""
        visit = self.env["salon.booking"]._book(
            self.branch,
            self.anna,
            [
                {
                    "product_id": service.id,
                    "staff_id": person.id,
                    "start": self.at("10:00"),
                }
                for service, person in zip(services, staff or [self.mia], strict=True)
            ],
        )
        visit.appointment_ids._set_state("no_show")
        desk = self.env["salon.deposit"].with_user(self.receptionist)
        desk._settle(
            visit.with_user(self.receptionist),
            visit.fee_asked,
            journal=self.cash_journal,
            paid=visit.fee_asked,
        )
        return visit.fee_order_id.sudo().invoice_ids

    def test_a_fixed_amount_goes_before_the_percentage(self):
        bill = self.bill(self.colour)
        self.assert_rows(self.rows(bill), ("paid", 100, 10))

    def test_of_a_discounted_service_the_fixed_amount_is_whole(self):
        visit = self.book(self.colour)
        prices = {visit.appointment_ids.id: {"price_unit": 100, "discount": 50}}
        bill = self.checkout_paid(visit, options={"prices": prices})["invoice"]
        self.assert_rows(self.rows(bill), ("paid", 50, 10))

    def test_a_refunded_service_takes_the_fixed_amount_back(self):
        bill = self.bill(self.colour)
        self.refund(bill)
        self.assert_rows(self.rows(bill), ("paid", 100, 10), ("refund", -100, -10))

    def test_g7_a_fee_of_a_quarter_brings_a_quarter_of_the_fixed_amount(self):
        bill = self.missed(self.colour)
        self.assertEqual(bill.amount_total, 25)
        self.assert_rows(self.rows(bill), ("paid", 22.73, 2.5))
        self.refund(bill)
        self.assertEqual(sum(self.rows(bill).mapped("amount")), 0)

    def test_a_fee_brings_its_part_of_the_percentage(self):
        """A haircut of 55.00: 45 % of the fee of 13.75, 12.50 without tax."""
        self.assert_rows(self.rows(self.missed(self.haircut)), ("paid", 12.5, 5.63))

    def test_a_fee_for_two_people_is_shared_by_their_prices(self):
        bill = self.missed(self.colour, self.haircut, staff=[self.mia, self.oleg])
        self.assertEqual(bill.amount_total, 38.75)
        self.assert_rows(self.rows(bill, self.mia), ("paid", 22.73, 2.5))
        self.assert_rows(self.rows(bill, self.oleg), ("paid", 12.5, 5.63))

    def test_without_the_share_a_fee_is_the_houses(self):
        self.scheme.pays_fees = False
        self.assertFalse(self.rows(self.missed(self.colour)))
