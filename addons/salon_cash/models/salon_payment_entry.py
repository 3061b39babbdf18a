from odoo import fields, models
from odoo.tools import SQL


class SalonPaymentEntry(models.Model):
    """The journal of payments: every payment of the salon, out below zero.

    Of which branch a payment is says the bill it pays, else the cash day it is in.
    """

    _name = "salon.payment.entry"
    _description = "Journal of Payments"
    _auto = False
    _order = "date desc, id desc"

    payment_id = fields.Many2one("account.payment", readonly=True)
    name = fields.Char("Number", readonly=True)
    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    branch_id = fields.Many2one("salon.branch", readonly=True)
    journal_id = fields.Many2one("account.journal", "Tender", readonly=True)
    partner_id = fields.Many2one("res.partner", "Client", readonly=True)
    bill_id = fields.Many2one("account.move", readonly=True)
    user_id = fields.Many2one("res.users", "Cashier", readonly=True)
    memo = fields.Char(readonly=True)
    amount = fields.Monetary("In or Out", readonly=True)

    # rpc: opens the payment or the visits, which their own rights protect
    def action_open_payment(self):
        """The payment for who may read the books, the visits for the others."""
        self.ensure_one()
        self.check_access("read")
        if self.payment_id.has_access("read"):
            return self.payment_id._get_records_action()
        # sudo: account.move - which visits a bill is about, for who sees its payment
        visits = self.sudo().bill_id.salon_visit_ids.sudo(False)
        return visits._get_records_action() if visits else False

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT payment.id, payment.id AS payment_id, payment.name, payment.date,
                   payment.company_id, company.currency_id, payment.journal_id,
                   payment.partner_id, payment.memo, payment.create_uid AS user_id,
                   payment.amount_company_currency_signed AS amount,
                   bill.id AS bill_id,
                   COALESCE(payment.salon_branch_id, bill.salon_branch_id,
                            day.branch_id) AS branch_id
              FROM account_payment payment
              JOIN account_journal journal ON journal.id = payment.journal_id
                                          AND journal.salon_kind IS NULL
              JOIN res_company company ON company.id = payment.company_id
         LEFT JOIN account_move entry ON entry.id = payment.move_id
         LEFT JOIN salon_cash_day day ON day.id = entry.salon_cash_day_id
         LEFT JOIN LATERAL (
                   SELECT move.id, move.salon_branch_id
                     FROM account_move__account_payment link
                     JOIN account_move move ON move.id = link.invoice_id
                    WHERE link.payment_id = payment.id
                      AND move.salon_branch_id IS NOT NULL
                 ORDER BY move.id LIMIT 1) bill ON TRUE
             WHERE payment.state IN ('in_process', 'paid')
               AND COALESCE(payment.salon_branch_id, bill.salon_branch_id,
                            day.branch_id) IS NOT NULL
            """
        )
