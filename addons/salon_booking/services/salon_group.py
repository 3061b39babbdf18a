import random
from dataclasses import replace
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ..engine import clock, policy, states
from ..engine.intervals import contains, intersect
from ..engine.refusals import Refusal
from ..engine.wishes import Offer
from ..exceptions import SlotTaken
from .salon_search import FOR_EVER

#: So far around a wished day other dates of a group are looked for.
NEAR_GROUP = timedelta(days=31)


class SalonBooking(models.AbstractModel):
    """Group events take people and a place; who takes part takes a numbered seat."""

    _inherit = "salon.booking"

    @api.model
    def _join(self, event, client, source="desk", note=None):
        """Book a place in a group event.

        :param client: res.partner; empty for somebody who leaves no name
        :return: salon.visit
        :raises SlotTaken: the event is full, with others that have places left
        """
        return self._book(
            event.branch_id, client, [{"group_event_id": event.id}], source, note
        )

    @api.model
    def _hold(self, branch, parts, *args, **kwargs):
        """A place in an event is taken when it is booked, not before."""
        products = self.env["product.product"].browse({part.product for part in parts})
        services = self.env["salon.catalog"]._services(products)
        parts = [part for part in parts if not services[part.product].is_group]
        return super()._hold(branch, parts, *args, **kwargs)

    @api.model
    def _occupy(self, appointments):
        """Whoever takes part in an event takes a seat, and nobody's time."""
        places = appointments.filtered("group_event_id")
        taking = places.filtered(
            lambda a: a.state in states.OCCUPYING and not a.visit_id.is_history
        )
        if taking:
            appointments._lock_visits()
            appointments.flush_recordset()
            self._lock_days(self._days(appointments))
            self._take_seats(taking)
        return super()._occupy(appointments - places)

    @api.model
    def _release(self, appointments):
        """A lost place is free for somebody else."""
        result = super()._release(appointments)
        lost = appointments.filtered(
            lambda a: a.group_event_id and a.seat and a.state in states.LOST
        )
        if lost:
            # sudo: salon.appointment - seat numbers are kept by the system
            lost.sudo().seat = 0
            lost.flush_recordset(["seat"])
            lost.group_event_id.invalidate_recordset(["seats_taken", "seats_left"])
        return result

    @api.model
    def _take_seats(self, appointments):
        """A random free number for each: counting would let too many in.

        Another transaction may have taken a number that looks free from here; the
        unique index says so, and the next number is tried.

        :raises SlotTaken: an event has not enough places left
        """
        for event, members in appointments.grouped("group_event_id").items():
            self._check_follow_event(event, members)
            standing = members.filtered(lambda member: not member.seat)
            if not standing:
                continue
            standing._check_event_open()
            # sudo: salon.group.event - the limit is no secret
            limit = event.sudo().seat_limit
            free = set(range(1, limit + 1)) - self._seats_taken(event)
            for appointment in standing:
                self._take_seat(appointment, free)
            appointments.invalidate_recordset(["seat"])
            event.invalidate_recordset(["seats_taken", "seats_left", "is_full"])

    @api.model
    def _take_seat(self, appointment, free):
        while free:
            seat = random.choice(tuple(free))
            free.remove(seat)
            try:
                with self.env.cr.savepoint(flush=False):
                    self.env.cr.execute(
                        SQL(
                            "UPDATE salon_appointment SET seat = %s WHERE id = %s",
                            seat,
                            appointment.id,
                        ),
                        log_exceptions=False,
                    )
                return
            except UniqueViolation:
                continue
        raise self._event_full(appointment.group_event_id)

    @api.model
    def _seats_taken(self, event):
        self.env["salon.appointment"].flush_model(["group_event_id", "seat"])
        rows = self.env.execute_query(
            SQL(
                "SELECT seat FROM salon_appointment "
                "WHERE group_event_id = %s AND seat > 0",
                event.id,
            )
        )
        return {seat for (seat,) in rows}

    @api.model
    def _check_follow_event(self, event, appointments):
        for appointment in appointments:
            if (
                appointment.start != event.start
                or appointment.product_id != event.product_id
                or appointment.branch_id != event.branch_id
            ):
                raise UserError(
                    self.env._(
                        "%(appointment)s takes place when %(event)s does. Move the "
                        "event, or cancel and take a place in another one.",
                        appointment=appointment.display_name,
                        event=event.display_name,
                    )
                )

    @api.model
    def _event_full(self, event):
        """The polite refusal, with other events that have places left."""
        others = event._find_others()
        message = self.env._("%(event)s is full.", event=event.display_name)
        if others:
            message += " " + self.env._(
                "Places are left on: %(times)s.",
                times=", ".join(
                    format_datetime(
                        self.env, other.start, tz=other.branch_id.tz, dt_format="short"
                    )
                    for other in others
                ),
            )
        else:
            message += " " + self.env._(
                "No other date has places left; plan one or enlarge the group."
            )
        return SlotTaken(message, [other._as_part() for other in others])

    @api.model
    def _take_event_time(self, events):
        """Take the people and the whole place of planned events.

        :raises SlotTaken: somebody or the place is taken
        """
        planned = events.filtered(lambda event: event.state == "planned")
        planned.flush_recordset()
        self._take_time(
            planned, {event.id: self._prepare_event_rows(event) for event in planned}
        )

    @api.model
    def _prepare_event_rows(self, event):
        start, stop = (
            clock.to_minutes(event.start),
            clock.to_minutes_ceil(event.stop),
        )
        # sudo: hr.employee, salon.facility - the resources behind them
        event = event.sudo()
        place = event.facility_id
        units = [(member.resource_id.id, 1) for member in event.staff_ids]
        units += [(place.resource_id.id, unit) for unit in range(1, place.capacity + 1)]
        return [(resource, unit, start, stop, "group") for resource, unit in units]

    @api.model
    def _event_days(self, events):
        """What ``_lock_days`` locks for them: a set of (branch id, local day)."""
        claim = self.env["salon.claim"]
        return claim._local_days(
            (event.branch_id.id, clock.to_minutes(event.start)) for event in events
        ) | claim._shared_days(
            (
                person.resource_id.id,
                clock.to_minutes(event.start),
                clock.to_minutes_ceil(event.stop),
            )
            # sudo: hr.employee - the resource behind a colleague
            for event in events.sudo()
            for person in event.staff_ids
        )

    @api.model
    def _retake_event_time(self, events, days_before):
        """After a change of time, people or place: all who take part come along."""
        self._lock_days(days_before | self._event_days(events))
        self._claim_participants(events)
        for event in events:
            # sudo: salon.appointment - also those that the user does not see
            members = event.sudo()._get_participants()
            members.filtered(lambda member: not member.is_billed).write(
                {
                    "start": event.start,
                    "duration_minutes": event.minutes,
                    "staff_id": event._get_credited_staff().id,
                }
            )
            members.filtered("is_billed").write(
                {"start": event.start, "duration_minutes": event.minutes}
            )
        self._give_back(events)
        self._take_event_time(events)
        # sudo: salon.appointment - as above; only now it is known who serves them
        members = events.sudo()._get_participants()
        self.env["salon.displacement"]._on_moved(members)
        self.env["salon.appointment"]._tell_freed(days_before)

    @api.model
    def _claim_participants(self, events):
        """Make sure that nobody has joined whom this transaction cannot see.

        The foreign key of the seats follows the change of the limit, meets rows that
        are newer than the snapshot and fails; the host then tries the whole again.
        """
        events.flush_recordset()
        for step in (1, -1):
            self.env.cr.execute(
                SQL(
                    """UPDATE salon_group_event SET seat_limit = seat_limit + %s
                        WHERE id IN %s""",
                    step,
                    tuple(events.ids),
                )
            )
        events.appointment_ids.invalidate_recordset(["seat_limit"], flush=False)


