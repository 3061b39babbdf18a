from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    is_salon_till = fields.Boolean(
        "Cash Desk",
        copy=False,
        help="A drawer that is opened, counted and closed. Nothing is posted on it "
        "while it is closed.",
    )

    def _become_salon_till(self):
        """Keep cash days from now on; what is paid in is in the drawer at once."""
        for journal in self.filtered(lambda journal: not journal.is_salon_till):
            journal.is_salon_till = True
            lines = (
                journal.inbound_payment_method_line_ids
                | journal.outbound_payment_method_line_ids
            )
            outside = lines.filtered(
                lambda line, journal=journal: (
                    line.payment_account_id != journal.default_account_id
                )
            )
            outside.payment_account_id = journal.default_account_id
