from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonPaymentWizard(models.TransientModel):
    """A client pays later what was left open at checkout."""

    _name = "salon.payment.wizard"
    _description = "Take a Payment"

    visit_ids = fields.Many2many("salon.visit", required=True, readonly=True)
    branch_id = fields.Many2one("salon.branch", required=True, readonly=True)
    currency_id = fields.Many2one(related="branch_id.currency_id")
    tender_journal_ids = fields.Many2many(
        "account.journal", compute="_compute_tender_journal_ids"
    )
    amount_due = fields.Monetary("Still Open", compute="_compute_amount_due")
    journal_id = fields.Many2one("account.journal", "Tender", required=True)
    amount = fields.Monetary(required=True)
    reference = fields.Char(help="Number of the card slip or transfer.")

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
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take a payment"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.depends("branch_id")
    def _compute_tender_journal_ids(self):
        for wizard in self:
            # sudo: account.journal - the desk sees the names of its tenders only
            wizard.tender_journal_ids = wizard.branch_id.sudo()._get_tender_journals()

    @api.depends("visit_ids")
    def _compute_amount_due(self):
        for wizard in self:
            bills = self.env["salon.checkout"]._get_open_bills(wizard.visit_ids)
            wizard.amount_due = sum(bills.mapped("amount_residual"))

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
