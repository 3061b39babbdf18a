from odoo import api, fields, models

#: What of a facility decides when it can be booked; its calendar is the resource's.
HOURS_SOURCES = frozenset({"active", "branch_id", "resource_id"})


class SalonFacilityType(models.Model):
    _name = "salon.facility.type"
    _description = "Salon Facility Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("room", "Room"), ("station", "Station"), ("equipment", "Equipment")],
        required=True,
        default="station",
    )
    is_kept_for_visit = fields.Boolean(
        "Kept for the Visit",
        help="A client who needs one for several services keeps the same from the "
        "first to the last of them: a treatment room, but not a basin.",
    )
    facility_ids = fields.One2many("salon.facility", "type_id")

    _name_unique = models.UniqueIndex(
        "(name)", "Another facility type already has this name."
    )

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        # The database takes it from the phases that needed one.
        self.env.registry.clear_cache()
        return result


class SalonFacility(models.Model):
    _name = "salon.facility"
    _description = "Salon Facility"
    _inherit = ["salon.own.mixin", "resource.mixin"]
    _order = "branch_id, sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    branch_id = fields.Many2one("salon.branch", required=True, index=True)
    company_id = fields.Many2one(related="branch_id.company_id", store=True)
    type_id = fields.Many2one("salon.facility.type", required=True, index=True)
    kind = fields.Selection(related="type_id.kind")
    capacity = fields.Integer(
        default=1,
        required=True,
        help="How many clients it serves at once: 1 for a chair, 3 for a row of "
        "three basins booked as one.",
    )

    staff_ids = fields.Many2many(
        "hr.employee",
        "salon_facility_staff_rel",
        "facility_id",
        "employee_id",
        "Only for",
        domain="[('is_salon_staff', '=', True)]",
        help="Only these people work at it. Empty: everybody.",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "salon_facility_service_rel",
        "facility_id",
        "product_tmpl_id",
        "Services",
        domain="[('is_salon_service', '=', True)]",
        help="Used for these services only. Empty: for all that need its type.",
    )

    _capacity_positive = models.Constraint(
        "CHECK (capacity BETWEEN 1 AND 500)",
        "A facility serves between 1 and 500 clients at once.",
    )
    _name_branch_unique = models.UniqueIndex(
        "(branch_id, name) WHERE active",
        "The branch already has a facility of this name.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        branches = self.env["salon.branch"].browse(
            vals["branch_id"] for vals in vals_list if vals.get("branch_id")
        )
        branch_by_id = {branch.id: branch for branch in branches}
        for vals in vals_list:
            if branch := branch_by_id.get(vals.get("branch_id")):
                vals.setdefault("company_id", branch.company_id.id)
                vals.setdefault("tz", branch.tz)
                # Open whenever the branch is, unless hours of its own are given.
                vals.setdefault("resource_calendar_id", False)
        with self.env["salon.hours"]._collected():
            facilities = super().create(vals_list)
            self.env.registry.clear_cache()
            facilities._salon_hours_changed()
        return facilities

    def write(self, vals):
        before = {facility: facility.capacity for facility in self}
        with self.env["salon.hours"]._collected():
            if HOURS_SOURCES & vals.keys():
                self._salon_hours_changed()
            result = super().write(vals)
            self.env.registry.clear_cache()
            if HOURS_SOURCES & vals.keys():
                self._salon_hours_changed()
        if "capacity" in vals:
            changed = self.filtered(lambda one: one.capacity != before[one])
            self.env["salon.displacement"]._on_capacity_changed(changed)
        return result

    def unlink(self):
        with self.env["salon.hours"]._collected():
            self._salon_hours_changed()
            result = super().unlink()
            self.env.registry.clear_cache()
        return result

    def _salon_hours_changed(self):
        self.env["salon.hours"]._changed(
            self.resource_id.ids,
            origin=", ".join(self.mapped("name")),
            is_structure=True,
        )

    def _prepare_resource_values(self, vals, tz):
        return {
            **super()._prepare_resource_values(vals, tz),
            "resource_type": "material",
            "calendar_id": vals.get("resource_calendar_id"),
        }

    # rpc: _open checks who asks
    def action_salon_calendar_link(self):
        """Show the place's calendar link."""
        return self.env["salon.calendar.feed"]._open(self)
