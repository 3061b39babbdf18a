from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import ledger
from ..engine.money import to_decimal

#: What a row that takes back or restores has in common with its grant.
SNAPSHOT = (
    "name",
    "kind",
    "staff_id",
    "branch_id",
    "company_id",
    "move_id",
    "move_line_id",
    "appointment_id",
    "visit_id",
    "product_id",
    "category_id",
    "source",
    "percentage",
)


class SalonCommission(models.Model):
    """One row of what people have earned. Rows are added, never changed.

    All rows of one bill line and one person form a chain, counted by ``step``: a grant
    when the bill is paid, then what takes it back or gives it again. Two transactions
    that continue the same chain want the same step, and the unique index lets only one
    of them through.
    """

    _name = "salon.commission"
    _description = "Salon Commission"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Description", required=True)
    reference = fields.Char(help="Number of the bill or credit note behind this row.")
    kind = fields.Selection([("commission", "Commission")], required=True)
    cause = fields.Selection(
        [
            (ledger.PAID, "Bill paid"),
            (ledger.REFUND, "Refunded"),
            (ledger.REFUND_UNDONE, "Refund withdrawn"),
            (ledger.UNPAID, "Payment removed"),
            (ledger.CARD_FEE, "Card fee"),
        ],
        required=True,
        help="What happened to the bill.",
    )
    staff_id = fields.Many2one(
        "hr.employee", "Staff Member", required=True, ondelete="restrict"
    )
    branch_id = fields.Many2one(
        "salon.branch", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        help="Day of the bill or credit note; the first open day after it when that "
        "period's payslip was already closed.",
    )
    move_id = fields.Many2one("account.move", "Bill", index=True, ondelete="set null")
    move_line_id = fields.Many2one(
        "account.move.line", "Bill Line", ondelete="set null"
    )
    refund_line_id = fields.Many2one(
        "account.move.line",
        "Credit Note Line",
        index="btree_not_null",
        ondelete="set null",
    )
    step = fields.Integer(
        required=True, help="Which row of the bill line and the person this is."
    )
    origin_id = fields.Many2one(
        "salon.commission",
        "Takes Back",
        index="btree_not_null",
        ondelete="restrict",
        help="The grant this row changes.",
    )
    appointment_id = fields.Many2one(
        "salon.appointment", index="btree_not_null", ondelete="restrict"
    )
    visit_id = fields.Many2one(
        "salon.visit", index="btree_not_null", ondelete="restrict"
    )
    product_id = fields.Many2one("product.product", "Sold", ondelete="restrict")
    category_id = fields.Many2one("product.category", ondelete="restrict")
    source = fields.Selection(
        [("service", "Service"), ("product", "Product")], required=True
    )
    base_amount = fields.Monetary(
        "Base", required=True, help="Price net of tax, after discounts."
    )
    percentage = fields.Float("%", digits=(5, 2), aggregator=None)
    amount = fields.Monetary("Commission", required=True)
    payslip_id = fields.Many2one(
        "salon.payslip", index="btree_not_null", ondelete="set null"
    )

    _step_unique = models.UniqueIndex(
        "(move_line_id, staff_id, kind, step) WHERE move_line_id IS NOT NULL",
        "This commission has just been written by somebody else.",
    )
    _staff_date = models.Index("(staff_id, date)")
    _grant_has_no_origin = models.Constraint(
        "CHECK ((cause = 'paid') = (origin_id IS NULL))",
        "A commission row that takes back or restores names the grant it changes.",
    )

    def write(self, vals):
        """Rows only ever change in which payslip they are on."""
        self.check_access("write")
        changed = vals.keys() - {"payslip_id"}
        if changed:
            raise UserError(
                self.env._(
                    "%(row)s is part of the commission ledger and cannot be changed. "
                    "Refund or correct the bill; the difference is added as a new row.",
                    row=self[:1].display_name,
                )
            )
        payslip = self.env["salon.payslip"].browse(vals.get("payslip_id") or [])
        for locked in (self.payslip_id | payslip)._filter_locked():
            raise UserError(
                self.env._(
                    "%(payslip)s is %(state)s: its rows stay on it. Cancel it first.",
                    payslip=locked.display_name,
                    state=locked._state_label(),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%(row)s is part of the commission ledger and cannot be deleted. "
                "Refund or correct the bill; the difference is added as a new row.",
                row=self[:1].display_name,
            )
        )

    @api.model
    def _sum_this_month(self, staff_ids):
        """What people earned since the first of the month, as ``{id: amount}``."""
        first = fields.Date.context_today(self).replace(day=1)
        sums = self._read_group(
            [("staff_id", "in", staff_ids), ("date", ">=", first)],
            ["staff_id"],
            ["amount:sum"],
        )
        return {staff.id: amount for staff, amount in sums}

    def _snapshot(self):
        """Whose, where and for what this row is, as values for another one."""
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in SNAPSHOT
        }

    def _as_engine_row(self):
        self.ensure_one()
        return ledger.Row(
            self.cause,
            to_decimal(self.base_amount),
            to_decimal(self.amount),
            ledger.CARD
            if self.cause == ledger.CARD_FEE
            else self.refund_line_id.id or None,
        )
