from odoo import fields, models


class SalonClientPreference(models.Model):
    """What a client likes: coffee black, no small talk, quiet music."""

    _name = "salon.client.preference"
    _description = "Client Preference"
    _order = "kind, sequence, name"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("drink", "Drink"),
            ("talk", "Talk"),
            ("music", "Music"),
            ("seat", "Place"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex(
        "(kind, name)", "There is already a preference of this kind with this name."
    )
