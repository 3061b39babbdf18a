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
    ground: object = None

    @property
    def orders(self):
        return orders(self.steps, self.wish.order)


@dataclass
class Draft:
    """A search in the making."""

    wish: VisitWish
    without: object
    services: dict
    policies: dict[int, Policy]
    policy: Policy
    days: list[int]
    last: int
    #: UTC minutes between which the rules let a visit begin.
    span: tuple[int, int]
    performers: dict = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    appointed: dict = field(default_factory=dict)
    bookable: list = field(default_factory=list)
    limits: dict = field(default_factory=dict)
    full: dict[int, int] = field(default_factory=dict)

    @property
    def footprints(self):
        return [{option.footprint for option in step.options} for step in self.steps]

    @property
    def longest(self):
        """Minutes between the first and the last moment of the longest visit."""
        waits = (len(self.steps) - 1) * self.wish.max_wait
        return waits + sum(
            max(max(one.length, one.stop) for one in known) for known in self.footprints
        )

    @property
    def staff_cap(self):
        return policy.merge(self.policies.values()).staff_daily_cap

    @property
    def staff(self):
        return {option.staff for step in self.steps for option in step.options}

    @property
    def pools(self):
        return {
            pool
            for known in self.footprints
            for footprint in known
            for pool, _start, _stop in footprint.pools
        }

    @property
    def templates(self):
        return {service.template for service in self.services.values()}

    @property
    def ignored(self):
        """Ids of the bookings whose own time counts as free."""
        return frozenset(self.without.ids if self.without else ())


@dataclass
class Ground:
    """What is open and taken, for all searches that were prepared together."""

    #: ``{employee id: engine Person}`` of everybody in question.
    people: dict
    units: dict
    kept: set
    open: dict[int, int]
    #: ``{(resource id, unit): {appointment id or None: cells}}``; of their own are only
    #: the bookings that do not count for one of the searches.
    taken: dict
    #: What was asked once and holds for all: see ``salon.ranking``.
    asked: dict = field(default_factory=dict)

    def busy(self, key, ignored):
        cells = 0
        for owner, mask in self.taken.get(key, {}).items():
            if owner not in ignored:
                cells |= mask
        return cells


