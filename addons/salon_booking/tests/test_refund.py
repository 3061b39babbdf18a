from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestRefund(SalonCase):
    """Whoever hangs something on a paid bill hears of every change, once."""

    @contextmanager
    def listening(self):
        heard = []
        move = self.env.registry["account.move"]

        def hook(name):
            return patch.object(
                move,
                name,
                lambda moves: heard.append((name, moves.mapped("move_type"))),
            )

        with (
            hook("_on_salon_bill_paid"),
            hook("_on_salon_bill_unpaid"),
            hook("_on_salon_bill_reversed"),
        ):
            yield heard

    def test_paying_is_heard_when_the_last_cent_arrives(self):
        visit = self.book(self.haircut)
        with self.listening() as heard:
            invoice = self.checkout(visit, 20)["invoice"]
            self.assertEqual(heard, [])
            self.pay(invoice)
        self.assertEqual(heard, [("_on_salon_bill_paid", ["out_invoice"])])

    def test_a_bill_of_nothing_is_paid_at_once(self):
        visit = self.book(self.haircut)
        visit.appointment_ids.price = 0
        with self.listening() as heard:
            self.checkout(visit)
        self.assertEqual([name for name, _moves in heard], ["_on_salon_bill_paid"])

    def test_a_payment_taken_back_is_heard(self):
        result = self.checkout(self.book(self.haircut), 55)
        with self.listening() as heard:
            result["payments"].action_draft()
            result["payments"].action_cancel()
        self.assertEqual([name for name, _moves in heard], ["_on_salon_bill_unpaid"])

    def test_two_accountants_who_take_the_same_apart_meet_no_error(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        items = invoice.line_ids.with_user(self.accountant)

        def wait(_checkout, _moves):
            """Meanwhile the other one is done."""
            parts = items.matched_credit_ids.ids
            self.env.cr.execute(
                "DELETE FROM account_partial_reconcile WHERE id IN %s", [tuple(parts)]
            )
            self.env.invalidate_all()

        checkout = self.env.registry["salon.checkout"]
        with patch.object(checkout, "_begin_books", wait):
            items.remove_move_reconcile()
        self.assertFalse(items.matched_credit_ids)

    def test_a_bill_back_in_draft_is_heard_once(self):
        result = self.checkout(self.book(self.haircut), 55)
        with self.listening() as heard:
            result["invoice"].button_draft()
        self.assertEqual([name for name, _moves in heard], ["_on_salon_bill_unpaid"])

    def test_a_credit_note_is_heard_when_posted(self):
        visit = self.book(self.haircut)
        invoice = self.checkout(visit, 55)["invoice"]
        with self.listening() as heard:
            refund = self.refund(invoice)
        self.assertEqual(heard[0], ("_on_salon_bill_reversed", ["out_refund"]))
        self.assertEqual(refund.salon_branch_id, self.branch)
        self.assertEqual(
            refund.invoice_line_ids.salon_appointment_id, visit.appointment_ids
        )
        self.assertEqual(refund.invoice_line_ids.salon_staff_id, self.mia)

    def test_a_refunded_visit_says_so_and_can_be_billed_again(self):
        visit = self.book(self.haircut)
        invoice = self.checkout(visit, 55)["invoice"]
        self.refund(invoice)
        self.assertEqual(visit.payment_state, "refunded")
        self.assertEqual(visit.appointment_ids.amount_invoiced, 0)
        self.assertEqual(visit._get_billable_appointments(), visit.appointment_ids)

    def test_a_credit_of_a_part_does_not_bill_the_service_again(self):
        visit = self.book(self.haircut)
        invoice = self.checkout(visit, 55)["invoice"]
        credit = invoice._reverse_moves([{}])
        credit.invoice_line_ids.price_unit = 5
        credit.action_post()
        self.assertEqual(visit.appointment_ids.amount_invoiced, 45)
        self.assertFalse(visit._get_billable_appointments())

    def test_a_billed_visit_keeps_client_and_branch(self):
        visit = self.book(self.haircut)
        self.checkout(visit, 55)
        with self.assertRaisesRegex(UserError, "client and branch stay"):
            visit.with_user(self.manager).client_id = self.bella

    def test_an_ordinary_invoice_of_the_host_is_left_alone(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.anna.id,
                "invoice_line_ids": [
                    (0, 0, {"product_id": self.shampoo.id, "price_unit": 10})
                ],
            }
        )
        with self.listening() as heard:
            invoice.action_post()
            self.refund(invoice)
        self.assertEqual(heard, [])
