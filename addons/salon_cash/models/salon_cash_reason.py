from odoo import fields, models
from odoo.exceptions import UserError


class SalonCashReason(models.Model):
    """Why cash comes into the drawer or goes out of it, and how that is booked."""

    _name = "salon.cash.reason"
    _description = "Cash Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    direction = fields.Selection(
        [("in", "Cash In"), ("out", "Cash Out")], required=True, default="out"
    )
    kind = fields.Selection(
        [
            ("expense", "Expense"),
            ("income", "Other income"),
            ("payable", "Debt to somebody"),
            ("transfer", "Safe or bank"),
        ],
        "Booked as",
        required=True,
        default="expense",
        help="Which account of the chart is used where none is set here.",
    )
    account_id = fields.Many2one(
        "account.account",
        company_dependent=True,
        check_company=True,
        help="Empty: by what it is booked as.",
    )
    needs_partner = fields.Boolean("Ask for Whom")
    is_for_managers = fields.Boolean("Managers Only")

    def _get_account(self, company, partner):
        """The account against cash; UserError names what to set."""
        self.ensure_one()
        reason = self.with_company(company)
        account = reason.account_id or {
            "expense": company.expense_account_id,
            "income": company.income_account_id,
            "payable": partner.with_company(company).property_account_payable_id,
            "transfer": company.transfer_account_id,
        }.get(self.kind)
        if not account:
            raise UserError(
                self.env._(
                    "%(reason)s has no account in %(company)s. Set one in the cash "
                    "reasons.",
                    reason=self.name,
                    company=company.name,
                )
            )
        return account
