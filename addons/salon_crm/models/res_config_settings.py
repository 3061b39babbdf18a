from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_new_days = fields.Integer(related="company_id.salon_new_days", readonly=False)
    salon_regular_visits = fields.Integer(
        related="company_id.salon_regular_visits", readonly=False
    )
    salon_lost_rule = fields.Selection(
        related="company_id.salon_lost_rule", readonly=False, required=True
    )
    salon_lost_days = fields.Integer(
        related="company_id.salon_lost_days", readonly=False
    )
    salon_lost_intervals = fields.Integer(
        related="company_id.salon_lost_intervals", readonly=False
    )
    salon_default_interval_days = fields.Integer(
        related="company_id.salon_default_interval_days", readonly=False
    )
    salon_overdue_grace_days = fields.Integer(
        related="company_id.salon_overdue_grace_days", readonly=False
    )
