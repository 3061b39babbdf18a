from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestLaterPayment(SalonCase):
    """What was left open at checkout is paid at the desk later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.book(cls.haircut)
        cls.checkout(cls.visit, 20)

    def pay_later(self, visits, amount, user=None, journal=None):
        visits = visits.with_user(user or self.receptionist)
        action = visits.action_take_payment()
        wizard = visits.env["salon.payment.wizard"].browse(action["res_id"])
        with Form(wizard) as form:
            form.amount = amount
            form.journal_id = journal or self.cash_journal
        wizard.action_pay()
        return wizard

    def test_the_dialog_proposes_what_is_open(self):
        visit = self.visit.with_user(self.receptionist)
        action = visit.action_take_payment()
        wizard = visit.env["salon.payment.wizard"].browse(action["res_id"])
        self.assertEqual(wizard.amount_due, 35)
        self.assertEqual(wizard.amount, 35)

    def test_a_debt_is_paid_in_parts(self):
        self.pay_later(self.visit, 15)
        self.assertEqual(self.visit.payment_state, "partial")
        self.pay_later(self.visit, 20, journal=self.bank_journal)
        self.assertEqual(self.visit.payment_state, "paid")

    def test_one_payment_settles_the_oldest_bill_first(self):
        other = self.book(self.blowdry, at="12:00")
        self.checkout(other)
        self.pay_later(self.visit | other, 40)
        self.assertEqual(self.visit.payment_state, "paid")
        self.assertEqual(other.payment_state, "partial")
        self.assertEqual(other.invoice_ids.amount_residual, 28)

    def test_nobody_pays_more_than_is_open(self):
        with self.assertRaisesRegex(UserError, "Only .*35.00 is still open"):
            self.pay_later(self.visit, 36)
        with self.assertRaisesRegex(UserError, "Enter the amount"):
            self.pay_later(self.visit, 0)

    def test_a_paid_visit_asks_for_no_payment(self):
        self.pay_later(self.visit, 35)
        with self.assertRaisesRegex(UserError, "Nothing is open"):
            self.visit.with_user(self.receptionist).action_take_payment()

    def test_the_dialog_tells_nothing_of_visits_in_other_branches(self):
        self.receptionist.salon_branch_ids = self.env["salon.branch"].create(
            {"name": "Other"}
        )
        self.env.invalidate_all()
        told = (
            self.env["salon.payment.wizard"]
            .with_user(self.receptionist)
            .onchange(
                {
                    "visit_ids": [Command.link(self.visit.id)],
                    "branch_id": self.receptionist.salon_branch_ids.id,
                },
                ["visit_ids", "branch_id"],
                {"visit_ids": {}, "branch_id": {}, "amount_due": {}},
            )
        )
        self.assertFalse(told["value"].get("amount_due"))

    def test_a_stylist_takes_no_money(self):
        with self.assertRaises(AccessError):
            self.visit.with_user(self.stylist).action_take_payment()

    def test_the_desk_of_another_branch_takes_no_money(self):
        other = self.env["salon.branch"].create(
            {"name": "Elsewhere", "resource_calendar_id": self.calendar.id}
        )
        self.receptionist.salon_branch_ids = other
        with self.assertRaises(AccessError):
            self.visit.with_user(self.receptionist).action_take_payment()
