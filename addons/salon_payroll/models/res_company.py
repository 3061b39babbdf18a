from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_pay_journal_id = fields.Many2one(
        "account.journal",
        "Payslip Journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Empty: the first miscellaneous journal of the company.",
    )
    salon_pay_expense_account_id = fields.Many2one(
        "account.account",
        "Commission Expense Account",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost'))]",
        help="Empty: the salary expenses of the chart of accounts, else the company's "
        "expense account.",
    )
    salon_pay_payable_account_id = fields.Many2one(
        "account.account",
        "Salary Payable Account",
        check_company=True,
        domain="[('account_type', 'in', ('liability_payable', 'liability_current'))]",
        help="Empty: the salaries payable of the chart of accounts, else the payable "
        "account of the person.",
    )
    salon_pay_tips = fields.Boolean(
        "Tips with the Payslip",
        groups="base.group_user",
        help="Tips that were not paid out by hand are paid with the payslip. It can be "
        "changed on each payslip.",
    )

    def _get_salon_pay_journal(self):
        """Where payslips are posted; UserError names what to set."""
        self.ensure_one()
        journal = self.salon_pay_journal_id or self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "general"),
                ("id", "!=", self.currency_exchange_journal_id.id),
                ("id", "!=", self.tax_cash_basis_journal_id.id),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no miscellaneous journal to post payslips in. "
                    "Set the payslip journal in the settings of the salon.",
                    company=self.name,
                )
            )
        return journal

    def _get_salon_pay_expense_account(self):
        """What pay is an expense of; UserError names what to set."""
        self.ensure_one()
        account = (
            self.salon_pay_expense_account_id
            or self._ref_chart_account("expense_salary")
            or self.expense_account_id
        )
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no account for salary expenses. Set the "
                    "commission expense account in the settings of the salon.",
                    company=self.name,
                )
            )
        return account

    def _get_salon_pay_payable_account(self, payee):
        """Where pay is owed to ``payee`` (res.partner); UserError names what to set."""
        self.ensure_one()
        account = (
            self.salon_pay_payable_account_id
            or self._ref_chart_account("salary_payable")
            or payee.with_company(self).property_account_payable_id
        )
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no account for salaries payable. Set the salary "
                    "payable account in the settings of the salon.",
                    company=self.name,
                )
            )
        return account

    def _ref_chart_account(self, xmlid):
        """An account of the chart template by its name there, if the chart has it."""
        self.ensure_one()
        account = (
            self.env["account.chart.template"]
            .with_company(self)
            .ref(xmlid, raise_if_not_found=False)
        )
        return account if account and account.active else None
