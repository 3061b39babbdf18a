from odoo import Command, api, fields, models

from ..engine.phases import lay_out, stretch


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
    salon_skill_ids = fields.One2many(
        "salon.skill", "product_tmpl_id", "Who Can Do It", groups="base.group_user"
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

    @api.onchange("is_salon_service")
    def _onchange_is_salon_service(self):
        if self.is_salon_service:
            self.type = "service"

    def _get_salon_segments(self, minutes=None):
        """The phases on the clock, fitted into ``minutes`` when given.

        A service without phases is one stretch of work.
        """
        self.ensure_one()
        phases = self.salon_phase_ids._as_engine_phases()
        if not phases:
            phases = (
                self.env["salon.service.phase"]
                .new({"kind": "work", "minutes": minutes or 30})
                ._as_engine_phases()
            )
        if minutes:
            phases = stretch(phases, minutes)
        return lay_out(phases)
