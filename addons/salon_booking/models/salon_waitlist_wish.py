from dataclasses import asdict
from datetime import time, timedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL, format_date, format_time

from ..engine.waitlist import DAY, Wanted
from ..engine.wishes import ServiceWish, VisitWish

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class SalonWaitlistWish(models.Model):
    """One time that would suit who waits; the first line is liked best."""

    _name = "salon.waitlist.wish"
    _description = "Wish on the Waitlist"
    _inherit = ["hr.mixin", "salon.guarded.mixin"]
    _guarded_fields = frozenset({"exact_wish"})
    _order = "entry_id, sequence, id"

    entry_id = fields.Many2one(
        "salon.waitlist.entry", required=True, index=True, ondelete="cascade"
    )
    branch_id = fields.Many2one(
        related="entry_id.branch_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    product_ids = fields.Many2many(
        "product.product",
        string="Other Services",
        domain="[('is_salon_service', '=', True)]",
        help="What would do instead at this time. Empty: the services of the entry.",
    )
    staff_ids = fields.Many2many(
        "hr.employee",
        string="With",
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
        help="Empty: anybody who can do it.",
    )
    date_from = fields.Date(
        "From Day", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        "To Day",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=14),
    )
    monday = fields.Boolean("Mo", default=True)
    tuesday = fields.Boolean("Tu", default=True)
    wednesday = fields.Boolean("We", default=True)
    thursday = fields.Boolean("Th", default=True)
    friday = fields.Boolean("Fr", default=True)
    saturday = fields.Boolean("Sa", default=True)
    sunday = fields.Boolean("Su", default=True)
    wall_from = fields.Float(
        "After", help="On the clock of the branch; the whole visit lies after it."
    )
    wall_to = fields.Float(
        "Before",
        default=24,
        help="On the clock of the branch; the whole visit lies before it. 24:00: it "
        "may end as late as the branch is open.",
    )
    exact_wish = fields.Json(
        readonly=True,
        help="What the booking dialog searched, with everything that has no column "
        "here. Forgotten when services or people are changed by hand.",
    )

    _days_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A wish ends on or after the day it begins."
    )
    _at_most_a_year = models.Constraint(
        "CHECK (date_to <= date_from + 366)", "A wish covers a year at most."
    )
    _hours_in_order = models.Constraint(
        "CHECK (wall_from >= 0 AND wall_from < wall_to AND wall_to <= 24)",
        "The times of a wish lie between 0:00 and 24:00, the earlier one first.",
    )
    _some_weekday = models.Constraint(
        f"CHECK ({' OR '.join(WEEKDAYS)})", "Tick at least one weekday of the wish."
    )

    @api.constrains("date_from", "date_to")
    def _check_within_reach(self):
        days = {*self.mapped("date_from"), *self.mapped("date_to")}
        self.env["salon.reach"]._check_days(*days)

    @api.depends("date_from", "date_to", "wall_from", "wall_to", "staff_ids", *WEEKDAYS)
    @api.depends_context("lang")
    def _compute_display_name(self):
        for wish in self:
            wish.display_name = self._label(
                wish.date_from,
                wish.date_to,
                [wish[name] for name in WEEKDAYS],
                wish.wall_from,
                wish.wall_to,
                wish.staff_ids.mapped("name"),
            )

    @api.model
    def _label(self, date_from, date_to, weekdays, wall_from, wall_to, names):
        """When it would suit, and with whom: "12 Jun – 20 Jun, Fr Sa, Mia"."""
        days = [
            format_date(self.env, day, date_format="d MMM")
            for day in dict.fromkeys((date_from, date_to))
            if day
        ]
        parts = (
            " – ".join(days),
            self._weekday_label(weekdays),
            self._hours_label(wall_from, wall_to),
            ", ".join(names),
        )
        return ", ".join(filter(None, parts))

    @api.model
    def _labels_sql(self, entry_id):
        """What ``_label`` wants of each wish of an entry, as one column."""
        staff = self._fields["staff_ids"]
        return SQL(
            """(SELECT json_agg(json_build_array(
                           wish.date_from, wish.date_to, ARRAY[%(weekdays)s],
                           wish.wall_from, wish.wall_to,
                           ARRAY(SELECT person.name FROM %(relation)s chosen
                                   JOIN hr_employee person
                                     ON person.id = chosen.%(person)s
                                  WHERE chosen.%(wish)s = wish.id
                               ORDER BY person.name))
                       ORDER BY wish.sequence, wish.id)
                  FROM salon_waitlist_wish wish WHERE wish.entry_id = %(entry)s)""",
            weekdays=SQL(", ").join(SQL.identifier("wish", name) for name in WEEKDAYS),
            relation=SQL.identifier(staff.relation),
            person=SQL.identifier(staff.column2),
            wish=SQL.identifier(staff.column1),
            entry=entry_id,
        )

    @api.model
    def _weekday_label(self, weekdays):
        """Short names of the days, or nothing when every day would suit."""
        if all(weekdays) or not any(weekdays):
            return ""
        labels = self.fields_get(WEEKDAYS, ["string"])
        return " ".join(
            labels[name]["string"]
            for name, suits in zip(WEEKDAYS, weekdays, strict=True)
            if suits
        )

    @api.model
    def _hours_label(self, wall_from, wall_to):
        wall_from, wall_to = wall_from or 0, wall_to or 24
        if not wall_from and wall_to >= 24:
            return ""
        minutes = [round(hour * 60) for hour in (wall_from, wall_to)]
        first, last = (
            format_time(
                self.env, time(minute // 60 % 24, minute % 60), time_format="short"
            )
            for minute in minutes
        )
        if minutes[1] >= DAY:
            return self.env._("after %(time)s", time=first)
        if not minutes[0]:
            return self.env._("before %(time)s", time=last)
        return f"{first} – {last}"

    def _get_weekdays(self):
        return frozenset(day for day, name in enumerate(WEEKDAYS) if self[name])

    def write(self, vals):
        result = super().write(vals)
        if {"product_ids", "staff_ids"} & vals.keys():
            self._forget_exact_wish()
        if vals.keys() - {"sequence", "exact_wish"}:
            self.entry_id._look_again()
        return result

    def _forget_exact_wish(self):
        # sudo: salon.waitlist.wish - kept by the system
        self.filtered("exact_wish").sudo().exact_wish = False

    def _to_wanted(self):
        """What the engine matches: ``engine.waitlist.Wanted``."""
        self.ensure_one()
        weekdays = self._get_weekdays()
        return Wanted(
            self.id,
            self.date_from,
            min(self.date_to, self.entry_id.valid_until or self.date_to),
            frozenset() if len(weekdays) == 7 else weekdays,
            round(self.wall_from * 60),
            DAY if self.wall_to >= 24 else round(self.wall_to * 60),
        )

    def _to_visit_wish(self):
        """What is searched: ``engine.wishes.VisitWish``."""
        self.ensure_one()
        entry = self.entry_id
        if self.exact_wish:
            exact = dict(self.exact_wish)
            services = tuple(
                ServiceWish(**{**service, "staff": self._tuple(service["staff"])})
                for service in exact.pop("services")
            )
            known = {"branch": entry.branch_id.id, "client": entry.client_id.id}
            return VisitWish(**{**exact, **known, "services": services})
        staff = tuple(self.staff_ids.ids) or None
        return VisitWish(
            entry.branch_id.id,
            tuple(
                ServiceWish(
                    product.id,
                    staff,
                    is_requested=bool(staff and entry.is_requested),
                )
                for product in self.product_ids or entry.product_ids
            ),
            client=entry.client_id.id,
        )

    @staticmethod
    def _tuple(ids):
        return None if ids is None else tuple(ids)

    @api.model
    def _prepare_from_wish(self, wish, date_from, date_to):
        """Values of a line that keeps all of an ``engine.wishes.VisitWish``."""
        staff = {person for service in wish.services for person in service.staff or ()}
        exact = asdict(wish)
        return {
            "date_from": date_from,
            "date_to": date_to,
            "staff_ids": [Command.set(sorted(staff))],
            "exact_wish": {
                name: value
                for name, value in exact.items()
                if name not in ("branch", "client")
            },
        }