class SalonAvailability(models.AbstractModel):
    """Times of group services are those of planned events with places left."""

    _inherit = "salon.availability"

    @api.model
    def _search_slots(self, branch, product, date_from, date_to, staff=None, **wish):
        if not self._are_groups([product.id]):
            return super()._search_slots(
                branch, product, date_from, date_to, staff, **wish
            )
        events = self._open_events(branch, product, date_from, date_to, staff)
        return [event._as_part() for event in events]

    @api.model
    def _find_offers(self, wish, date_from, date_to, without=None, limit=None):
        if len(wish.services) > 1 or not self._asks_for_group(wish):
            return super()._find_offers(wish, date_from, date_to, without, limit)
        return self._group_offers(wish, date_from, date_to, without)[:limit]

    @api.model
    def _find_offers_by_staff(self, wish, date_from, date_to):
        if not self._asks_for_group(wish):
            return super()._find_offers_by_staff(wish, date_from, date_to)
        return self._group_offers(wish, date_from, date_to)

    @api.model
    def _nearest_offers(self, wish, start, limit=3, without=None):
        if not self._asks_for_group(wish):
            return super()._nearest_offers(wish, start, limit, without)
        branch = self.env["salon.branch"].browse(wish.branch)
        day = clock.local(start, branch.tz).date()
        offers = self._find_offers(wish, day - NEAR_GROUP, day + NEAR_GROUP, without)
        offers.sort(key=lambda offer: (abs(offer.start - start), offer.start))
        return offers[:limit]

    @api.model
    def _gather_near(self, search, start, price, reach, count):
        if len(search.steps) > 1 or not search.steps[0].is_appointed:
            return super()._gather_near(search, start, price, reach, count)
        first, last = search.days[0], search.days[-1]
        zone = search.branch.tz
        # It is booked already: no rule about the client is held against it.
        offers = self._group_offers(
            replace(search.wish, is_override=True),
            clock.local(first, zone).date(),
            clock.local(last, zone).date(),
        )
        return [offer for offer in offers if abs(offer.start - start) <= reach]

    @api.model
    def _asks_for_group(self, wish):
        return self._are_groups([service.product for service in wish.services])

    @api.model
    def _are_groups(self, product_ids):
        """Say whether any is a group service, without reading whole products."""
        self.env["product.template"].flush_model(["is_salon_group_service"])
        rows = self.env.execute_query(
            SQL(
                """SELECT FROM product_product product
                     JOIN product_template template
                       ON template.id = product.product_tmpl_id
                    WHERE product.id = ANY(%s) AND template.is_salon_group_service
                    LIMIT 1""",
                list(product_ids),
            )
        )
        return bool(rows)

    @api.model
    def _group_offers(self, wish, date_from, date_to, without=None):
        (service,) = wish.services
        self.env["salon.occupancy"]._assert_open_for(wish.channel)
        events = self._open_events(
            self.env["salon.branch"].browse(wish.branch),
            self.env["product.product"].browse(service.product),
            date_from,
            date_to,
            service.staff and self.env["hr.employee"].browse(service.staff),
        )
        if not events:
            return []
        bookable = self._bookable(wish, without)
        parts = [event._as_part() for event in events]
        return [
            Offer(part.start, part.stop, (part,))
            for part in parts
            if contains(bookable, part.start)
        ]

    @api.model
    def _bookable(self, wish, without=None):
        """Starts that the rules of channel and client allow, in UTC minutes."""
        # sudo: product.product, salon.branch - rules hold for whoever asks
        env = self.env(su=True)
        branch = env["salon.branch"].browse(wish.branch)
        products = env["product.product"].browse(
            [service.product for service in wish.services]
        )
        services = env["salon.catalog"]._services(products)
        rules = env["salon.search"]._policies(branch, services, wish.channel)
        now = clock.to_minutes_ceil(fields.Datetime.now())
        first, end = policy.start_span(policy.merge(rules.values()), now, branch.tz)
        span = [(first, end or FOR_EVER)]
        is_ruled = wish.client or any(one.has_client_rules for one in services.values())
        if wish.is_override or not is_ruled:
            return span
        _refusals, allowed = env["salon.eligibility"]._allowed_starts(
            env["res.partner"].browse(wish.client or ()),
            products.product_tmpl_id,
            wish.channel,
            now,
            branch,
            without.visit_id if without else None,
        )
        return intersect(span, allowed)

    @api.model
    def _open_events(self, branch, product, date_from, date_to, staff=None):
        """Planned events with places left, by time."""
        first, _next_day = clock.day_bounds(date_from, branch.tz)
        _day, last = clock.day_bounds(date_to, branch.tz)
        domain = [
            ("branch_id", "=", branch.id),
            ("product_id", "=", product.id),
            ("state", "=", "planned"),
            ("start", ">=", max(clock.to_utc(first), fields.Datetime.now())),
            ("start", "<", clock.to_utc(last)),
            ("seats_left", ">", 0),
        ]
        if staff:
            domain.append(("staff_ids", "in", staff.ids))
        # sudo: salon.group.event - when a group meets is told to everybody who asks
        return self.env["salon.group.event"].sudo().search(domain, order="start, id")


