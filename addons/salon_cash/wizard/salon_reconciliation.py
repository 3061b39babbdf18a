from odoo import Command, api, fields, models
from odoo.exceptions import AccessError


class SalonReconciliation(models.TransientModel):
    """What our ledgers say beside what the books say, at the end of a day."""

    _name = "salon.reconciliation"
    _description = "Reconciliation"

    date = fields.Date(required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        "salon.reconciliation.line",
        "reconciliation_id",
        compute="_compute_line_ids",
        store=True,
    )
    has_difference = fields.Boolean(compute="_compute_has_difference")

    @api.depends("date")
    def _compute_display_name(self):
        self.display_name = self.env._("Reconciliation")

    @api.depends("date", "company_id")
    def _compute_line_ids(self):
        for reconciliation in self:
            reconciliation.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "name": row["name"],
                        "account_ids": [Command.set(row["accounts"].ids)],
                        "ledger": row["ledger"],
                        "books": row["books"],
                        "difference": row["difference"],
                    }
                )
                for row in reconciliation._get_rows()
            ]

    @api.depends("line_ids.difference")
    def _compute_has_difference(self):
        for reconciliation in self:
            reconciliation.has_difference = any(
                not reconciliation.currency_id.is_zero(line.difference)
                for line in reconciliation.line_ids
            )

    def _get_rows(self):
        """What is owed to clients and team, and the cash in the tills."""
        self.ensure_one()
        if not self.date or not self.company_id:
            return []
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "The books of this company are not open to you. Switch to it first."
                )
            )
        # sudo: account.move.line and the ledgers - totals, for who may open this
        own = self.sudo()
        totals = own.env["salon.instruments"]._totals(own.company_id, own.date)
        return [*totals, *own._get_tills()]

    def _get_tills(self):
        """Each till: what its last day says is in the drawer, and its account.

        The last day up to the date; of an open one what should be there now.
        """
        tills = self.env["account.journal"].search(
            [("is_salon_till", "=", True), ("company_id", "=", self.company_id.id)]
        )
        books = dict(
            self.env["account.move.line"]._read_group(
                [
                    ("account_id", "in", tills.default_account_id.ids),
                    ("parent_state", "=", "posted"),
                    ("date", "<=", self.date),
                ],
                ["account_id"],
                ["balance:sum"],
            )
        )
        days = self.env["salon.cash.day"].search(
            [("journal_id", "in", tills.ids), ("date", "<=", self.date)], order="id"
        )
        last = {day.journal_id: day for day in days}
        rows = []
        for till in tills:
            day = last.get(till, days.browse())
            closed = day.state == "closed"
            drawer = day.amount_left if closed else day.amount_expected
            book = books.get(till.default_account_id, 0)
            rows.append(
                {
                    "name": till.name,
                    "accounts": till.default_account_id,
                    "ledger": drawer,
                    "books": book,
                    "difference": self.currency_id.round(drawer - book),
                }
            )
        return rows


class SalonReconciliationLine(models.TransientModel):
    _name = "salon.reconciliation.line"
    _description = "Ledger beside the Books"

    reconciliation_id = fields.Many2one(
        "salon.reconciliation", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    name = fields.Char("What", readonly=True)
    account_ids = fields.Many2many("account.account", string="Accounts", readonly=True)
    ledger = fields.Monetary("Our Ledger", readonly=True)
    books = fields.Monetary(readonly=True)
    difference = fields.Monetary(readonly=True)

    # rpc: opens journal items, which their own rights protect
    def action_open_items(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_moves_all"
        )
        domain = [
            ("account_id", "in", self.account_ids.ids),
            ("parent_state", "=", "posted"),
            ("date", "<=", self.reconciliation_id.date),
            ("company_id", "child_of", self.reconciliation_id.company_id.root_id.id),
        ]
        return {**action, "name": self.name, "domain": domain, "context": {}}
