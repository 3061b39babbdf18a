from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

MANAGER = "salon_booking.group_salon_manager"
ACCOUNTANTS = "account.group_account_readonly,account.group_account_invoice"
SEES_CASH = f"{MANAGER},{ACCOUNTANTS}"


class SalonCashDay(models.Model):
    """A drawer from its opening to its closing, and all cash that went through it."""

    _name = "salon.cash.day"
    _description = "Cash Day"
    _inherit = ["salon.guarded.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _guarded_fields = frozenset(
        "branch_id journal_id date state opened_at opened_by_id counted_at "
        "counted_by_id closed_at closed_by_id amount_start amount_opening "
        "amount_counted amount_difference amount_left figures start_move_id".split()
    )
    _guarded_defaults = _guarded_fields

    branch_id = fields.Many2one("salon.branch", required=True, readonly=True)
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    journal_id = fields.Many2one(
        "account.journal", "Till", required=True, readonly=True, check_company=True
    )
    till_name = fields.Char(related="journal_id.name", string="Till Name")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("counting", "Counting"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
    )
    opened_at = fields.Datetime("Opened", readonly=True, required=True)
    opened_by_id = fields.Many2one("res.users", readonly=True)
    counted_at = fields.Datetime("Count Begun", readonly=True)
    counted_by_id = fields.Many2one("res.users", readonly=True)
    closed_at = fields.Datetime("Closed", readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True)
    opening_count_ids = fields.One2many(
        "salon.cash.count",
        "day_id",
        domain=[("moment", "=", "opening")],
        readonly=True,
    )
    closing_count_ids = fields.One2many(
        "salon.cash.count", "day_id", "Count", domain=[("moment", "=", "closing")]
    )
    order_ids = fields.One2many("salon.cash.order", "day_id", "Cash Orders")
    entry_ids = fields.One2many("salon.cash.entry", "day_id", "Cash Book")
    amount_start = fields.Monetary(
        "Left by the Day Before",
        readonly=True,
        help="What should have been in the drawer at the opening.",
    )
    amount_opening = fields.Monetary("Counted at Opening", readonly=True)
    amount_in = fields.Monetary("Cash In", compute="_compute_amounts")
    amount_out = fields.Monetary("Cash Out", compute="_compute_amounts")
    amount_expected = fields.Monetary(
        "Should Be There",
        compute="_compute_amounts",
        help="What was there at first, and what came and went.",
    )
    can_see_expected = fields.Boolean(compute="_compute_can_see_expected")
    amount_in_count = fields.Monetary(
        "Amount Counted", compute="_compute_amount_in_count"
    )
    amount_counted = fields.Monetary("Counted at Closing", readonly=True)
    amount_difference = fields.Monetary("Difference", readonly=True, groups=SEES_CASH)
    amount_handover = fields.Monetary("Hand Over", groups=MANAGER)
    handover_journal_id = fields.Many2one(
        "account.journal",
        "To",
        check_company=True,
        groups=MANAGER,
        domain="[('type', 'in', ('cash', 'bank')), ('id', '!=', journal_id)]",
    )
    amount_left = fields.Monetary(
        "Left in the Till", readonly=True, help="With this the next day begins."
    )
    start_move_id = fields.Many2one(
        "account.move",
        "Starting Entry",
        readonly=True,
        copy=False,
        check_company=True,
        groups=ACCOUNTANTS,
        help="Put into the books what was in the drawer before its first day.",
    )
    note = fields.Text()
    figures = fields.Json(readonly=True, help="What the closing report says.")

    _one_open = models.UniqueIndex(
        "(journal_id) WHERE state != 'closed'",
        "This till is open already. Go on with its day, or close that first.",
    )
    _by_branch = models.Index("(branch_id, date)")

    @api.depends("journal_id.currency_id", "company_id.currency_id")
    def _compute_currency_id(self):
        for day in self:
            # sudo: account.journal - the desk sees its tills, not the books
            journal = day.sudo().journal_id
            day.currency_id = journal.currency_id or day.company_id.currency_id

    @api.depends("journal_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for day in self:
            # sudo: account.journal - the desk sees its tills, not the books
            till = day.sudo().journal_id.name or ""
            day.display_name = f"{till}, {format_date(self.env, day.date)}"

    @api.depends_context("uid")
    @api.depends("state", "branch_id.is_cash_count_blind")
    def _compute_can_see_expected(self):
        sees_all = self.env.su or any(
            self.env.user.has_group(group) for group in SEES_CASH.split(",")
        )
        for day in self:
            day.can_see_expected = sees_all or not day.branch_id.is_cash_count_blind

    @api.depends_context("uid")
    @api.depends(
        "amount_start",
        "amount_opening",
        "amount_counted",
        "amount_difference",
        "amount_left",
        "can_see_expected",
        "state",
    )
    def _compute_amounts(self):
        visible = self.filtered("can_see_expected")
        moved = visible._get_moved()
        for day in self:
            came, went = moved.get(day.id, (0, 0))
            day.amount_expected = (
                day.amount_start + came + went if day in visible else 0
            )
            if day in visible:
                came, went = day._without_counts(came, went)
            day.amount_in = came
            day.amount_out = went

    def _without_counts(self, came, went):
        """Of what moved, what somebody brought or took: no differences of a count, and
        not what was handed over after it."""
        # sudo: salon.cash.day - for a sum that the desk may see
        day = self.sudo()
        for difference in (
            day.amount_opening - day.amount_start,
            day.amount_difference,
        ):
            came -= max(difference, 0)
            went -= min(difference, 0)
        if day.state == "closed":
            went += day.amount_counted - day.amount_left
        rounded = day.currency_id.round
        return rounded(came), rounded(went)

    @api.depends("closing_count_ids.value", "closing_count_ids.quantity")
    def _compute_amount_in_count(self):
        for day in self:
            day.amount_in_count = sum(day.closing_count_ids.mapped("amount"))

    def _get_moved(self):
        """What came into the drawers and went out: ``{day id: (in, out below zero)}``.

        In the drawer's own currency, from the posted entries.
        """
        if not self.ids:
            return {}
        self.env["account.move"].flush_model(["salon_cash_day_id", "state"])
        self.env["account.move.line"].flush_model(
            ["account_id", "amount_currency", "balance", "move_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day_id, sum(amount) FILTER (WHERE amount > 0),
                       sum(amount) FILTER (WHERE amount < 0)
                  FROM (%s) entry WHERE day_id IN %s GROUP BY day_id
                """,
                self.env["salon.cash.entry"]._cash_of_days(),
                tuple(self.ids),
            )
        )
        return {
            day_id: (float(came or 0), float(went or 0)) for day_id, came, went in rows
        }

    def _get_report_figures(self):
        """What was kept at the closing; before it, what there is so far."""
        self.ensure_one()
        if self.state != "closed" and not self.can_see_expected:
            return {"tenders": [], "extras": {}, "people": [], "taxes": []}
        # sudo: account.move, account.payment - totals of the branch, for its desk
        figures = self.env["salon.cash.figures"].sudo()
        return self.figures or figures._get_figures(self)

    @api.model
    def _lock_open(self, journals):
        """The open days of these tills, which stay open until this transaction ends."""
        self.flush_model(["journal_id", "state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM salon_cash_day WHERE journal_id IN %s "
                "AND state = 'open' ORDER BY id FOR SHARE",
                tuple(journals.ids),
            )
        )
        return self.browse([row[0] for row in rows])

    def _lock(self, strength="SHARE"):
        """Nobody ends or begins to count these days before this transaction ends."""
        if self.ids:
            self.flush_recordset(["state"])
            self.env.execute_query(
                SQL(
                    "SELECT id FROM salon_cash_day WHERE id IN %s ORDER BY id FOR %s",
                    tuple(self.ids),
                    SQL(strength),
                )
            )

    def _cash_moved(self):
        """Amounts that come from entries are read anew."""
        self.invalidate_recordset(
            ["amount_in", "amount_out", "amount_expected", "entry_ids"]
        )

    def write(self, vals):
        closed = self.filtered(lambda day: day.state == "closed")
        if closed and vals.keys() - {"note"} and not self.env.su:
            raise UserError(
                self.env._(
                    "%(day)s is closed, so only its note can be changed. What must be "
                    "corrected goes into the open day.",
                    day=closed[0].display_name,
                )
            )
        return super().write(vals)

    # rpc: checked by the service
    def action_count(self):
        self.ensure_one()
        self.env["salon.cash.desk"]._start_count(self)

    # rpc: checked by the service
    def action_back(self):
        self.ensure_one()
        self.env["salon.cash.desk"]._stop_count(self)

    # rpc: checked by the service
    def action_close(self):
        self.ensure_one()
        self.env["salon.cash.desk"]._close(self)

    # rpc: opens a dialog, which checks
    def action_cash_in(self):
        return self._open_order_dialog("in")

    # rpc: opens a dialog, which checks
    def action_cash_out(self):
        return self._open_order_dialog("out")

    def _open_order_dialog(self, direction):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_cash.salon_cash_order_wizard_action"
        )
        name = self.env._("Cash In") if direction == "in" else self.env._("Cash Out")
        context = {"default_day_id": self.id, "default_direction": direction}
        return {**action, "name": name, "context": context}
