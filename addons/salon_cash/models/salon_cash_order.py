from odoo import api, fields, models


class SalonCashOrder(models.Model):
    """A receipt or expense order of the till: cash that came in or went out."""

    _name = "salon.cash.order"
    _description = "Cash Order"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True)
    direction = fields.Selection(
        [("in", "Cash In"), ("out", "Cash Out")], required=True, readonly=True
    )
    day_id = fields.Many2one(
        "salon.cash.day",
        "Cash Day",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    branch_id = fields.Many2one(
        related="day_id.branch_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="day_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    reason_id = fields.Many2one(
        "salon.cash.reason", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", "From or To", readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    amount_signed = fields.Monetary("In or Out", compute="_compute_amount_signed")
    amount_words = fields.Char("In Words", compute="_compute_amount_words")
    note = fields.Char("For What", readonly=True)
    user_id = fields.Many2one("res.users", "Cashier", readonly=True)
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        required=True,
        readonly=True,
        check_company=True,
    )
    counterpart_move_id = fields.Many2one(
        "account.move",
        "Entry of the Safe",
        readonly=True,
        check_company=True,
        help="What the safe got or gave.",
    )
    corrects_id = fields.Many2one(
        "salon.cash.order", readonly=True, index="btree_not_null"
    )
    correction_ids = fields.One2many("salon.cash.order", "corrects_id", "Corrected by")

    _number_unique = models.UniqueIndex(
        "(branch_id, direction, name)", "This number of a cash order is already used."
    )
    _corrected_once = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL",
        "This cash order is corrected already.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A cash order is about more than nothing."
    )

    @api.depends("amount", "direction")
    def _compute_amount_signed(self):
        for order in self:
            sign = 1 if order.direction == "in" else -1
            order.amount_signed = sign * order.amount

    @api.depends("amount", "currency_id", "branch_id")
    def _compute_amount_words(self):
        words = self.env["salon.cash.words"]
        for order in self:
            order.amount_words = words._in_words(
                order.amount, order.currency_id, order._get_language()
            )

    def _get_language(self):
        """Printed in the language of the branch, as it is a paper of the place."""
        self.ensure_one()
        # What is read in sudo first is not checked any more.
        self.check_access("read")
        # sudo: res.partner - the language of an address
        branch = self.sudo().branch_id
        company = branch.company_id
        return (
            branch.partner_id.lang
            or company.partner_id.lang
            or self.env.lang
            or self.env.user.lang
        )

    def _get_form(self):
        """Which form the law or the habit of the language wants."""
        language = (self._get_language() or "en")[:2]
        if language in ("ru", "az"):
            return "ko"
        return "makbuz" if language == "tr" else "receipt"

    def _get_printed_accounts(self):
        """Codes of the till's account and of the one against it."""
        self.ensure_one()
        # sudo: account.move - printed on the order that the desk hands out
        lines = self.sudo().move_id.line_ids
        cash = self.sudo().day_id.journal_id.default_account_id
        others = lines.account_id - cash
        company = self.sudo().company_id
        return {
            "cash": cash.with_company(company).code or "",
            "other": ", ".join(
                code for code in others.with_company(company).mapped("code") if code
            ),
        }

    # rpc: checked by the service
    def action_correct(self):
        self.ensure_one()
        correction = self.env["salon.cash.desk"]._correct(self)
        return correction._get_records_action()
