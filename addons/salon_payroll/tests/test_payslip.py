import io
from datetime import timedelta

from psycopg2.errors import ExclusionViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestPayslip(PayrollCase):
    def test_a_payslip_takes_the_open_rows_of_its_person_and_period(self):
        bill = self.bill(self.haircut, extra_lines=[self.sold(self.shampoo, self.mia)])
        self.bill(self.colour, staff=self.oleg)
        payslip = self.payslip()
        self.assertEqual(payslip.commission_ids, self.rows(bill).sorted("id", True))
        self.assertEqual(payslip.amount_services, 22.5)
        self.assertEqual(payslip.amount_products, 2)
        self.assertEqual(payslip.amount_total, 24.5)

    def test_a_manager_may_fill_in_a_single_payslip_by_hand(self):
        self.bill(self.haircut)
        form = Form(self.env["salon.payslip"].with_user(self.manager))
        form.staff_id = self.mia
        self.assertEqual(form.branch_id, self.branch)
        form.date_from = self.today
        form.date_to = self.today
        self.assertEqual(form.save().amount_total, 22.5)

    def test_rows_outside_of_the_period_stay_open(self):
        bill = self.bill(self.haircut)
        tomorrow = self.today + timedelta(days=1)
        payslip = self.payslip(date_from=tomorrow, date_to=tomorrow)
        self.assertFalse(payslip.commission_ids)
        self.assertFalse(self.rows(bill).payslip_id)

    def test_the_constraint_against_overlaps_is_in_the_database(self):
        self.env.cr.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
            ["salon_payslip_no_overlap"],
        )
        [(definition,)] = self.env.cr.fetchall()
        self.assertIn("EXCLUDE USING gist", definition)

    @mute_logger("odoo.sql_db")
    def test_a_person_has_one_payslip_for_a_day(self):
        self.payslip()
        self.payslip(staff=self.oleg)
        with self.assertRaises(ExclusionViolation):
            self.payslip(date_from=self.today, date_to=self.today + timedelta(days=9))

    def test_a_cancelled_payslip_makes_room_for_another_one(self):
        bill = self.bill(self.haircut)
        payslip = self.payslip()
        payslip.action_cancel()
        self.assertFalse(self.rows(bill).payslip_id)
        self.assertEqual(payslip.amount_total, 22.5)
        self.assertEqual(self.payslip().commission_ids, self.rows(bill))

    def test_confirming_takes_in_what_was_earned_since(self):
        self.bill(self.haircut)
        payslip = self.payslip()
        self.bill(self.colour)
        payslip.action_confirm()
        self.assertEqual(payslip.amount_total, 67.5)
        self.assertRegex(payslip.name, r"^PAY/\d{4}/\d+$")

    def test_an_empty_payslip_cannot_be_confirmed(self):
        with self.assertRaisesRegex(UserError, "nothing on it"):
            self.payslip().action_confirm()

    def test_a_refund_after_the_payslip_falls_in_the_open_period(self):
        bill = self.bill(self.haircut)
        payslip = self.issued()
        self.refund(bill)
        refund = self.rows(bill)[1]
        self.assertFalse(refund.payslip_id)
        self.assertEqual(refund.date, self.today + timedelta(days=1))
        self.assertEqual(payslip.amount_total, 22.5)
        following = self.payslip(
            date_from=self.today + timedelta(days=1),
            date_to=self.today + timedelta(days=30),
        )
        self.assertEqual(following.commission_ids, refund)
        self.assertEqual(following.amount_total, -22.5)

    def test_a_bill_paid_after_the_payslip_falls_in_the_open_period(self):
        self.bill(self.haircut)
        late = self.bill(self.colour, paid=False)
        self.issued()
        self.pay(late)
        self.assertEqual(self.rows(late).date, self.today + timedelta(days=1))

    def test_a_payment_removed_after_the_payslip_leaves_the_payslip_as_it_is(self):
        bill = self.bill(self.haircut)
        payslip = self.issued()
        self.unpay(bill)
        granted, taken = self.rows(bill)
        self.assertEqual(granted.payslip_id, payslip)
        self.assertEqual(taken.date, self.today + timedelta(days=1))

    def test_a_row_that_came_too_late_is_on_the_next_payslip(self):
        bill = self.bill(self.haircut)
        first = self.today.replace(day=1)
        earlier = self.payslip()
        row = self.rows(bill)
        row.payslip_id = False
        other = self.bill(self.colour)
        # Somebody else's transaction wrote the row while this one was confirmed.
        self.env["salon.payslip"].browse(earlier.id).sudo().write(
            {"state": "confirmed", "name": "X"}
        )
        self.assertGreaterEqual(row.date, first)
        following = self.payslip(
            date_from=self.today + timedelta(days=1),
            date_to=self.today + timedelta(days=30),
        )
        self.assertIn(row, following.commission_ids)
        self.assertIn(self.rows(other), following.commission_ids)

    def test_rows_of_a_closed_payslip_stay_on_it(self):
        bill = self.bill(self.haircut)
        self.issued()
        with self.assertRaisesRegex(UserError, "stay on it"):
            self.rows(bill).payslip_id = False

    def test_a_confirmed_payslip_cannot_be_changed_or_deleted(self):
        self.bill(self.haircut)
        payslip = self.payslip()
        payslip.action_confirm()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            payslip.date_to = self.today + timedelta(days=1)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            payslip.unlink()

    def test_a_confirmed_payslip_can_go_back_to_draft(self):
        self.bill(self.haircut)
        payslip = self.payslip(user=self.manager)
        payslip.action_confirm()
        payslip.action_back_to_draft()
        self.assertEqual(payslip.state, "draft")

    def test_a_deleted_draft_leaves_its_rows_open(self):
        bill = self.bill(self.haircut)
        self.payslip().unlink()
        self.rows(bill).invalidate_recordset()
        self.assertFalse(self.rows(bill).payslip_id)

    def test_no_button_can_be_skipped_by_writing_the_state(self):
        self.bill(self.haircut)
        payslip = self.payslip(user=self.manager)
        with self.assertRaisesRegex(AccessError, "buttons"):
            payslip.write({"state": "posted"})
        with self.assertRaisesRegex(AccessError, "buttons"):
            payslip.copy({"state": "posted"})

    def test_the_manager_makes_the_payslips_of_the_whole_team_at_once(self):
        self.bill(self.haircut)
        self.bill(self.colour, staff=self.oleg)
        wizard = (
            self.env["salon.payslip.create"]
            .with_user(self.manager)
            .create({"date_from": self.today.replace(day=1), "date_to": self.today})
        )
        wizard.branch_ids = self.branch
        action = wizard.action_create()
        payslips = self.env["salon.payslip"].search(action["domain"])
        self.assertEqual(payslips.staff_id, self.mia | self.oleg)
        self.assertEqual(sorted(payslips.mapped("amount_total")), [22.5, 45])
        with self.assertRaisesRegex(UserError, "Nobody has anything left"):
            wizard.action_create()

    def test_the_wizard_proposes_last_month(self):
        wizard = self.env["salon.payslip.create"].create({})
        first = self.today.replace(day=1)
        self.assertEqual(wizard.date_to, first - timedelta(days=1))
        self.assertEqual(wizard.date_from, wizard.date_to.replace(day=1))

    def test_the_printed_payslip_tells_groups_and_details(self):
        self.bill(self.haircut, extra_lines=[self.sold(self.shampoo, self.mia)])
        payslip = self.payslip()
        payslip.action_confirm()
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.stylist)
            ._render_qweb_html("salon_payroll.salon_payslip_report", payslip.ids)
        )
        text = html.decode()
        for expected in (payslip.name, "Hair (test)", "Shampoo (test)", "24.50"):
            self.assertIn(expected, text)

    def test_several_payslips_print_as_one_document(self):
        self.bill(self.haircut)
        payslips = self.payslip() | self.payslip(staff=self.oleg)
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf, _kind = report._render_qweb_pdf(
            "salon_payroll.salon_payslip_report", payslips.ids
        )
        self.assertEqual(PdfFileReader(io.BytesIO(pdf)).getNumPages(), 2)
