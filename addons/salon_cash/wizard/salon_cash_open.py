from odoo import Command, api, fields, models


class SalonCashOpen(models.TransientModel):
    """Opens a till with what is counted in it."""

    _name = "salon.cash.open"
    _description = "Open the Till"

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    till_ids = fields.Many2many(
        "account.journal", string="Tills", compute="_compute_till_ids"
    )
    journal_id = fields.Many2one(
        "account.journal",
        "Till",
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_start")
    line_ids = fields.One2many(
        "salon.cash.open.line",
        "open_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount_total = fields.Monetary("Amount Counted", compute="_compute_amount_total")
    amount_start = fields.Monetary("Left by the Day Before", compute="_compute_start")
    shows_start = fields.Boolean(compute="_compute_start")

    @api.depends("branch_id")
    def _compute_till_ids(self):
        for wizard in self:
            wizard.till_ids = wizard.branch_id and wizard.branch_id._get_tills()

    @api.depends("branch_id", "till_ids")
    def _compute_journal_id(self):
        for wizard in self:
            if wizard.journal_id not in wizard.till_ids._origin:
                wizard.journal_id = wizard.till_ids[:1]._origin

    @api.depends("branch_id", "journal_id")
    def _compute_start(self):
        desk = self.env["salon.cash.desk"]
        for wizard in self:
            # sudo: account.journal - the currency of a till of the desk
            journal = wizard.sudo().journal_id
            wizard.currency_id = journal.currency_id or wizard.branch_id.currency_id
            last = desk._get_last_day(journal) if journal else False
            shows = bool(last and last.with_user(self.env.user).can_see_expected)
            wizard.shows_start = shows
            wizard.amount_start = last.amount_left if shows else 0

    @api.depends("currency_id")
    def _compute_line_ids(self):
        desk = self.env["salon.cash.desk"]
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"value": value, "quantity": 0})
                for value in desk._get_denominations(wizard.currency_id)
            ]

    @api.depends("line_ids.value", "line_ids.quantity")
    def _compute_amount_total(self):
        for wizard in self:
            wizard.amount_total = sum(wizard.line_ids.mapped("amount"))

    # rpc: checked by the service
    def action_open(self):
        self.ensure_one()
        day = self.env["salon.cash.desk"]._open(
            self.branch_id,
            self.journal_id,
            [(line.value, line.quantity) for line in self.line_ids if line.quantity],
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_cash.salon_cash_day_action"
        )
        return {**action, "res_id": day.id, "views": [(False, "form")]}


class SalonCashOpenLine(models.TransientModel):
    _name = "salon.cash.open.line"
    _description = "Notes and Coins at the Opening"
    _order = "value desc, id"

    open_id = fields.Many2one("salon.cash.open", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="open_id.currency_id")
    value = fields.Monetary("Note or Coin", required=True)
    quantity = fields.Integer()
    amount = fields.Monetary(compute="_compute_amount")

    _quantity_sensible = models.Constraint(
        "CHECK (quantity >= 0 AND value > 0)",
        "Count notes and coins from zero on, of a value above zero.",
    )

    @api.depends("value", "quantity")
    def _compute_amount(self):
        for line in self:
            line.amount = line.value * line.quantity
