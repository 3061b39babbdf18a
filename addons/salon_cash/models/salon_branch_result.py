from odoo import fields, models
from odoo.tools import SQL


class SalonBranchResult(models.Model):
    """Profit and loss of the branches: the host's analytic items on their accounts."""

    _name = "salon.branch.result"
    _description = "Profit and Loss by Branch"
    _auto = False
    _rec_name = "name"
    _order = "date desc, id desc"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    branch_id = fields.Many2one("salon.branch", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    account_type = fields.Selection(
        lambda self: (
            self.env["account.account"]
            ._fields["account_type"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    # Lists sort by these keys: what comes in stands before what goes out.
    side = fields.Selection(
        [("in", "Income"), ("out", "Costs")], "Income or Cost", readonly=True
    )
    partner_id = fields.Many2one("res.partner", "From or To", readonly=True)
    product_id = fields.Many2one("product.product", "Service or Product", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    name = fields.Char("Label", readonly=True)
    amount = fields.Monetary("Result", readonly=True, help="Costs are below zero.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT item.id, item.date, item.company_id, company.currency_id,
                   branch.id AS branch_id, account.id AS account_id,
                   account.account_type,
                   CASE WHEN account.account_type LIKE 'income%%' THEN 'in'
                        ELSE 'out' END AS side,
                   item.partner_id, item.product_id,
                   line.move_id, item.name, item.amount
              FROM account_analytic_line item
              JOIN salon_branch branch ON branch.analytic_account_id IN (%s)
              JOIN res_company company ON company.id = item.company_id
              JOIN account_account account ON account.id = item.general_account_id
         LEFT JOIN account_move_line line ON line.id = item.move_line_id
             WHERE split_part(account.account_type, '_', 1) IN ('income', 'expense')
            """,
            SQL(", ").join(
                SQL.identifier("item", name) for name in self._get_plan_columns()
            ),
        )

    def _get_plan_columns(self):
        """Where analytic items name the accounts of branches, whatever their plan."""
        # sudo: account.analytic.plan, salon.branch - names of columns
        branches = self.env["salon.branch"].sudo().with_context(active_test=False)
        plans = branches.search([("analytic_account_id", "!=", False)])
        plans = plans.analytic_account_id.plan_id.root_id
        plans |= self.env.ref("salon_booking.analytic_plan_branches").sudo()
        return sorted({plan._column_name() for plan in plans})

    # rpc: opens the entry, which its own rights protect
    def action_open_entry(self):
        """The entry, for who may read the books."""
        self.ensure_one()
        self.check_access("read")
        if self.move_id and self.move_id.has_access("read"):
            return self.move_id._get_records_action()
        return False
