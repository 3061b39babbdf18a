from odoo import api, fields, models


class SalonSkill(models.Model):
    _name = "salon.skill"
    _description = "Salon Service a Staff Member Can Do"
    _inherit = ["salon.own.mixin"]
    _order = "product_tmpl_id, sequence, staff_id, id"
    _rec_name = "product_tmpl_id"

    staff_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="cascade"
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Service",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_salon_service', '=', True)]",
    )
    sequence = fields.Integer(default=10, help="Who is offered first.")
    active = fields.Boolean(default=True)
    duration_minutes = fields.Integer(
        "Own Minutes",
        aggregator=None,
        help="Empty or zero: as long as the service says.",
    )
    price = fields.Monetary(
        "Own Price", aggregator=None, help="Empty or zero: the service's price."
    )
    currency_id = fields.Many2one(related="product_tmpl_id.currency_id")
    company_id = fields.Many2one(related="staff_id.company_id", store=True)

    _staff_service_unique = models.UniqueIndex(
        "(staff_id, product_tmpl_id)",
        "This staff member already has this service; change the existing line.",
    )
    _not_negative = models.Constraint(
        "CHECK (duration_minutes >= 0 AND price >= 0)",
        "Own minutes and own price cannot be negative.",
    )

    @api.depends("staff_id", "product_tmpl_id")
    def _compute_display_name(self):
        for skill in self:
            skill.display_name = self.env._(
                "%(staff)s: %(service)s",
                staff=skill.staff_id.display_name,
                service=skill.product_tmpl_id.display_name,
            )

    @api.model
    def _find(self, staff, templates):
        """Skills as ``{(staff id, template id): skill}`` in one query."""
        skills = self.search(
            [
                ("staff_id", "in", staff.ids),
                ("product_tmpl_id", "in", templates.ids),
            ]
        )
        return {
            (skill.staff_id.id, skill.product_tmpl_id.id): skill for skill in skills
        }

    def _get_minutes(self, template):
        """Minutes this person needs; ``self`` may be empty."""
        return self.duration_minutes or template.salon_duration_minutes or 30
