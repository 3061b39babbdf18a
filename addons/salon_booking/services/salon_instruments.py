from odoo import api, models
from odoo.tools import SQL

from ..models.account_move import LEDGERS


class SalonInstruments(models.AbstractModel):
    """What the salon owes to clients and team: each ledger beside its account.

    The two say the same at every moment; ``_totals`` is the proof. An addon that owes
    something else (certificates, packages) adds its own in ``_get_instruments``.
    """

    _name = "salon.instruments"
    _description = "Salon Liabilities"

    @api.model
    def _get_instruments(self, company, date):
        """The instruments in use in this company.

        :param date: the day at whose end the ledger is asked
        :return: list of ``{"code", "name", "accounts", "query", "rows"}``; ``query``
            (SQL) gives what the ledger says is owed, ``rows`` are model and domain
            of what it adds up
        """
        company = company.root_id
        instruments = []
        for name in LEDGERS:
            ledger = self.env[name]
            if account := ledger._get_accounts(company):
                instruments.append(
                    {
                        "code": name,
                        "name": account.name,
                        "accounts": account,
                        "query": SQL(
                            "SELECT COALESCE(SUM(amount), 0) FROM %s "
                            "WHERE company_id = %s AND date <= %s",
                            SQL.identifier(ledger._table),
                            company.id,
                            date,
                        ),
                        "rows": (
                            name,
                            [("company_id", "=", company.id), ("date", "<=", date)],
                        ),
                    }
                )
        if company.salon_deposit_account_id:
            instruments.append(self._get_deposits(company, date))
        if account := company.salon_between_account_id:
            # What one owes is what the other is owed: nothing is left of it.
            instruments.append(
                {
                    "code": "between",
                    "name": account.name,
                    "accounts": account,
                    "query": SQL("SELECT 0"),
                }
            )
        return instruments

    @api.model
    def _get_deposits(self, company, date):
        """What visits say was paid for them in advance, without tax."""
        return {
            "code": "deposits",
            "name": company.salon_deposit_account_id.name,
            "accounts": company.salon_deposit_account_id,
            "query": SQL(
                """SELECT COALESCE(-SUM(line.balance), 0)
                     FROM account_move_line line
                     JOIN salon_visit visit ON visit.id = line.salon_visit_id
                     JOIN res_company company ON company.id = visit.company_id
                    WHERE line.is_downpayment AND line.parent_state = 'posted'
                      AND line.display_type = 'product' AND line.date <= %s
                      AND split_part(company.parent_path, '/', 1)::int = %s""",
                date,
                company.id,
            ),
            "rows": (
                "account.move.line",
                [
                    ("is_downpayment", "=", True),
                    ("salon_visit_id", "!=", False),
                    ("display_type", "=", "product"),
                    ("parent_state", "=", "posted"),
                    ("date", "<=", date),
                    ("company_id", "child_of", company.id),
                ],
            ),
        }

    @api.model
    def _totals(self, company, date):
        """Per instrument: what the ledger says, what the books say, the difference.

        :return: list of ``{"code", "name", "accounts", "rows", "ledger", "books",
            "difference"}``
        """
        currency = company.currency_id
        self.env.flush_all()
        totals = []
        for instrument in self._get_instruments(company, date):
            ledger = float(self.env.execute_query(instrument["query"])[0][0])
            books = -self._get_book_balance(company, instrument["accounts"], date)
            totals.append(
                {
                    "code": instrument["code"],
                    "name": instrument["name"],
                    "accounts": instrument["accounts"],
                    "rows": instrument.get("rows"),
                    "ledger": currency.round(ledger),
                    "books": currency.round(books),
                    "difference": currency.round(ledger - books),
                }
            )
        return totals

    @api.model
    def _get_book_balance(self, company, accounts, date):
        # sudo: account.move.line - who may see the totals is checked by the caller
        [[balance]] = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("account_id", "in", accounts.ids),
                    ("company_id", "child_of", company.root_id.id),
                    ("parent_state", "=", "posted"),
                    ("date", "<=", date),
                ],
                [],
                ["balance:sum"],
            )
        )
        return balance or 0
