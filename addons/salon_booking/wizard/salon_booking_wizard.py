from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time, groupby

from ..engine import clock


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
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_date_from()
    )
    days = fields.Integer(default=7, required=True)
    slots = fields.Json(
        compute="_compute_slots",
        help="Free times by day and person, as the widget shows them.",
    )

    _days_sensible = models.Constraint(
        "CHECK (days BETWEEN 1 AND 60)", "Search between 1 and 60 days at once."
    )

    @api.model
    def _default_date_from(self):
        return fields.Date.context_today(self)

    @api.depends("product_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = wizard.product_id.name or self.env._(
                "Find a free time"
            )

    @api.depends("branch_id", "product_id", "staff_id", "date_from", "days")
    @api.depends_context("lang")
    def _compute_slots(self):
        for wizard in self:
            wizard.slots = {
                "service": wizard.product_id.id or False,
                "days": wizard._prepare_days(wizard._search_slots()),
            }

    def _search_slots(self):
        self.ensure_one()
        if not (self.branch_id and self.product_id and self.date_from):
            return []
        return self.env["salon.availability"]._search_slots(
            self.branch_id,
            self.product_id,
            self.date_from,
            self._get_days()[-1],
            self.staff_id or None,
        )

    def _get_days(self):
        days = max(1, min(self.days, 60))
        return [self.date_from + timedelta(days=number) for number in range(days)]

    def _prepare_days(self, slots):
        """All days of the search, each with its people and their times."""
        if not self.product_id or not self.date_from:
            return []
        zone = self.branch_id.tz
        wall = {slot.start: clock.local(slot.start, zone) for slot in slots}
        by_day = dict(groupby(slots, key=lambda slot: wall[slot.start].date()))
        people = self._prepare_people({slot.staff for slot in slots})
        labels = {
            moment: format_time(self.env, moment, time_format="short")
            for moment in {wall[slot.start].time() for slot in slots}
        }
        return [
            {
                "date": fields.Date.to_string(day),
                "weekday": format_date(self.env, day, date_format="EEE"),
                "day": format_date(self.env, day, date_format="d MMM"),
                "long": format_date(self.env, day, date_format="EEEE d MMMM"),
                "count": len({slot.start for slot in by_day.get(day, ())}),
                "people": [
                    {
                        **people[staff_id],
                        "times": [
                            {
                                "start": slot.start,
                                "label": labels[wall[slot.start].time()],
                            }
                            for slot in times
                        ],
                    }
                    for staff_id, times in groupby(
                        by_day.get(day, ()), key=lambda slot: slot.staff
                    )
                ],
            }
            for day in self._get_days()
        ]

    def _prepare_people(self, staff_ids):
        """Name, minutes and price of everybody who has a free time."""
        # sudo: hr.employee, salon.skill - names, minutes and prices are said to clients
        staff = self.env["hr.employee"].sudo().browse(staff_ids)
        template = self.product_id.product_tmpl_id
        skills = self.env["salon.skill"].sudo()._find(staff, template)
        return {
            person.id: {
                "id": person.id,
                "name": person.name,
                "minutes": skills[person.id, template.id]._get_minutes(template),
                "price": template.currency_id.format(
                    skills[person.id, template.id].price or self.product_id.lst_price
                ),
            }
            for person in staff
        }

    # rpc: salon.booking checks rights and that the time can still be had
    def action_book(self, start, staff_id, key=None):
        """Book one of the times shown; everything is checked again when booking.

        :param start: UTC minutes, as in ``slots``
        :param key: the same for each try of one booking, which then happens once
        """
        self.ensure_one()
        if not self.product_id:
            raise UserError(self.env._("Choose a service first."))
        booking = self.env["salon.booking"]
        visit = booking._find_booked(self.branch_id, self.client_id, key)
        if not visit:
            self._check_still_offered(start, staff_id)
            visit = booking._book(
                self.branch_id,
                self.client_id,
                [
                    {
                        "product_id": self.product_id.id,
                        "staff_id": staff_id,
                        "start": clock.to_utc(start),
                        "is_requested": self.staff_id.id == staff_id,
                    }
                ],
                key=key,
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.visit",
            "res_id": visit.id,
            "views": [(False, "form")],
        }

    def _check_still_offered(self, start, staff_id):
        """What was free when the dialog opened may be a leave or a booking by now."""
        day = clock.local(start, self.branch_id.tz).date()
        slots = self.env["salon.availability"]._search_slots(
            self.branch_id,
            self.product_id,
            day,
            day,
            self.env["hr.employee"].browse(staff_id),
        )
        if not any(slot.start == start for slot in slots):
            raise self.env["salon.booking"]._not_offered(self.branch_id, start, slots)
