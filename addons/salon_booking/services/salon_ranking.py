from dataclasses import replace
from itertools import pairwise

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import clock, offers, policy

#: What a hole may earn is learnt from this many days of bookings.
LEARNING_DAYS = 90
LONGEST_HOLE = 12 * 60


class SalonRanking(models.AbstractModel):
    """Which of the possible times are offered, with whom, and what they cost."""

    _name = "salon.ranking"
    _description = "Salon Choice of Times"

    @api.model
    def _open(self, search):
        """Let a visit begin only where the rules about gaps and grids allow it.

        With whom decides: one person's hole is not another's.
        """
        if self._has_gap_rules(search):
            search.planner.openings = {
                (step.product, person): mask
                for step in search.steps
                if not step.is_appointed
                for person, mask in self._allowed_by_staff(search, step).items()
            }

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
        if step.is_appointed or not self._has_gap_rules(search):
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
            asked = search.ground.asked
            if "shortest" not in asked:
                asked["shortest"] = self._shortest_services(search.ground.people)
            return asked["shortest"].get(staff, 0)
        return 0

    @api.model
    def _shortest_services(self, staff_ids):
        """The minutes of the shortest service of each person, in one query."""
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
                tuple(staff_ids) or (0,),
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
    def _prefer(self, search):
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
        several = any(
            len(step.options) > 1 for step in search.steps if not step.is_appointed
        )
        recent = {}
        if several and "least_recent" in search.policy.choice:
            asked = search.ground.asked
            if "recent" not in asked:
                asked["recent"] = self._last_chosen(search.ground.people)
            recent = asked["recent"]
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
        appointed = {step.product for step in search.steps if step.is_appointed}
        for offer in found:
            if values is None:
                values = self._hole_values(search)
            cost = 0.0
            for part in offer.parts:
                if part.product in appointed:
                    continue
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
                if not step.is_appointed
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
