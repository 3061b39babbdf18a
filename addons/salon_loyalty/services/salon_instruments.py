from odoo import api, models
from odoo.tools import SQL


class SalonInstruments(models.AbstractModel):
    _inherit = "salon.instruments"

    @api.model
    def _get_instruments(self, company, date):
        """Packages, what points are worth, and gift certificates."""
        instruments = super()._get_instruments(company, date)
        instruments += self._get_packages(company.root_id, date)
        instruments += self._get_points(company.root_id, date)
        instruments += self._get_certificates(company.root_id, date)
        return instruments

    @api.model
    def _get_certificates(self, company, date):
        """What the ledger of certificates says, by the days of their bills.

        Never what is on the cards: where the branch is a day ahead of who asks, they
        hold what the books of today do not.
        """
        account = company.salon_certificate_account_id
        if not account:
            return []
        estimated = self._get_estimated(company, "certificates", date)
        query = SQL(
            """
            SELECT COALESCE(SUM(entry.points), 0) + %s
              FROM salon_loyalty_entry entry
              JOIN loyalty_card card ON card.id = entry.card_id
         LEFT JOIN account_move document ON document.id = entry.move_id
         LEFT JOIN LATERAL (
                   SELECT MIN(move.date) AS date
                     FROM sale_order_line line
                     JOIN sale_order_line_invoice_rel link
                       ON link.order_line_id = line.id
                     JOIN account_move_line item ON item.id = link.invoice_line_id
                     JOIN account_move move ON move.id = item.move_id
                    WHERE line.order_id = entry.order_id
                      AND item.account_id = %s AND move.state = 'posted'
                      AND move.move_type = 'out_invoice') bill ON TRUE
             WHERE card.salon_kind = 'certificate' AND card.company_id = %s
               AND COALESCE(document.date, bill.date, entry.date) <= %s
            """,
            estimated,
            account.id,
            company.id,
            date,
        )
        rows = (
            "salon.loyalty.entry",
            [
                ("salon_kind", "=", "certificate"),
                ("card_id.company_id", "=", company.id),
                ("date", "<=", date),
            ],
        )
        return [
            {
                "code": "certificates",
                "name": account.name,
                "accounts": account,
                "query": query,
                "rows": rows,
            }
        ]

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
