from odoo import api, fields, models


class SalonOccupancy(models.Model):
    """Events of the team's own calendars take time as bookings do."""

    _inherit = "salon.occupancy"

    calendar_busy_id = fields.Many2one(
        "salon.calendar.busy", index="btree_not_null", ondelete="cascade"
    )

    @api.model
    def _owner_columns(self):
        return {**super()._owner_columns(), "salon.calendar.busy": "calendar_busy_id"}
