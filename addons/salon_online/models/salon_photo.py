from odoo import fields, models


class SalonPhoto(models.Model):
    """Pictures that the client finds on the own pages."""

    # A side of the photo of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.photo"

    is_released = fields.Boolean(
        "The Client Sees It",
        help="On the client's own pages after logging in; nobody else finds it there.",
    )
