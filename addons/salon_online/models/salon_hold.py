from odoo import fields, models
from odoo.fields import NO_ACCESS


class SalonHold(models.Model):
    """What a visitor of the booking pages is about to book."""

    _inherit = "salon.hold"

    online_parts = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="The services of each guest with person and minutes, as they were "
        "offered.",
    )
