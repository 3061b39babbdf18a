import json

from odoo import Command, api, fields, models
from odoo.tools import format_date

from odoo.addons.salon_booking.services.salon_income import MEASURES

from ..services.salon_income_summary import GROUPS


class SalonIncomeStatement(models.TransientModel):
    """What was earned in a period, and what is left of it."""

    _name = "salon.income.statement"
    _inherit = ["salon.statement.mixin"]
    _description = "Income Statement"

    group = fields.Selection(
        [
            ("branch", "Branch"),
            ("category", "Category"),
            ("product", "Service or Product"),
            ("staff", "Person"),
            ("month", "Month"),
        ],
        "By",
        required=True,
        default="branch",
    )
    line_ids = fields.One2many(
        "salon.income.statement.line",
        "statement_id",
        compute="_compute_line_ids",
        # With the rules of the user: a manager reads own branches.
        compute_sudo=False,
        store=True,
    )

    def _get_title(self):
        return self.env._("Income Statement")

    def _get_report_name(self):
        return "salon_cash.salon_income_statement_report_action"

    @api.depends(
        "date_from", "date_to", "group", "compare", "branch_ids", "currency_id", "rate"
    )
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
        before = {}
        if self.before_from and self.group != "month":
            before = self._sum(self.before_from, self.before_to)
        nothing = dict.fromkeys(MEASURES, 0)
        lines = []
        for value in {**now, **before}:
            amounts, past = now.get(value, nothing), before.get(value, nothing)
            lines.append(
                {
                    **amounts,
                    "name": self._name_value(value),
                    "key": json.dumps(self._get_key(value)),
                    "margin": self._get_margin(amounts),
                    "revenue_before": past["revenue"],
                    "margin_before": self._get_margin(past),
                }
            )
        if self.group == "month":
            return lines
        return sorted(lines, key=lambda line: (-line["revenue"], line["name"]))

    def _sum(self, first, last):
        return self.env["salon.income.summary"]._sum(
            self._get_domain(first, last),
            self.group,
            self.currency_id,
            self._get_rate_day(last),
        )

    def _get_margin(self, amounts):
        costs = amounts["materials"] + amounts["pay"] + amounts["fees"]
        return self.currency_id.round(amounts["revenue"] - costs)

    def _name_value(self, value):
        if self.group == "month":
            return format_date(self.env, value, date_format="LLLL yyyy")
        if value:
            return value.display_name
        return {
            "staff": self.env._("The house"),
            "branch": self.env._("No branch"),
        }.get(self.group, self.env._("Other"))

    def _get_key(self, value):
        """What is in the line, for opening it: an id, or the first day of the month."""
        return str(value) if self.group == "month" else value.id

    def _get_totals(self):
        """Sums of all lines, for paper and sheet."""
        names = [*MEASURES, "margin", "revenue_before", "margin_before"]
        totals = {name: sum(self.line_ids.mapped(name)) for name in names}
        totals["change"] = self._get_change(totals["revenue"], totals["revenue_before"])
        return totals

    # rpc: opens the report, which its own rights protect
    def action_open_facts(self):
        self.ensure_one()
        self.check_access("read")
        return self._open_facts(self._get_domain(self.date_from, self.date_to))

    def _open_facts(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_cash.salon_income_report_action"
        )
        return {
            **action,
            "domain": domain,
            "context": {},
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
        }

    def _get_columns(self):
        """Names and titles of the figures on paper and sheet."""
        names = ["revenue", "discount", "materials", "pay", "fees", "margin"]
        if self.before_from and self.group != "month":
            names += ["revenue_before", "margin_before", "change"]
        fields_ = self.line_ids._fields
        return [(name, fields_[name]._description_string(self.env)) for name in names]

    def _get_rows(self):
        names = [name for name, _title in self._get_columns()]
        rows = [
            {
                "label": line.name or "",
                "amounts": {name: line[name] for name in names},
                "is_total": False,
            }
            for line in self.line_ids
        ]
        total = {
            "label": self.env._("Total"),
            "amounts": self._get_totals(),
            "is_total": True,
        }
        return [*rows, total]

    def _get_label_title(self):
        return dict(self._fields["group"]._description_selection(self.env))[self.group]


class SalonIncomeStatementLine(models.TransientModel):
    _name = "salon.income.statement.line"
    _description = "Line of an Income Statement"

    statement_id = fields.Many2one(
        "salon.income.statement", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    name = fields.Char("What", readonly=True)
    key = fields.Char(readonly=True)
    revenue = fields.Monetary(readonly=True)
    discount = fields.Monetary("Discounts", readonly=True)
    materials = fields.Monetary(readonly=True)
    pay = fields.Monetary(readonly=True)
    fees = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)
    revenue_before = fields.Monetary(readonly=True)
    margin_before = fields.Monetary(readonly=True)
    change = fields.Float("Change %", compute="_compute_change")

    @api.depends("revenue", "revenue_before")
    def _compute_change(self):
        for line in self:
            line.change = line.statement_id._get_change(
                line.revenue, line.revenue_before
            )

    # rpc: opens the report, which its own rights protect
    def action_open_facts(self):
        self.ensure_one()
        self.check_access("read")
        statement = self.statement_id
        key = json.loads(self.key)
        first, last = statement.date_from, statement.date_to
        domain = []
        if statement.group == "month":
            month = fields.Date.to_date(key)
            first = max(first, month)
            last = min(last, fields.Date.end_of(month, "month"))
        else:
            domain = [(GROUPS[statement.group], "=", key)]
        action = statement._open_facts([*statement._get_domain(first, last), *domain])
        return {**action, "name": self.name}
