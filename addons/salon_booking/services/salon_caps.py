from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, groupby

from ..engine import clock, policy, states
from ..engine.refusals import Refusal
from ..exceptions import SlotTaken


class Counted(NamedTuple):
    """What a booking counts for on a day: its service in the branch, or its person."""

    day: date
    branch: int
    template: int = 0
    staff: int = 0


class SalonCaps(models.AbstractModel):
    """Keeps the bookings of a day within what the rules allow.

    Bookings that were there before a limit was set or lowered stay, and may change
    within their day; what comes to a day that has enough is refused.
    """

    _name = "salon.caps"
    _description = "Salon Limits per Day"

    @api.model
    def _counted(self, appointments):
        """What bookings count for as they stand: ``{appointment id: {Counted}}``."""
        return {
            appointment.id: self._counts_for(appointment)
            for appointment in appointments
        }

    @api.model
    def _counts_for(self, appointment):
        # Who takes part in a group event takes nobody's time; the event does.
        if (
            appointment.state in states.LOST
            or appointment.group_event_id
            or appointment.visit_id.is_history
        ):
            return frozenset()
        branch = appointment.branch_id
        day = clock.local(clock.to_minutes(appointment.start), branch.tz).date()
        template = appointment.product_id.product_tmpl_id.id
        found = {Counted(day, branch.id, template=template)}
        if appointment.staff_id:
            found.add(Counted(day, branch.id, staff=appointment.staff_id.id))
        return frozenset(found)

    @api.model
    def _assert_room(self, appointments, before=None):
        """Raise SlotTaken when one came to a day on which it is one too many.

        :param before: ``_counted`` before a change; what was there already is not asked
        """
        # sudo: hr.employee, salon.appointment - a limit counts the bookings of all
        own = appointments.sudo()
        limits = self._limits(own, before or {})
        if not limits:
            return
        self._claim({counted for known in limits.values() for counted in known})
        is_judged = self.env["salon.eligibility"]._is_judged
        judged = appointments.filtered(
            lambda a: a.id in limits and is_judged(a) and not a.overlap_reason
        )
        for branch, members in judged.grouped("branch_id").items():
            counts = self._count(
                branch, {one for member in members for one in limits[member.id]}
            )
            for member in members:
                for counted, cap in sorted(limits[member.id].items()):
                    if counts[counted] > cap:
                        raise self._full(member, counted)

    @api.model
    def _test_for(self, branch, channel, parts):
        """How to find out whether the visits of several guests stay within the limits.

        :param parts: all ``engine.wishes.Part`` in question
        :return: a function of the parts that are to be booked together
        """
        # sudo: hr.employee - a limit is no secret of the personnel file
        self = self.sudo()
        products = self.env["product.product"].browse({part.product for part in parts})
        templates = {product.id: product.product_tmpl_id.id for product in products}
        rules = self.env["salon.booking.policy"]._find(
            branch, products.product_tmpl_id, channel
        )
        for_all = policy.merge(rules.values()).staff_daily_cap if rules else 0
        own = {
            person.id: min(filter(None, (for_all, person.salon_daily_cap)), default=0)
            for person in self.env["hr.employee"].browse({part.staff for part in parts})
        }
        known, caps = {}, {}
        for part in parts:
            day = clock.local(part.start, branch.tz).date()
            template = templates[part.product]
            for_service = Counted(day, branch.id, template=template)
            for_person = Counted(day, branch.id, staff=part.staff)
            known[part] = for_service, for_person
            caps[for_service] = rules[template].daily_cap
            caps[for_person] = own[part.staff]
        caps = {counted: cap for counted, cap in caps.items() if cap}
        counts = self._count(branch, caps) if caps else {}

        def fits(wanted):
            more = Counter(one for part in wanted for one in known[part] if one in caps)
            return all(counts[one] + count <= caps[one] for one, count in more.items())

        return fits

    @api.model
    def _limits(self, appointments, before):
        """How many may be there where bookings came to: ``{id: {Counted: cap}}``."""
        policies = self.env["salon.booking.policy"]
        channel = self.env["salon.eligibility"]._channel
        limits = {}
        for (branch, through), visits in groupby(
            appointments.visit_id, key=lambda visit: (visit.branch_id, channel(visit))
        ):
            members = appointments.filtered(
                lambda a, ids={visit.id for visit in visits}: a.visit_id.id in ids
            )
            is_ruled = policies._has_caps(branch.company_id)
            if not is_ruled and not any(members.staff_id.mapped("salon_daily_cap")):
                continue
            templates = members.visit_id.appointment_ids.product_id.product_tmpl_id
            rules = policies._find(branch, templates, through)
            for member in members:
                came = self._counts_for(member) - before.get(member.id, frozenset())
                caps = {one: self._cap_of(one, member, rules) for one in came}
                if caps := {one: cap for one, cap in caps.items() if cap}:
                    limits[member.id] = caps
        return limits

    @api.model
    def _cap_of(self, counted, appointment, rules):
        """How many bookings may be there; 0 is no limit."""
        if counted.template:
            return rules[counted.template].daily_cap
        templates = appointment.visit_id.appointment_ids.product_id.product_tmpl_id
        strictest = policy.merge(rules[template.id] for template in templates)
        caps = strictest.staff_daily_cap, appointment.staff_id.salon_daily_cap
        return min(filter(None, caps), default=0)

    @api.model
    def _claim(self, counted):
        """Let transactions that count for the same meet: see ``salon.capped.day``."""
        rows = set()
        for one in counted:
            if one.template:
                rows.add((one.day, one.branch, one.template, 0))
                continue
            # Days of branches in different zones meet in those of UTC.
            start, stop = self._bounds(one)
            first, last = clock.to_utc(start).date(), clock.to_utc(stop - 1).date()
            rows |= {
                (first + timedelta(days=later), 0, 0, one.staff)
                for later in range((last - first).days + 1)
            }
        self.env.cr.execute(
            SQL(
                """INSERT INTO salon_capped_day AS capped
                          (day, branch_id, product_tmpl_id, staff_id, revision)
                   SELECT day, NULLIF(branch, 0), NULLIF(template, 0),
                          NULLIF(staff, 0), 0
                     FROM (VALUES %s) AS new (day, branch, template, staff)
                       ON CONFLICT (day, COALESCE(branch_id, 0),
                                    COALESCE(product_tmpl_id, 0),
                                    COALESCE(staff_id, 0))
                       DO UPDATE SET revision = capped.revision + 1""",
                SQL(", ").join(SQL("%s", row) for row in sorted(rows)),
            ),
            log_exceptions=False,
        )

    @api.model
    def _bounds(self, counted):
        # sudo: salon.branch - its time zone only
        branch = self.env["salon.branch"].sudo().browse(counted.branch)
        return clock.day_bounds(counted.day, branch.tz)

    @api.model
    def _count(self, branch, counted):
        """How many bookings there are: ``{Counted: count}``."""
        first = min(one.day for one in counted)
        days = (max(one.day for one in counted) - first).days + 1
        bounds = [
            clock.day_bounds(first + timedelta(days=number), branch.tz)[0]
            for number in range(days + 1)
        ]
        by_service, by_staff = self.env["salon.search"]._counts(
            branch,
            {one.template for one in counted if one.template},
            {one.staff for one in counted if one.staff},
            bounds[:-1],
            bounds[-1],
        )
        return {
            one: (by_service if one.template else by_staff)
            .get(one.template or one.staff, {})
            .get((one.day - first).days, 0)
            for one in counted
        }

    @api.model
    def _full(self, appointment, counted):
        """The polite refusal, with the nearest times that can be had."""
        branch = appointment.branch_id
        code = "daily_cap" if counted.template else "staff_daily_cap"
        values = {
            "product": appointment.product_id.id,
            "staff": appointment.staff_id.id,
        }
        eligibility = self.env["salon.eligibility"]
        channel = eligibility._channel(appointment.visit_id)
        message = self.env["salon.refusal"]._text(
            Refusal(code, values), branch, channel
        )
        slots = self.env["salon.availability"]._nearest_slots(appointment)
        message = self.env["salon.booking"]._with_nearest(message, slots, branch)
        if channel == "desk" and eligibility._may_override():
            message += " " + self.env._(
                "To book anyway, give the reason under “Booked against the Rules” on "
                "the visit."
            )
        return SlotTaken(message, slots)


class SalonBooking(models.AbstractModel):
    _inherit = "salon.booking"

    @api.model
    def _place(self, appointments, values_by_appointment):
        caps = self.env["salon.caps"]
        before = caps._counted(appointments)
        super()._place(appointments, values_by_appointment)
        caps._assert_room(appointments, before)
