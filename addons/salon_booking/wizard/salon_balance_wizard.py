from odoo import api, fields, models


class SalonBalanceWizard(models.TransientModel):
    """Money onto the balance of a client, or back out of it, without a bill."""

    _name = "salon.balance.wizard"
    _description = "Client Balance: In or Out"
    _inherit = "salon.tender.mixin"

    client_id = fields.Many2one("res.partner", required=True)
    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    kind = fields.Selection(
        [("in", "Pay ahead"), ("out", "Pay back")], required=True, default="in"
    )
    client_balance = fields.Monetary(
        related="client_id.salon_balance", string="On the Balance", related_sudo=False
    )
    journal_id = fields.Many2one(required=True)
    amount = fields.Monetary(required=True, currency_field="tender_currency_id")
    is_done = fields.Boolean(readonly=True)

    @api.model
    def _open(self, client):
        wizard = self.create({"client_id": client.id, "journal_id": False})
        return wizard._as_dialog(self.env._("Client balance"))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("amount", 0)
            if not vals.get("journal_id"):
                branch = self.env["salon.branch"].browse(
                    vals.get("branch_id")
                    or self.env["salon.visit"]._default_branch_id().id
                )
                vals.setdefault("branch_id", branch.id)
                # sudo: account.journal - the desk sees the names of its tenders only
                vals["journal_id"] = branch.sudo()._get_tender_journals()[:1].id
        return super().create(vals_list)

    @api.onchange("kind")
    def _onchange_kind(self):
        """Who leaves gets all of it."""
        if self.kind == "out":
            self.amount = self._to_tender(self.client_balance)

    # rpc: the till checks who asks
    def action_confirm(self):
        self.ensure_one()
        if not self.is_done:
            self.is_done = True
            self.env["salon.till"]._change_balance(
                self.branch_id,
                self.client_id,
                {
                    "journal_id": self.journal_id.id,
                    "amount": self.amount,
                    "reference": self.reference,
                },
                is_out=self.kind == "out",
            )
        return {"type": "ir.actions.act_window_close"}
