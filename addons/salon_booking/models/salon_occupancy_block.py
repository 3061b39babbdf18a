from odoo import api, fields, models


class SalonOccupancy(models.Model):
    """Blocks take time as bookings do."""

    _inherit = "salon.occupancy"

    block_id = fields.Many2one(
        "salon.block", index="btree_not_null", ondelete="cascade"
    )

    @api.model
    def _owner_columns(self):
        return {**super()._owner_columns(), "salon.block": "block_id"}
