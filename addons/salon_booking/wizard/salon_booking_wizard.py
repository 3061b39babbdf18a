from collections import defaultdict
from dataclasses import replace
from datetime import time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time, groupby

from ..engine import clock, wishes

#: Reasons for a whole day are asked for at these times of its clock.
ASKED_HOURS = (9, 11, 13, 15, 17)
#: What the times depend on.
SEARCHED = (
    "branch_id",
    "client_id",
    "product_id",
    "staff_id",
    "level_id",
    "gender",
    "minutes",
    "addon_ids",
    "line_ids.sequence",
    "line_ids.product_id",
    "line_ids.staff_id",
    "line_ids.level_id",
    "line_ids.gender",
    "line_ids.minutes",
    "service_order",
    "staff_rule",
    "max_wait",
    "date_from",
    "days",
    "override_reason",
)


class SalonBookingWizard(models.TransientModel):
    """Search free times for a visit and book one of them."""

    _name = "salon.booking.wizard"
    _description = "Find a Free Time"
    _inherit = ["salon.booking.wish"]

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    client_id = fields.Many2one(
        "res.partner", help="Empty for somebody who leaves no name."
    )
    is_detailed = fields.Boolean(
        "More wishes", help="Ask for a level, for a woman or a man, or for own minutes."
    )
    line_ids = fields.One2many("salon.booking.wizard.line", "wizard_id", "And then")
    available_addon_ids = fields.Many2many(
        "product.product", compute="_compute_available_addon_ids"
    )
    addon_ids = fields.Many2many(
        "product.product",
        "salon_booking_wizard_addon_rel",
        string="Add-ons",
        domain="[('id', 'in', available_addon_ids)]",
        help="Done right after the service they belong to, by the same person.",
    )
    service_order = fields.Selection(
        [
            (wishes.GIVEN, "In this order"),
            (wishes.ANY_ORDER, "In any order"),
            (wishes.TOGETHER, "All at once, by several people"),
        ],
        "Order",
        default=wishes.GIVEN,
        required=True,
    )
    staff_rule = fields.Selection(
        [
            (wishes.ANY_STAFF, "The same or different people"),
            (wishes.SAME_STAFF, "One person for everything"),
            (wishes.DIFFERENT_STAFF, "Different people"),
        ],
        "By Whom",
        default=wishes.ANY_STAFF,
        required=True,
    )
    max_wait = fields.Integer(
        "Longest Wait",
        compute="_compute_max_wait",
        store=True,
        readonly=False,
        precompute=True,
        help="Minutes that the client may wait between two services; at most what the "
        "booking rules allow.",
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_date_from()
    )
    days = fields.Integer(default=7, required=True)
    slots = fields.Json(
        compute="_compute_slots",
        help="Free times by day, as the widget shows them.",
    )
    wished_day = fields.Date()
    wished_time = fields.Float(help="On the clock of the branch. Empty: the whole day.")
    answer = fields.Json(
        compute="_compute_answer",
        help="Why the wished time cannot be had, and the nearest ones that can.",
    )
    rule_warnings = fields.Text(
        compute="_compute_rule_warnings",
        help="What booking rules say about this client and these services.",
    )
    can_override = fields.Boolean(compute="_compute_rule_warnings")
    override_reason = fields.Char(
        "Book anyway, because",
        help="With a reason, times are shown that a rule about the client refuses. It "
        "is kept on the visit, with your name.",
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

    @api.depends("product_id", "line_ids.product_id")
    def _compute_available_addon_ids(self):
        for wizard in self:
            chosen = wizard.product_id | wizard.line_ids.product_id
            addons = chosen.product_tmpl_id.salon_addon_ids
            wizard.available_addon_ids = addons.product_variant_id

    @api.depends("branch_id", "product_id")
    def _compute_max_wait(self):
        for wizard in self:
            policies = self.env["salon.booking.policy"]._find(
                wizard.branch_id, wizard.product_id.product_tmpl_id, "desk"
            )
            wizard.max_wait = min(
                (policy.max_wait_minutes for policy in policies.values()),
                default=wishes.VisitWish(0, ()).max_wait,
            )

    @api.depends(
        "branch_id",
        "client_id",
        "product_id",
        "line_ids.product_id",
        "addon_ids",
        "date_from",
    )
    @api.depends_context("lang", "uid")
    def _compute_rule_warnings(self):
        eligibility = self.env["salon.eligibility"]
        may_override = self.env.user.has_group("salon_booking.group_salon_override")
        now = clock.to_minutes_ceil(fields.Datetime.now())
        for wizard in self:
            wizard.rule_warnings = wizard.can_override = False
            services = wizard._get_services()
            branch, client = wizard.branch_id, wizard.client_id._origin
            if not (services and branch and wizard.date_from):
                continue
            products = self.env["product.product"].browse(
                service.product for service in services
            )
            first, _next_day = clock.day_bounds(wizard.date_from, branch.tz)
            asked = {"branch": branch, "templates": products.product_tmpl_id}
            refusals = eligibility._check(client, start=max(now, first), **asked)
            owes = self.env["salon.debt"]._warn(client, branch)
            texts = [owes] if owes else []
            texts += self.env["salon.refusal"]._texts(refusals, branch)
            if any(refusal.is_hard for refusal in refusals):
                wizard.can_override = may_override
                _refusals, possible, _last = eligibility._bounds(client, **asked)
                if possible and possible > first:
                    texts.append(
                        self.env._(
                            "Possible from %(moment)s on.",
                            moment=self.env["salon.refusal"]._moment(possible, branch),
                        )
                    )
            wizard.rule_warnings = "\n".join(texts) or False

    @api.depends(*SEARCHED)
    @api.depends_context("lang", "uid")
    def _compute_slots(self):
        for wizard in self:
            is_visit = len(wizard._get_services()) > 1
            wizard.slots = {
                "service": wizard.product_id.id or False,
                "is_visit": is_visit,
                "days": wizard._prepare_days(wizard._find_offers(), is_visit),
            }

    @api.depends("wished_day", "wished_time", *SEARCHED)
    @api.depends_context("lang", "uid")
    def _compute_answer(self):
        for wizard in self:
            wizard.answer = wizard._prepare_answer()

    # The question

    def _get_services(self):
        """``engine.wishes.ServiceWish`` of everything chosen, add-ons behind theirs."""
        addons = self.addon_ids._origin & self.available_addon_ids._origin
        services = []
        for wish in (self, *self.line_ids.sorted("sequence")):
            product = wish.product_id
            if not product:
                continue
            services.append(wish._get_service_wish())
            own = addons.filtered(
                lambda addon, product=product: (
                    addon.product_tmpl_id in product.product_tmpl_id.salon_addon_ids
                )
            )
            services += [wish._get_service_wish(addon, product) for addon in own]
            addons -= own
        return tuple(services)

    def _get_wish(self):
        """What is searched: ``engine.wishes.VisitWish``."""
        self.ensure_one()
        return wishes.VisitWish(
            self.branch_id.id,
            self._get_services(),
            client=self.client_id._origin.id or None,
            order=self.service_order or wishes.GIVEN,
            staff_rule=self.staff_rule or wishes.ANY_STAFF,
            max_wait=max(0, self.max_wait),
            is_override=bool(self._get_override_reason())
            and self.env.user.has_group("salon_booking.group_salon_override"),
        )

    def _get_override_reason(self):
        return (self.override_reason or "").strip()

    def _find_offers(self, date_from=None, date_to=None):
        """What can be had in the days of the search, or in those given.

        One service is offered with everybody who can do it, a visit with the best.
        """
        self.ensure_one()
        if not (self.branch_id and self.product_id and self.date_from):
            return []
        availability, wish = self.env["salon.availability"], self._get_wish()
        days = self._get_days()
        span = date_from or days[0], date_to or days[-1]
        if len(wish.services) == 1:
            return availability._find_offers_by_staff(wish, *span)
        return availability._find_offers(wish, *span)

    def _get_days(self):
        days = max(1, min(self.days, 60))
        return [self.date_from + timedelta(days=number) for number in range(days)]

    # What is shown

    def _prepare_days(self, offers, is_visit):
        """All days of the search, each with its times: of people or of whole visits."""
        if not self.product_id or not self.date_from:
            return []
        by_day = defaultdict(list)
        for shown in self._prepare_offers(offers, is_visit):
            by_day[shown["date"]].append(shown)
        people = self._prepare_people([] if is_visit else offers)
        days = []
        for day in self._get_days():
            found = by_day[fields.Date.to_string(day)]
            days.append(
                {
                    "date": fields.Date.to_string(day),
                    "weekday": format_date(self.env, day, date_format="EEE"),
                    "day": format_date(self.env, day, date_format="d MMM"),
                    "long": format_date(self.env, day, date_format="EEEE d MMMM"),
                    "count": len({shown["start"] for shown in found}),
                    "has_best": any(shown["is_best"] for shown in found),
                    "visits": found if is_visit else [],
                    "people": []
                    if is_visit
                    else [
                        {**people[staff_id], "times": list(times)}
                        for staff_id, times in groupby(
                            found, key=lambda shown: shown["staff"]
                        )
                    ],
                }
            )
        return days

    def _prepare_offers(self, offers, is_visit=True):
        """Times as the widget shows them; a whole visit with its plan and price."""
        zone = self.branch_id.tz
        names, prices = self._get_names_and_prices(offers) if is_visit else ({}, {})
        labels = {}

        def label(wall):
            if wall.time() not in labels:
                labels[wall.time()] = format_time(
                    self.env, wall.time(), time_format="short"
                )
            return labels[wall.time()]

        shown = []
        for offer in offers:
            wall = clock.local(offer.start, zone)
            values = {
                "start": offer.start,
                "staff": offer.parts[0].staff,
                "date": fields.Date.to_string(wall.date()),
                "wall": wall.hour + wall.minute / 60,
                "label": label(wall),
                "is_best": offer.is_best,
            }
            if is_visit:
                values |= {
                    "parts": self._as_lists(offer),
                    "day": format_date(self.env, wall.date(), date_format="EEE d MMM"),
                    "end": label(clock.local(offer.stop, zone)),
                    "price": self.product_id.currency_id.format(
                        sum(prices[part.product, part.staff] for part in offer.parts)
                    ),
                    "plan": [
                        {
                            "time": label(clock.local(part.start, zone)),
                            "service": names[part.product],
                            "person": names["staff", part.staff],
                        }
                        for part in offer.parts
                    ],
                }
            shown.append(values)
        return shown

    @api.model
    def _as_lists(self, offer):
        return [
            [part.product, part.staff, part.start, part.stop] for part in offer.parts
        ]

    def _get_names_and_prices(self, offers):
        """Names of services and people, and what each service costs with each."""
        pairs = {(part.product, part.staff) for offer in offers for part in offer.parts}
        products = self.env["product.product"].browse({pair[0] for pair in pairs})
        # sudo: hr.employee - names are said to clients
        staff = self.env["hr.employee"].sudo().browse({pair[1] for pair in pairs})
        names = {product.id: product.name for product in products}
        names |= {("staff", person.id): person.name for person in staff}
        client_id = self.client_id._origin.id or 0
        keys = {
            (product_id, staff_id): (
                products.browse(product_id).product_tmpl_id.id,
                staff_id,
                client_id,
            )
            for product_id, staff_id in pairs
        }
        terms = self.env["salon.catalog"]._terms(keys.values())
        prices = {}
        for (product_id, staff_id), key in keys.items():
            _minutes, price, has_variants = terms[key]
            prices[product_id, staff_id] = self.env["salon.appointment"]._price_of(
                products.browse(product_id), price, has_variants
            )
        return names, prices

    def _prepare_people(self, offers):
        """Name, minutes and price of everybody who has a free time."""
        names, prices = self._get_names_and_prices(offers)
        currency = self.product_id.currency_id
        return {
            part.staff: {
                "id": part.staff,
                "name": names["staff", part.staff],
                "minutes": part.stop - part.start,
                "price": currency.format(prices[part.product, part.staff]),
            }
            for part in (offer.parts[0] for offer in offers)
        }

    def _prepare_answer(self):
        """Why the wished time cannot be had, and the nearest that can."""
        if not (self.product_id and self.branch_id):
            return False
        if not (self.wished_day or self.wished_time):
            return False
        availability, wish = self.env["salon.availability"], self._get_wish()
        moments = self._get_wished_moments()
        if not moments:
            return False
        nearest = availability._nearest_offers(wish, moments[len(moments) // 2])
        shown = self._prepare_offers(nearest)
        if self.wished_time:
            is_possible = any(offer.start in moments for offer in nearest)
        else:
            wished = fields.Date.to_string(self.wished_day)
            is_possible = any(offer["date"] == wished for offer in shown)
        texts = []
        if not is_possible:
            refusals = [
                refusal
                for moment in moments
                for refusal in availability._explain(wish, moment)
            ]
            texts = self.env["salon.refusal"]._texts(refusals, self.branch_id)
        return {
            "moment": self._get_wished_label(moments),
            "is_possible": is_possible,
            "texts": texts,
            "times": shown,
        }

    def _get_wished_moments(self):
        """UTC minutes of the wished time, or of several times of the wished day."""
        day = self.wished_day or self.date_from
        hours = [self.wished_time] if self.wished_time else ASKED_HOURS
        found = []
        for hour in hours:
            minute = round(hour * 60)
            if day and 0 <= minute < clock.DAY:
                wall = time(minute // 60, minute % 60)
                found.append(clock.wall_to_minutes(day, wall, self.branch_id.tz))
        return found

    def _get_wished_label(self, moments):
        if self.wished_time:
            return self.env["salon.refusal"]._moment(moments[0], self.branch_id)
        return format_date(self.env, self.wished_day, date_format="EEEE d MMMM")

    # What is done

    # rpc: salon.booking checks rights and that the time can still be had
    def action_book(self, start, staff_id, key=None, parts=None):
        """Book one of the times shown; everything is checked again when booking.

        :param start: UTC minutes, as in ``slots``
        :param staff_id: who does the first service
        :param key: the same for each try of one booking, which then happens once
        :param parts: all services as in ``slots``: product, person, start and stop
        """
        self.env["salon.once"]._begin(key)
        self._check_service_chosen()
        booking = self.env["salon.booking"]
        visit = booking._find_booked(self.branch_id, self.client_id, key)
        if not visit:
            visit = booking._book_offer(
                self._get_wish(),
                self._get_offer(start, staff_id, parts),
                key=key,
                override_reason=self._get_override_reason() or None,
            )
        booked = {
            "type": "ir.actions.act_window",
            "res_model": "salon.visit",
            "res_id": visit.id,
            "views": [(False, "form")],
        }
        if visit.start != clock.to_utc(start):
            return self._tell_booked_before(visit, booked)
        return booked

    def _tell_booked_before(self, visit, then):
        """The answer to the first try was lost, and another time was clicked since."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "%(visit)s was booked by the first click. Move it if the client "
                    "wants another time.",
                    visit=visit.display_name,
                ),
                "next": then,
            },
        }

    def _check_service_chosen(self):
        self.ensure_one()
        if not self.product_id:
            raise UserError(self.env._("Choose a service first."))

    def _get_offer(self, start, staff_id, parts=None):
        """What was shown, found again: it may be a leave or a booking by now."""
        day = clock.local(start, self.branch_id.tz).date()
        for offer in self._find_offers(day, day):
            if offer.start != start:
                continue
            if parts:
                is_shown = self._as_lists(offer) == [list(part) for part in parts]
            else:
                is_shown = offer.parts[0].staff == staff_id
            if is_shown:
                return offer
        nearest = self.env["salon.availability"]._nearest_offers(
            self._get_wish(), start
        )
        raise self.env["salon.booking"]._not_offered(self.branch_id, start, nearest)

    # rpc: salon.waitlist.entry checks rights
    def action_waitlist(self):
        """Put the client on the waitlist for what was searched."""
        self._check_service_chosen()
        days = self._get_days()
        entry = self.env["salon.waitlist.entry"]._create_from_wish(
            replace(self._get_wish(), is_override=False), days[0], days[-1]
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.waitlist.entry",
            "res_id": entry.id,
            "views": [(False, "form")],
        }
