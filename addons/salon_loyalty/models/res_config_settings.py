from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_breakage = fields.Selection(
        related="company_id.salon_breakage", readonly=False
    )
    salon_breakage_account_id = fields.Many2one(
        related="company_id.salon_breakage_account_id", readonly=False
    )
    salon_defers_points = fields.Boolean(
        related="company_id.salon_defers_points", readonly=False
    )
