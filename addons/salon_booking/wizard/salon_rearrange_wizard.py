from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonRearrangeWizard(models.TransientModel):
    """Lengthen, shorten or give to somebody else the services of a visit."""

    _name = "salon.rearrange.wizard"
    _description = "Change Minutes and People"

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True)
    branch_id = fields.Many2one(related="visit_id.branch_id")
    currency_id = fields.Many2one(related="visit_id.currency_id")
    line_ids = fields.One2many("salon.rearrange.line", "wizard_id")
    move_following = fields.Boolean(
        "Following services move along",
        default=True,
        help="A service that lasts longer or shorter moves those after it.",
    )
    notify_client = fields.Boolean(
        "Tell the client",
        help="By e-mail in the client's language.",
    )

    @api.model
    def _open(self, visit):
        visit.ensure_one()
        visit.check_access("write")
        live = visit._get_live_appointments()
        if not live:
            raise UserError(
                self.env._(
                    "%(visit)s has begun or is over, so it cannot be changed here.",
                    visit=visit.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Minutes and People"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_visit_id": visit.id,
                "default_line_ids": [
                    Command.create(
                        {
                            "appointment_id": appointment.id,
                            "staff_id": appointment.staff_id.id,
                            "duration_minutes": appointment.duration_minutes,
                        }
                    )
                    for appointment in live
                ],
            },
        }

    def action_apply(self):
        self.ensure_one()
        visit = self.visit_id
        visit.check_access("write")
        if visit != self.line_ids.appointment_id.visit_id:
            raise UserError(
                self.env._(
                    "The services are not those of %(visit)s. Open the dialog again.",
                    visit=visit.display_name,
                )
            )
        series = self.env["salon.series"]
        series._rearrange({visit: self._prepare_plan()})
        if self.notify_client:
            visit._notify_client("mail_template_visit_moved")
        else:
            visit._spare_client()
        return {"type": "ir.actions.act_window_close"}

    def _prepare_plan(self):
        """Values of every live appointment, in the order of the visit."""
        lines = {line.appointment_id: line for line in self.line_ids}
        plan = []
        shift = timedelta()
        for appointment in self.visit_id._get_live_appointments():
            line = lines.get(appointment)
            values = {"start": appointment.start + shift}
            if line:
                values["staff_id"] = line.staff_id.id
                values["duration_minutes"] = line.duration_minutes
                if self.move_following:
                    shift += timedelta(
                        minutes=line.duration_minutes - appointment.duration_minutes
                    )
            plan.append(values)
        return plan


class SalonRearrangeLine(models.TransientModel):
    _name = "salon.rearrange.line"
    _description = "Service with Other Minutes or Person"

    wizard_id = fields.Many2one(
        "salon.rearrange.wizard", required=True, ondelete="cascade"
    )
    branch_id = fields.Many2one(related="wizard_id.branch_id")
    appointment_id = fields.Many2one("salon.appointment", required=True, readonly=True)
    product_id = fields.Many2one(related="appointment_id.product_id")
    start = fields.Datetime(related="appointment_id.start")
    currency_id = fields.Many2one(related="appointment_id.currency_id")
    staff_id = fields.Many2one(
        "hr.employee",
        "With",
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
    )
    duration_minutes = fields.Integer("Minutes", required=True)
    price = fields.Monetary("New Price", compute="_compute_price")

    _minutes_sensible = models.Constraint(
        "CHECK (duration_minutes BETWEEN 1 AND 1440)",
        "A service lasts between a minute and a day.",
    )

    @api.depends("staff_id", "appointment_id")
    def _compute_price(self):
        for line in self:
            appointment = line.appointment_id
            template = appointment.product_id.product_tmpl_id
            # sudo: salon.skill - what a service costs is no secret of the staff
            skill = (
                self.env["salon.skill"]
                .sudo()
                ._find(line.staff_id, template)
                .get((line.staff_id.id, template.id))
            )
            if line.staff_id == appointment.staff_id:
                line.price = appointment.price
            else:
                line.price = (
                    skill.price if skill else 0
                ) or appointment.product_id.lst_price
