from odoo import api, fields, models
from odoo.tools import SQL


class SalonCashEntry(models.Model):
    """The cash book: every posted entry that moved cash in a drawer, as one line."""

    _name = "salon.cash.entry"
    _description = "Cash Book"
    _auto = False
    _order = "day_id desc, id"

    day_id = fields.Many2one("salon.cash.day", "Cash Day", readonly=True)
    branch_id = fields.Many2one("salon.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    order_id = fields.Many2one("salon.cash.order", "Cash Order", readonly=True)
    partner_id = fields.Many2one("res.partner", "From or To", readonly=True)
    name = fields.Char("Number", readonly=True)
    reference = fields.Char(readonly=True)
    amount = fields.Monetary("In or Out", readonly=True)

    @api.model
    def _cash_of_days(self):
        """Lines on the account of the drawer, in the drawer's currency."""
        return SQL(
            """
            SELECT line.id, move.salon_cash_day_id AS day_id, move.id AS move_id,
                   CASE WHEN journal.currency_id IS NULL
                          OR journal.currency_id = company.currency_id
                        THEN line.balance ELSE line.amount_currency END AS amount
              FROM account_move move
              JOIN account_journal journal ON journal.id = move.journal_id
              JOIN res_company company ON company.id = move.company_id
              JOIN account_move_line line ON line.move_id = move.id
               AND line.account_id = journal.default_account_id
             WHERE move.salon_cash_day_id IS NOT NULL AND move.state = 'posted'
            """
        )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT entry.id, entry.day_id, entry.amount, entry.move_id,
                   day.branch_id, day.company_id, day.currency_id, move.date,
                   cash_order.id AS order_id, move.partner_id,
                   COALESCE(cash_order.name, move.name) AS name,
                   move.ref AS reference
              FROM (%s) entry
              JOIN salon_cash_day day ON day.id = entry.day_id
              JOIN account_move move ON move.id = entry.move_id
         LEFT JOIN salon_cash_order cash_order ON cash_order.move_id = move.id
            """,
            self._cash_of_days(),
        )
