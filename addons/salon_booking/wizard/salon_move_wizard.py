from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time, groupby

from ..engine import clock
from ..exceptions import SlotTaken


class SalonMoveWizard(models.TransientModel):
    """Search another time for a whole visit; services and minutes stay."""

    _name = "salon.move.wizard"
    _description = "Move a Visit"

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True)
    branch_id = fields.Many2one(related="visit_id.branch_id")
    plan = fields.Text("Booked", compute="_compute_plan")
    staff_choice = fields.Selection(
        [
            ("same", "The same people"),
            ("any", "Anybody who can do it"),
            ("one", "One person"),
        ],
        "With",
        default="same",
        required=True,
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "Person",
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
    )
    date_from = fields.Date("From", required=True)
    days = fields.Integer(default=7, required=True)
    notify_client = fields.Boolean(
        "Tell the client",
        default=True,
        help="By e-mail in the client's language, when the visit has moved.",
    )
    slots = fields.Json(
        compute="_compute_slots",
        help="Free times by day and people, as the widget shows them.",
    )

    _days_sensible = models.Constraint(
        "CHECK (days BETWEEN 1 AND 60)", "Search between 1 and 60 days at once."
    )

    @api.model
    def _open(self, visit):
        visit.ensure_one()
        visit.check_access("write")
        if not visit._get_live_appointments():
            raise UserError(
                self.env._(
                    "%(visit)s has begun or is over, so it cannot be moved. Book a new "
                    "visit instead.",
                    visit=visit.display_name,
                )
            )
        start = clock.local(clock.to_minutes(visit.start), visit.branch_id.tz).date()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_visit_id": visit.id,
                "default_date_from": max(start, fields.Date.context_today(self)),
                "dialog_size": "extra-large",
            },
        }

    @api.depends("visit_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._(
                "Move %(visit)s", visit=wizard.visit_id.display_name
            )

    @api.depends("visit_id")
    def _compute_plan(self):
        for wizard in self:
            visit = wizard.visit_id
            wizard.plan = "\n".join(visit._get_plan_lines()) if visit else False

    @api.depends("visit_id", "staff_choice", "staff_id", "date_from", "days")
    @api.depends_context("lang")
    def _compute_slots(self):
        for wizard in self:
            wizard.slots = {"days": wizard._prepare_days(wizard._find_offers())}

    def _get_wish(self):
        live = self.visit_id._get_live_appointments()
        if self.staff_choice == "same":
            return self.visit_id._get_wish(live)
        staff = tuple(self.staff_id.ids) if self.staff_choice == "one" else None
        return self.visit_id._get_wish(live, dict.fromkeys(live.ids, staff or None))

    def _find_offers(self, date_from=None, date_to=None):
        self.ensure_one()
        if not (self.visit_id and self.date_from):
            return []
        if self.staff_choice == "one" and not self.staff_id:
            return []
        days = self._get_days()
        live = self.visit_id._get_live_appointments()
        offers = self.env["salon.availability"]._find_offers(
            self._get_wish(),
            date_from or days[0],
            date_to or days[-1],
            without=live,
        )
        now = (
            clock.to_minutes(min(live.mapped("start"))),
            [appointment.staff_id.id for appointment in live],
        )
        # Where the visit is already, it need not be moved to.
        return [
            offer
            for offer in offers
            if (offer.start, [part.staff for part in offer.parts]) != now
        ]

    def _get_days(self):
        days = max(1, min(self.days, 60))
        return [self.date_from + timedelta(days=number) for number in range(days)]

    def _prepare_days(self, offers):
        """All days of the search, each with its people and their times."""
        if not self.visit_id or not self.date_from:
            return []
        zone = self.branch_id.tz
        wall = {offer.start: clock.local(offer.start, zone) for offer in offers}
        by_day = dict(groupby(offers, key=lambda offer: wall[offer.start].date()))
        people = self._prepare_people(
            {tuple(part.staff for part in offer.parts) for offer in offers}
        )
        days = []
        for day in self._get_days():
            found = by_day.get(day, ())
            teams = groupby(
                found, key=lambda offer: tuple(part.staff for part in offer.parts)
            )
            days.append(
                {
                    "date": fields.Date.to_string(day),
                    "weekday": format_date(self.env, day, date_format="EEE"),
                    "day": format_date(self.env, day, date_format="d MMM"),
                    "long": format_date(self.env, day, date_format="EEEE d MMMM"),
                    "count": len({offer.start for offer in found}),
                    "people": [
                        {
                            **people[team],
                            "times": [
                                {
                                    "start": offer.start,
                                    "label": format_time(
                                        self.env,
                                        wall[offer.start].time(),
                                        time_format="short",
                                    ),
                                }
                                for offer in offered
                            ],
                        }
                        for team, offered in teams
                    ],
                }
            )
        return days

    def _prepare_people(self, teams):
        """Names and the price of the visit with each set of people."""
        live = self.visit_id._get_live_appointments()
        templates = live.product_id.product_tmpl_id
        # sudo: hr.employee, salon.skill - names and prices are said to clients
        staff = (
            self.env["hr.employee"]
            .sudo()
            .browse({person for team in teams for person in team if person})
        )
        skills = self.env["salon.skill"].sudo()._find(staff, templates)
        planned = sum(live.mapped("price"))
        currency = self.visit_id.currency_id
        prepared = {}
        for team in teams:
            price = sum(
                self._get_price(appointment, person, skills)
                for appointment, person in zip(live, team, strict=False)
            )
            members = staff.browse(person for person in dict.fromkeys(team) if person)
            prepared[team] = {
                "key": "-".join(map(str, team)),
                "staff": list(team),
                "avatar": members[:1].id,
                "name": ", ".join(members.mapped("name")),
                "price": currency.format(price),
                "change": ""
                if currency.is_zero(price - planned)
                else ("+" if price > planned else "−")
                + currency.format(abs(price - planned)),
            }
        return prepared

    def _get_price(self, appointment, person, skills):
        if person == appointment.staff_id.id:
            return appointment.price
        template = appointment.product_id.product_tmpl_id
        skill = skills.get((person, template.id))
        return (skill.price if skill else 0) or appointment.product_id.lst_price

    # rpc: salon.booking checks rights and that the time can still be had
    def action_take(self, start, staff_ids):
        """Move the visit to one of the times shown.

        :param start: UTC minutes, as in ``slots``
        :param staff_ids: who does each service, as in ``slots``
        """
        self.ensure_one()
        visit = self.visit_id
        visit.check_access("write")
        day = clock.local(start, self.branch_id.tz).date()
        offer = next(
            (
                offer
                for offer in self._find_offers(day, day)
                if offer.start == start
                and [part.staff for part in offer.parts] == list(staff_ids)
            ),
            None,
        )
        if offer is None:
            raise SlotTaken(
                self.env._("This time is not free any more. Please choose another one.")
            )
        self.env["salon.series"]._move_to(visit, offer, self.notify_client)
        return {"type": "ir.actions.act_window_close"}
