import io

import xlsxwriter

from odoo import api, fields, models
from odoo.tools import format_date

from ..engine.periods import period_before, year_before


class SalonStatementMixin(models.AbstractModel):
    """Figures of a period beside another one: on the screen, printed, as a sheet."""

    _name = "salon.statement.mixin"
    _description = "Statement of a Period"

    date_from = fields.Date(
        "From", required=True, default=lambda self: self._today().replace(day=1)
    )
    date_to = fields.Date("Until", required=True, default=lambda self: self._today())
    compare = fields.Selection(
        [("none", "Nothing"), ("before", "Period before"), ("year", "A year before")],
        "Compared With",
        required=True,
        default="before",
    )
    branch_ids = fields.Many2many("salon.branch", string="Branches")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    rate = fields.Selection(
        [("day", "Rate of each day"), ("period", "Rate at the end")],
        required=True,
        default="day",
    )
    is_foreign = fields.Boolean(compute="_compute_heading")
    heading = fields.Char(compute="_compute_heading")
    before_from = fields.Date("Before, From", compute="_compute_before")
    before_to = fields.Date("Before, Until", compute="_compute_before")

    _in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The first day is not after the last."
    )

    @api.model
    def _today(self):
        return fields.Date.context_today(self)

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        self.display_name = self._get_title()

    def _get_title(self):
        """What the statement is called, on the screen and on paper."""
        raise NotImplementedError

    @api.depends("date_from", "date_to", "compare")
    def _compute_before(self):
        periods = {"before": period_before, "year": year_before}
        for statement in self:
            find = periods.get(statement.compare)
            known = statement.date_from and statement.date_to and find
            first, last = (
                find(statement.date_from, statement.date_to)
                if known
                else (False, False)
            )
            statement.before_from, statement.before_to = first, last

    @api.depends("date_from", "date_to", "currency_id", "rate", "compare")
    @api.depends_context("company", "lang")
    def _compute_heading(self):
        """Says of which days the figures are, in which currency and at which rate."""
        own = self.env.company.currency_id
        for statement in self:
            currency = statement.currency_id
            statement.is_foreign = bool(currency) and currency != own
            texts = [statement._name_period(statement.date_from, statement.date_to)]
            if statement.before_from:
                texts.append(
                    self.env._(
                        "compared with %(period)s",
                        period=statement._name_period(
                            statement.before_from, statement.before_to
                        ),
                    )
                )
            texts.append(statement._name_rate(own))
            statement.heading = "; ".join(texts)

    def _name_period(self, first, last):
        return f"{format_date(self.env, first)} – {format_date(self.env, last)}"

    def _name_rate(self, own):
        if not self.is_foreign or not self.date_to:
            return self.env._("in %(currency)s", currency=self.currency_id.name)
        if self.rate == "day":
            return self.env._(
                "in %(currency)s at the rate of each day",
                currency=self.currency_id.name,
            )
        rate = self.currency_id._convert(
            1, own, self.env.company, self.date_to, round=False
        )
        return self.env._(
            "in %(currency)s at the rate of %(date)s: %(one)s = %(rate)s %(own)s",
            currency=self.currency_id.name,
            date=format_date(self.env, self.date_to),
            one=self.currency_id.format(1),
            rate=f"{rate:.6g}",
            own=own.name,
        )

    def _is_complete(self):
        """Whether everything is there that the figures need."""
        return (
            self.date_from
            and self.date_to
            and self.currency_id
            and self.date_from <= self.date_to
        )

    def _get_domain(self, first, last):
        domain = [
            ("date", ">=", first),
            ("date", "<=", last),
            ("company_id", "in", self.env.companies.ids),
        ]
        if self.branch_ids:
            domain.append(("branch_id", "in", self.branch_ids.ids))
        return domain

    def _get_rate_day(self, last):
        """The day whose rate counts for all, or None: each fact's own."""
        return last if self.rate == "period" else None

    @api.model
    def _get_change(self, amount, before):
        """How much more or less than before, as a part of that."""
        return (amount - before) / abs(before) if before else 0

    # rpc: prints what the user may read
    def action_print(self):
        self.ensure_one()
        self.check_access("read")
        return self.env.ref(self._get_report_name()).report_action(self)

    def _get_report_name(self):
        """The xml id of the report that prints the statement."""
        raise NotImplementedError

    # rpc: the download asks again who may read it
    def action_download(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/salon/{self._get_kind()}/{self.id}.xlsx",
            "target": "download",
        }

    def _get_kind(self):
        """The word for it in addresses."""
        return self._name.split(".")[1]

    def _get_label_title(self):
        """The title of the first column, on paper and sheet."""
        raise NotImplementedError

    def _get_columns(self):
        """Names and titles of the figures on paper and sheet."""
        raise NotImplementedError

    def _get_rows(self):
        """Rows on paper and sheet.

        :return: dicts of label, amounts by the names of the columns, and is_total
        """
        raise NotImplementedError

    def _make_sheet(self):
        """The statement as an XLSX file, amounts as numbers."""
        output = io.BytesIO()
        book = xlsxwriter.Workbook(output, {"in_memory": True})
        sheet = book.add_worksheet(self._get_title()[:31])
        bold = book.add_format({"bold": True})
        places = "0" * self.currency_id.decimal_places
        pattern = "#,##0." + places if places else "#,##0"
        formats = {
            (kind, is_total): book.add_format(
                {"num_format": form, **({"bold": True, "top": 1} if is_total else {})}
            )
            for kind, form in (("money", pattern), ("change", "0.0%"))
            for is_total in (False, True)
        }
        columns = self._get_columns()
        sheet.write_string(0, 0, self.display_name, bold)
        sheet.write_string(1, 0, self.heading or "")
        sheet.write_string(3, 0, self._get_label_title(), bold)
        for place, (_name, title) in enumerate(columns, start=1):
            sheet.write_string(3, place, title, bold)
        for place, row in enumerate(self._get_rows(), start=4):
            is_total = row["is_total"]
            sheet.write_string(place, 0, row["label"], bold if is_total else None)
            for column, (name, _title) in enumerate(columns, start=1):
                kind = "change" if name == "change" else "money"
                sheet.write_number(
                    place, column, row["amounts"][name], formats[kind, is_total]
                )
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, len(columns), 14)
        sheet.freeze_panes(4, 1)
        book.close()
        return output.getvalue()
