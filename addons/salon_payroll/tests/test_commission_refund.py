from odoo.tests import tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestCommissionRefund(PayrollCase):
    def test_a_refund_takes_the_commission_back(self):
        bill = self.bill(self.haircut)
        note = self.refund(bill)
        rows = self.rows(bill)
        self.assert_rows(rows, ("paid", 50, 22.5), ("refund", -50, -22.5))
        self.assertEqual(rows[1].origin_id, rows[0])
        self.assertEqual(rows[1].refund_line_id, note.invoice_line_ids)
        self.assertEqual(rows[1].reference, note.name)
        self.assertEqual(rows[1].date, note.invoice_date)

    def test_paying_the_refund_out_takes_nothing_more(self):
        bill = self.bill(self.haircut)
        note = self.refund(bill)
        self.pay(note)
        self.assertIn(note.payment_state, ("paid", "in_payment"))
        self.assertEqual(len(self.rows(bill)), 2)

    def test_only_the_refunded_lines_are_taken_back(self):
        bill = self.bill(self.haircut, extra_lines=[self.sold(self.shampoo, self.oleg)])
        line = bill.invoice_line_ids.filtered(
            lambda line: line.product_id == self.shampoo
        )
        self.refund(bill, line)
        self.assert_rows(self.rows(bill, self.mia), ("paid", 50, 22.5))
        self.assert_rows(
            self.rows(bill, self.oleg), ("paid", 20, 2), ("refund", -20, -2)
        )

    def refund_draft(self, bill, price):
        note = bill._reverse_moves()
        note.invoice_date = self.today
        note.invoice_line_ids.price_unit = price
        return note

    def test_a_part_refunded_takes_its_part(self):
        bill = self.bill(self.colour)
        self.refund_draft(bill, 40).action_post()
        self.assert_rows(self.rows(bill), ("paid", 100, 45), ("refund", -40, -18))

    def test_refunds_never_take_more_than_was_given(self):
        bill = self.bill(self.colour)
        self.refund_draft(bill, 70).action_post()
        self.refund_draft(bill, 70).action_post()
        self.assert_rows(
            self.rows(bill),
            ("paid", 100, 45),
            ("refund", -70, -31.5),
            ("refund", -30, -13.5),
        )

    def test_a_refund_that_the_house_bears_takes_nothing(self):
        bill = self.bill(self.colour)
        note = self.refund_draft(bill, 40)
        note.invoice_line_ids.salon_staff_id = False
        note.action_post()
        self.assert_rows(self.rows(bill), ("paid", 100, 45))

    def test_a_refund_of_a_bill_that_was_never_paid_takes_nothing(self):
        bill = self.bill(self.haircut, paid=False)
        self.refund(bill)
        self.assertFalse(self.rows(bill))

    def test_a_bill_paid_after_a_part_was_refunded_brings_the_rest(self):
        bill = self.bill(self.colour, paid=False)
        self.refund_draft(bill, 40).action_post()
        self.assertFalse(self.rows(bill))
        self.pay(bill)
        self.assert_rows(self.rows(bill), ("paid", 100, 45), ("refund", -40, -18))

    def test_a_withdrawn_credit_note_gives_the_commission_back(self):
        bill = self.bill(self.haircut)
        note = self.refund(bill)
        note.button_draft()
        self.assert_rows(
            self.rows(bill),
            ("paid", 50, 22.5),
            ("refund", -50, -22.5),
            ("refund_undone", 50, 22.5),
        )
        note.action_post()
        self.assertEqual(sum(self.rows(bill).mapped("amount")), 0)

    def test_a_credit_note_may_be_deleted_after_it_was_withdrawn(self):
        bill = self.bill(self.haircut)
        note = self.refund(bill)
        note.button_draft()
        note.with_context(force_delete=True).unlink()
        bill._on_salon_bill_paid()
        self.assertEqual(len(self.rows(bill)), 3)
        self.assertEqual(sum(self.rows(bill).mapped("amount")), 22.5)

    def test_a_bill_cancelled_by_its_reversal_ends_at_zero(self):
        bill = self.bill(self.haircut)
        bill._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.assert_rows(self.rows(bill), ("paid", 50, 22.5), ("unpaid", -50, -22.5))

    def test_an_unpaid_bill_takes_back_only_what_refunds_left(self):
        bill = self.bill(self.colour)
        self.refund_draft(bill, 40).action_post()
        self.unpay(bill)
        self.assert_rows(
            self.rows(bill),
            ("paid", 100, 45),
            ("refund", -40, -18),
            ("unpaid", -60, -27),
        )

    def test_a_credit_note_without_a_bill_is_a_bill_of_its_own(self):
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.anna.id,
                "salon_branch_id": self.branch.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.haircut.id,
                            "price_unit": 30,
                            "salon_staff_id": self.mia.id,
                        },
                    )
                ],
            }
        )
        note.action_post()
        self.assertFalse(self.rows(note))
        self.pay(note)
        self.assert_rows(self.rows(note), ("paid", -30, -13.5))

    def test_two_people_on_one_bill_keep_their_refunds_apart(self):
        bill = self.bill(self.haircut)
        other = self.bill(self.haircut, staff=self.oleg)
        both = bill | other
        self.refund(other)
        self.assertEqual(sum(self.rows(bill).mapped("amount")), 22.5)
        self.assertEqual(sum(self.rows(other).mapped("amount")), 0)
        self.assertEqual(len(both), 2)

    def test_an_ended_pay_scheme_does_not_take_commission_back(self):
        bill = self.bill(self.colour)
        self.env["salon.pay.assignment"].search([]).unlink()
        self.refund_draft(bill, 40).action_post()
        self.assert_rows(self.rows(bill), ("paid", 100, 45), ("refund", -40, -18))
