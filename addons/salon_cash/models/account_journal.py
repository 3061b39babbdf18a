from decimal import Decimal

from odoo import api, fields, models

from ..engine.card_fees import fee_of


class AccountJournal(models.Model):
    _inherit = "account.journal"

    is_salon_till = fields.Boolean(
        "Cash Desk",
        copy=False,
        help="A drawer that is opened, counted and closed. Nothing is posted on it "
        "while it is closed.",
    )

    salon_fee_percent = fields.Float(
        "Fee (%)", digits=(6, 3), help="What the terminal keeps of each payment."
    )
    salon_fee_fixed = fields.Float("Fee per Ticket", digits=(16, 2))
    salon_fee_account_id = fields.Many2one(
        "account.account",
        "Fee Account",
        check_company=True,
        ondelete="restrict",
        domain="[('internal_group', '=', 'expense')]",
    )
    salon_fee_tax_id = fields.Many2one(
        "account.tax",
        "Tax on Fees",
        check_company=True,
        ondelete="restrict",
        domain="[('type_tax_use', '=', 'purchase')]",
    )
    salon_payout_account_id = fields.Many2one(
        "account.account",
        "Paid Out To",
        check_company=True,
        ondelete="restrict",
        help="Empty: the bank account of this journal. Where bank statements are "
        "entered, the account for transfers, so that nothing is booked twice.",
    )
    salon_posts_nothing = fields.Boolean(compute="_compute_salon_posts_nothing")

    @api.depends("inbound_payment_method_line_ids.payment_account_id", "type")
    def _compute_salon_posts_nothing(self):
        """Payments without an account leave no entry where bank matching makes it."""
        # The host itself gives them an account in the Community edition.
        state = self.env["account.move"]._get_invoice_in_payment_state()
        for journal in self:
            journal.salon_posts_nothing = (
                state == "in_payment"
                and journal.type in ("bank", "cash")
                and any(
                    not line.payment_account_id
                    for line in journal.inbound_payment_method_line_ids
                )
            )

    def _get_salon_card_lines(self, date_from=None, date_to=None, limit=None):
        """Items of card payments that have not come to the bank yet, oldest first."""
        domain = [
            ("journal_id", "in", self.ids),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("account_id.reconcile", "=", True),
            ("move_id.origin_payment_id.outstanding_account_id.reconcile", "=", True),
        ]
        if date_from:
            domain.append(("date", ">=", date_from))
        if date_to:
            domain.append(("date", "<=", date_to))
        # Who never settled has years of them; the first ones tell what is asked then.
        lines = self.env["account.move.line"].search(
            domain, order="date, id", limit=limit and 100 * limit
        )
        lines = lines.filtered(
            lambda line: (
                line.account_id == line.move_id.origin_payment_id.outstanding_account_id
                and line.currency_id
                == (line.journal_id.currency_id or line.company_id.currency_id)
            )
        )
        return lines[:limit]

    def _get_salon_card_fee(self, amount, currency):
        """What the terminal keeps of a ticket, by its rule."""
        self.ensure_one()
        step = currency.rounding
        cents = fee_of(
            round(amount / step),
            Decimal(str(self.salon_fee_percent)),
            round(self.salon_fee_fixed / step),
        )
        return currency.round(cents * step)

    def _become_salon_till(self):
        """Keep cash days from now on; what is paid in is in the drawer at once."""
        for journal in self.filtered(lambda journal: not journal.is_salon_till):
            journal.is_salon_till = True
            lines = (
                journal.inbound_payment_method_line_ids
                | journal.outbound_payment_method_line_ids
            )
            outside = lines.filtered(
                lambda line, journal=journal: (
                    line.payment_account_id != journal.default_account_id
                )
            )
            outside.payment_account_id = journal.default_account_id

    def _get_salon_till_books(self, date, domain=()):
        """What the books say is in the drawer, in the currency of the till."""
        self.ensure_one()
        own = self.currency_id and self.currency_id != self.company_id.currency_id
        [[amount]] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "=", self.default_account_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", date),
                *domain,
            ],
            [],
            ["amount_currency:sum" if own else "balance:sum"],
        )
        return amount or 0

    def _get_salon_missing_start(self):
        """What was in the drawer before its first day and is not in the books."""
        self.ensure_one()
        # sudo: salon.cash.day - the first day, whosever branch it was of
        first = (
            self.env["salon.cash.day"]
            .sudo()
            .search([("journal_id", "=", self.id)], order="id", limit=1)
        )
        if not first or first.start_move_id.state == "posted":
            return 0
        before = self._get_salon_till_books(
            first.date,
            [
                ("move_id.salon_cash_day_id", "=", False),
                ("move_id.create_date", "<", first.opened_at),
            ],
        )
        return first.currency_id.round(first.amount_start - before)
