from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestPayslipPosting(PayrollCase):
    def test_posting_owes_the_person_the_commission(self):
        self.bill(self.haircut)
        move = self.issued().move_id
        self.assertEqual(move.state, "posted")
        expense = move.line_ids.filtered("debit")
        owed = move.line_ids.filtered("credit")
        self.assertEqual(expense.debit, 22.5)
        self.assertEqual(expense.account_id.account_type, "expense")
        self.assertEqual(owed.credit, 22.5)
        self.assertEqual(owed.partner_id, self.mia.work_contact_id)
        self.assertEqual(owed.account_id.internal_group, "liability")

    def test_the_cost_goes_to_the_branch_where_the_work_was_done(self):
        harbour = self.branch.copy({"name": "Harbour (test)"})
        self.mia.salon_branch_ids |= harbour
        self.bill(self.haircut)
        visit = self.book(self.colour, at="14:00", branch=harbour)
        self.checkout_paid(visit)
        move = self.issued().move_id
        by_branch = {
            next(iter(line.analytic_distribution)): line.debit
            for line in move.line_ids.filtered("debit")
        }
        self.assertEqual(
            by_branch,
            {
                str(self.branch.analytic_account_id.id): 22.5,
                str(harbour.analytic_account_id.id): 45,
            },
        )
        self.assertEqual(move.line_ids.filtered("credit").credit, 67.5)

    def test_the_accounts_of_the_settings_are_used(self):
        company = self.company
        accounts = self.env["account.account"].create(
            [
                {"name": "Pay", "code": "629998", "account_type": "expense"},
                {"name": "Due", "code": "219998", "account_type": "liability_payable"},
            ]
        )
        journal = self.env["account.journal"].create(
            {"name": "Salaries", "code": "SALTS", "type": "general"}
        )
        self.env["res.config.settings"].create(
            {
                "salon_pay_journal_id": journal.id,
                "salon_pay_expense_account_id": accounts[0].id,
                "salon_pay_payable_account_id": accounts[1].id,
            }
        ).execute()
        self.assertEqual(company.salon_pay_journal_id, journal)
        self.bill(self.haircut)
        move = self.issued().move_id
        self.assertEqual(move.journal_id, journal)
        self.assertEqual(move.line_ids.account_id, accounts)

    def test_what_is_not_set_up_is_named(self):
        self.bill(self.haircut)
        payslip = self.payslip()
        payslip.action_confirm()
        self.mia.user_id = False
        self.mia.work_contact_id = False
        with self.assertRaisesRegex(UserError, "work contact"):
            payslip.action_post()

    def test_a_payslip_below_zero_is_owed_by_the_person(self):
        bill = self.bill(self.haircut)
        self.issued()
        self.refund(bill)
        payslip = self.issued(
            date_from=self.today + timedelta(days=1),
            date_to=self.today + timedelta(days=2),
        )
        owed = payslip.move_id.line_ids.filtered("partner_id")
        self.assertEqual(payslip.move_id.state, "posted")
        self.assertEqual(owed.debit, 22.5)

    def test_a_payslip_that_comes_to_nothing_needs_no_entry(self):
        self.refund(self.bill(self.haircut))
        payslip = self.issued()
        self.assertEqual(payslip.state, "posted")
        self.assertFalse(payslip.move_id)

    def test_cancelling_reverses_the_entry_and_frees_the_rows(self):
        bill = self.bill(self.haircut)
        payslip = self.issued()
        payslip.with_user(self.accountant).action_cancel()
        self.assertEqual(payslip.state, "cancelled")
        moves = payslip.move_id | payslip.reversal_move_id
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertEqual(sum(moves.line_ids.mapped("balance")), 0)
        for account in moves.line_ids.account_id:
            lines = moves.line_ids.filtered(
                lambda line, account=account: line.account_id == account
            )
            self.assertEqual(sum(lines.mapped("balance")), 0)
        self.assertEqual(self.issued().commission_ids, self.rows(bill))

    def test_a_payslip_that_was_paid_out_cannot_be_cancelled(self):
        self.bill(self.haircut)
        payslip = self.issued()
        owed = payslip.move_id.line_ids.filtered("partner_id")
        payment = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": owed.account_id.id,
                            "partner_id": owed.partner_id.id,
                            "debit": 22.5,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.bank_journal.default_account_id.id,
                            "credit": 22.5,
                        }
                    ),
                ],
            }
        )
        payment.action_post()
        (owed | payment.line_ids.filtered("debit")).reconcile()
        with self.assertRaisesRegex(UserError, "paid out"):
            payslip.action_cancel()

    def test_the_owner_posts_without_accounting_rights(self):
        self.bill(self.haircut)
        payslip = self.payslip(user=self.owner)
        payslip.action_confirm()
        payslip.action_post()
        self.assertEqual(payslip.sudo().move_id.state, "posted")

    def test_the_accountant_posts_what_the_manager_confirmed(self):
        self.bill(self.haircut)
        payslip = self.payslip(user=self.manager)
        payslip.action_confirm()
        with self.assertRaises(AccessError):
            payslip.action_post()
        payslip.with_user(self.accountant).action_post()
        self.assertEqual(payslip.state, "posted")

    def test_a_payslip_is_posted_once(self):
        self.bill(self.haircut)
        payslip = self.issued()
        with self.assertRaisesRegex(UserError, "Posted"):
            payslip.action_post()

    def test_the_team_is_posted_at_once(self):
        self.bill(self.haircut)
        self.bill(self.colour, staff=self.oleg)
        payslips = self.payslip() | self.payslip(staff=self.oleg)
        payslips.action_confirm()
        payslips.action_post()
        self.assertEqual(len(payslips.move_id), 2)
        self.assertEqual(set(payslips.move_id.mapped("state")), {"posted"})
