from odoo import fields, models


class SalonStaffLevel(models.Model):
    """Junior, senior, master: what a client may ask for instead of a name."""

    _name = "salon.staff.level"
    _description = "Salon Staff Level"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    staff_ids = fields.One2many("hr.employee.public", "salon_level_id", "Team")
