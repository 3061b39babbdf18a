from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_pay_journal_id = fields.Many2one(
        related="company_id.salon_pay_journal_id", readonly=False
    )
    salon_pay_expense_account_id = fields.Many2one(
        related="company_id.salon_pay_expense_account_id", readonly=False
    )
    salon_pay_payable_account_id = fields.Many2one(
        related="company_id.salon_pay_payable_account_id", readonly=False
    )
    salon_pay_tips = fields.Boolean(related="company_id.salon_pay_tips", readonly=False)
