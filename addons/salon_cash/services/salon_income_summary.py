from collections import defaultdict

from odoo import api, models

from odoo.addons.salon_booking.services.salon_income import MEASURES

#: What a statement has a line for, and how the facts call it.
GROUPS = {
    "branch": "branch_id",
    "category": "category_id",
    "product": "product_id",
    "staff": "staff_id",
    "month": "date:month",
}


class SalonIncomeSummary(models.AbstractModel):
    """Adds up what reports say, in one currency.

    With the rights of who asks: a manager's statement is about own branches.
    """

    _name = "salon.income.summary"
    _description = "Summary of Income"

    @api.model
    def _sum(self, domain, group, currency, rate_of=None):
        """What each branch, service, … brought and cost.

        :param domain: of salon.income.report
        :param group: one of ``GROUPS``
        :param currency: res.currency of the result
        :param rate_of: the day whose rate counts for all; none: each fact's own day
        :return: ``{value: {measure: amount}}``
        """
        sums = self._sum_rows(
            "salon.income.report", domain, [GROUPS[group]], MEASURES, currency, rate_of
        )
        return {value: amounts for (value,), amounts in sums.items()}

    @api.model
    def _sum_rows(self, model, domain, groups, measures, currency, rate_of=None):
        """Add up the rows of a report, in one currency.

        :param groups: fields of the report, as ``_read_group`` takes them
        :param measures: names of its amounts
        :return: ``{(value of each group): {measure: amount}}``
        """
        report = self.env[model]
        by = [*groups, "company_id"]
        if rate_of is None and self._is_foreign(report, domain, currency):
            by.append("date:day")
        sums = defaultdict(lambda: dict.fromkeys(measures, 0))
        for row in report._read_group(domain, by, [f"{name}:sum" for name in measures]):
            values, company = row[: len(groups)], row[len(groups)]
            day = row[len(groups) + 1] if "date:day" in by else rate_of
            own = company.currency_id
            for name, amount in zip(measures, row[len(by) :], strict=True):
                if own != currency and amount:
                    amount = own._convert(amount, currency, company, day, round=False)
                sums[values][name] += amount
        return {
            values: {name: currency.round(amount) for name, amount in amounts.items()}
            for values, amounts in sums.items()
        }

    @api.model
    def _is_foreign(self, report, domain, currency):
        companies = report._read_group(domain, ["company_id"])
        return any(company.currency_id != currency for [company] in companies)
