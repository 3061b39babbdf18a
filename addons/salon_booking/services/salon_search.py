from array import array
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import clock, policy
from ..engine.itineraries import Option, Planner, Step, orders
from ..engine.masks import Horizon
from ..engine.phases import Footprint
from ..engine.policy import Policy
from ..engine.seating import Want, seat
from ..engine.wishes import VisitWish
from .salon_eligibility import YEARS_AHEAD

#: A UTC minute after every search.
FOR_EVER = 2**31


@dataclass
class Search:
    """One question to the engine with everything it needs; made by ``_prepare``."""

    wish: VisitWish
    branch: object
    policies: dict[int, Policy]
    policy: Policy
    horizon: Horizon
    days: list[int]
    steps: list[Step]
    planner: Planner
    open: dict[int, int]
    booked: dict[int, int]
    within: int
    grid: int
    performers: dict = field(default_factory=dict)
    #: Cells of the days on which a service has bookings enough, by product.
    full: dict[int, int] = field(default_factory=dict)

    @property
    def orders(self):
        return orders(self.steps, self.wish.order)


class SalonSearch(models.AbstractModel):
    """Loads all that a search for times needs, in a fixed number of queries."""

    _name = "salon.search"
    _description = "Salon Search for Times"

    @api.model
    def _prepare(self, wish, date_from, date_to, without=None, now=None):
        """Everything that a search needs, in a fixed number of queries.

        :return: ``Search``; None when the days cannot be booked at all
        """
        self.env["salon.occupancy"]._assert_open_for(wish.channel)
        # sudo: salon.skill, hr.employee, resource - who is free is not a secret of the
        # personnel file; only free times leave this service
        self = self.sudo()
        branch = self.env["salon.branch"].browse(wish.branch)
        branch.fetch(["tz", "slot_minutes", "company_id"])
        zone = branch.tz
        if now is None:
            now = clock.to_minutes_ceil(fields.Datetime.now())
        products = self.env["product.product"].browse(
            [service.product for service in wish.services]
        )
        services = self.env["salon.catalog"]._services(products)
        policies = self._policies(branch, services, wish.channel)
        strictest = policy.merge(policies.values())
        if wish.is_any_minute:
            strictest = policy.any_minute(strictest)
        earliest, end = policy.start_span(strictest, now, zone)
        days = [
            clock.day_bounds(date_from + timedelta(days=number), zone)[0]
            for number in range((date_to - date_from).days + 2)
        ]
        first, last = days[0], days.pop()
        earliest, latest = max(earliest, first), min(end or last, last)
        if earliest >= latest or not days:
            return None
        performers = self.env["salon.catalog"]._performers(branch, wish, services)
        appointed = self._appointed(wish, services, days, last, without)
        performers |= dict.fromkeys(appointed, ())
        steps = self._steps(wish, services, performers, strictest)
        for index, times in appointed.items():
            steps[index] = self._appointed_step(steps[index], times)
        if not all(step.options for step in steps):
            return None
        bookable = self._bookable(wish, branch, services, now, without)
        if not bookable:
            return None
        footprints = [{option.footprint for option in step.options} for step in steps]
        longest = (
            sum(max(max(one.length, one.stop) for one in known) for known in footprints)
            + (len(steps) - 1) * wish.max_wait
        )
        grid = strictest.grid_minutes
        horizon = Horizon.over(
            first,
            last + longest,
            self._minutes_that_matter(footprints, days, strictest, wish)
            | {part.start - first for times in appointed.values() for part in times},
        )
        steps = [self._on_cells(step, horizon) for step in steps]
        if any(one.may_lack_licence for known in performers.values() for one in known):
            steps = self._without_licences(branch, services, steps, horizon)
        steps, limits, full = self._without_caps(
            branch,
            services,
            steps,
            performers,
            horizon,
            policies,
            days,
            last,
            without,
        )
        planner, works, booked = self._planner(
            wish, branch, steps, performers, horizon, strictest, without
        )
        planner.limits = limits
        within = horizon.free([(earliest, latest)]) & horizon.free(bookable)
        if strictest.grid_mode == policy.FIXED:
            # What takes place at its own time has its own grid.
            within &= horizon.grid(days, last, grid) | horizon.free(
                (part.start, part.start + horizon.cell)
                for times in appointed.values()
                for part in times
            )
        if len(steps) == 1:
            planner.interest = within
        return Search(
            wish,
            branch,
            policies,
            strictest,
            horizon,
            days,
            steps,
            planner,
            works,
            booked,
            within,
            grid,
            performers,
            full,
        )

    @api.model
    def _policies(self, branch, services, channel):
        """``{template id: engine Policy}`` of the services."""
        templates = self.env["product.template"].browse(
            {service.template for service in services.values()}
        )
        return self.env["salon.booking.policy"]._find(branch, templates, channel)

    @api.model
    def _steps(self, wish, services, performers, strictest):
        """The services with everybody who may do each."""
        steps = []
        for index, service in enumerate(wish.services):
            # Most need the same time, so few are worked out.
            footprint = cache(services[service.product].footprint)
            options = tuple(
                Option(
                    one.person.staff,
                    footprint(
                        service.minutes or one.minutes,
                        one.person.before,
                        one.person.after,
                    ),
                )
                for one in performers[index]
            )
            steps.append(Step(service.product, options, service.after))
        if strictest.round_minutes > 1 and len(steps) == 1:
            # Known beforehand, so that single services need no planning.
            steps = [self._rounded(steps[0], strictest.round_minutes)]
        return steps

    @api.model
    def _appointed(self, wish, services, days, last, without=None):
        """Services that take place at times of their own: ``{index: [Part]}``.

        :param days, last: UTC minutes at which the days of the search begin and end
        """
        return {}

    @api.model
    def _appointed_step(self, step, times):
        """The step with each of its times as an option; the cells come later."""
        return replace(
            step,
            options=tuple(
                Option(
                    part.staff or 0,
                    Footprint(
                        part.stop - part.start,
                        part.stop - part.start,
                        ((0, part.stop - part.start),),
                        (),
                    ),
                    appointed=(part.start, part.stop),
                )
                for part in times
            ),
        )

    @api.model
    def _on_cells(self, step, horizon):
        if not step.is_appointed:
            return step
        return replace(
            step,
            options=tuple(
                replace(option, appointed=horizon.free([option.appointed]))
                for option in step.options
            ),
        )

    @api.model
    def _bookable(self, wish, branch, services, now, without):
        """When the client may have these services: intervals in UTC minutes."""
        if wish.is_override:
            return [(now, now + YEARS_AHEAD)]
        restricted = any(service.has_client_rules for service in services.values())
        if not wish.client and not restricted:
            return [(now, FOR_EVER)]
        templates = self.env["product.template"].browse(
            {service.template for service in services.values()}
        )
        _refusals, intervals = self.env["salon.eligibility"]._allowed_starts(
            self.env["res.partner"].browse(wish.client or ()),
            templates,
            wish.channel,
            now,
            branch,
            without.visit_id if without else None,
        )
        return intervals

    @api.model
    def _without_licences(self, branch, services, steps, horizon):
        """Close the days on which somebody lacks a licence for a service."""
        zone = branch.tz
        staff = {option.staff for step in steps for option in step.options}
        blocked = self.env["salon.licence"]._blocked(
            self.env["hr.employee"].browse(staff),
            self.env["product.template"].browse(
                {service.template for service in services.values()}
            ),
            clock.local(horizon.origin, zone).date() - timedelta(days=1),
            clock.local(horizon.origin + horizon.size * horizon.cell, zone).date(),
        )
        if not blocked:
            return steps
        return [
            self._closed(
                step,
                {
                    option.staff: horizon.taken(
                        (
                            clock.day_bounds(first, zone)[0],
                            clock.day_bounds(last, zone)[1],
                        )
                        for first, last in blocked.get(
                            (option.staff, services[step.product].template), ()
                        )
                    )
                    for option in step.options
                },
            )
            for step in steps
        ]

    @api.model
    def _closed(self, step, closed):
        """The step with more cells closed for its people: ``{staff: cells}``."""
        return replace(
            step,
            options=tuple(
                replace(option, closed=option.closed | closed.get(option.staff, 0))
                for option in step.options
            ),
        )

    @api.model
    def _without_caps(
        self,
        branch,
        services,
        steps,
        performers,
        horizon,
        policies,
        days,
        last,
        without,
    ):
        """Close the days on which a service or a person has bookings enough.

        :return: the steps, ``Planner.limits`` of those who may do some of them but not
            all, and ``Search.full``
        """
        caps = {
            step.product: policies[services[step.product].template].daily_cap
            for step in steps
        }
        staff_cap = policy.merge(policies.values()).staff_daily_cap
        staff = {option.staff for step in steps for option in step.options}
        own_caps = {
            one.person.staff: one.daily_cap
            for known in performers.values()
            for one in known
            if one.daily_cap
        }
        if not (staff_cap or own_caps or any(caps.values())):
            return steps, {}, {}
        by_service, by_staff = self._counts(
            branch,
            {service.template for service in services.values()},
            staff,
            days,
            last,
            without,
        )
        bounds = [*days, horizon.origin + horizon.size * horizon.cell]

        def cells(full_days):
            return horizon.free(
                (bounds[day], bounds[day + 1]) for day in sorted(full_days)
            )

        closed_for, limits = {}, {}
        for person in staff:
            cap = min(filter(None, (staff_cap, own_caps.get(person, 0))), default=0)
            if not cap:
                continue
            left = dict.fromkeys(range(len(days)), cap)
            for day, count in by_staff.get(person, {}).items():
                left[day] = cap - count
            closed_for[person] = cells(day for day, most in left.items() if most < 1)
            wanted = sum(
                any(option.staff == person for option in step.options) for step in steps
            )
            scarce = {most for most in left.values() if 0 < most < wanted}
            if scarce:
                limits[person] = tuple(
                    (cells(day for day, known in left.items() if known == most), most)
                    for most in sorted(scarce)
                )
        wanted = Counter(services[step.product].template for step in steps)
        capped, full = [], {}
        for step in steps:
            cap, template = caps[step.product], services[step.product].template
            counted = by_service.get(template, {})
            full[step.product] = cells(
                day
                for day in range(len(days))
                if cap and counted.get(day, 0) + wanted[template] > cap
            )
            capped.append(
                self._closed(
                    step,
                    {
                        option.staff: full[step.product]
                        | closed_for.get(option.staff, 0)
                        for option in step.options
                    },
                )
            )
        return capped, limits, full

    @api.model
    def _counts(self, branch, templates, staff, days, last, without=None):
        """Bookings by index of the day: of each service here, of each person anywhere.

        Those who take part in a group event count as one.

        :return: ``{template id: {day: count}}``, ``{staff id: {day: count}}``
        """
        self.env["salon.appointment"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT ON (COALESCE(-appointment.group_event_id,
                                             appointment.id))
                          appointment.branch_id, product.product_tmpl_id,
                          appointment.staff_id, appointment.start
                     FROM salon_appointment appointment
                     JOIN product_product product
                       ON product.id = appointment.product_id
                    WHERE appointment.start >= %s AND appointment.start < %s
                      AND appointment.state NOT IN ('cancelled', 'no_show')
                      AND appointment.id NOT IN %s
                      AND (appointment.staff_id IN %s
                           OR appointment.branch_id = %s
                              AND product.product_tmpl_id IN %s)""",
                clock.to_utc(days[0]),
                clock.to_utc(last),
                tuple(without.ids) if without else (0,),
                tuple(staff) or (0,),
                branch.id,
                tuple(templates) or (0,),
            )
        )
        by_service, by_staff = {}, {}
        for branch_id, template, person, start in self.env.cr.fetchall():
            day = bisect_right(days, clock.to_minutes(start)) - 1
            if branch_id == branch.id:
                counted = by_service.setdefault(template, {})
                counted[day] = counted.get(day, 0) + 1
            if person:
                counted = by_staff.setdefault(person, {})
                counted[day] = counted.get(day, 0) + 1
        return by_service, by_staff

    @api.model
    def _rounded(self, step, multiple):
        rounded = []
        for option in step.options:
            print_ = option.footprint
            rest = -print_.length % multiple
            staff = print_.staff
            if rest and staff:
                staff = (*staff[:-1], (staff[-1][0], staff[-1][1] + rest))
            rounded.append(replace(option, footprint=replace(print_, staff=staff)))
        return replace(step, options=tuple(rounded))

    @api.model
    def _minutes_that_matter(self, footprints, days, strictest, wish):
        """All lengths and distances of which a cell must be a divisor."""
        numbers = {strictest.grid_minutes, strictest.round_minutes}
        numbers |= {day - days[0] for day in days}
        for known in footprints:
            for footprint in known:
                numbers.update(footprint.minutes)
        if len(footprints) > 1:
            # The steps after the first one begin wherever it suits.
            numbers |= {5, wish.max_wait}
        if strictest.grid_mode != policy.FIXED:
            numbers.add(1)
        return numbers

    @api.model
    def _planner(self, wish, branch, steps, performers, horizon, strictest, without):
        """What is free of everybody and everything, as the engine wants it."""
        people = {
            one.person.staff: one.person
            for known in performers.values()
            for one in known
        }
        pools = {
            pool
            for step in steps
            for option in step.options
            for pool, _start, _stop in option.footprint.pools
        }
        first = horizon.origin
        last = first + horizon.size * horizon.cell
        units, kept = self.env["salon.catalog"]._units(branch.id, pools)
        resources = {person.resource for person in people.values()}
        places = {unit.resource for known in units.values() for unit in known}
        windows = self.env["salon.availability"]._windows(
            branch.id, resources | places, first, last
        )
        travels = any(person.travel for person in people.values())
        taken = self._taken(branch.id, resources | places, horizon, without, travels)
        # Many keep the same hours.
        cells = cache(horizon.free)
        open_ = {
            resource: cells(tuple(windows.get(resource, ())))
            for resource in resources | places
        }
        works = {staff: open_[one.resource] for staff, one in people.items()}
        free, booked = {}, {}
        for staff, person in people.items():
            busy = taken.get((person.resource, 1), 0)
            free[staff] = open_[person.resource] & ~busy
            booked[staff] = busy
        planner = Planner(
            horizon,
            free,
            {
                pool: [
                    replace(
                        unit,
                        free=open_[unit.resource]
                        & ~taken.get((unit.resource, unit.number), 0),
                    )
                    for unit in known
                ]
                for pool, known in units.items()
            },
            max_wait=min(wish.max_wait, strictest.max_wait_minutes),
            staff_rule=wish.staff_rule,
            round_minutes=strictest.round_minutes if len(steps) > 1 else 0,
            kept=frozenset(kept),
            resources={staff: person.resource for staff, person in people.items()},
            reseat=self._reseat(branch, pools, horizon, without) if units else None,
        )
        return planner, works, booked

    @api.model
    def _reseat(self, branch, pools, horizon, without):
        """Ask whether bookings could change places; loads them when first asked."""
        first = horizon.origin
        last = first + horizon.size * horizon.cell
        ignored = "appointment_id", without.ids if without else []
        loaded = []

        def ask(pool, product, staff, start, stop):
            if not loaded:
                catalog = self.env["salon.catalog"]
                places, kept = catalog._places(branch.id, pools, first, last)
                loaded.append(places)
                loaded.append(
                    list(catalog._take_off(places, kept, first, last, ignored))
                )
            want = Want("asked", pool, start, stop, product, staff)
            return seat([want], loaded[0], loaded[1]) is not None

        return ask

    @api.model
    def _taken(self, branch_id, resource_ids, horizon, without=None, travels=False):
        """Cells that are taken, by ``(resource id, unit)``, in one query.

        The database sends the spans of each unit as one string of bytes, many times
        faster than rows of datetimes. Time at another branch counts with the way there.
        """
        if not resource_ids:
            return {}
        self.env["salon.occupancy"].flush_model()
        # Nothing is longer than a day, and the way to another branch a day at most.
        wide, margin = horizon.widened((2 if travels else 1) * clock.DAY)
        origin, cell = wide.origin, wide.cell
        last = horizon.origin + horizon.size * cell
        start, stop = SQL("start_minute"), SQL("stop_minute")
        if travels:
            away = SQL(
                "CASE WHEN branch_id = %s THEN 0 ELSE travel_minutes END", branch_id
            )
            start, stop = SQL("(%s - %s)", start, away), SQL("(%s + %s)", stop, away)
        ignored = SQL()
        if without:
            ignored = SQL(
                "AND (appointment_id IS NULL OR appointment_id NOT IN %s)",
                tuple(without.ids),
            )
        self.env.cr.execute(
            SQL(
                """SELECT resource_id, unit,
                          string_agg(int4send((%s - %s) / %s), ''::bytea),
                          string_agg(int4send((%s - %s) / %s), ''::bytea)
                     FROM salon_occupancy
                    WHERE resource_id IN %s AND is_blocking
                      AND start_minute < %s AND start_minute > %s AND stop_minute > %s
                      AND (expires_at IS NULL OR expires_at > %s) %s
                 GROUP BY resource_id, unit""",
                start,
                origin,
                cell,
                stop,
                origin - cell + 1,
                cell,
                tuple(resource_ids),
                last + (clock.DAY if travels else 0),
                horizon.origin - (2 if travels else 1) * clock.DAY,
                horizon.origin - (clock.DAY if travels else 0),
                fields.Datetime.now(),
                ignored,
            )
        )
        taken = {}
        everything = horizon.everything
        for resource, unit, firsts, lasts in self.env.cr.fetchall():
            mask = wide.between(_integers(firsts), _integers(lasts))
            taken[resource, unit] = mask >> margin & everything
        return taken


def _integers(data):
    """Big-endian integers of four bytes, as the database sends them."""
    numbers = array("i", bytes(data))
    numbers.byteswap()
    return numbers
