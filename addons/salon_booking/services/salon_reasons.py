from odoo import api, fields, models

from ..engine import clock, policy
from ..engine.refusals import Refusal
from ..engine.wishes import ANY_ORDER


class SalonReasons(models.AbstractModel):
    """Why a wished time cannot be had: asks the rules in the order of their weight.

    First what no other time would help against (who does the service, what the client
    may have), then the booking rules, then what is taken or closed at that time.
    """

    _name = "salon.reasons"
    _description = "Salon Reasons"

    @api.model
    def _explain(self, wish, start, without=None):
        """Why a wished start cannot be had; empty when nothing speaks against it.

        :param wish: ``engine.wishes.VisitWish``
        :param start: UTC minute
        :return: list of ``engine.refusals.Refusal``, hard ones first
        """
        # sudo: salon.skill, hr.employee, resource - says whether, not what somebody
        # does
        self = self.sudo()
        branch = self.env["salon.branch"].browse(wish.branch)
        now = clock.to_minutes_ceil(fields.Datetime.now())
        products = self.env["product.product"].browse(
            [service.product for service in wish.services]
        )
        services = self.env["salon.catalog"]._services(products)
        refusals = []
        if not wish.is_override:
            refusals = self._client(wish, branch, services, start, without)
        refusals += self._policy(wish, branch, services, start, now)
        performers = self.env["salon.catalog"]._performers(branch, wish, services)
        for index, service in enumerate(wish.services):
            if not performers[index]:
                refusals += self._nobody(wish, service, branch, services)
        if not any(refusal.is_hard for refusal in refusals):
            refusals += self._time(wish, branch, start, without)
        return sorted(refusals, key=lambda refusal: not refusal.is_hard)

    @api.model
    def _client(self, wish, branch, services, start, without):
        return self.env["salon.eligibility"]._check(
            self.env["res.partner"].browse(wish.client or ()),
            self._templates(services),
            start,
            wish.channel,
            branch,
            without.visit_id if without else None,
        )

    @api.model
    def _policy(self, wish, branch, services, start, now):
        rules = self.env["salon.search"]._policies(branch, services, wish.channel)
        found = {}
        for rule in rules.values():
            for refusal in policy.check_start(rule, start, now, branch.tz):
                found.setdefault(refusal.code, refusal)
        return list(found.values())

    @api.model
    def _templates(self, services):
        return self.env["product.template"].browse(
            {service.template for service in services.values()}
        )

    @api.model
    def _nobody(self, wish, service, branch, services):
        """Why none of the wished people does a service here."""
        values = {"product": service.product}
        if service.staff:
            return [
                self._not_she(person, service, branch, services)
                for person in self.env["hr.employee"].browse(service.staff)
            ]
        if service.level:
            return [Refusal("level", {**values, "level": service.level})]
        if service.gender:
            return [Refusal("gender", {**values, "gender": service.gender})]
        return [Refusal("no_skill", values)]

    @api.model
    def _not_she(self, person, service, branch, services):
        values = {"staff": person.id, "product": service.product}
        if not person.exists() or not (person.active and person.is_salon_staff):
            return Refusal("staff_unknown", values)
        if branch not in person.salon_branch_ids:
            return Refusal("not_in_branch", values)
        template = services[service.product].template
        if template not in person.salon_skill_ids.product_tmpl_id.ids:
            return Refusal("no_skill", values)
        if service.level and person.salon_level_id.id != service.level:
            return Refusal("level", {**values, "level": service.level})
        return Refusal("gender", {**values, "gender": service.gender})

    # One time

    @api.model
    def _time(self, wish, branch, start, without):
        """What is taken, closed or not offered at this time."""
        day = clock.local(start, branch.tz).date()
        search = self.env["salon.search"]._prepare(wish, day, day, without)
        if search is None:
            return [Refusal("closed")]
        if self.env["salon.availability"]._plan(search, start):
            return self._not_offered(search, start)
        if (
            not search.horizon.has(search.horizon.everything, start)
            or (start - search.horizon.origin) % search.horizon.cell
        ):
            return [Refusal("off_grid", {"minutes": search.grid})]
        alone = [self._step(search, step, start) for step in search.steps]
        if wish.order == ANY_ORDER:
            # Some service may come first; only when none can is it their fault.
            alone = [min(alone, key=len)]
        for refusals in alone[:1] if wish.order != "together" else alone:
            if refusals:
                return refusals
        return self._limited(search, start) or [self._waiting(search)]

    @api.model
    def _limited(self, search, start):
        """Who may do some of the services on this day, but not all of them."""
        limits = search.planner.limits
        if not limits:
            return []
        search.planner.limits = {}
        placed = self.env["salon.availability"]._plan(search, start)
        search.planner.limits = limits
        return [
            Refusal("staff_daily_cap", {"staff": staff})
            for staff in dict.fromkeys(one.option.staff for one in placed or ())
            if staff in limits
        ]

    @api.model
    def _waiting(self, search):
        return Refusal("wait_too_long", {"minutes": search.planner.max_wait})

    @api.model
    def _not_offered(self, search, start):
        """A time that is free and still not offered."""
        if not search.horizon.has(search.within, start):
            return [Refusal("off_grid", {"minutes": search.grid})]
        self.env["salon.ranking"]._open(search)
        if not self.env["salon.availability"]._plan(search, start):
            return [Refusal("gap")]
        return []

    @api.model
    def _step(self, search, step, start):
        """Why nobody can begin this service then; empty when somebody can."""
        found = {}
        for option in step.options:
            refusal = self._option(search, step, option, start)
            if refusal is None:
                return []
            found[option.staff] = refusal
        codes = {refusal.code for refusal in found.values()}
        if len(found) == 1 or codes <= {"closed"} or codes == {"no_place"}:
            return list(found.values())[:1]
        return [Refusal("nobody_free", {"product": step.product})]

    @api.model
    def _option(self, search, step, option, start):
        """Why this person cannot begin the service then, or None."""
        horizon = search.horizon
        values = {"staff": option.staff, "product": step.product}
        stretches = [
            (start + begin, start + end) for begin, end in option.footprint.staff
        ]
        open_ = search.open[option.staff]
        for begin, end in stretches:
            if not self._covers(horizon, open_, begin, end):
                return self._not_there(search, option, values, begin, end)
        if horizon.free(stretches) & option.closed:
            return self._closed_to(search, step, option, values, start)
        free = search.planner.free[option.staff]
        for begin, end in stretches:
            if not self._covers(horizon, free, begin, end):
                return self._busy(search, step, option, values, start)
        for pool, begin, end in search.planner.holds(option):
            fits = search.planner._pool_fits(
                step.product, option.staff, pool, begin, end
            )
            if not horizon.has(fits, start):
                kind = pool if isinstance(pool, int) else False
                return Refusal("no_place", {**values, "facility_type": kind})
        return None

    @api.model
    def _covers(self, horizon, mask, start, stop):
        wanted = horizon.taken([(start, stop)])
        return mask & wanted == wanted

    @api.model
    def _not_there(self, search, option, values, begin, end):
        branch, horizon = search.branch, search.horizon
        hours = self.env["salon.hours"]._branch_windows(
            branch, horizon.origin, horizon.origin + horizon.size * horizon.cell
        )
        if not any(start <= begin and end <= stop for start, stop in hours):
            after = [start for start, _stop in hours if start > begin]
            return Refusal("closed", values, until=min(after, default=None))
        person = self.env["hr.employee"].browse(option.staff)
        leave = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", person.resource_id.id),
                ("date_from", "<", clock.to_utc(end)),
                ("date_to", ">", clock.to_utc(begin)),
            ],
            order="date_to desc",
            limit=1,
        )
        if leave:
            back = clock.to_minutes_ceil(leave.date_to)
            return Refusal("on_leave", values, until=back)
        works = search.open[option.staff]
        first = (end - horizon.origin) // horizon.cell
        later = works >> first
        again = None
        if later:
            lowest = (later & -later).bit_length() - 1
            again = horizon.origin + (first + lowest) * horizon.cell
        return Refusal("not_working", values, until=again)

    @api.model
    def _closed_to(self, search, step, option, values, start):
        """A licence or a limit closes the day to this person."""
        plain = [
            step.__class__(
                step.product,
                tuple(
                    one.__class__(one.staff, one.footprint)
                    for one in step.options
                    if one.staff == option.staff
                ),
            )
        ]
        products = self.env["product.product"].browse(step.product)
        services = self.env["salon.catalog"]._services(products)
        branch, horizon = search.branch, search.horizon
        salon_search = self.env["salon.search"]
        blocked = salon_search._blocked_days(
            branch, [option.staff], [services[step.product].template], horizon
        )
        (licensed,) = salon_search._without_licences(
            branch, services, plain, horizon, blocked
        )
        if search.horizon.has(licensed.options[0].closed, start):
            return Refusal("licence_expired", values)
        if search.horizon.has(search.full.get(step.product, 0), start):
            return Refusal("daily_cap", values)
        return Refusal("staff_daily_cap", values)

    @api.model
    def _busy(self, search, step, option, values, start):
        """Busy until the first later time at which the whole service would fit."""
        horizon = search.horizon
        fits = search.planner.starts_by_staff(step)[option.staff]
        later = [minute for minute in horizon.starts(fits) if minute > start]
        return Refusal("busy", values, until=min(later, default=None))
