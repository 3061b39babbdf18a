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
    def _get_figures(self, day, until=None):
        """Figures of a day as texts and numbers that are kept as told.

        :param until: the moment up to which they count; now, unless told
        :return: dict of ``tenders``, ``people`` and ``taxes``, each a list of rows, and
            ``extras``
        """
        self.env.flush_all()
        span = {
            "branch": day.branch_id.id,
            "since": day.opened_at,
            "until": until or self.env.cr.now(),
        }
        return {
            "tenders": self._get_tenders(**span),
            "extras": self._get_extras(**span),
            "people": self._get_people(**span),
            "taxes": self._get_taxes(**span),
        }

    @api.model
    def _get_tenders(self, branch, since, until):
        """Payments at the branch: how many, in and back, by tender and its currency.

        With bills, tips and what clients pay ahead. A tender that is no money (client
        balance, barter) is told apart: nothing of it is in a drawer or on the way.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT journal_id, currency_id, count(*),
                       COALESCE(sum(books) FILTER (WHERE books > 0), 0),
                       COALESCE(sum(books) FILTER (WHERE books < 0), 0),
                       sum(own)
                  FROM (%s) payment GROUP BY journal_id, currency_id
                """,
                self._get_payments(branch, since, until),
            )
        )
        company = self.env["salon.branch"].browse(branch).company_id
        tenders = []
        for journal_id, currency_id, count, came, went, own in rows:
            journal = self.env["account.journal"].browse(journal_id)
            currency = self.env["res.currency"].browse(currency_id)
            is_foreign = currency != company.currency_id
            tenders.append(
                {
                    "name": journal.name,
                    "count": count,
                    "came": float(came),
                    "went": float(went),
                    "is_money": not journal.salon_kind,
                    "own": currency.format(float(own)) if is_foreign else "",
                }
            )
        return sorted(
            tenders, key=lambda row: (not row["is_money"], -row["came"], row["name"])
        )

    @api.model
    def _get_extras(self, branch, since, until):
        """What of the money was no payment of a bill: tips, and paid ahead."""
        account = self.env["salon.branch"].browse(branch).company_id.root_id
        [[tips, ahead]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(sum(books) FILTER (WHERE staff_id IS NOT NULL
                                                     AND is_money), 0),
                       COALESCE(sum(books) FILTER (WHERE account_id = %s), 0)
                  FROM (%s) payment
                """,
                account.salon_balance_account_id.id or 0,
                self._get_payments(branch, since, until),
            )
        )
        return {"tips": float(tips), "ahead": float(ahead)}

    @api.model
    def _get_payments(self, branch, since, until):
        """Posted payments of the branch: named by themselves, else by their bill."""
        return SQL(
            """
            SELECT payment.journal_id, payment.currency_id,
                   payment.salon_staff_id AS staff_id,
                   payment.destination_account_id AS account_id,
                   journal.salon_kind IS NULL AS is_money,
                   payment.amount_company_currency_signed AS books,
                   CASE WHEN payment.payment_type = 'inbound'
                        THEN payment.amount ELSE -payment.amount END AS own
              FROM account_payment payment
              JOIN account_journal journal ON journal.id = payment.journal_id
             WHERE payment.state IN ('in_process', 'paid')
               AND payment.create_date >= %(since)s
               AND payment.create_date <= %(until)s
               AND (payment.salon_branch_id = %(branch)s
                    OR payment.salon_branch_id IS NULL AND EXISTS (
                       SELECT FROM account_move__account_payment link
                         JOIN account_move bill ON bill.id = link.invoice_id
                        WHERE link.payment_id = payment.id
                          AND bill.salon_branch_id = %(branch)s))
            """,
            branch=branch,
            since=since,
            until=until,
        )

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
