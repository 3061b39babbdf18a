from odoo import api, fields, models


class SalonBranch(models.Model):
    _inherit = "salon.branch"

    is_cash_count_blind = fields.Boolean(
        "Blind Count",
        help="Who counts the till is not told how much should be in it. Managers are.",
    )

    silent_tender_names = fields.Char(
        "Tenders That Post Nothing", compute="_compute_silent_tender_names"
    )

    @api.depends("tender_journal_ids")
    def _compute_silent_tender_names(self):
        for branch in self:
            # sudo: account.journal - the names of tenders, for who sets up the branch
            journals = branch.sudo()._get_tender_journals()
            branch.silent_tender_names = ", ".join(
                journals.filtered("salon_posts_nothing").mapped("name")
            )

    def _get_tills(self):
        """The drawers that can be opened here."""
        self.ensure_one()
        # sudo: account.journal - the desk sees its tills, not the books
        return (
            self.sudo()
            ._get_tender_journals()
            .filtered(lambda journal: journal.type == "cash")
        )
