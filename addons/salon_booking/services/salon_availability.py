from array import array
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

from pytz import timezone

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import clock, offers, policy
from ..engine.intervals import intersect, merge, subtract
from ..engine.itineraries import Option, Planner, Step, orders
from ..engine.masks import Horizon
from ..engine.policy import Policy
from ..engine.wishes import Offer, Part, ServiceWish, VisitWish

#: How far around a refused wish the nearest free times are looked for.
NEAR = timedelta(days=7)
#: What a hole may earn is learnt from this many days of bookings.
LEARNING_DAYS = 90
LONGEST_HOLE = 12 * 60


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
    booked: dict[int, int]
    within: int
    grid: int
    performers: dict = field(default_factory=dict)

    @property
    def orders(self):
        return orders(self.steps, self.wish.order)


class SalonAvailability(models.AbstractModel):
    """Which times can really be had: loads in one batch, asks the engine.

    Every channel asks here, so that none sells what another would refuse.
    """

    _name = "salon.availability"
    _description = "Salon Availability"

    @api.model
    def _find_offers(self, wish, date_from, date_to, without=None, limit=None):
        """Visits that can really be had, by time.

        :param wish: ``engine.wishes.VisitWish``
        :param date_from, date_to: local days of the branch, both included
        :param without: salon.appointment whose own time counts as free
        :param limit: at most so many, the earliest ones
        :return: list of ``engine.wishes.Offer``, each with the best people for it
        """
        search = self._prepare(wish, date_from, date_to, without)
        if search is None:
            return []
        found = []
        self._set_preference(search)
        starts = self._starts(search)
        for start in starts[:limit]:
            placed = self._plan(search, start)
            if placed:
                found.append(self._offer(search, placed))
        found = self._with_costs(search, found)
        return offers.mark_best(
            found, lambda start: clock.local(start, search.branch.tz).date()
        )

    @api.model
    def _starts(self, search):
        """UTC minutes at which the visit can begin, in order."""
        united = 0
        for groups in search.orders:
            united |= search.planner.starts(
                groups, search.within & self._allowed(search, groups[0])
            )
        return search.horizon.starts(united)

    @api.model
    def _plan(self, search, start):
        """The best people and places for one start, in whatever order fits."""
        for groups in search.orders:
            if placed := search.planner.plan(groups, start):
                return placed
        return None

    @api.model
    def _offer(self, search, placed):
        placed = sorted(placed, key=lambda one: one.start)
        return Offer(
            placed[0].start,
            max(one.stop for one in placed),
            tuple(
                Part(one.step.product, one.option.staff, one.start, one.stop)
                for one in placed
            ),
        )

    @api.model
    def _search_slots(self, branch, product, date_from, date_to, staff=None, **wish):
        """Free times for one service, of every person: ``engine.wishes.Part``.

        Sorted by time, then by who is offered first.

        :param date_from, date_to: local days of the branch, both included
        :param staff: hr.employee to choose from; None for everybody who can do it
        :param wish: more of ``VisitWish``, for instance the channel
        """
        service = ServiceWish(product.id, tuple(staff.ids) if staff else None)
        search = self._prepare(
            VisitWish(branch.id, (service,), **wish), date_from, date_to
        )
        if search is None:
            return []
        minutes = {
            option.staff: option.footprint.length for option in search.steps[0].options
        }
        rank = {person: index for index, person in enumerate(minutes)}
        found = [
            Part(product.id, person, start, start + minutes[person])
            for person, starts in self._free_starts(search).items()
            for start in starts
        ]
        found.sort(key=lambda part: (part.start, rank[part.staff]))
        return found

    @api.model
    def _free_starts(self, search):
        """Of a search for one service: ``{staff id: [UTC minute, …]}``."""
        (step,) = search.steps
        allowed = self._allowed_by_staff(search, step)
        return {
            person: search.horizon.starts(mask & search.within & allowed[person])
            for person, mask in search.planner.starts_by_staff(step).items()
        }

    @api.model
    def _nearest_offers(self, wish, start, limit=3, without=None):
        """The offers closest to a wished start (UTC minutes), nearest first."""
        branch = self.env["salon.branch"].browse(wish.branch)
        day = clock.local(start, branch.tz).date()
        search = self._prepare(wish, day - NEAR, day + NEAR, without)
        if search is None:
            return []
        self._set_preference(search)
        starts = self._starts(search)
        starts.sort(key=lambda other: (abs(other - start), other))
        found = []
        for other in starts:
            placed = self._plan(search, other)
            if placed:
                found.append(self._offer(search, placed))
            if len(found) == limit:
                break
        return found

    @api.model
    def _nearest_slots(self, appointment, taken=(), limit=3):
        """Free times closest to an appointment that cannot be had, nearest first.

        :param taken: intervals in UTC minutes that are known to be taken although this
            transaction cannot see by whom
        """
        branch = appointment.branch_id
        wish = clock.to_minutes(appointment.start)
        day = clock.local(wish, branch.tz).date()
        slots = self._search_slots(
            branch, appointment.product_id, day, day + NEAR, appointment.staff_id
        )
        slots = [
            slot
            for slot in slots
            if not any(slot.start < stop and start < slot.stop for start, stop in taken)
        ]
        slots.sort(key=lambda slot: (abs(slot.start - wish), slot.start))
        return slots[:limit]

    @api.model
    def _explain(self, wish, start):
        """Why a wished start (UTC minutes) cannot be had: ``engine.refusals.Refusal``.

        Empty when nothing speaks against it.
        """
        return []

    # What the engine is told

    @api.model
    def _prepare(self, wish, date_from, date_to, without=None, now=None):
        """Everything that a search needs, in a fixed number of queries.

        :return: ``Search``; None when the days cannot be booked at all
        """
        # sudo: salon.skill, hr.employee, resource - who is free is not a secret of the
        # personnel file; only free times leave this service
        self = self.sudo()
        branch = self.env["salon.branch"].browse(wish.branch)
        zone = branch.tz
        if now is None:
            now = clock.to_minutes_ceil(fields.Datetime.now())
        products = self.env["product.product"].browse(
            [service.product for service in wish.services]
        )
        services = self.env["salon.catalog"]._services(products)
        policies = self._policies(branch, services, wish.channel)
        strictest = policy.merge(policies.values())
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
        steps = self._steps(wish, services, performers, strictest)
        if not all(step.options for step in steps):
            return None
        longest = (
            sum(max(_reach(option) for option in step.options) for step in steps)
            + (len(steps) - 1) * wish.max_wait
        )
        grid = strictest.grid_minutes
        horizon = Horizon.over(
            first,
            last + longest,
            self._minutes_that_matter(steps, days, strictest, wish),
        )
        planner, booked = self._planner(
            wish, branch, steps, performers, horizon, strictest, without
        )
        within = horizon.free([(earliest, latest)])
        if strictest.grid_mode == policy.FIXED:
            within &= horizon.grid(days, last, grid)
        return Search(
            wish,
            branch,
            policies,
            strictest,
            horizon,
            days,
            steps,
            planner,
            booked,
            within,
            grid,
            performers,
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
            known = services[service.product]
            steps.append(
                Step(
                    service.product,
                    tuple(
                        Option(
                            one.person.staff,
                            known.footprint(
                                service.minutes or one.minutes,
                                one.person.before,
                                one.person.after,
                            ),
                        )
                        for one in performers[index]
                    ),
                )
            )
        if strictest.round_minutes > 1 and len(steps) == 1:
            # Known beforehand, so that single services need no planning.
            steps = [self._rounded(steps[0], strictest.round_minutes)]
        return steps

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
        return Step(step.product, tuple(rounded))

    @api.model
    def _minutes_that_matter(self, steps, days, strictest, wish):
        """All lengths and distances of which a cell must be a divisor."""
        numbers = {strictest.grid_minutes, strictest.round_minutes}
        numbers |= {day - days[0] for day in days}
        for step in steps:
            for option in step.options:
                numbers.update(option.footprint.minutes)
        if len(steps) > 1:
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
        windows = self._windows(branch.id, resources | places, first, last)
        taken = self._taken(branch.id, resources | places, horizon, without)
        open_ = {
            resource: horizon.free(windows.get(resource, ()))
            for resource in resources | places
        }
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
        )
        return planner, booked

    @api.model
    def _taken(self, branch_id, resource_ids, horizon, without=None):
        """Cells that are taken, by ``(resource id, unit)``, in one query.

        The database sends the spans of each unit as one string of bytes, many times
        faster than rows of datetimes. Time at another branch counts with the way there.
        """
        if not resource_ids:
            return {}
        self.env["salon.occupancy"].flush_model()
        origin, cell, size = horizon.origin, horizon.cell, horizon.size
        away = SQL("CASE WHEN branch_id = %s THEN 0 ELSE travel_minutes END", branch_id)
        ignored = SQL()
        if without:
            ignored = SQL(
                "AND (appointment_id IS NULL OR appointment_id NOT IN %s)",
                tuple(without.ids),
            )
        self.env.cr.execute(
            SQL(
                """SELECT resource_id, unit, string_agg(
                              int4send(GREATEST(
                                  (start_minute - %s - %s) / %s, 0))
                              || int4send(LEAST(
                                  (stop_minute + %s - %s) / %s, %s)), ''::bytea)
                     FROM salon_occupancy
                    WHERE resource_id IN %s AND is_blocking
                      AND start_minute < %s AND start_minute > %s AND stop_minute > %s
                      AND (expires_at IS NULL OR expires_at > %s) %s
                 GROUP BY resource_id, unit""",
                away,
                origin,
                cell,
                away,
                origin - cell + 1,
                cell,
                size,
                tuple(resource_ids),
                origin + size * cell + clock.DAY,
                origin - 2 * clock.DAY,
                origin - clock.DAY,
                fields.Datetime.now(),
                ignored,
            )
        )
        taken = {}
        for resource, unit, data in self.env.cr.fetchall():
            spans = array("i", bytes(data))
            spans.byteswap()
            taken[resource, unit] = horizon.covered(
                zip(spans[::2], spans[1::2], strict=True)
            )
        return taken

    # Which of the possible times are offered

    @api.model
    def _allowed(self, search, group):
        """Cells at which the rules about gaps and grids allow the first group."""
        if not self._has_gap_rules(search):
            return search.horizon.everything
        united = 0
        for mask in self._allowed_by_staff(search, group[0]).values():
            united |= mask
        return united

    @api.model
    def _has_gap_rules(self, search):
        return (
            search.policy.grid_mode != policy.FIXED
            or search.policy.gap_strategy in ("no_rest", "min_hole", "edges")
        )

    @api.model
    def _allowed_by_staff(self, search, step):
        """Cells by person at which the rules about gaps and grids allow a start."""
        horizon, rule = search.horizon, search.policy
        allowed = dict.fromkeys(
            (option.staff for option in step.options), horizon.everything
        )
        if not self._has_gap_rules(search):
            return allowed
        for option in step.options:
            staff, print_ = option.staff, option.footprint
            begin, end = print_.staff_start, print_.staff_stop
            free, mask = search.planner.free[staff], horizon.everything
            if rule.grid_mode != policy.FIXED:
                mask &= offers.reanchored(horizon, free, begin, search.grid)
            if rule.gap_strategy == "edges":
                mask &= self._edges(search, staff, begin, end)
            if least := self._least_hole(search, staff):
                mask &= offers.without_small_holes(horizon, free, begin, end, least)
            allowed[staff] = mask
        return allowed

    @api.model
    def _least_hole(self, search, staff):
        """The shortest hole that may stay, in minutes; 0 for any."""
        if search.policy.gap_strategy == "min_hole":
            return search.policy.min_hole_minutes
        if search.policy.gap_strategy == "no_rest":
            return self._shortest_services(search).get(staff, 0)
        return 0

    @api.model
    def _shortest_services(self, search):
        """The minutes of the shortest service of each person, in one query."""
        staff = tuple(search.planner.free)
        self.env.cr.execute(
            SQL(
                """SELECT skill.staff_id, min(COALESCE(
                              NULLIF(skill.duration_minutes, 0),
                              NULLIF(template.salon_duration_minutes, 0), 30))
                     FROM salon_skill skill
                     JOIN product_template template
                       ON template.id = skill.product_tmpl_id AND template.active
                    WHERE skill.active AND skill.staff_id IN %s
                      AND template.is_salon_addon IS NOT TRUE
                 GROUP BY skill.staff_id""",
                staff or (0,),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _edges(self, search, staff, begin, end):
        """Only what touches something, on the days for which the rule wants that."""
        bounds = [*search.days, search.horizon.origin + 2**31]
        today = clock.local(
            clock.to_minutes(fields.Datetime.now()), search.branch.tz
        ).date()
        strict, free_days = [], []
        for first, last in pairwise(bounds):
            day = clock.local(first, search.branch.tz).date()
            is_strict = policy.uses_edges(search.policy, day, today)
            (strict if is_strict else free_days).append((first, last))
        mask = offers.touching(
            search.horizon,
            search.planner.free[staff],
            search.booked[staff],
            begin,
            end,
            strict,
        )
        return mask | search.horizon.free(free_days)

    # Who is offered, and what it costs

    @api.model
    def _set_preference(self, search):
        """Let the planner choose people by the rule of the branch."""
        rank = {
            (step.product, option.staff): index
            for step in search.steps
            for index, option in enumerate(step.options)
        }
        sequence = {
            one.person.staff: one.sequence
            for known in search.performers.values()
            for one in known
        }
        several = any(len(step.options) > 1 for step in search.steps)
        recent = {}
        if several and "least_recent" in search.policy.choice:
            recent = self._last_chosen(sequence)
        days, horizon = search.days, search.horizon
        known = {}

        def day_of(start):
            return max((n for n, first in enumerate(days) if first <= start), default=0)

        def measures(staff, start):
            day = day_of(start)
            if (staff, day) not in known:
                last = days[day + 1] if day + 1 < len(days) else days[day] + clock.DAY
                span = horizon.free([(days[day], last)])
                busy = search.booked[staff] & span
                free = search.planner.free[staff] & span
                known[staff, day] = {
                    "rank": sequence[staff],
                    "least_busy": busy.bit_count(),
                    "fewest_holes": (free & ~(free << 1)).bit_count(),
                    "least_recent": recent.get(staff, 0),
                }
            return known[staff, day]

        def prefer(staff, start):
            found = measures(staff, start)
            tie = min(rank.get((step.product, staff), 0) for step in search.steps)
            return (*(found[name] for name in search.policy.choice), tie)

        search.planner.prefer = prefer

    @api.model
    def _last_chosen(self, staff_ids):
        """The newest booking of each person, as a number that grows with time."""
        self.env["salon.appointment"].flush_model(["staff_id"])
        self.env.cr.execute(
            """SELECT staff, (SELECT id FROM salon_appointment
                               WHERE staff_id = staff ORDER BY id DESC LIMIT 1)
                 FROM unnest(%s) AS staff""",
            [list(staff_ids)],
        )
        return {staff: newest or 0 for staff, newest in self.env.cr.fetchall()}

    @api.model
    def _with_costs(self, search, found):
        """Say of each offer what the holes it leaves would cost."""
        values = None
        priced = []
        for offer in found:
            if values is None:
                values = self._hole_values(search)
            cost = 0.0
            for part in offer.parts:
                free = search.planner.free.get(part.staff, 0)
                print_ = self._footprint_of(search, part)
                cost += offers.hole_cost(
                    search.horizon,
                    free,
                    part.start + print_.staff_start,
                    part.start + print_.staff_stop,
                    values,
                )
            priced.append(replace(offer, cost=cost))
        return priced

    @api.model
    def _footprint_of(self, search, part):
        return next(
            option.footprint
            for step in search.steps
            if step.product == part.product
            for option in step.options
            if option.staff == part.staff
        )

    @api.model
    def _hole_values(self, search):
        """What a hole may earn: by money where the branch wants it, else by minutes."""
        shortest = min(
            (
                option.footprint.length
                for step in search.steps
                for option in step.options
            ),
            default=30,
        )
        services = [(shortest, float(shortest))]
        if search.policy.gap_strategy == "money":
            services = self._services_sold(search.branch) or services
        return offers.hole_values(services, LONGEST_HOLE)

    @api.model
    def _services_sold(self, branch):
        """``(minutes, worth)`` learnt from what the branch has sold lately.

        A service that is booked half as often as the most wanted one is worth half its
        price: a hole that only it would fill stays empty half of the time.
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), days=LEARNING_DAYS)
        self.env["salon.appointment"].flush_model()
        self.env.cr.execute(
            """SELECT duration_minutes, avg(price), count(*)
                 FROM salon_appointment
                WHERE branch_id = %s AND start > %s
                  AND state NOT IN ('cancelled', 'no_show')
             GROUP BY duration_minutes ORDER BY count(*) DESC LIMIT 20""",
            [branch.id, since],
        )
        rows = self.env.cr.fetchall()
        most = max((count for _minutes, _price, count in rows), default=1)
        return [
            (minutes, float(price) * count / most) for minutes, price, count in rows
        ]

    # Hours

    @api.model
    def _windows(self, branch_id, resource_ids, first, last):
        """When people and places may be booked: ``{resource id: intervals}``."""
        # sudo: salon.branch, resource.resource - only free intervals leave this method
        branch = self.env["salon.branch"].sudo().browse(branch_id)
        resources = self.env["resource.resource"].sudo().browse(resource_ids)
        people = resources.filtered(lambda one: one.resource_type == "user")
        windows = self._open_windows(branch, people.employee_id, first, last)
        leaves = self._leaves(resources - people, first, last)
        for resource in resources - people:
            window = [(first, last)]
            if resource.calendar_id:
                worked = resource.calendar_id._work_intervals_batch(
                    self._aware(first), self._aware(last), resources=resource
                )
                window = self._minutes_of(worked[resource.id])
            windows[resource.id] = subtract(window, leaves[resource.id])
        return windows

    @api.model
    def _open_windows(self, branch, staff, first, last):
        """When each person works and the branch is open: ``{resource id: intervals}``.

        Time off goes before the weekly calendar, the calendar before opening hours.
        """
        resources = staff.resource_id
        opening = self._opening_hours(branch, first, last)
        start, stop = self._aware(first), self._aware(last)
        windows = {}
        for calendar, members in resources.grouped("calendar_id").items():
            if not calendar:
                leaves = self._leaves(members, first, last)
                for resource in members:
                    windows[resource.id] = subtract(opening, leaves[resource.id])
                continue
            worked = calendar._work_intervals_batch(start, stop, resources=members)
            for resource in members:
                windows[resource.id] = intersect(
                    self._minutes_of(worked[resource.id]), opening
                )
        return windows

    @api.model
    def _opening_hours(self, branch, first, last):
        # sudo: resource.calendar - opening hours are public
        calendar = branch.sudo().resource_calendar_id
        if not calendar:
            return [(first, last)]
        # One calendar may serve branches in several zones: 9:00 is 9:00 at each door.
        worked = calendar._work_intervals_batch(
            self._aware(first), self._aware(last), tz=timezone(branch.tz)
        )
        return self._minutes_of(worked[False])

    @api.model
    def _leaves(self, resources, first, last):
        """Dated absences and maintenance, for things without a calendar."""
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "in", resources.ids),
                ("date_from", "<", clock.to_utc(last)),
                ("date_to", ">", clock.to_utc(first)),
            ]
        )
        taken = defaultdict(list)
        for leave in leaves:
            taken[leave.resource_id.id].append(
                (
                    clock.to_minutes(leave.date_from),
                    clock.to_minutes_ceil(leave.date_to),
                )
            )
        return taken

    @api.model
    def _aware(self, minutes):
        return clock.EPOCH + minutes * clock.MINUTE

    @api.model
    def _minutes_of(self, intervals):
        # The host ends a day at 23:59:59.999999; rounding up closes that hole.
        return merge(
            (clock.to_minutes(start), clock.to_minutes_ceil(stop))
            for start, stop, _records in intervals
        )


def _reach(option):
    """The minutes after its start that an option takes of anybody or anything."""
    print_ = option.footprint
    return max(
        [
            print_.length,
            print_.staff_stop,
            *(stop for _pool, _start, stop in print_.pools),
        ]
    )
