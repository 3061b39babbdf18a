from odoo import api, fields, models

PHASE_KINDS = [
    ("work", "Work"),
    ("processing", "Processing"),
    ("finish", "Finish"),
    ("cleanup", "Cleanup"),
]


class SalonServicePhase(models.Model):
    _name = "salon.service.phase"
    _description = "Phase of a Salon Service"
    _order = "product_tmpl_id, sequence, id"

    product_tmpl_id = fields.Many2one(
        "product.template", "Service", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(PHASE_KINDS, required=True, default="work")
    minutes = fields.Integer(required=True, default=30)
    is_staff_busy = fields.Boolean(
        "Staff Busy",
        compute="_compute_defaults_of_kind",
        store=True,
        readonly=False,
        precompute=True,
        help="Untick for processing: the client stays, the stylist is free for "
        "somebody else.",
    )
    is_client_present = fields.Boolean(
        "Client Present",
        compute="_compute_defaults_of_kind",
        store=True,
        readonly=False,
        precompute=True,
    )
    facility_type_id = fields.Many2one(
        "salon.facility.type",
        help="Held during this phase, one place of this type in the branch.",
    )
    assistant_ids = fields.Many2many(
        "hr.employee",
        "salon_phase_assistant_rel",
        "phase_id",
        "employee_id",
        "Done by an Assistant",
        domain="[('is_salon_staff', '=', True)]",
        help="One of them does this phase, whoever is free; the stylist is then free "
        "for somebody else. Empty: the stylist does it.",
    )

    _minutes_positive = models.Constraint(
        "CHECK (minutes > 0)", "A phase lasts at least one minute."
    )

    @api.depends("kind")
    def _compute_defaults_of_kind(self):
        for phase in self:
            phase.is_staff_busy = phase.kind != "processing"
            phase.is_client_present = phase.kind != "cleanup"

    @api.model_create_multi
    def create(self, vals_list):
        phases = super().create(vals_list)
        self.env.registry.clear_cache()
        return phases

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
