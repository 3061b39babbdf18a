from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    salon_branch_ids = fields.Many2many(
        "salon.branch",
        string="Salon Branches",
        help="What this user sees of visits, shifts and figures. Empty: every branch "
        "of the user's companies.",
    )
