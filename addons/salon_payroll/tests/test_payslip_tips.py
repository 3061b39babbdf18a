from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestTipsOnPayslips(PayrollCase):
    """Mia earns 22.50 on a haircut and was given a tip of 5.00 with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.salon_pay_tips = True

    def setUp(self):
        super().setUp()
        self.tip(self.mia, 5)

    @classmethod
    def tip(cls, staff, amount):
        visit = cls.book(cls.haircut, staff=staff, date=cls.today + cls.days(1))
        tips = [{"staff_id": staff.id, "amount": amount}]
        return cls.checkout(visit, 55 + amount, options={"tips": tips})

    def owed(self, staff=None):
        totals = self.env["salon.tip.balance"].search(
            [("staff_id", "=", (staff or self.mia).id)]
        )
        return sum(totals.mapped("amount"))

    def pay_out(self, amount):
        self.env["salon.till"].with_user(self.receptionist)._pay_out_tips(
            self.branch.with_user(self.receptionist), self.mia, self.tender(amount)
        )

    def assert_books_agree(self):
        totals = self.env["salon.instruments"]._totals(
            self.company, self.today + timedelta(days=2)
        )
        self.assertFalse([total for total in totals if total["difference"]])

    def test_tips_are_paid_with_the_payslip_and_owed_no_longer(self):
        payslip = self.payslip(user=self.manager)
        self.assertEqual((payslip.amount_tips, payslip.amount_total), (5, 27.5))
        payslip.action_confirm()
        self.assertEqual(self.owed(), 5)
        payslip.with_user(self.accountant).action_post()
        items = payslip.sudo().move_id.line_ids
        tips = self.company.salon_tips_account_id
        booked = {line.account_id: line.balance for line in items}
        self.assertEqual(booked.pop(tips), 5)
        self.assertEqual(sorted(booked.values()), [-27.5, 22.5])
        self.assertEqual(self.owed(), 0)
        self.assert_books_agree()
        with self.assertRaisesRegex(UserError, "Mia is owed .*0.00"):
            self.pay_out(5)

    def test_a_cancelled_payslip_gives_the_tips_back_to_the_next_one(self):
        payslip = self.issued()
        payslip.action_cancel()
        self.assertEqual((self.owed(), payslip.amount_tips), (5, 5))
        again = self.issued()
        self.assertEqual((again.amount_tips, self.owed()), (5, 0))
        self.assert_books_agree()

    def test_tips_paid_out_by_hand_are_not_paid_again(self):
        payslip = self.payslip()
        payslip.action_confirm()
        self.pay_out(3)
        refused = self.assertRaisesRegex(UserError, "Mia is owed .*2.00")
        with refused, self.env.cr.savepoint():
            payslip.action_post()
        payslip.action_back_to_draft()
        self.assertEqual(payslip.amount_tips, 2)
        payslip.action_confirm()
        payslip.action_post()
        self.assertEqual(self.owed(), 0)

    def test_two_payslips_do_not_pay_the_same_tips(self):
        yesterday = self.today - timedelta(days=1)
        first = self.payslip(date_from=self.today, date_to=self.today)
        later = self.payslip(
            date_from=self.today + timedelta(days=1),
            date_to=self.today + timedelta(days=2),
        )
        before = self.payslip(date_from=yesterday, date_to=yesterday)
        self.assertEqual(
            (before.amount_tips, first.amount_tips, later.amount_tips), (0, 5, 0)
        )

    def test_who_does_not_want_them_there_takes_them_off(self):
        payslip = self.payslip(user=self.manager)
        with Form(payslip) as form:
            form.pays_tips = False
        self.assertEqual((payslip.amount_tips, payslip.amount_total), (0, 22.5))
        self.company.salon_pay_tips = False
        self.assertFalse(self.payslip(staff=self.oleg).pays_tips)

    def test_somebody_with_nothing_but_tips_gets_a_payslip(self):
        scheme = self.env["salon.pay.assignment"]
        scheme.search([("staff_id", "=", self.oleg.id)]).unlink()
        self.tip(self.oleg, 7)
        payslips = self.env["salon.pay.run"]._create_payslips(
            self.today, self.today, self.branch
        )
        payslip = payslips.filtered(lambda slip: slip.staff_id == self.oleg)
        self.assertEqual((payslip.branch_id, payslip.amount_tips), (self.branch, 7))
        payslips.action_confirm()
        payslips.action_post()
        self.assertEqual(self.owed(self.oleg), 0)

    def test_the_printed_payslip_says_it(self):
        payslip = self.issued()
        page = self.env["ir.actions.report"]._render_qweb_html(
            "salon_payroll.salon_payslip_report", payslip.ids
        )[0]
        self.assertIn("Tips", page.decode())