class SalonSearch(models.AbstractModel):
    """A group service is a step of a visit that takes place when its events do."""

    _inherit = "salon.search"

    @api.model
    def _appointed(self, wish, services, days, last, without=None):
        appointed = super()._appointed(wish, services, days, last, without)
        branch = self.env["salon.branch"].browse(wish.branch)
        for index, service in enumerate(wish.services):
            if not services[service.product].is_group:
                continue
            # Who moves a visit keeps the place in the event.
            own = (without or self.env["salon.appointment"]).filtered(
                lambda a, product=service.product: a.product_id.id == product
            )
            wanted = sum(other.product == service.product for other in wish.services)
            events = own.group_event_id or self._events_with(
                branch, service, days[0], last + clock.DAY, wanted
            )
            appointed[index] = [event._as_part() for event in events]
        return appointed

    @api.model
    def _events_with(self, branch, service, first, last, seats):
        """Planned events with so many places left, by time."""
        events = self.env["salon.availability"]._open_events(
            branch,
            self.env["product.product"].browse(service.product),
            clock.local(first, branch.tz).date(),
            clock.local(last, branch.tz).date(),
            service.staff and self.env["hr.employee"].browse(service.staff),
        )
        return events.filtered(lambda event: event.seats_left >= seats)


class SalonReasons(models.AbstractModel):
    """Why not, for what takes place at planned times only."""

    _inherit = "salon.reasons"

    @api.model
    def _explain(self, wish, start, without=None):
        availability = self.env["salon.availability"]
        if not availability._asks_for_group(wish):
            return super()._explain(wish, start, without)
        # sudo: salon.group.event - when a group meets is told to everybody who asks
        self = self.sudo()
        branch = self.env["salon.branch"].browse(wish.branch)
        services = self.env["salon.catalog"]._services(
            self.env["product.product"].browse(
                [service.product for service in wish.services]
            )
        )
        now = clock.to_minutes_ceil(fields.Datetime.now())
        refusals = self._client(wish, branch, services, start, without)
        refusals += self._policy(wish, branch, services, start, now)
        if not any(refusal.is_hard for refusal in refusals):
            day = clock.local(start, branch.tz).date()
            offers = availability._find_offers(wish, day, day, without)
            if start not in {offer.start for offer in offers}:
                group = next(one for one in services.values() if one.is_group)
                refusals.append(Refusal("group_times", {"product": group.product}))
        return sorted(refusals, key=lambda refusal: not refusal.is_hard)