class SalonSearch(models.AbstractModel):
    """Loads all that a search for times needs, in a fixed number of queries."""

    _name = "salon.search"
    _description = "Salon Search for Times"

    @api.model
    def _prepare(self, wish, date_from, date_to, without=None, now=None):
        """Everything that a search needs, in a fixed number of queries.

        :return: ``Search``; None when the days cannot be booked at all
        """
        asked = [(wish, without)]
        return self._prepare_all(asked, date_from, date_to, now)[0]

    @api.model
    def _prepare_all(self, asked, date_from, date_to, now=None):
        """Several searches of one branch and channel in the queries of one.

        :param asked: ``(wish, without)`` of each, as for ``_prepare``
        :return: a list of ``Search`` or None in the same order
        """
        if not asked or date_to < date_from:
            return [None] * len(asked)
        first_wish = asked[0][0]
        self.env["salon.occupancy"]._assert_open_for(first_wish.channel)
        # sudo: salon.skill, hr.employee, resource - who is free is not a secret of the
        # personnel file; only free times leave this service
        self = self.sudo()
        branch = self.env["salon.branch"].browse(first_wish.branch)
        branch.fetch(["tz", "slot_minutes", "company_id"])
        if now is None:
            now = clock.to_minutes_ceil(fields.Datetime.now())
        days = [
            clock.day_bounds(date_from + timedelta(days=number), branch.tz)[0]
            for number in range((date_to - date_from).days + 2)
        ]
        last = days.pop()
        drafts = [
            self._draft(branch, wish, without, days, last, now)
            for wish, without in asked
        ]
        live = self._with_steps(branch, list(filter(None, drafts)))
        live = self._with_bookable(branch, live, now)
        if not live:
            return [None] * len(asked)
        horizon = Horizon.over(
            days[0],
            last + max(draft.longest for draft in live),
            set().union(*(self._minutes_that_matter(draft, days) for draft in live)),
        )
        for draft in live:
            draft.steps = [self._on_cells(step, horizon) for step in draft.steps]
        self._close_unlicensed(branch, live, horizon)
        self._close_full_days(branch, live, horizon)
        ground = self._ground(branch, live, horizon)
        searches = {
            id(draft): self._search_of(branch, draft, horizon, ground) for draft in live
        }
        return [searches.get(id(draft)) for draft in drafts]

    @api.model
    def _draft(self, branch, wish, without, days, last, now):
        """What is known of a search without a query; None where no day is open."""
        products = self.env["product.product"].browse(
            [service.product for service in wish.services]
        )
        services = self.env["salon.catalog"]._services(products)
        policies = self._policies(branch, services, wish.channel)
        strictest = policy.merge(policies.values())
        if wish.is_any_minute:
            strictest = policy.any_minute(strictest)
        earliest, end = policy.start_span(strictest, now, branch.tz)
        span = max(earliest, days[0]), min(end or last, last)
        if span[0] >= span[1]:
            return None
        return Draft(wish, without, services, policies, strictest, days, last, span)

    @api.model
    def _with_steps(self, branch, drafts):
        """Those whose every service somebody can do, with these people."""
        if not drafts:
            return []
        performers = self.env["salon.catalog"]._performers_of_all(
            branch, [(draft.wish, draft.services) for draft in drafts]
        )
        for draft, known in zip(drafts, performers, strict=True):
            appointed = self._appointed(
                draft.wish, draft.services, draft.days, draft.last, draft.without
            )
            draft.performers = known | dict.fromkeys(appointed, ())
            steps = self._steps(
                draft.wish, draft.services, draft.performers, draft.policy
            )
            for index, times in appointed.items():
                steps[index] = self._appointed_step(steps[index], times)
            draft.steps, draft.appointed = steps, appointed
        return [draft for draft in drafts if all(step.options for step in draft.steps)]

    @api.model
    def _search_of(self, branch, draft, horizon, ground):
        wish, rule = draft.wish, draft.policy
        planner, works, booked = self._planner(branch, draft, horizon, ground)
        within = horizon.free([draft.span]) & horizon.free(draft.bookable)
        if rule.grid_mode == policy.FIXED:
            # What takes place at its own time has its own grid.
            within &= horizon.grid(
                draft.days, draft.last, rule.grid_minutes
            ) | horizon.free(
                (part.start, part.start + horizon.cell)
                for times in draft.appointed.values()
                for part in times
            )
        if len(draft.steps) == 1:
            planner.interest = within
        return Search(
            wish,
            branch,
            draft.policies,
            rule,
            horizon,
            draft.days,
            draft.steps,
            planner,
            works,
            booked,
            within,
            rule.grid_minutes,
            draft.performers,
            draft.full,
            ground,
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
    def _with_bookable(self, branch, drafts, now):
        """Those that the client may have some time, with when: UTC minutes."""
        ruled = []
        for draft in drafts:
            known = draft.services.values()
            if draft.wish.is_override:
                draft.bookable = [(now, now + YEARS_AHEAD)]
            elif draft.wish.client or any(one.has_client_rules for one in known):
                ruled.append(draft)
            else:
                draft.bookable = [(now, FOR_EVER)]
        if ruled:
            eligibility = self.env["salon.eligibility"]
            templates = self.env["product.template"].browse(
                set().union(*(draft.templates for draft in ruled))
            )
            facts = eligibility._facts(
                self.env["res.partner"].browse(
                    dict.fromkeys(filter(None, (one.wish.client for one in ruled)))
                ),
                eligibility._rules(templates).values(),
                branch,
            )
            for draft in ruled:
                _refusals, draft.bookable = eligibility._allowed_starts(
                    self.env["res.partner"].browse(draft.wish.client or ()),
                    self.env["product.template"].browse(draft.templates),
                    draft.wish.channel,
                    now,
                    branch,
                    draft.without.visit_id if draft.without else None,
                    facts,
                )
        return [draft for draft in drafts if draft.bookable]

    @api.model
    def _close_unlicensed(self, branch, drafts, horizon):
        lacking = [
            draft
            for draft in drafts
            if any(
                one.may_lack_licence
                for known in draft.performers.values()
                for one in known
            )
        ]
        if not lacking:
            return
        blocked = self._blocked_days(
            branch,
            set().union(*(draft.staff for draft in lacking)),
            set().union(*(draft.templates for draft in lacking)),
            horizon,
        )
        for draft in lacking if blocked else ():
            draft.steps = self._without_licences(
                branch, draft.services, draft.steps, horizon, blocked
            )

    @api.model
    def _blocked_days(self, branch, staff, templates, horizon):
        zone = branch.tz
        return self.env["salon.licence"]._blocked(
            self.env["hr.employee"].browse(staff),
            self.env["product.template"].browse(templates),
            clock.local(horizon.origin, zone).date() - timedelta(days=1),
            clock.local(horizon.origin + horizon.size * horizon.cell, zone).date(),
        )

    @api.model
    def _without_licences(self, branch, services, steps, horizon, blocked):
        """Close the days on which somebody lacks a licence for a service.

        :param blocked: as from ``salon.licence._blocked``
        """
        zone = branch.tz
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
    def _close_full_days(self, branch, drafts, horizon):
        """Close the days on which a service or a person has bookings enough."""
        limited = []
        for draft in drafts:
            caps = [draft.policies[one].daily_cap for one in draft.templates]
            own_caps = [
                one.daily_cap for known in draft.performers.values() for one in known
            ]
            if any(caps) or any(own_caps) or draft.staff_cap:
                limited.append(draft)
        if not limited:
            return
        rows = self._count_rows(
            branch,
            set().union(*(draft.templates for draft in limited)),
            set().union(*(draft.staff for draft in limited)),
            limited[0].days,
            limited[0].last,
        )
        for draft in limited:
            counts = self._counted(rows, branch, draft.days, draft.ignored)
            self._without_full_days(draft, horizon, *counts)

    @api.model
    def _without_full_days(self, draft, horizon, by_service, by_staff):
        """Set the steps, ``Planner.limits`` of those who may do some of them but not
        all, and ``Search.full``.
        """
        steps, services, days = draft.steps, draft.services, draft.days
        staff_cap = draft.staff_cap
        own_caps = {
            one.person.staff: one.daily_cap
            for known in draft.performers.values()
            for one in known
            if one.daily_cap
        }
        bounds = [*days, horizon.origin + horizon.size * horizon.cell]

        def cells(full_days):
            return horizon.free(
                (bounds[day], bounds[day + 1]) for day in sorted(full_days)
            )

        closed_for, limits = {}, {}
        for person in draft.staff:
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
            template = services[step.product].template
            cap = draft.policies[template].daily_cap
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
        draft.steps, draft.limits, draft.full = capped, limits, full

    @api.model
    def _counts(self, branch, templates, staff, days, last):
        """Bookings by index of the day: of each service here, of each person anywhere.

        Those who take part in a group event count as one.

        :return: ``{template id: {day: count}}``, ``{staff id: {day: count}}``
        """
        rows = self._count_rows(branch, templates, staff, days, last)
        return self._counted(rows, branch, days)

    @api.model
    def _count_rows(self, branch, templates, staff, days, last):
        self.env["salon.appointment"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT appointment.branch_id, product.product_tmpl_id,
                          appointment.staff_id, appointment.start,
                          array_agg(appointment.id)
                     FROM salon_appointment appointment
                     JOIN product_product product
                       ON product.id = appointment.product_id
                    WHERE appointment.start >= %s AND appointment.start < %s
                      AND appointment.state NOT IN ('cancelled', 'no_show')
                      AND (appointment.staff_id IN %s
                           OR appointment.branch_id = %s
                              AND product.product_tmpl_id IN %s)
                 GROUP BY COALESCE(-appointment.group_event_id, appointment.id),
                          appointment.branch_id, product.product_tmpl_id,
                          appointment.staff_id, appointment.start""",
                clock.to_utc(days[0]),
                clock.to_utc(last),
                tuple(staff) or (0,),
                branch.id,
                tuple(templates) or (0,),
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _counted(self, rows, branch, days, ignored=frozenset()):
        by_service, by_staff = {}, {}
        for branch_id, template, person, start, ids in rows:
            if ignored.issuperset(ids):
                continue
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
    def _minutes_that_matter(self, draft, days):
        """All lengths and distances of which a cell must be a divisor."""
        numbers = {draft.policy.grid_minutes, draft.policy.round_minutes}
        numbers |= {day - days[0] for day in days}
        numbers |= {
            part.start - days[0] for times in draft.appointed.values() for part in times
        }
        for known in draft.footprints:
            for footprint in known:
                numbers.update(footprint.minutes)
        if len(draft.steps) > 1:
            # The steps after the first one begin wherever it suits.
            numbers |= {5, draft.wish.max_wait}
        if draft.policy.grid_mode != policy.FIXED:
            numbers.add(1)
        return numbers

    @api.model
    def _ground(self, branch, drafts, horizon):
        """What is free of everybody and everything that any of the searches needs."""
        people = {
            one.person.staff: one.person
            for draft in drafts
            for known in draft.performers.values()
            for one in known
        }
        pools = set().union(*(draft.pools for draft in drafts))
        first = horizon.origin
        last = first + horizon.size * horizon.cell
        units, kept = self.env["salon.catalog"]._units(branch.id, pools)
        resources = {person.resource for person in people.values()}
        resources |= {unit.resource for known in units.values() for unit in known}
        windows = self.env["salon.availability"]._windows(
            branch.id, resources, first, last
        )
        # Many keep the same hours.
        cells = cache(horizon.free)
        return Ground(
            people,
            units,
            kept,
            {
                resource: cells(tuple(windows.get(resource, ())))
                for resource in resources
            },
            self._taken(
                branch.id,
                resources,
                horizon,
                frozenset().union(*(draft.ignored for draft in drafts)),
                any(person.travel for person in people.values()),
            ),
        )

    @api.model
    def _planner(self, branch, draft, horizon, ground):
        """What is free for this search, as the engine wants it."""
        people = {
            one.person.staff: one.person
            for known in draft.performers.values()
            for one in known
        }
        pools = draft.pools & ground.units.keys()
        works = {staff: ground.open[one.resource] for staff, one in people.items()}
        booked = {
            staff: ground.busy((one.resource, 1), draft.ignored)
            for staff, one in people.items()
        }
        rule = draft.policy
        planner = Planner(
            horizon,
            {staff: works[staff] & ~booked[staff] for staff in people},
            {
                pool: [
                    replace(
                        unit,
                        free=ground.open[unit.resource]
                        & ~ground.busy((unit.resource, unit.number), draft.ignored),
                    )
                    for unit in ground.units[pool]
                ]
                for pool in pools
            },
            max_wait=min(draft.wish.max_wait, rule.max_wait_minutes),
            staff_rule=draft.wish.staff_rule,
            round_minutes=rule.round_minutes if len(draft.steps) > 1 else 0,
            kept=frozenset(ground.kept & pools),
            resources={staff: person.resource for staff, person in people.items()},
            reseat=self._reseat(branch, horizon, draft, ground) if pools else None,
        )
        planner.limits = draft.limits
        return planner, works, booked

    @api.model
    def _reseat(self, branch, horizon, draft, ground):
        """Ask whether bookings could change places; loads them when first asked."""
        first = horizon.origin
        last = first + horizon.size * horizon.cell
        key = "reseat", draft.ignored

        def ask(pool, product, staff, start, stop):
            if key not in ground.asked:
                catalog = self.env["salon.catalog"]
                places, kept = catalog._places(
                    branch.id, ground.units.keys(), first, last
                )
                ignored = "appointment_id", list(draft.ignored)
                seated = catalog._take_off(places, kept, first, last, ignored)
                ground.asked[key] = places, list(seated)
            want = Want("asked", pool, start, stop, product, staff)
            return seat([want], *ground.asked[key]) is not None

        return ask

    @api.model
    def _taken(self, branch_id, resource_ids, horizon, apart, travels=False):
        """Cells that are taken, by ``(resource id, unit)`` and owner, in one query.

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
        owner = SQL("NULL::int")
        if apart:
            owner = SQL(
                "CASE WHEN appointment_id IN %s THEN appointment_id END", tuple(apart)
            )
        self.env.cr.execute(
            SQL(
                """SELECT resource_id, unit, %s AS owner,
                          string_agg(int4send((%s - %s) / %s), ''::bytea),
                          string_agg(int4send((%s - %s) / %s), ''::bytea)
                     FROM salon_occupancy
                    WHERE resource_id IN %s AND is_blocking
                      AND start_minute < %s AND start_minute > %s AND stop_minute > %s
                      AND (expires_at IS NULL OR expires_at > %s)
                 GROUP BY resource_id, unit, owner""",
                owner,
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
            )
        )
        taken = {}
        everything = horizon.everything
        for resource, unit, appointment, firsts, lasts in self.env.cr.fetchall():
            mask = wide.between(_integers(firsts), _integers(lasts))
            own = taken.setdefault((resource, unit), {})
            own[appointment] = mask >> margin & everything
        return taken


def _integers(data):
    """Big-endian integers of four bytes, as the database sends them."""
    numbers = array("i", bytes(data))
    numbers.byteswap()
    return numbers
