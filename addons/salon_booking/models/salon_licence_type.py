from odoo import api, fields, models


class SalonLicenceType(models.Model):
    _name = "salon.licence.type"
    _description = "Salon Permit or Licence Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: needed in every company of the database."
    )
    needed_for = fields.Selection(
        [
            ("services", "Some services"),
            ("all", "All work"),
            ("none", "Nothing, only recorded"),
        ],
        required=True,
        default="services",
        help="Who has none that is valid on the day is not offered for it.",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "salon_licence_type_product_rel",
        "type_id",
        "product_tmpl_id",
        string="Services",
        domain="[('is_salon_service', '=', True)]",
        help="Nobody is booked for these without a valid one.",
    )
    notice_days = fields.Integer(
        "Warn Ahead (days)",
        default=30,
        required=True,
        help="So many days before one expires the branch manager gets a to-do.",
    )
    licence_ids = fields.One2many("salon.licence", "type_id")
    licence_count = fields.Integer(compute="_compute_licence_count")

    _notice_sensible = models.Constraint(
        "CHECK (notice_days BETWEEN 0 AND 730)",
        "Warnings come between 0 and 730 days ahead.",
    )
    _name_unique = models.UniqueIndex(
        "(name) WHERE active", "Another type of licence already has this name."
    )

    @api.depends("licence_ids")
    def _compute_licence_count(self):
        counts = dict(
            self.env["salon.licence"]._read_group(
                [("type_id", "in", self.ids)], ["type_id"], ["__count"]
            )
        )
        for kind in self:
            kind.licence_count = counts.get(kind, 0)

    def action_view_licences(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_licence_action"
        )
        return {
            **action,
            "domain": [("type_id", "=", self.id)],
            "context": {"default_type_id": self.id},
        }
