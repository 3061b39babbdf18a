from odoo import Command, api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_salon_service = fields.Boolean(
        "Salon Service",
        help="Clients can book it: it takes the time of a staff member.",
    )
    salon_phase_ids = fields.One2many(
        "salon.service.phase",
        "product_tmpl_id",
        "Phases",
        copy=True,
        groups="base.group_user",
    )
    salon_phase_count = fields.Integer(
        compute="_compute_salon_phase_count", groups="base.group_user"
    )
    salon_duration_minutes = fields.Integer(
        "Duration",
        compute="_compute_salon_duration_minutes",
        inverse="_inverse_salon_duration_minutes",
        store=True,
        help="Minutes from the client sitting down to the place being clean again.",
    )
    salon_buffer_before = fields.Integer(
        "Buffer Before",
        help="Minutes to prepare before the client comes: the staff member and the "
        "place are taken, the client is not there.",
    )
    salon_buffer_after = fields.Integer(
        "Buffer After", help="Minutes to tidy up after the service."
    )
    salon_facility_type_id = fields.Many2one(
        "salon.facility.type",
        "Place for the Whole Service",
        help="Held from the first phase to the last, beside what single phases need.",
    )
    is_salon_addon = fields.Boolean(
        "Add-on",
        help="Booked only together with another service, right after it and with the "
        "same person.",
    )
    salon_addon_ids = fields.Many2many(
        "product.template",
        "salon_addon_rel",
        "product_tmpl_id",
        "addon_tmpl_id",
        "Add-ons",
        domain="[('is_salon_addon', '=', True)]",
        help="Offered together with this service; they lengthen it.",
    )
    salon_skill_ids = fields.One2many(
        "salon.skill", "product_tmpl_id", "Who Can Do It", groups="base.group_user"
    )

    salon_staff_ids = fields.Many2many(
        "hr.employee.public",
        string="Done By",
        compute="_compute_salon_staff",
        groups="base.group_user",
    )
    salon_price_from = fields.Monetary(
        "From Price",
        compute="_compute_salon_staff",
        groups="base.group_user",
        help="The lowest price of those who do it.",
    )
    salon_has_prices = fields.Boolean(
        compute="_compute_salon_staff",
        groups="base.group_user",
        help="Not everybody does it at the same price.",
    )
    is_salon_online = fields.Boolean(
        "Online",
        compute="_compute_is_salon_online",
        help="Clients can book it without asking: not by the salon only, no add-on.",
    )

    is_salon_group_service = fields.Boolean(
        "Group Service",
        help="A class, course or workshop: clients take places in planned events "
        "instead of a person's time.",
    )
    salon_group_capacity = fields.Integer(
        "Group Size",
        default=8,
        help="Places of a new event; each event may have its own number.",
    )

    _salon_buffers_sensible = models.Constraint(
        "CHECK (salon_buffer_before BETWEEN 0 AND 480 "
        "AND salon_buffer_after BETWEEN 0 AND 480)",
        "A buffer lasts between 0 and 480 minutes.",
    )
    _salon_group_capacity_sensible = models.Constraint(
        "CHECK (salon_group_capacity BETWEEN 0 AND 500)",
        "A group has at most 500 places.",
    )

    @api.depends("salon_phase_ids")
    def _compute_salon_phase_count(self):
        for template in self:
            template.salon_phase_count = len(template.salon_phase_ids)

    @api.depends("salon_phase_ids.minutes")
    def _compute_salon_duration_minutes(self):
        for template in self:
            template.salon_duration_minutes = sum(
                template.salon_phase_ids.mapped("minutes")
            )

    def _inverse_salon_duration_minutes(self):
        """Typing a duration makes or fits the phases, so that most need no more."""
        for template in self:
            minutes = template.salon_duration_minutes
            phases = template.salon_phase_ids
            if not phases and minutes > 0:
                template.salon_phase_ids = [
                    Command.create({"kind": "work", "minutes": minutes})
                ]
            elif len(phases) == 1:
                phases.minutes = minutes

    @api.depends("salon_skill_ids.staff_id", "salon_skill_ids.price", "list_price")
    def _compute_salon_staff(self):
        for template in self:
            skills = template.salon_skill_ids
            prices = {skill.price or template.list_price for skill in skills}
            template.salon_staff_ids = skills.staff_id.ids
            template.salon_price_from = min(prices, default=template.list_price)
            template.salon_has_prices = len(prices) > 1

    @api.depends("salon_needs_approval", "is_salon_addon")
    def _compute_is_salon_online(self):
        for template in self:
            template.is_salon_online = not (
                template.salon_needs_approval or template.is_salon_addon
            )

    def write(self, vals):
        result = super().write(vals)
        if any(name.startswith(("salon_", "is_salon_")) for name in vals):
            self.env.registry.clear_cache()
        return result

    @api.onchange("is_salon_service")
    def _onchange_is_salon_service(self):
        if self.is_salon_service:
            self.type = "service"

    def _get_salon_segments(self, minutes=None):
        """The phases on the clock, fitted into ``minutes`` when given."""
        self.ensure_one()
        product = self.product_variant_id
        return (
            self.env["salon.catalog"]._services(product)[product.id].segments(minutes)
        )
