from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    salon_branch_ids = fields.Many2many(
        "salon.branch",
        string="Salon Branches",
        help="What this user sees of visits, shifts and figures. Empty: every branch "
        "of the user's companies.",
    )

    @api.model
    def _get_invalidation_fields(self):
        """The record rules by branch are cached per user."""
        return super()._get_invalidation_fields() | {"salon_branch_ids"}
