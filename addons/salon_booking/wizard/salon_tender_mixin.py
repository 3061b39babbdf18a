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
    tender_currency_id = fields.Many2one(
        "res.currency", compute="_compute_tender_currency_id"
    )
    reference = fields.Char(help="Number of the card slip or transfer.")

    @api.depends("branch_id")
    def _compute_tender_journal_ids(self):
        for wizard in self:
            # sudo: account.journal - the desk sees the names of its tenders only
            wizard.tender_journal_ids = wizard.branch_id.sudo()._get_tender_journals()

    @api.depends("journal_id", "branch_id")
    def _compute_tender_currency_id(self):
        for wizard in self:
            # sudo: account.journal - the desk sees the currency of its tenders
            journal = wizard.journal_id.sudo()
            wizard.tender_currency_id = journal.currency_id or wizard.currency_id

    def _to_tender(self, amount):
        """What an amount is in the currency of the tender, today."""
        if self.tender_currency_id == self.currency_id or not self.journal_id:
            return amount
        company = self.branch_id.company_id
        self.env["salon.till"]._check_rate(company, self.tender_currency_id)
        zone = self.branch_id.tz or "UTC"
        return self.currency_id._convert(
            amount,
            self.tender_currency_id,
            company,
            fields.Date.context_today(self.with_context(tz=zone)),
        )

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
