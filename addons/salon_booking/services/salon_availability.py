from collections import defaultdict
from datetime import timedelta

from pytz import timezone

from odoo import api, fields, models

from ..engine import clock
from ..engine.intervals import intersect, merge, subtract
from ..engine.slots import Candidate, Unit, free_slots
from ..engine.wishes import Offer, Part

#: How far around a refused wish the nearest free times are looked for.
NEAR = timedelta(days=7)


class SalonAvailability(models.AbstractModel):
    """Which times can really be had: loads in one batch, asks the engine.

    Every channel asks here, so that none sells what another would refuse.
    """

    _name = "salon.availability"
    _description = "Salon Availability"

    @api.model
    def _search_slots(self, branch, product, date_from, date_to, staff=None):
        """Free times for one service, as ``engine.slots.Slot`` in UTC minutes.

        :param date_from, date_to: local days of the branch, both included
        :param staff: hr.employee to choose from; None for everybody who can do it
        """
        first, _next_day = clock.day_bounds(date_from, branch.tz)
        _day, last = clock.day_bounds(date_to, branch.tz)
        now = clock.to_minutes_ceil(fields.Datetime.now())
        if last <= now:
            return []
        candidates, units = self._load(branch, product, max(first, now), last, staff)
        slots = []
        for days in range((date_to - date_from).days + 1):
            day_first, day_last = clock.day_bounds(
                date_from + timedelta(days=days), branch.tz
            )
            slots += free_slots(
                candidates,
                units,
                (max(day_first, now), day_last),
                branch.slot_minutes,
                anchor=day_first,
            )
        return slots

    @api.model
    def _find_offers(self, wish, date_from, date_to, without=None, limit=None):
        """Visits that can really be had, by time.

        :param wish: ``engine.wishes.VisitWish``
        :param date_from, date_to: local days of the branch, both included
        :param without: salon.appointment whose own time counts as free
        :return: list of ``engine.wishes.Offer``
        """
        self.env["salon.occupancy"]._assert_open_for(wish.channel)
        (service,) = wish.services
        slots = self._search_slots(
            self.env["salon.branch"].browse(wish.branch),
            self.env["product.product"].browse(service.product),
            date_from,
            date_to,
            service.staff and self.env["hr.employee"].browse(service.staff),
        )
        return [
            Offer(
                slot.start,
                slot.stop,
                (Part(service.product, slot.staff, slot.start, slot.stop),),
            )
            for slot in slots
        ][:limit]

    @api.model
    def _nearest_offers(self, wish, start, limit=3, without=None):
        """The offers closest to a wished start (UTC minutes), nearest first."""
        branch = self.env["salon.branch"].browse(wish.branch)
        day = clock.local(start, branch.tz).date()
        offers = self._find_offers(wish, day - NEAR, day + NEAR, without)
        offers.sort(key=lambda offer: (abs(offer.start - start), offer.start))
        return offers[:limit]

    @api.model
    def _explain(self, wish, start):
        """Why a wished start (UTC minutes) cannot be had: ``engine.refusals.Refusal``.

        Empty when nothing speaks against it.
        """
        return []

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
    def _load(self, branch, product, first, last, staff=None):
        """Candidates and facility units for the engine, in a fixed number of queries.

        ``first`` and ``last`` are UTC minutes.
        """
        # sudo: salon.skill, hr.employee, resource - who is free is not a secret of the
        # personnel file; only free intervals leave this method
        self = self.sudo()
        template = product.product_tmpl_id.sudo()
        domain = [
            ("product_tmpl_id", "=", template.id),
            ("staff_id.active", "=", True),
            ("staff_id.is_salon_staff", "=", True),
            ("staff_id.salon_branch_ids", "in", branch.id),
        ]
        if staff:
            domain.append(("staff_id", "in", staff.ids))
        skills = self.env["salon.skill"].search(domain)
        service = self.env["salon.catalog"]._services(product)[product.id]
        segments = {
            skill: service.segments(skill._get_minutes(template)) for skill in skills
        }
        # What starts before ``last`` may still be running after it.
        longest = max((laid[-1].stop for laid in segments.values()), default=0)
        last += longest
        staff_windows = self._open_windows(branch, skills.staff_id, first, last)
        types = template.salon_phase_ids.facility_type_id
        facilities = self.env["salon.facility"].search(
            [("branch_id", "=", branch.id), ("type_id", "in", types.ids)]
        )
        resources = skills.staff_id.resource_id | facilities.resource_id
        busy = self._busy(resources, first, last)
        candidates = [
            Candidate(
                skill.staff_id.id,
                segments[skill],
                subtract(
                    staff_windows[skill.staff_id.resource_id.id],
                    busy[skill.staff_id.resource_id.id, 1],
                ),
            )
            for skill in skills
        ]
        return candidates, self._units(facilities, busy, first, last)

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
    def _units(self, facilities, busy, first, last):
        """Places by facility type: ``{type id: [Unit]}``."""
        leaves = self._leaves(facilities.resource_id, first, last)
        units = defaultdict(list)
        for facility in facilities:
            resource = facility.resource_id
            window = [(first, last)]
            if resource.calendar_id:
                worked = resource.calendar_id._work_intervals_batch(
                    self._aware(first), self._aware(last), resources=resource
                )
                window = self._minutes_of(worked[resource.id])
            window = subtract(window, leaves[resource.id])
            for number in range(1, facility.capacity + 1):
                free = subtract(window, busy[resource.id, number])
                units[facility.type_id.id].append(Unit(resource.id, number, free))
        return units

    @api.model
    def _busy(self, resources, first, last, without=None):
        """Taken intervals by ``(resource id, unit)``, in one indexed query.

        :param without: salon.appointment whose own rows do not count
        """
        self.env["salon.occupancy"].flush_model()
        self.env.cr.execute(
            """SELECT resource_id, unit, start, stop
                 FROM salon_occupancy
                WHERE resource_id = ANY(%s) AND start < %s AND stop > %s
                  AND is_blocking AND appointment_id != ALL(%s)""",
            [
                resources.ids,
                clock.to_utc(last),
                clock.to_utc(first),
                without.ids if without else [],
            ],
        )
        busy = defaultdict(list)
        for resource_id, unit, start, stop in self.env.cr.fetchall():
            busy[resource_id, unit].append(
                (clock.to_minutes(start), clock.to_minutes_ceil(stop))
            )
        return busy

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
