from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonCashStart(models.TransientModel):
    """Puts into the books what was in a drawer before its first day.

    Who posts it needs the right to post entries; the host asks.
    """

    _name = "salon.cash.start"
    _description = "Starting Balance of a Till"

    journal_id = fields.Many2one(
        "account.journal", "Till", required=True, readonly=True
    )
    company_id = fields.Many2one(related="journal_id.company_id")
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    amount = fields.Monetary(
        "Missing in the Books",
        compute="_compute_amount",
        help="Counted at the first opening, less what was booked before. Below zero: "
        "the books say more than was there.",
    )
    date = fields.Date(
        compute="_compute_date",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
    )
    account_id = fields.Many2one(
        "account.account",
        "Against",
        required=True,
        compute="_compute_account_id",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
        check_company=True,
        help="Where the cash came from: capital, another till, or the result.",
    )

    @api.depends("journal_id")
    def _compute_amount(self):
        for start in self:
            till = start.journal_id
            start.amount = till._get_salon_missing_start() if till else 0
            start.currency_id = till.currency_id or till.company_id.currency_id

    @api.depends("journal_id")
    def _compute_date(self):
        for start in self:
            start.date = start._get_first_day().date

    @api.depends("journal_id")
    def _compute_account_id(self):
        """Capital, where the chart has such an account."""
        for start in self:
            accounts = self.env["account.account"].with_company(start.company_id)
            start.account_id = accounts.search(
                [
                    *accounts._check_company_domain(start.company_id),
                    ("account_type", "=", "equity"),
                ],
                order="code",
                limit=1,
            )

    # rpc: posts with the rights of the user
    def action_post(self):
        self.ensure_one()
        till, company = self.journal_id, self.company_id
        if self.currency_id.is_zero(self.amount):
            raise UserError(
                self.env._(
                    "The books know already what was in %(till)s at first.",
                    till=till.name,
                )
            )
        balance = self.currency_id._convert(
            self.amount, company.currency_id, company, self.date
        )
        label = self.env._("Starting balance of %(till)s", till=till.name)
        sides = ((till.default_account_id, 1), (self.account_id, -1))
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self._get_journal().id,
                "date": self.date,
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": account.id,
                            "currency_id": self.currency_id.id,
                            "amount_currency": sign * self.amount,
                            "balance": sign * balance,
                        }
                    )
                    for account, sign in sides
                ],
            }
        )
        move.action_post()
        # sudo: salon.cash.day - its entry is kept by the system
        self._get_first_day().sudo().start_move_id = move
        return move._get_records_action()

    def _get_first_day(self):
        return self.env["salon.cash.day"].search(
            [("journal_id", "=", self.journal_id.id)], order="id", limit=1
        )

    def _get_journal(self):
        """Not the till's own: nothing is posted on that outside of its days."""
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company_id.id)], limit=1
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no journal for other entries. Make one first.",
                    company=self.company_id.name,
                )
            )
        return journal
