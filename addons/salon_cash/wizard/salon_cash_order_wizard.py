from odoo import fields, models


class SalonCashOrderWizard(models.TransientModel):
    """Takes cash in or pays it out, and prints the order."""

    _name = "salon.cash.order.wizard"
    _description = "Cash In or Out"

    day_id = fields.Many2one("salon.cash.day", required=True, readonly=True)
    direction = fields.Selection(
        [("in", "Cash In"), ("out", "Cash Out")], required=True, default="out"
    )
    currency_id = fields.Many2one(related="day_id.currency_id")
    company_id = fields.Many2one(related="day_id.company_id")
    till_journal_id = fields.Many2one(related="day_id.journal_id", string="Till")
    reason_id = fields.Many2one(
        "salon.cash.reason", required=True, domain="[('direction', '=', direction)]"
    )
    kind = fields.Selection(related="reason_id.kind")
    needs_partner = fields.Boolean(related="reason_id.needs_partner")
    partner_id = fields.Many2one("res.partner", "From or To")
    journal_id = fields.Many2one(
        "account.journal",
        "Safe or Bank",
        domain="[('type', 'in', ('cash', 'bank')), ('id', '!=', till_journal_id),"
        " ('company_id', '=', company_id)]",
    )
    amount = fields.Monetary(required=True)
    note = fields.Char("For What")

    # rpc: checked by the service
    def action_take(self):
        self.ensure_one()
        order = self.env["salon.cash.desk"]._move_cash(
            self.day_id,
            self.reason_id,
            self.amount,
            self.partner_id,
            self.note,
            self.journal_id,
        )
        return order._get_records_action()
