from odoo import api, fields, models


class SalonTenderMixin(models.AbstractModel):
    """A dialog in which money changes hands by one tender of a branch."""

    _name = "salon.tender.mixin"
    _description = "Dialog with One Tender"

    branch_id = fields.Many2one("salon.branch")
    currency_id = fields.Many2one(related="branch_id.currency_id")
    tender_journal_ids = fields.Many2many(
        "account.journal", compute="_compute_tender_journal_ids"
    )
    journal_id = fields.Many2one("account.journal", "Tender")
    reference = fields.Char(help="Number of the card slip or transfer.")

    @api.depends("branch_id")
    def _compute_tender_journal_ids(self):
        for wizard in self:
            # sudo: account.journal - the desk sees the names of its tenders only
            wizard.tender_journal_ids = wizard.branch_id.sudo()._get_tender_journals()

    def _as_dialog(self, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
