from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import debts

RECEIVABLE = "asset_receivable"


class SalonDebtItem(models.Model):
    """What is open on bills of the salon, by how long it is overdue.

    One row is one instalment of a bill, or the whole bill; money that came in and
    belongs to no bill yet, and credit notes, are below zero. The sum is the balance of
    the salon's receivables.
    """

    _name = "salon.debt.item"
    _description = "Client Debt"
    _auto = False
    _order = "date_due, id"
    _depends = {
        "account.move": ["move_type", "name", "salon_branch_id", "salon_tab_reason"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "salon.debt.reminder": ["date", "line_id"],
        "salon.branch": ["tz"],
    }

    name = fields.Char("Document", readonly=True)
    line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", "Bill", readonly=True)
    client_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    branch_id = fields.Many2one("salon.branch", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date("Due", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    age = fields.Selection(
        [
            ("not_due", "Not due"),
            ("1_30", "1–30 days"),
            ("31_60", "31–60 days"),
            ("61_90", "61–90 days"),
            ("over_90", "Over 90 days"),
        ],
        readonly=True,
    )
    amount = fields.Monetary("Billed", readonly=True)
    residual = fields.Monetary("Still Open", readonly=True)
    reminded = fields.Date("Last Reminder", readonly=True)
    tab_reason = fields.Char("Why beyond the Limit", readonly=True)

    @property
    def _table_query(self):
        return self._get_query()

    @api.model
    def _get_query(self):
        ages = SQL(" ").join(
            SQL("WHEN due.days <= %s THEN %s", last, name)
            for name, last in debts.AGES
            if last is not None
        )
        return SQL(
            """
            SELECT due.*, CASE %(ages)s ELSE %(oldest)s END AS age,
                   due.days AS days_overdue, reminder.date AS reminded
              FROM (
                   SELECT line.id, line.id AS line_id, line.move_id, move.name,
                          line.partner_id AS client_id, line.company_id,
                          company.currency_id, branch.id AS branch_id, line.date,
                          COALESCE(line.date_maturity, line.date) AS date_due,
                          (%(now)s::timestamp AT TIME ZONE 'UTC'
                              AT TIME ZONE branch.tz)::date
                              - COALESCE(line.date_maturity, line.date) AS days,
                          line.balance AS amount, line.amount_residual AS residual,
                          move.salon_tab_reason AS tab_reason
                     FROM account_move_line line
                     JOIN account_move move ON move.id = line.move_id
                     JOIN salon_branch branch ON branch.id = move.salon_branch_id
                     JOIN account_account account ON account.id = line.account_id
                     JOIN res_company company ON company.id = line.company_id
                    WHERE account.account_type = %(receivable)s
                      AND line.parent_state = 'posted'
                      AND line.reconciled IS NOT TRUE
                      AND line.amount_residual != 0
                   ) due
         LEFT JOIN LATERAL (
                   SELECT MAX(date) AS date FROM salon_debt_reminder
                    WHERE line_id = due.line_id) reminder ON TRUE
            """,
            ages=ages,
            oldest=debts.AGES[-1][0],
            now=fields.Datetime.now(),
            receivable=RECEIVABLE,
        )

    # rpc: opens the bill, which its own rights protect
    def action_open_bill(self):
        """The bill for who may read the books, its visits for the others."""
        self.ensure_one()
        self.check_access("read")
        if self.move_id and self.move_id.has_access("read"):
            return self.move_id._get_records_action()
        # sudo: account.move - which visits a bill is about, for who sees the debt
        visits = self.sudo().move_id.salon_visit_ids.sudo(False)
        return visits._get_records_action() if visits else False

    # rpc: the dialog checks rights
    def action_take_payment(self):
        """Take money for the visits of this bill."""
        self.ensure_one()
        self.check_access("read")
        # sudo: account.move - which visits a bill is about, for who sees the debt
        visits = self.sudo().move_id.salon_visit_ids.sudo(False)
        return self.env["salon.payment.wizard"]._open(visits)

    # rpc: opens the statement, which checks rights
    def action_statement(self):
        self.ensure_one()
        self.check_access("read")
        return self.env["salon.statement"]._open(self.client_id)

    # rpc: the dialog checks rights
    def action_remind(self):
        """Open the dialog in which reminders are sent by hand."""
        self.check_access("read")
        return self.env["salon.debt.remind"]._open(self)


class SalonDebtReminder(models.Model):
    """Which debts somebody was reminded of, and when; rows are only ever added."""

    _name = "salon.debt.reminder"
    _description = "Debt Reminder"
    _order = "id desc"
    _rec_name = "client_id"

    line_id = fields.Many2one(
        "account.move.line",
        "Journal Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    branch_id = fields.Many2one("salon.branch", readonly=True, index="btree_not_null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    level_id = fields.Many2one(
        "salon.debt.level",
        readonly=True,
        ondelete="set null",
        help="Empty: sent by hand.",
    )
    days = fields.Integer("Days of the Level", readonly=True)
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary("Still Open", readonly=True)

    _once_per_level = models.UniqueIndex(
        "(line_id, level_id) WHERE level_id IS NOT NULL",
        "This reminder of the debt was sent already.",
    )
