from odoo import fields, models


class SalonAbsenceReason(models.Model):
    """Why somebody has a day off in the roster; requests of time off are the host's."""

    _name = "salon.absence.reason"
    _description = "Salon Absence Reason"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()

    _name_unique = models.UniqueIndex(
        "(name) WHERE active", "Another absence reason already has this name."
    )
