from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_till import TillCase


@tagged("post_install", "-at_install")
class TestBalanceAlone(TillCase):
    """Money onto a balance and out of it, without a bill."""

    def dialog(self, user=None):
        client = self.anna.with_user(user or self.receptionist)
        action = client.action_change_salon_balance()
        dialog = client.env["salon.balance.wizard"].browse(action["res_id"])
        dialog.branch_id = self.branch
        return dialog

    def pay(self, amount, kind="in", user=None):
        dialog = self.dialog(user)
        dialog.write(
            {"amount": amount, "kind": kind, "journal_id": self.cash_journal.id}
        )
        dialog.action_confirm()
        return dialog

    def balance(self):
        return self.anna.with_user(self.receptionist).salon_balance

    def test_a_client_pays_ahead_without_a_bill(self):
        self.pay(80)
        self.assertEqual(self.balance(), 80)
        payment = self.env["account.payment"].search(
            [("partner_id", "=", self.anna.id)], limit=1, order="id desc"
        )
        account = self.company.salon_balance_account_id
        balances = {line.account_id: line.balance for line in payment.move_id.line_ids}
        self.assertEqual(balances, {payment.outstanding_account_id: 80, account: -80})
        self.assertEqual(payment.salon_branch_id, self.branch)
        self.assert_ledgers_agree()

    def test_a_dialog_confirmed_twice_takes_once(self):
        self.pay(80).action_confirm()
        self.assertEqual(self.balance(), 80)

    def test_the_rest_is_paid_back_by_right(self):
        self.pay(80)
        with self.assertRaisesRegex(AccessError, "right to refund"):
            self.pay(80, "out")
        self.pay(30, "out", self.manager)
        self.assertEqual(self.balance(), 50)
        self.assert_ledgers_agree()

    def test_nobody_is_paid_back_more_than_is_there(self):
        self.pay(80)
        with self.assertRaisesRegex(UserError, "Anna has .*80.00 .*81.00"):
            self.pay(81, "out", self.manager)

    def test_who_leaves_gets_all_of_it(self):
        self.pay(80)
        dialog = self.dialog(self.manager)
        with Form(dialog) as form:
            form.kind = "out"
            self.assertEqual(form.amount, 80)

    def test_no_name_no_balance(self):
        walk_in = self.branch.walk_in_partner_id.with_user(self.receptionist)
        with self.assertRaisesRegex(UserError, "leaves no name"):
            walk_in.env["salon.till"]._change_balance(
                self.branch.with_env(walk_in.env), walk_in, self.tender(10)
            )

    def test_a_stylist_takes_no_money(self):
        with self.assertRaises(AccessError):
            self.env["salon.till"].with_user(self.stylist)._change_balance(
                self.branch, self.anna, self.tender(10)
            )

    def test_the_desk_of_another_branch_takes_no_money(self):
        self.receptionist.salon_branch_ids = self.env["salon.branch"].create(
            {"name": "Elsewhere", "resource_calendar_id": self.calendar.id}
        )
        with self.assertRaises(AccessError):
            self.pay(10)


@tagged("post_install", "-at_install")
class TestTipsPaidOut(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checkout(
            cls.visit, 60, options={"tips": [{"staff_id": cls.mia.id, "amount": 5}]}
        )
        cls.owed = cls.env["salon.tip.balance"].search([("staff_id", "=", cls.mia.id)])

    def pay_out(self, amount=None, journal=None):
        owed = self.owed.with_user(self.receptionist)
        dialog = owed.env["salon.tip.payout"].browse(owed.action_pay_out()["res_id"])
        dialog.branch_id = self.branch
        dialog.journal_id = journal or self.cash_journal
        if amount is not None:
            dialog.amount = amount
        dialog.action_confirm()
        return dialog

    def test_what_is_owed_is_paid_out_in_cash(self):
        dialog = self.pay_out()
        dialog.action_confirm()
        self.assertEqual(self.owed.amount, 0)
        row = self.env["salon.tip"].search([("staff_id", "=", self.mia.id)], limit=1)
        self.assertEqual((row.amount, row.branch_id), (-5, self.branch))
        balances = {
            line.account_id: (line.balance, line.partner_id)
            for line in row.move_id.line_ids
        }
        contact = self.mia.work_contact_id
        self.assertEqual(
            balances,
            {
                self.company.salon_tips_account_id: (5, contact),
                row.payment_id.outstanding_account_id: (-5, contact),
            },
        )
        self.assert_ledgers_agree()

    def test_a_part_is_paid_out_by_bank(self):
        self.pay_out(3, self.bank_journal)
        self.assertEqual(self.owed.amount, 2)
        self.assert_ledgers_agree()

    def test_more_than_is_owed_is_refused(self):
        with self.assertRaisesRegex(UserError, "Mia is owed .*5.00 .*6.00"):
            self.pay_out(6)

    def test_a_stylist_pays_nothing_out(self):
        with self.assertRaises(AccessError):
            self.owed.with_user(self.stylist).action_pay_out()


@tagged("post_install", "-at_install")
class TestTakenBack(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["salon.fee.ladder"].create(
            {
                "name": "Test",
                "branch_id": cls.branch.id,
                "forgiven": 0,
                "step_ids": [Command.create({"is_no_show": True, "percent": 50})],
            }
        )
        cls.visit.appointment_ids.create(
            {
                "visit_id": cls.visit.id,
                "product_id": cls.blowdry.id,
                "staff_id": cls.oleg.id,
                "start": cls.at("11:00"),
            }
        )
        cls.first, cls.second = cls.visit.appointment_ids.sorted("start")

    def test_one_of_two_missed_services_taken_back_leaves_the_fee_of_the_other(self):
        self.visit.action_no_show()
        self.assertEqual(self.visit.fee_asked, 44)
        self.first.action_reopen()
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (16.5, "due"))
        self.second.action_reopen()
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (0, False))

    def test_services_missed_one_by_one_are_forgotten_one_by_one(self):
        self.first.action_no_show()
        self.second.action_no_show()
        self.assertEqual(self.visit.fee_asked, 44)
        self.second.action_reopen()
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (27.5, "due"))

    def test_what_is_on_a_bill_is_reopened_by_a_refund_only(self):
        self.pay_bill(88)
        with self.assertRaisesRegex(UserError, "is on a bill. Refund it"):
            self.visit.with_user(self.manager).action_reopen()
        self.assertEqual(self.visit.state, "done")
        visit = self.visit.with_user(self.manager)
        action = visit.action_refund()
        dialog = visit.env["salon.refund.wizard"].browse(action["res_id"])
        dialog.write({"reopens": True, "reason": "test"})
        dialog.action_refund()
        self.assertEqual(self.visit.state, "in_service")
        self.assertEqual(self.visit.payment_state, "refunded")
        self.assertEqual(len(self.visit._get_billable_appointments()), 2)
