from odoo import api, fields, models
from odoo.tools import SQL


class SalonCertificateLiability(models.Model):
    """What open gift certificates are worth, beside what the books say is owed."""

    _name = "salon.certificate.liability"
    _description = "Gift Certificate Liability"
    _auto = False
    _order = "company_id"
    _rec_name = "company_id"
    _depends = {
        "account.move.line": ["account_id", "balance", "parent_state"],
        "loyalty.card": ["company_id", "points", "salon_kind"],
        "loyalty.program": ["company_id", "salon_kind"],
        "salon.estimate": ["amount", "company_id", "kind"],
        "res.company": ["currency_id", "salon_certificate_account_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    account_id = fields.Many2one(
        "account.account",
        compute="_compute_account_id",
        inverse="_inverse_account_id",
        compute_sudo=True,
        domain="[('account_type', '=', 'liability_current'), "
        "('company_ids', 'in', company_id)]",
        help="Where sold certificates are booked.",
    )
    certificate_count = fields.Integer("Open Certificates", readonly=True)
    amount_open = fields.Monetary(
        "On Certificates", readonly=True, help="Sum of the balances of certificates."
    )
    amount_lapsing = fields.Monetary(
        "Expected to Lapse",
        readonly=True,
        help="Income already, as nobody will use it; no longer in the books as owed.",
    )
    amount_booked = fields.Monetary(
        "In the Books",
        readonly=True,
        help="Balance of the liability account, posted entries only.",
    )
    amount_difference = fields.Monetary(
        "Difference",
        readonly=True,
        help="Not zero: something else was booked on the account, or a certificate was "
        "made or changed by hand.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT company.id,
                   company.id AS company_id,
                   company.currency_id,
                   COALESCE(cards.certificate_count, 0) AS certificate_count,
                   COALESCE(cards.amount, 0) AS amount_open,
                   COALESCE(booked.amount, 0) AS amount_booked,
                   -COALESCE(estimates.amount, 0) AS amount_lapsing,
                   COALESCE(cards.amount, 0) + COALESCE(estimates.amount, 0)
                       - COALESCE(booked.amount, 0) AS amount_difference
              FROM res_company company
              LEFT JOIN (
                   SELECT card.company_id,
                          COUNT(*) FILTER (WHERE card.points > 0) AS certificate_count,
                          SUM(ROUND(card.points::numeric, 2)) AS amount
                     FROM loyalty_card card
                    WHERE card.salon_kind = 'certificate'
                 GROUP BY card.company_id
                   ) cards ON cards.company_id = company.id
              LEFT JOIN (
                   SELECT estimate.company_id, SUM(estimate.amount) AS amount
                     FROM salon_estimate estimate
                    WHERE estimate.kind = 'certificates'
                 GROUP BY estimate.company_id
                   ) estimates ON estimates.company_id = company.id
              LEFT JOIN (
                   SELECT line.account_id, -SUM(line.balance) AS amount
                     FROM account_move_line line
                    WHERE line.parent_state = 'posted'
                      AND line.account_id IN (
                          SELECT salon_certificate_account_id FROM res_company
                          )
                 GROUP BY line.account_id
                   ) booked ON booked.account_id = company.salon_certificate_account_id
             WHERE company.salon_certificate_account_id IS NOT NULL
                OR EXISTS (
                   SELECT 1
                     FROM loyalty_program program
                    WHERE program.company_id = company.id
                      AND program.salon_kind = 'certificate'
                   )
            """
        )

    @api.depends("company_id")
    def _compute_account_id(self):
        for row in self:
            row.account_id = row.company_id.salon_certificate_account_id

    def _inverse_account_id(self):
        for row in self:
            # sudo: res.company - who may set this up here need not manage companies
            row.company_id.sudo().salon_certificate_account_id = row.account_id

    def action_view_certificates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_loyalty.salon_certificate_action"
        )
        return {
            **action,
            "domain": [
                ("salon_kind", "=", "certificate"),
                ("company_id", "=", self.company_id.id),
            ],
        }

    def action_view_journal_items(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_moves_all_a"
        )
        return {
            **action,
            "domain": [
                ("account_id", "=", self.account_id.id),
                ("parent_state", "=", "posted"),
            ],
            "context": {},
        }
