import json

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
                Command.create(reconciliation._prepare_line(row))
                for row in reconciliation._get_rows()
            ]

    def _prepare_line(self, row):
        model, domain = row.get("rows") or (False, False)
        return {
            "name": row["name"],
            "account_ids": [Command.set(row["accounts"].ids)],
            "journal_id": row.get("journal_id"),
            "ledger": row["ledger"],
            "books": row["books"],
            "difference": row["difference"],
            "is_unstarted": row.get("is_unstarted"),
            "ledger_model": model,
            "ledger_domain": domain and json.dumps(domain, default=str),
        }

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

        In the currency of the till. A till that no day was kept of by then is left out.
        """
        days = self.env["salon.cash.day"].search(
            [("company_id", "=", self.company_id.id), ("date", "<=", self.date)],
            order="id",
        )
        last = {day.journal_id: day for day in days}
        entries = self.env["salon.cash.entry"]
        of_days = [("day_id", "in", [day.id for day in last.values()])]
        moved = dict(
            entries._read_group(
                [*of_days, ("date", "<=", self.date)], ["day_id"], ["amount:sum"]
            )
        )
        moves_later = {
            day
            for [day] in entries._read_group(
                [*of_days, ("date", ">", self.date)], ["day_id"]
            )
        }
        rows = []
        for till, day in sorted(last.items(), key=lambda pair: pair[0].name):
            is_over = day.state == "closed" and day not in moves_later
            drawer = (
                day.amount_left if is_over else day.amount_start + moved.get(day, 0)
            )
            books = till._get_salon_till_books(self.date)
            difference = day.currency_id.round(drawer - books)
            missing = till._get_salon_missing_start() if difference else 0
            rows.append(
                {
                    "name": till.name,
                    "accounts": till.default_account_id,
                    "journal_id": till.id,
                    "ledger": drawer,
                    "books": books,
                    "difference": difference,
                    "is_unstarted": not day.currency_id.is_zero(missing),
                    "rows": (
                        "salon.cash.entry",
                        [
                            ("day_id.journal_id", "=", till.id),
                            ("date", "<=", self.date),
                        ],
                    ),
                }
            )
        return rows


class SalonReconciliationLine(models.TransientModel):
    _name = "salon.reconciliation.line"
    _description = "Ledger beside the Books"

    reconciliation_id = fields.Many2one(
        "salon.reconciliation", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    name = fields.Char("What", readonly=True)
    journal_id = fields.Many2one("account.journal", "Till", readonly=True)
    account_ids = fields.Many2many("account.account", string="Accounts", readonly=True)
    ledger = fields.Monetary("Our Ledger", readonly=True)
    books = fields.Monetary(readonly=True)
    difference = fields.Monetary(readonly=True)
    is_unstarted = fields.Boolean(
        readonly=True,
        help="What was in the drawer before its first day is not in the books.",
    )
    ledger_model = fields.Char(readonly=True)
    ledger_domain = fields.Char(readonly=True)

    @api.depends("journal_id", "reconciliation_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = (
                line.journal_id.currency_id or line.reconciliation_id.currency_id
            )

    # rpc: opens our own rows, which their own rights protect
    def action_open_ledger(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.ledger_model,
            "view_mode": "list,form",
            "domain": json.loads(self.ledger_domain),
        }

    # rpc: opens a dialog, which checks
    def action_start(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_cash.salon_cash_start_action"
        )
        return {**action, "context": {"default_journal_id": self.journal_id.id}}

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
