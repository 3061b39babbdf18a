from odoo import api, models
from odoo.tools import SQL


class SalonCashFigures(models.AbstractModel):
    """What the closing report says: money by tender, sales by person, and tax.

    The drawer's own cash is exact to the entry. The rest is what the branch sold and
    took between the opening and the closing, whatever the tender.
    """

    _name = "salon.cash.figures"
    _description = "Figures of a Cash Day"

    @api.model
    def _get_figures(self, day):
        """Figures of a day up to now, as texts and numbers that are kept as told.

        :return: dict of ``tenders``, ``people`` and ``taxes``, each a list of rows
        """
        self.env.flush_all()
        span = {
            "branch": day.branch_id.id,
            "since": day.opened_at,
            "until": self.env.cr.now(),
        }
        return {
            "tenders": self._get_tenders(**span),
            "people": self._get_people(**span),
            "taxes": self._get_taxes(**span),
        }

    @api.model
    def _get_tenders(self, branch, since, until):
        """Payments of bills of the branch: how many, in and back, by tender."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT payment.journal_id, count(*),
                       COALESCE(sum(payment.amount_company_currency_signed)
                           FILTER (WHERE payment.payment_type = 'inbound'), 0),
                       COALESCE(sum(payment.amount_company_currency_signed)
                           FILTER (WHERE payment.payment_type = 'outbound'), 0)
                  FROM account_payment payment
                 WHERE payment.state IN ('in_process', 'paid')
                   AND payment.create_date >= %(since)s
                   AND payment.create_date <= %(until)s
                   AND EXISTS (
                       SELECT FROM account_move__account_payment link
                         JOIN account_move bill ON bill.id = link.invoice_id
                        WHERE link.payment_id = payment.id
                          AND bill.salon_branch_id = %(branch)s)
              GROUP BY payment.journal_id
                """,
                branch=branch,
                since=since,
                until=until,
            )
        )
        journals = self.env["account.journal"]
        rows = [
            {
                "name": journals.browse(journal).name,
                "count": count,
                "came": float(came),
                "went": float(went),
            }
            for journal, count, came, went in rows
        ]
        return sorted(rows, key=lambda row: (-row["came"], row["name"]))

    @api.model
    def _get_people(self, branch, since, until):
        """Sales by who did or sold it; nobody named is the house."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.salon_staff_id, count(*), -sum(line.balance),
                       sum(CASE WHEN bill.move_type = 'out_refund'
                           THEN -line.price_total ELSE line.price_total END)
                  FROM account_move_line line
                  JOIN account_move bill ON bill.id = line.move_id
                 WHERE bill.salon_branch_id = %(branch)s
                   AND bill.state = 'posted'
                   AND bill.move_type IN ('out_invoice', 'out_refund')
                   AND line.display_type = 'product'
                   AND bill.create_date >= %(since)s
                   AND bill.create_date <= %(until)s
              GROUP BY line.salon_staff_id
                """,
                branch=branch,
                since=since,
                until=until,
            )
        )
        staff = self.env["hr.employee"]
        rows = [
            {
                "name": staff.browse(person).name if person else "",
                "count": count,
                "net": float(net),
                "gross": float(gross),
            }
            for person, count, net, gross in rows
        ]
        return sorted(rows, key=lambda row: (-row["gross"], row["name"]))

    @api.model
    def _get_taxes(self, branch, since, until):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.tax_line_id,
                       -sum(line.tax_base_amount),
                       -sum(line.balance)
                  FROM account_move_line line
                  JOIN account_move bill ON bill.id = line.move_id
                 WHERE bill.salon_branch_id = %(branch)s
                   AND bill.state = 'posted'
                   AND bill.move_type IN ('out_invoice', 'out_refund')
                   AND line.tax_line_id IS NOT NULL
                   AND bill.create_date >= %(since)s
                   AND bill.create_date <= %(until)s
              GROUP BY line.tax_line_id
                """,
                branch=branch,
                since=since,
                until=until,
            )
        )
        taxes = self.env["account.tax"]
        rows = [
            {"name": taxes.browse(tax).name, "base": float(base), "tax": float(amount)}
            for tax, base, amount in rows
        ]
        return sorted(rows, key=lambda row: row["name"])
