from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonPaymentWizard(models.TransientModel):
    """A client pays later what was left open at checkout."""

    _name = "salon.payment.wizard"
    _description = "Take a Payment"
    _inherit = "salon.tender.mixin"

    visit_ids = fields.Many2many("salon.visit", required=True, readonly=True)
    branch_id = fields.Many2one("salon.branch", required=True, readonly=True)
    amount_due = fields.Monetary("Still Open", compute="_compute_amount_due")
    journal_id = fields.Many2one(required=True)
    amount = fields.Monetary(required=True, currency_field="tender_currency_id")

    @api.model
    def _open(self, visits):
        service = self.env["salon.checkout"]
        service._check_may_checkout(visits)
        bills = service._get_open_bills(visits)
        if not bills:
            raise UserError(
                self.env._(
                    "Nothing is open for %(visits)s.",
                    visits=", ".join(visits.mapped("display_name")),
                )
            )
        branch = visits.branch_id
        # sudo: account.journal - the desk sees the names of its tenders only
        journals = branch.sudo()._get_tender_journals()
        wizard = self.create(
            {
                "visit_ids": [Command.set(visits.ids)],
                "branch_id": branch.id,
                "journal_id": journals[:1].id,
                "amount": sum(bills.mapped("amount_residual")),
            }
        )
        return wizard._as_dialog(self.env._("Take a payment"))

    @api.depends("visit_ids")
    def _compute_amount_due(self):
        for wizard in self:
            # Over RPC a dialog can name any visit.
            visits = wizard.visit_ids._origin._filtered_access("read")
            bills = self.env["salon.checkout"]._get_open_bills(visits)
            wizard.amount_due = sum(bills.mapped("amount_residual"))

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        """Another currency has another amount."""
        if self.tender_currency_id != self._origin.tender_currency_id:
            self.amount = self._to_tender(self.amount_due)

    def action_pay(self):
        self.ensure_one()
        self.env["salon.checkout"]._take_payment(
            self.visit_ids,
            {
                "journal_id": self.journal_id.id,
                "amount": self.amount,
                "reference": self.reference,
            },
        )
        return {"type": "ir.actions.act_window_close"}
