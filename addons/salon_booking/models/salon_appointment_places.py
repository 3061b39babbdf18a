from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SalonAppointment(models.Model):
    """Where an appointment is wanted, and who does a part of it instead."""

    _inherit = "salon.appointment"

    facility_ids = fields.Many2many(
        "salon.facility",
        "salon_appointment_facility_rel",
        "appointment_id",
        "facility_id",
        "Wanted Places",
        copy=False,
        check_company=True,
        domain="[('branch_id', '=', branch_id)]",
        help="Of the places that the service needs, these and no others. Empty: "
        "whatever fits and is free.",
    )
    phase_staff = fields.Json(
        "Phases Done by Others",
        copy=False,
        help="Employees by the number of the phase, counted from 0.",
    )

    @api.constrains("facility_ids", "visit_id")
    def _check_facilities_of_branch(self):
        for appointment in self:
            foreign = appointment.facility_ids.filtered(
                lambda place, one=appointment: place.branch_id != one.branch_id
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(facility)s is in another branch than %(appointment)s. "
                        "Choose a place there.",
                        facility=foreign[0].name,
                        appointment=appointment.display_name,
                    )
                )

    @api.constrains("facility_ids", "product_id")
    def _check_facilities_needed(self):
        """What the service does not use would be wanted in vain."""
        wanting = self.filtered("facility_ids")
        services = self.env["salon.catalog"]._services(wanting.product_id)
        for appointment in wanting:
            phases = services[appointment.product_id.id].phases
            needed = {pool for phase in phases for pool in phase.pools}
            useless = appointment.facility_ids.filtered(
                lambda place, needed=needed: place.type_id.id not in needed
            )
            if useless:
                raise ValidationError(
                    self.env._(
                        "“%(service)s” needs no “%(kind)s”, so it cannot be put to "
                        "%(facility)s.",
                        service=appointment.product_id.name,
                        kind=useless[0].type_id.name,
                        facility=useless[0].name,
                    )
                )

    @api.constrains("phase_staff", "visit_id")
    def _check_phase_staff(self):
        for appointment in self.filtered("phase_staff"):
            wanted = appointment._get_helper_ids()
            # sudo: hr.employee - whether they are of the team
            helpers = (
                self.env["hr.employee"].sudo().browse(set(wanted.values())).exists()
            )
            team = helpers.filtered(
                lambda one, branch=appointment.branch_id: (
                    one.is_salon_staff and branch in one.salon_branch_ids
                )
            )
            if set(wanted.values()) - set(team.ids):
                raise ValidationError(
                    self.env._(
                        "A phase of %(appointment)s can only be done by somebody of "
                        "the team of %(branch)s.",
                        appointment=appointment.display_name,
                        branch=appointment.branch_id.name,
                    )
                )

    def _get_helper_ids(self):
        """Who does which phase instead: ``{number of the phase: employee id}``."""
        self.ensure_one()
        kept = self.phase_staff or {}
        if not isinstance(kept, dict) or not all(
            str(phase).isdecimal() and isinstance(staff, int)
            for phase, staff in kept.items()
        ):
            raise ValidationError(
                self.env._(
                    "The phases of %(appointment)s are given to people by number.",
                    appointment=self.display_name,
                )
            )
        return {int(phase): staff for phase, staff in kept.items()}
