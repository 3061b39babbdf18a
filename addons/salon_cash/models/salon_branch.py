from odoo import fields, models


class SalonBranch(models.Model):
    _inherit = "salon.branch"

    is_cash_count_blind = fields.Boolean(
        "Blind Count",
        help="Who counts the till is not told how much should be in it. Managers are.",
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
