from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import status


@dataclass
class ClientFigures:
    """What the visits and bills of one client add up to."""

    visit_count: int = 0
    first_visit: date | None = None
    last_visit: date | None = None
    last_branch_id: int | None = None
    recent_days: list[date] = field(default_factory=list)
    no_show_count: int = 0
    cancel_count: int = 0
    amount_spent: float = 0.0

    @property
    def interval_days(self):
        return status.personal_interval(self.recent_days)


class SalonClientFigures(models.AbstractModel):
    """Adds up visits and bills for many clients with a fixed number of queries."""

    _name = "salon.client.figures"
    _description = "Figures of Salon Clients"

    @api.model
    def _load(self, client_ids):
        """The figures of clients over all branches and companies.

        A visit counted is a client on a business day in a branch with a service done
        or a thing sold. Amounts are in the currency of ``_currencies``.

        :return: ``{client id: ClientFigures}`` with an entry for every id
        """
        figures = defaultdict(ClientFigures)
        for client_id in client_ids:
            figures[client_id] = ClientFigures()
        if client_ids:
            self._flush()
            self._load_counted(figures, client_ids)
            self._load_states(figures, client_ids)
        return figures

    @api.model
    def _flush(self):
        self.env["salon.visit"].flush_model(
            ["client_id", "branch_id", "business_date", "start", "state"]
        )
        self.env["salon.appointment"].flush_model(["visit_id", "state"])
        self.env["account.move"].flush_model(["move_type", "date"])
        self.env["account.move.line"].flush_model(
            [
                "account_id",
                "balance",
                "company_currency_id",
                "display_type",
                "is_downpayment",
                "parent_state",
                "quantity",
                "salon_appointment_id",
                "salon_visit_id",
            ]
        )

    @api.model
    def _sql_is_counted(self):
        """Condition on ``salon_visit visit``: a service done or a thing sold.

        What is paid ahead of a visit, or for one that was missed, is no visit.
        """
        return SQL(
            """
            EXISTS (
                SELECT 1 FROM salon_appointment appointment
                 WHERE appointment.visit_id = visit.id
                   AND appointment.state = 'done'
            ) OR (
                visit.state NOT IN ('cancelled', 'no_show')
                AND NOT EXISTS (
                    SELECT 1 FROM salon_appointment appointment
                     WHERE appointment.visit_id = visit.id
                       AND appointment.state IN ('booked', 'confirmed')
                )
                AND EXISTS (
                    SELECT 1
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                     WHERE line.salon_visit_id = visit.id
                       AND line.salon_appointment_id IS NULL
                       AND line.display_type = 'product'
                       AND line.parent_state = 'posted'
                       AND line.quantity > 0
                       AND line.is_downpayment IS NOT TRUE
                       AND move.move_type = 'out_invoice'
                )
            )
            """
        )

    @api.model
    def _load_counted(self, figures, client_ids):
        rows = self.env.execute_query(
            SQL(
                """
                WITH counted AS (
                    SELECT visit.client_id, visit.branch_id, visit.business_date
                      FROM salon_visit visit
                     WHERE visit.client_id = ANY(%(clients)s)
                       AND visit.business_date IS NOT NULL
                       AND (%(is_counted)s)
                     GROUP BY visit.client_id, visit.branch_id, visit.business_date
                )
                SELECT client_id,
                       COUNT(*),
                       MIN(business_date),
                       MAX(business_date),
                       (ARRAY_AGG(branch_id
                                  ORDER BY business_date DESC, branch_id))[1],
                       (ARRAY_AGG(DISTINCT business_date
                                  ORDER BY business_date DESC))[1:%(recent)s]
                  FROM counted
                 GROUP BY client_id
                """,
                clients=list(client_ids),
                is_counted=self._sql_is_counted(),
                recent=status.INTERVAL_VISITS,
            )
        )
        for client_id, count, first, last, branch_id, days in rows:
            figures[client_id].visit_count = count
            figures[client_id].first_visit = first
            figures[client_id].last_visit = last
            figures[client_id].last_branch_id = branch_id
            figures[client_id].recent_days = days

    @api.model
    def _load_states(self, figures, client_ids):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT client_id,
                       COUNT(*) FILTER (WHERE state = 'no_show'),
                       COUNT(*) FILTER (WHERE state = 'cancelled')
                  FROM salon_visit
                 WHERE client_id = ANY(%(clients)s)
                 GROUP BY client_id
                """,
                clients=list(client_ids),
            )
        )
        for client_id, no_shows, cancelled in rows:
            figures[client_id].no_show_count = no_shows
            figures[client_id].cancel_count = cancelled

    @api.model
    def _next_visits(self, client_ids):
        """The business day of what clients have booked next: ``{client id: date}``."""
        if not client_ids:
            return {}
        self.env["salon.visit"].flush_model(
            ["business_date", "client_id", "start", "state"]
        )
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT client_id, MIN(business_date)
                         FROM salon_visit
                        WHERE client_id = ANY(%s) AND start >= %s
                          AND state IN ('booked', 'confirmed')
                     GROUP BY client_id""",
                    list(client_ids),
                    fields.Datetime.now(),
                )
            )
        )

    @api.model
    def _load_spending(self, figures, currencies):
        """Add what clients spent: the income of their posted bills, credit notes off.

        It is net of tax, and what was only paid ahead (certificates, tips) stays out,
        because those lines stand on liability accounts.

        :param currencies: ``{client id: res.currency the amount is wanted in}``
        """
        if not currencies:
            return
        Currency = self.env["res.currency"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT visit.client_id,
                       line.company_id,
                       line.company_currency_id,
                       CASE WHEN line.company_currency_id <> wanted.currency_id
                            THEN move.date END AS day,
                       -SUM(line.balance)
                  FROM UNNEST(%(clients)s, %(currencies)s)
                           AS wanted(client_id, currency_id)
                  JOIN salon_visit visit ON visit.client_id = wanted.client_id
                  JOIN account_move_line line ON line.salon_visit_id = visit.id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.parent_state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_refund')
                   AND account.account_type IN ('income', 'income_other')
                 GROUP BY 1, 2, 3, 4
                """,
                clients=list(currencies),
                currencies=[currency.id for currency in currencies.values()],
            )
        )
        for client_id, company_id, currency_id, day, amount in rows:
            wanted = currencies[client_id]
            if currency_id != wanted.id:
                amount = Currency.browse(currency_id)._convert(
                    amount, wanted, self.env["res.company"].browse(company_id), day
                )
            figures[client_id].amount_spent += float(amount)
