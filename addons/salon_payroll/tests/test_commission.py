from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestCommission(PayrollCase):
    def test_a_paid_bill_brings_a_row_per_service_and_product(self):
        bill = self.bill(
            self.haircut,
            self.colour,
            extra_lines=[self.sold(self.shampoo, self.oleg, quantity=2)],
        )
        rows = self.rows(bill)
        self.assert_rows(
            rows.filtered(lambda row: row.staff_id == self.mia),
            ("paid", 50, 22.5),
            ("paid", 100, 45),
        )
        self.assert_rows(
            rows.filtered(lambda row: row.staff_id == self.oleg), ("paid", 40, 4)
        )
        self.assertEqual(rows.branch_id, self.branch)
        self.assertEqual(set(rows.mapped("date")), {bill.invoice_date})

    def test_a_row_says_where_it_comes_from(self):
        bill = self.bill(self.haircut)
        row = self.rows(bill)
        line = bill.invoice_line_ids
        self.assertEqual(row.move_line_id, line)
        self.assertEqual(row.appointment_id, line.salon_appointment_id)
        self.assertEqual(row.visit_id, line.salon_visit_id)
        self.assertEqual(row.reference, bill.name)
        self.assertEqual(row.source, "service")
        self.assertEqual(row.category_id, self.category_hair)

    def test_the_income_report_says_what_was_earned_on_a_bill(self):
        bill = self.bill(self.haircut)
        self.env.flush_all()
        facts = SQL(" UNION ALL ").join(self.env["salon.income"]._get_facts())
        [earned] = self.env.execute_query(
            SQL(
                "SELECT date, branch_id, product_id, staff_id, client_id, pay "
                "FROM (%s) fact WHERE move_id = %s AND pay != 0",
                facts,
                bill.id,
            )
        )
        owners = self.branch.id, self.haircut.id, self.mia.id, self.anna.id
        self.assertEqual(earned, (bill.invoice_date, *owners, 22.5))

    def test_an_unpaid_or_partly_paid_bill_brings_nothing_yet(self):
        bill = self.bill(self.haircut, paid=False)
        self.pay(bill, 20)
        self.assertFalse(self.rows(bill))
        self.pay(bill)
        self.assert_rows(self.rows(bill), ("paid", 50, 22.5))

    def test_a_bill_that_is_reconciled_or_posted_anew_has_its_commission_once(self):
        bill = self.bill(self.haircut)
        settled = self.env["salon.commission.ledger"]._settle
        for is_posted_anew in (False, True, False):
            self.env.invalidate_all()
            own = bill.line_ids.filtered(
                lambda item: item.account_type == "asset_receivable"
            )
            others = own.matched_credit_ids.credit_move_id
            if is_posted_anew:
                bill.button_draft()
                bill.action_post()
                # The host has assigned the payment by itself.
                self.assertTrue(others.reconciled)
            else:
                own.remove_move_reconcile()
                (own | others).reconcile()
            self.assertEqual(bill.payment_state, bill._get_invoice_in_payment_state())
            self.assertEqual(sum(self.rows(bill).mapped("amount")), 22.5)
            self.assertFalse(settled(bill))

    def test_the_receptionist_who_takes_the_money_needs_no_right_on_pay(self):
        visit = self.book(self.haircut)
        result = self.checkout(visit, 55, user=self.receptionist)
        self.assert_rows(self.rows(result["invoice"].sudo()), ("paid", 50, 22.5))

    def test_the_base_is_net_of_tax_after_discounts(self):
        visit = self.book(self.colour)
        prices = {visit.appointment_ids.id: {"price_unit": 100, "discount": 25}}
        bill = self.checkout_paid(visit, options={"prices": prices})["invoice"]
        self.assertEqual(bill.amount_total, 82.5)
        self.assert_rows(self.rows(bill), ("paid", 75, 33.75))

    def test_half_a_cent_is_rounded_up(self):
        self.scheme.service_percentage = 12.5
        visit = self.book(self.haircut)
        prices = {visit.appointment_ids.id: {"price_unit": 10.2}}
        bill = self.checkout_paid(visit, options={"prices": prices})["invoice"]
        self.assert_rows(self.rows(bill), ("paid", 10.2, 1.28))

    def test_what_the_house_sold_brings_nobody_anything(self):
        bill = self.bill(self.haircut, extra_lines=[self.sold(self.shampoo)])
        self.assertEqual(self.rows(bill).product_id, self.haircut)

    def test_what_is_sold_in_advance_brings_nothing(self):
        liability = self.env["account.account"].create(
            {"name": "Owed", "code": "229998", "account_type": "liability_current"}
        )
        self.shampoo.property_account_income_id = liability
        bill = self.bill(self.haircut, extra_lines=[self.sold(self.shampoo, self.mia)])
        self.assertEqual(self.rows(bill).product_id, self.haircut)

    def test_a_down_payment_brings_nothing(self):
        line = self.bill(self.haircut, paid=False).invoice_line_ids
        self.assertTrue(line._is_commissionable())
        line.is_downpayment = True
        self.assertFalse(line._is_commissionable())

    def test_somebody_without_a_pay_scheme_earns_no_commission(self):
        self.env["salon.pay.assignment"].search(
            [("staff_id", "=", self.mia.id)]
        ).unlink()
        self.assertFalse(self.rows(self.bill(self.haircut)))

    def test_a_removed_payment_takes_the_commission_back(self):
        bill = self.bill(self.haircut)
        self.unpay(bill)
        rows = self.rows(bill)
        self.assert_rows(rows, ("paid", 50, 22.5), ("unpaid", -50, -22.5))
        self.assertEqual(rows[1].origin_id, rows[0])
        self.assertEqual(rows.mapped("step"), [1, 2])

    def test_a_bill_paid_again_brings_the_commission_again(self):
        bill = self.bill(self.haircut)
        self.unpay(bill)
        self.pay(bill)
        self.assert_rows(
            self.rows(bill),
            ("paid", 50, 22.5),
            ("unpaid", -50, -22.5),
            ("paid", 50, 22.5),
        )

    def test_a_bill_reset_to_draft_takes_the_commission_back(self):
        bill = self.bill(self.haircut)
        bill.button_draft()
        self.assert_rows(self.rows(bill), ("paid", 50, 22.5), ("unpaid", -50, -22.5))

    def test_a_line_may_be_deleted_from_a_bill_that_had_been_paid(self):
        bill = self.bill(self.haircut, self.colour)
        bill.button_draft()
        bill.invoice_line_ids[0].unlink()
        bill.action_post()
        self.pay(bill)
        self.assertEqual(sum(self.rows(bill).mapped("amount")), 45)

    def test_a_line_given_to_somebody_else_moves_its_commission(self):
        bill = self.bill(self.haircut)
        bill.invoice_line_ids.salon_staff_id = self.oleg
        self.assert_rows(
            self.rows(bill, self.mia), ("paid", 50, 22.5), ("unpaid", -50, -22.5)
        )
        self.assert_rows(self.rows(bill, self.oleg), ("paid", 50, 22.5))

    def test_the_hooks_may_be_called_twice(self):
        bill = self.bill(self.haircut)
        bill._on_salon_bill_paid()
        self.assertEqual(len(self.rows(bill)), 1)
        self.unpay(bill)
        bill._on_salon_bill_unpaid()
        self.assertEqual(len(self.rows(bill)), 2)

    def test_a_clerk_who_pays_at_the_same_moment_is_made_to_start_again(self):
        bill = self.bill(self.haircut)
        ledger = self.registry["salon.commission.ledger"]
        # The other clerk's rows are not seen before the end of the transaction.
        with (
            patch.object(ledger, "_load_chains", lambda self, bills: {}),
            self.assertRaises(ConcurrencyError),
        ):
            bill._on_salon_bill_paid()
        self.assertEqual(len(self.rows(bill)), 1)

    def test_nobody_changes_or_deletes_a_row(self):
        row = self.rows(self.bill(self.haircut))
        for user in (self.stylist, self.manager, self.owner, self.accountant):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"amount": 100})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
            with self.assertRaises(AccessError):
                row.with_user(user).copy()
        with self.assertRaisesRegex(UserError, "ledger"):
            row.write({"amount": 100})
        with self.assertRaisesRegex(UserError, "ledger"):
            row.unlink()

    def test_bills_paid_before_the_pay_scheme_are_caught_up(self):
        assignments = self.env["salon.pay.assignment"].search(
            [("staff_id", "=", self.mia.id)]
        )
        assignments.date_from = self.today + timedelta(days=1)
        bill = self.bill(self.haircut)
        self.assertFalse(self.rows(bill))
        wizard = self.env["salon.commission.catch.up"].with_user(self.owner).create({})
        # What other bills of the database lack does not concern this test.
        self.env["salon.commission.ledger"]._settle_period(
            wizard.company_id, wizard.date_from, wizard.date_to
        )
        assignments.date_from = self.today
        action = wizard.action_settle()
        self.assert_rows(self.rows(bill), ("paid", 50, 22.5))
        self.assertEqual(action["domain"], [("id", "in", self.rows(bill).ids)])
        with self.assertRaisesRegex(UserError, "missing"):
            wizard.action_settle()
