from odoo import api, fields, models


class SalonTipPayout(models.TransientModel):
    """Tips are paid out from the desk, in cash or by bank."""

    _name = "salon.tip.payout"
    _description = "Pay Out Tips"
    _inherit = "salon.tender.mixin"

    balance_id = fields.Many2one("salon.tip.balance", required=True, readonly=True)
    staff_id = fields.Many2one(related="balance_id.staff_id", related_sudo=False)
    owed = fields.Monetary(related="balance_id.amount", related_sudo=False)
    branch_id = fields.Many2one("salon.branch", required=True)
    journal_id = fields.Many2one(required=True)
    amount = fields.Monetary(required=True, currency_field="tender_currency_id")
    is_done = fields.Boolean(readonly=True)

    @api.model
    def _open(self, balance):
        self.env["salon.till"]._check_may_handle(
            branch := self.env["salon.visit"]._default_branch_id()
        )
        balance.ensure_one()
        # sudo: account.journal - the desk sees the names of its tenders only
        journals = branch.sudo()._get_tender_journals()
        wizard = self.create(
            {
                "balance_id": balance.id,
                "branch_id": branch.id,
                "journal_id": journals[:1].id,
                "amount": balance.amount,
            }
        )
        return wizard._as_dialog(self.env._("Pay out tips"))

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        """Another currency has another amount."""
        if self.tender_currency_id != self._origin.tender_currency_id:
            self.amount = self._to_tender(self.owed)

    # rpc: the till checks who asks
    def action_confirm(self):
        self.ensure_one()
        if not self.is_done:
            self.is_done = True
            self.env["salon.till"]._pay_out_tips(
                self.branch_id,
                self.staff_id,
                {
                    "journal_id": self.journal_id.id,
                    "amount": self.amount,
                    "reference": self.reference,
                },
            )
        return {"type": "ir.actions.act_window_close"}
