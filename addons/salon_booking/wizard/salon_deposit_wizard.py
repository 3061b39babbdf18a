from odoo import api, fields, models


class SalonDepositWizard(models.TransientModel):
    """Take money in advance for a visit."""

    _name = "salon.deposit.wizard"
    _description = "Take a Deposit"
    _inherit = "salon.tender.mixin"

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True)
    branch_id = fields.Many2one(related="visit_id.branch_id", related_sudo=False)
    amount_payable = fields.Monetary(
        "Price", compute="_compute_amount_payable", help="With tax, as on the bill."
    )
    deposit_asked = fields.Monetary(
        related="visit_id.deposit_asked", related_sudo=False
    )
    deposit_held = fields.Monetary(
        "Paid Already", related="visit_id.deposit_held", related_sudo=False
    )
    deposit_refund_until = fields.Datetime(
        related="visit_id.deposit_refund_until", related_sudo=False
    )
    amount = fields.Monetary(required=True, currency_field="tender_currency_id")

    @api.depends("visit_id")
    def _compute_amount_payable(self):
        for wizard in self:
            wizard.amount_payable = wizard.visit_id._get_amount_payable()

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        """Another currency has another amount."""
        if self.tender_currency_id != self._origin.tender_currency_id:
            missing = max(self.deposit_asked - self.deposit_held, 0)
            self.amount = self._to_tender(missing)

    @api.model
    def _open(self, visit):
        visit.ensure_one()
        self.env["salon.checkout"]._check_may_checkout(visit)
        missing = max(visit.deposit_asked - visit.deposit_held, 0)
        wizard = self.create({"visit_id": visit.id, "amount": missing})
        wizard.journal_id = wizard.tender_journal_ids[:1]._origin
        return wizard._as_dialog(self.env._("Take a deposit"))

    # rpc: the deposit service checks who asks
    def action_request(self):
        """Ask for it: the client pays by link."""
        self.ensure_one()
        self.env["salon.deposit"]._request(self.visit_id, self.amount)
        return self.env["salon.payment.link"]._open(self.visit_id)

    def action_take(self):
        self.ensure_one()
        self.env["salon.deposit"]._take(
            self.visit_id,
            [
                {
                    "journal_id": self.journal_id.id,
                    "amount": self.amount,
                    "reference": self.reference,
                }
            ],
        )
        return {"type": "ir.actions.act_window_close"}


class SalonMissedWizard(models.TransientModel):
    """A client did not come: charge or waive the fee, keep or give back the deposit."""

    _name = "salon.missed.wizard"
    _description = "Fee and Deposit of a Missed Visit"
    _inherit = "salon.tender.mixin"

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True)
    branch_id = fields.Many2one(related="visit_id.branch_id", related_sudo=False)
    deposit_held = fields.Monetary(
        "Deposit Paid", readonly=True, help="When this dialog was opened."
    )
    fee_asked = fields.Monetary(
        "Fee by the Rules", related="visit_id.fee_asked", related_sudo=False
    )
    fee = fields.Monetary(
        "Fee Charged", help="0 waives it. Less than asked needs a right and a reason."
    )
    is_less = fields.Boolean(compute="_compute_rest")
    reason = fields.Char("Why Less")
    given_back = fields.Monetary(compute="_compute_rest")
    amount_due = fields.Monetary("Left to Pay", compute="_compute_rest")
    amount_paid = fields.Monetary(
        "Paid Now",
        currency_field="tender_currency_id",
        help="The rest is the client's debt.",
    )

    @api.model
    def _open(self, visit):
        visit.ensure_one()
        self.env["salon.checkout"]._check_may_checkout(visit)
        asked = visit.fee_asked if visit.fee_state == "due" else 0
        wizard = self.create(
            {"visit_id": visit.id, "fee": asked, "deposit_held": visit.deposit_held}
        )
        wizard.journal_id = wizard.tender_journal_ids[:1]._origin
        return wizard._as_dialog(self.env._("Fee and deposit"))

    @api.depends("fee", "fee_asked", "deposit_held")
    def _compute_rest(self):
        for wizard in self:
            currency = wizard.currency_id
            wizard.is_less = currency.compare_amounts(wizard.fee, wizard.fee_asked) < 0
            wizard.given_back = max(wizard.deposit_held - wizard.fee, 0)
            wizard.amount_due = max(wizard.fee - wizard.deposit_held, 0)

    def action_settle(self):
        self.ensure_one()
        self.env["salon.deposit"]._settle(
            self.visit_id,
            self.fee,
            reason=self.reason,
            journal=self.journal_id,
            paid=self.amount_paid,
            reference=self.reference,
            held=self.deposit_held,
        )
        return {"type": "ir.actions.act_window_close"}
