from odoo import api, fields, models
from odoo.tools import SQL


class SalonInstruments(models.AbstractModel):
    _inherit = "salon.instruments"

    @api.model
    def _get_instruments(self, company, date):
        """Packages, and gift certificates; what those were worth on an earlier day is
        not kept."""
        instruments = super()._get_instruments(company, date)
        instruments += self._get_packages(company.root_id, date)
        instruments += self._get_points(company.root_id, date)
        account = company.root_id.salon_certificate_account_id
        if account and date >= fields.Date.context_today(self):
            instruments.append(
                {
                    "code": "certificates",
                    "name": account.name,
                    "accounts": account,
                    "query": SQL(
                        """SELECT COALESCE(SUM(ROUND(points::numeric, 2)), 0) + %s
                             FROM loyalty_card
                            WHERE salon_kind = 'certificate' AND company_id = %s""",
                        self._get_estimated(company.root_id, "certificates", date),
                        company.root_id.id,
                    ),
                    "rows": (
                        "loyalty.card",
                        [
                            ("salon_kind", "=", "certificate"),
                            ("company_id", "=", company.root_id.id),
                            ("points", "!=", 0),
                        ],
                    ),
                }
            )
        return instruments

    @api.model
    def _get_packages(self, company, date):
        """What was paid and not used, and what was sold and not paid."""
        instruments = []
        for field, code, amount in (
            ("salon_package_account_id", "packages", "amount"),
            ("salon_package_unpaid_account_id", "packages_unpaid", "amount_unpaid"),
        ):
            if account := company[field]:
                instruments.append(
                    {
                        "code": code,
                        "name": account.name,
                        "accounts": account,
                        "query": SQL(
                            "SELECT COALESCE(SUM(%s), 0) + %s "
                            "FROM salon_package_entry "
                            "WHERE company_id = %s AND date <= %s",
                            SQL.identifier(amount),
                            self._get_estimated(company, code, date),
                            company.id,
                            date,
                        ),
                        "rows": (
                            "salon.package.entry",
                            [
                                ("company_id", "=", company.id),
                                ("date", "<=", date),
                                (amount, "!=", 0),
                            ],
                        ),
                    }
                )
        return instruments

    @api.model
    def _get_points(self, company, date):
        """What points are worth, where the company owes them."""
        account = company.salon_points_account_id
        if not account:
            return []
        return [
            {
                "code": "points",
                "name": account.name,
                "accounts": account,
                "query": SQL("SELECT %s", self._get_estimated(company, "points", date)),
                "rows": (
                    "salon.estimate",
                    [
                        ("kind", "=", "points"),
                        ("company_id", "=", company.id),
                        ("date", "<=", date),
                    ],
                ),
            }
        ]

    @api.model
    def _get_estimated(self, company, kind, date):
        """What was booked on estimates: a part of what is owed."""
        return SQL(
            "(SELECT COALESCE(SUM(amount), 0) FROM salon_estimate "
            "WHERE kind = %s AND company_id = %s AND date <= %s)",
            kind,
            company.id,
            date,
        )
