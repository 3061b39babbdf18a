from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonCardSettlement(models.Model):
    """What a card terminal took in some days, and what of it came to the bank."""

    _name = "salon.card.settlement"
    _description = "Card Settlement"
    _inherit = ["salon.guarded.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _guarded_fields = frozenset({"state", "move_id"})
    _guarded_defaults = _guarded_fields

    journal_id = fields.Many2one(
        "account.journal",
        "Terminal",
        required=True,
        index=True,
        check_company=True,
        domain="[('type', '=', 'bank'), ('salon_kind', '=', False)]",
        default=lambda self: self._default_journal_id(),
    )
    company_id = fields.Many2one(
        related="journal_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    date_from = fields.Date(
        "Payments From",
        compute="_compute_dates",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date_to = fields.Date(
        "Until",
        compute="_compute_dates",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date = fields.Date(
        "Paid Out", required=True, default=fields.Date.context_today, copy=False
    )
    state = fields.Selection(
        [("draft", "Draft"), ("posted", "Posted"), ("undone", "Taken back")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    ticket_ids = fields.One2many(
        "salon.card.ticket",
        "settlement_id",
        "Tickets",
        compute="_compute_ticket_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    amount = fields.Monetary("Taken by Card", compute="_compute_amounts")
    fee = fields.Monetary("Fees", compute="_compute_amounts")
    tax = fields.Monetary("Tax on Fees", compute="_compute_amounts")
    amount_net = fields.Monetary(
        "Comes to the Bank", compute="_compute_amounts", help="Less fees and their tax."
    )
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, copy=False, check_company=True
    )
    fee_ids = fields.One2many("salon.card.fee", "settlement_id", readonly=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The first day is not after the last."
    )

    @api.model
    def _default_journal_id(self):
        """The terminal with the oldest payments on the way."""
        journals = self.env["account.journal"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("type", "=", "bank"),
                ("salon_kind", "=", False),
            ]
        )
        first = journals._get_salon_card_lines(limit=1)
        return first.journal_id

    @api.depends("journal_id")
    def _compute_display_name(self):
        for settlement in self:
            # sudo: account.journal - its name, for managers who read settlements
            name = settlement.sudo().journal_id.name or ""
            settlement.display_name = f"{name}, {settlement.date_to or ''}"

    @api.depends("journal_id.currency_id", "company_id.currency_id")
    def _compute_currency_id(self):
        for settlement in self:
            # sudo: account.journal - the currency, for managers who read settlements
            journal = settlement.sudo().journal_id
            settlement.currency_id = (
                journal.currency_id or journal.company_id.currency_id
            )

    @api.depends("journal_id")
    def _compute_dates(self):
        """The oldest day that is open, as banks pay out day by day."""
        today = fields.Date.context_today(self)
        for settlement in self:
            first = settlement.journal_id._get_salon_card_lines(limit=1)
            settlement.date_from = settlement.date_to = first.date or today

    @api.depends("journal_id", "date_from", "date_to")
    def _compute_ticket_ids(self):
        for settlement in self.filtered(lambda s: s.state == "draft"):
            settlement.ticket_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in settlement._prepare_tickets()),
            ]

    @api.depends("ticket_ids.amount", "ticket_ids.fee", "journal_id", "move_id")
    def _compute_amounts(self):
        for settlement in self:
            tickets = settlement.ticket_ids
            settlement.amount = sum(tickets.mapped("amount"))
            settlement.fee = sum(tickets.mapped("fee"))
            # sudo: account.tax - figures, for managers who read settlements
            settlement.tax = sum(
                tax["amount"] for tax in settlement.sudo()._get_fee_taxes()["taxes"]
            )
            settlement.amount_net = settlement.amount - settlement.fee - settlement.tax

    def _get_fee_taxes(self):
        """What the host's tax on the fees comes to, on top of them."""
        return self.journal_id.salon_fee_tax_id.compute_all(
            self.fee, self.currency_id, handle_price_include=False
        )

    def _prepare_tickets(self):
        """One ticket for all that was paid by one swipe of a card."""
        self.ensure_one()
        journal = self.journal_id
        lines = journal._get_salon_card_lines(self.date_from, self.date_to)
        payments = lines.move_id.origin_payment_id
        tickets = payments.grouped(lambda p: p.salon_ticket_id or p)
        return [
            {
                "payment_ids": [Command.set(paid.ids)],
                "fee": journal._get_salon_card_fee(
                    sum(paid.mapped("amount_signed")), self.currency_id
                ),
            }
            for paid in tickets.values()
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        for settlement in self:
            if settlement.state != "draft":
                raise UserError(
                    self.env._(
                        "%(settlement)s was posted. Take it back instead; that keeps "
                        "what was.",
                        settlement=settlement.display_name,
                    )
                )

    def write(self, vals):
        self._check_draft(vals.keys() - {"message_follower_ids", "message_ids"})
        return super().write(vals)

    def _check_draft(self, names):
        done = self.filtered(lambda settlement: settlement.state != "draft")
        if names and done and not self.env.su:
            raise UserError(
                self.env._(
                    "%(settlement)s is posted and stays as it is. Take it back and "
                    "make a new one.",
                    settlement=done[0].display_name,
                )
            )

    # rpc: checked by the service
    def action_post(self):
        self.env["salon.card.terminal"]._post(self)

    # rpc: checked by the service
    def action_undo(self):
        self.env["salon.card.terminal"]._undo(self)

    # rpc: opens the entry, which its own rights protect
    def action_open_entry(self):
        self.ensure_one()
        self.check_access("read")
        return self.move_id._get_records_action()


class SalonCardTicket(models.Model):
    """One swipe of a card: what it paid (bill, tip, balance), and its fee."""

    _name = "salon.card.ticket"
    _description = "Card Ticket"
    _order = "date, id"

    settlement_id = fields.Many2one(
        "salon.card.settlement", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    payment_ids = fields.Many2many(
        "account.payment", string="Payments", required=True, copy=False
    )
    date = fields.Date(compute="_compute_payment", store=True)
    name = fields.Char("Reference", compute="_compute_payment", store=True)
    partner_id = fields.Many2one("res.partner", compute="_compute_payment", store=True)
    branch_id = fields.Many2one(
        "salon.branch", compute="_compute_payment", store=True, ondelete="set null"
    )
    amount = fields.Monetary(
        compute="_compute_payment", store=True, help="Below zero: back to the card."
    )
    fee = fields.Monetary(
        help="By the rule of the terminal; change it to what is told."
    )
    amount_net = fields.Monetary("Net", compute="_compute_amount_net")

    @api.depends("payment_ids")
    def _compute_payment(self):
        for ticket in self:
            payments = ticket.payment_ids.sorted("id")
            first = payments.filtered("reconciled_invoice_ids")[:1] or payments[:1]
            ticket.date = first.date
            ticket.name = first.payment_reference or first.memo
            ticket.partner_id = first.partner_id
            bills = first.reconciled_invoice_ids
            ticket.branch_id = first.salon_branch_id or bills.salon_branch_id[:1]
            ticket.amount = sum(payments.mapped("amount_signed"))

    @api.depends("amount", "fee")
    def _compute_amount_net(self):
        for ticket in self:
            ticket.amount_net = ticket.amount - ticket.fee

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets.settlement_id._check_draft({"ticket_ids"})
        return tickets

    def write(self, vals):
        self.settlement_id._check_draft(vals.keys())
        result = super().write(vals)
        self.settlement_id._check_draft(vals.keys())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.settlement_id._check_draft({"ticket_ids"})


class SalonCardFee(models.Model):
    """The fee of a ticket on each thing that it paid; rows are only ever added."""

    _name = "salon.card.fee"
    _description = "Card Fee"
    _order = "id desc"
    _rec_name = "payment_id"

    settlement_id = fields.Many2one(
        "salon.card.settlement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    payment_id = fields.Many2one(
        "account.payment", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        "salon.branch", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        "Bill Item",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        "product.product", "Service or Product", readonly=True, ondelete="restrict"
    )
    staff_id = fields.Many2one(
        "hr.employee", "Done or Sold by", readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary(required=True, readonly=True)
