from collections import defaultdict

from odoo import Command, api, fields, models

from ..engine import profit


class SalonProfitStatement(models.TransientModel):
    """Profit and loss of branches by account, from what the books say."""

    _name = "salon.profit.statement"
    _inherit = ["salon.statement.mixin"]
    _description = "Profit and Loss by Branch"

    line_ids = fields.One2many(
        "salon.profit.statement.line",
        "statement_id",
        compute="_compute_line_ids",
        # With the rules of the user: a manager reads own branches.
        compute_sudo=False,
        store=True,
    )

    def _get_title(self):
        return self.env._("Profit and Loss")

    def _get_report_name(self):
        return "salon_cash.salon_profit_statement_report_action"

    @api.depends("date_from", "date_to", "compare", "branch_ids", "currency_id", "rate")
    def _compute_line_ids(self):
        for statement in self:
            statement.line_ids = [
                Command.clear(),
                *(Command.create(values) for values in statement._prepare_lines()),
            ]

    def _prepare_lines(self):
        if not self._is_complete():
            return []
        now = self._sum(self.date_from, self.date_to)
        before = self._sum(self.before_from, self.before_to) if self.before_from else {}
        keys = list({**now, **before})
        branches = sorted({branch.id for *_rest, branch in keys})
        amounts = defaultdict(lambda: dict.fromkeys([*branches, "before"], 0))
        for section, account, branch in keys:
            row = amounts[section, account]
            row[branch.id] += now.get((section, account, branch), 0)
            row["before"] += before.get((section, account, branch), 0)
        return [
            self._prepare_line(line, branches)
            for line in profit.lay_out(self._get_entries(amounts))
        ]

    def _get_entries(self, amounts):
        # sudo: account.account - the names of accounts whose amounts the user may read
        return [
            profit.Entry(
                section, account.id, account.sudo().display_name, tuple(row.values())
            )
            for (section, account), row in amounts.items()
        ]

    def _prepare_line(self, line, branches):
        *of_branches, before = map(self.currency_id.round, line.amounts)
        return {
            "kind": line.kind,
            "section": line.section,
            "account_id": line.account,
            "name": line.title or self._name_section(line.section),
            "amount": self.currency_id.round(sum(of_branches)),
            "amount_before": before,
            "by_branch": dict(zip(map(str, branches), of_branches, strict=True)),
        }

    def _name_section(self, section):
        names = {
            profit.GROSS: self.env._("Gross Profit"),
            profit.RESULT: self.env._("Result"),
        }
        types = self.env["salon.branch.result"]._fields["account_type"]
        return names.get(section) or dict(types._description_selection(self.env)).get(
            section, section
        )

    def _sum(self, first, last):
        sums = self.env["salon.income.summary"]._sum_rows(
            "salon.branch.result",
            self._get_domain(first, last),
            ["account_type", "account_id", "branch_id"],
            ["amount"],
            self.currency_id,
            self._get_rate_day(last),
        )
        return {key: amounts["amount"] for key, amounts in sums.items()}

    # rpc: opens the report, which its own rights protect
    def action_open_items(self):
        """What the statement is made of, with the branches side by side."""
        self.ensure_one()
        self.check_access("read")
        return self._open_items([], ["pivot", "list", "graph"])

    def _open_items(self, domain, views):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_cash.salon_branch_result_action"
        )
        return {
            **action,
            "domain": [*self._get_domain(self.date_from, self.date_to), *domain],
            "context": {},
            "views": [(False, view) for view in views],
        }

    def _get_label_title(self):
        return self.env._("Account")

    def _get_columns(self):
        """Each branch, if there are several, and all of them."""
        ids = map(int, self.line_ids[:1].by_branch or {})
        branches = self.env["salon.branch"].browse(ids)
        columns = []
        if len(branches) > 1:
            columns = [(str(branch.id), branch.display_name) for branch in branches]
        columns.append(("amount", self.env._("Total")))
        if self.before_from:
            columns += [
                ("amount_before", self.env._("Before")),
                ("change", self.env._("Change %")),
            ]
        return columns

    def _get_rows(self):
        return [
            {
                "label": line.name,
                "amounts": {
                    **(line.by_branch or {}),
                    "amount": line.amount,
                    "amount_before": line.amount_before,
                    "change": line.change,
                },
                "is_total": line.kind != "account",
            }
            for line in self.line_ids
        ]


class SalonProfitStatementLine(models.TransientModel):
    _name = "salon.profit.statement.line"
    _description = "Line of a Profit and Loss Statement"

    statement_id = fields.Many2one(
        "salon.profit.statement", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    kind = fields.Selection(
        [("section", "Section"), ("account", "Account"), ("result", "Result")],
        readonly=True,
    )
    section = fields.Char(readonly=True)
    account_id = fields.Many2one("account.account", "Booked on", readonly=True)
    name = fields.Char("Account", readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_before = fields.Monetary("Before", readonly=True)
    by_branch = fields.Json(readonly=True)
    change = fields.Float("Change %", compute="_compute_change")

    @api.depends("amount", "amount_before")
    def _compute_change(self):
        for line in self:
            line.change = line.statement_id._get_change(line.amount, line.amount_before)

    # rpc: opens the report, which its own rights protect
    def action_open_items(self):
        """The entries behind the line."""
        self.ensure_one()
        self.check_access("read")
        action = self.statement_id._open_items(
            self._get_domain(), ["list", "pivot", "graph"]
        )
        return {**action, "name": self.name}

    def _get_domain(self):
        """What of the statement is in the line: a result is made of all before it."""
        if self.kind == "account":
            return [("account_id", "=", self.account_id.id)]
        sections = [self.section]
        if self.kind == "result":
            sections = profit.ORDER[: profit.ORDER.index(self.section)]
        return [("account_type", "in", sections)]
