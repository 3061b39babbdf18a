from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_deposit_account_id = fields.Many2one(
        "account.account",
        "Client Deposits",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        ondelete="restrict",
        help="What clients paid in advance and have not had yet. Nothing else should "
        "be booked on it.",
    )
    salon_balance_account_id = fields.Many2one(
        "account.account",
        "Client Balance Account",
        check_company=True,
        ondelete="restrict",
        help="What clients have paid ahead. Made when the first client does.",
    )
    salon_balance_journal_id = fields.Many2one(
        "account.journal",
        "Client Balance Journal",
        check_company=True,
        ondelete="restrict",
        help="Payments out of and onto the balance of a client.",
    )
    salon_tips_account_id = fields.Many2one(
        "account.account",
        "Tips Account",
        check_company=True,
        ondelete="restrict",
        help="Tips that are owed to the team. Made with the first tip.",
    )
    salon_barter_account_id = fields.Many2one(
        "account.account",
        "Barter Account",
        check_company=True,
        ondelete="restrict",
        help="What clients settle by what they do for the salon: bills of both sides "
        "are paid through it. Made when the first branch takes barter.",
    )
    salon_barter_journal_id = fields.Many2one(
        "account.journal", "Barter Journal", check_company=True, ondelete="restrict"
    )

    salon_between_account_id = fields.Many2one(
        "account.account",
        "Account Between Companies",
        check_company=True,
        ondelete="restrict",
        help="What one company of the chain owes to another. Made when first needed.",
    )

    def write(self, vals):
        for ledger in ("salon.balance.entry", "salon.tip"):
            name = self.env[ledger]._account_field
            if name in vals:
                self._check_ledger_account(ledger, name, vals[name])
        return super().write(vals)

    def _check_ledger_account(self, ledger, name, account_id):
        """A ledger follows one account for good."""
        changed = self.filtered(
            lambda company: company[name] and company[name].id != account_id
        )
        # sudo: the ledger - whether there is anything on it
        used = (
            self.env[ledger].sudo().search([("company_id", "in", changed.ids)], limit=1)
        )
        if used:
            raise UserError(
                self.env._(
                    "“%(account)s” of %(company)s has entries and stays. Rename the "
                    "account instead.",
                    account=used.company_id[name].display_name,
                    company=used.company_id.name,
                )
            )

    def _get_salon_balance_account(self):
        """Where client balances are owed; made when it is first needed."""
        return self.env["salon.accounts"]._ensure(
            self, "salon_balance_account_id", self.env._("Client balances")
        )

    def _get_salon_tips_account(self):
        """Where tips are owed to the team; made when it is first needed."""
        return self.env["salon.accounts"]._ensure(
            self, "salon_tips_account_id", self.env._("Tips owed to the team")
        )

    def _get_salon_balance_journal(self):
        """The journal in which balances are paid with; made when first needed.

        Its money account is the liability itself: what is paid from the balance is an
        ordinary payment that makes the salon owe less.
        """
        # sudo: account.journal - whoever needs it first may hold no accounting right
        company = self.root_id.sudo()
        if not company.salon_balance_journal_id:
            self.env["salon.accounts"]._begin(company)
            account = company._get_salon_balance_account()
            company.salon_balance_journal_id = (
                self.env["account.journal"]
                .sudo()
                ._create_salon_settlement(
                    company, account, self.env._("Client balance"), "balance"
                )
            )
        return company.salon_balance_journal_id

    def _get_salon_barter_journal(self):
        """The journal by which bills are settled without money; made when needed.

        A client's bill is paid into it and the bill for what the client does out of it,
        so its clearing account says what one side still has to do for the other.
        """
        # sudo: account.journal - whoever needs it first may hold no accounting right
        company = self.root_id.sudo()
        if not company.salon_barter_journal_id:
            self.env["salon.accounts"]._begin(company)
            account = self.env["salon.accounts"]._ensure(
                company,
                "salon_barter_account_id",
                self.env._("Barter with clients"),
                "asset_current",
            )
            company.salon_barter_journal_id = (
                self.env["account.journal"]
                .sudo()
                ._create_salon_settlement(
                    company, account, self.env._("Barter"), "barter"
                )
            )
        return company.salon_barter_journal_id
