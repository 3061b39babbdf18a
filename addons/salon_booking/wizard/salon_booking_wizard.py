from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..engine import clock

#: More would hide the few times that matter; the next page is one click away.
SLOTS_SHOWN = 60


class SalonBookingWizard(models.TransientModel):
    """Search free times for one service and book one of them."""

    _name = "salon.booking.wizard"
    _description = "Find a Free Time"

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    client_id = fields.Many2one(
        "res.partner", help="Empty for somebody who leaves no name."
    )
    product_id = fields.Many2one(
        "product.product",
        "Service",
        domain="[('is_salon_service', '=', True)]",
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "With",
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
        help="Empty: anybody who can do it.",
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    days = fields.Integer(default=7, required=True)
    slot_ids = fields.One2many(
        "salon.booking.slot",
        "wizard_id",
        compute="_compute_slot_ids",
        store=True,
        readonly=False,
    )
    has_more = fields.Boolean(compute="_compute_slot_ids", store=True)
    is_empty = fields.Boolean(compute="_compute_slot_ids", store=True)

    _days_sensible = models.Constraint(
        "CHECK (days BETWEEN 1 AND 60)", "Search between 1 and 60 days at once."
    )

    @api.depends("branch_id", "product_id", "staff_id", "date_from", "days")
    def _compute_slot_ids(self):
        for wizard in self:
            slots = wizard._search_slots()
            wizard.slot_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "start": clock.to_utc(slot.start),
                            "stop": clock.to_utc(slot.stop),
                            "staff_id": slot.staff,
                        }
                    )
                    for slot in slots[:SLOTS_SHOWN]
                ),
            ]
            wizard.has_more = len(slots) > SLOTS_SHOWN
            wizard.is_empty = bool(wizard.product_id) and not slots

    def _search_slots(self):
        self.ensure_one()
        if not (self.branch_id and self.product_id and self.date_from):
            return []
        days = max(1, min(self.days, 60))
        return self.env["salon.availability"]._search_slots(
            self.branch_id,
            self.product_id,
            self.date_from,
            self.date_from + timedelta(days=days - 1),
            self.staff_id or None,
        )


class SalonBookingSlot(models.TransientModel):
    _name = "salon.booking.slot"
    _description = "Free Time"
    _order = "start, id"

    wizard_id = fields.Many2one(
        "salon.booking.wizard", required=True, ondelete="cascade"
    )
    staff_id = fields.Many2one("hr.employee", "With", required=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    label = fields.Char(compute="_compute_label")

    @api.depends("start", "wizard_id.branch_id.tz")
    def _compute_label(self):
        for slot in self:
            zone = slot.wizard_id.branch_id.tz or "UTC"
            slot.label = slot.start and format_datetime(
                self.env, slot.start, tz=zone, dt_format="EEE d MMM HH:mm"
            )

    def action_book(self):
        """Book this time; everything is checked again by the booking service."""
        self.ensure_one()
        wizard = self.wizard_id
        if not wizard.product_id:
            raise UserError(self.env._("Choose a service first."))
        visit = self.env["salon.booking"]._book(
            wizard.branch_id,
            wizard.client_id,
            [
                {
                    "product_id": wizard.product_id.id,
                    "staff_id": self.staff_id.id,
                    "start": self.start,
                    "is_requested": wizard.staff_id == self.staff_id,
                }
            ],
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.visit",
            "res_id": visit.id,
            "views": [(False, "form")],
        }
