from dataclasses import replace
from datetime import timedelta

from odoo import api, models

from ..engine import clock, nearest, offers
from ..engine.wishes import Offer, Part, ServiceWish, VisitWish

#: How far around a refused wish the nearest free times are looked for.
NEAR = timedelta(days=7)
#: Minutes around a wished time in which most find another one.
NEXT_TO = 2 * clock.DAY


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
        search = self.env["salon.search"]._prepare(wish, date_from, date_to, without)
        if search is None:
            return []
        found = []
        self.env["salon.ranking"]._prefer(search)
        starts = self._starts(search)
        for start in starts[:limit]:
            placed = self._plan(search, start)
            if placed:
                found.append(self._offer(search, placed))
        return self._ranked(search, found)

    @api.model
    def _offer_at(self, wish, start):
        """The visit at exactly this UTC minute, on the grid or not, or None."""
        branch = self.env["salon.branch"].browse(wish.branch)
        day = clock.local(start, branch.tz).date()
        search = self.env["salon.search"]._prepare(
            replace(wish, is_any_minute=True), day, day
        )
        if search is None or not search.horizon.has(search.within, start):
            return None
        self.env["salon.ranking"]._prefer(search)
        placed = self._plan(search, start)
        return self._offer(search, placed) if placed else None

    @api.model
    def _starts(self, search):
        """UTC minutes at which the visit can begin, in order."""
        self.env["salon.ranking"]._open(search)
        united = 0
        for groups in search.orders:
            united |= search.planner.starts(groups, search.within)
        return search.horizon.starts(united)

    @api.model
    def _candidates(self, search):
        """UTC minutes outside of which the visit cannot begin, in order."""
        united = 0
        for groups in search.orders:
            united |= search.planner.candidates(groups, search.within)
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
                # A class may be held by nobody of the team.
                Part(one.step.product, one.option.staff or False, one.start, one.stop)
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
        search = self.env["salon.search"]._prepare(
            VisitWish(branch.id, (service,), **wish), date_from, date_to
        )
        return self._free_parts(search) if search else []

    @api.model
    def _find_offers_by_staff(self, wish, date_from, date_to):
        """As ``_find_offers`` for one service, but each time with every person.

        :param wish: ``engine.wishes.VisitWish`` of one service
        """
        search = self.env["salon.search"]._prepare(wish, date_from, date_to)
        if search is None:
            return []
        return self._ranked(
            search,
            [
                Offer(part.start, part.stop, (part,))
                for part in self._free_parts(search)
            ],
        )

    @api.model
    def _free_parts(self, search):
        """Of a search for one service, by time, then by who is offered first."""
        product = search.wish.services[0].product
        minutes = {
            option.staff: option.footprint.length for option in search.steps[0].options
        }
        rank = {person: index for index, person in enumerate(minutes)}
        found = [
            Part(product, person, start, start + minutes[person])
            for person, starts in self._free_starts(search).items()
            for start in starts
        ]
        found.sort(key=lambda part: (part.start, rank[part.staff]))
        return found

    @api.model
    def _ranked(self, search, found):
        """The same offers with their costs, the best of each day marked."""
        found = self.env["salon.ranking"]._with_costs(search, found)
        return offers.mark_best(
            found, lambda start: clock.local(start, search.branch.tz).date()
        )

    @api.model
    def _free_starts(self, search):
        """Of a search for one service: ``{staff id: [UTC minute, …]}``."""
        (step,) = search.steps
        allowed = self.env["salon.ranking"]._allowed_by_staff(search, step)
        return {
            person: search.horizon.starts(
                mask & search.within & allowed[person], search.grid
            )
            for person, mask in search.planner.starts_by_staff(step).items()
        }

    @api.model
    def _nearest_offers(self, wish, start, limit=3, without=None):
        """The offers closest to a wished start (UTC minutes), nearest first."""
        branch = self.env["salon.branch"].browse(wish.branch)
        day = clock.local(start, branch.tz).date()
        search = self.env["salon.search"]._prepare(
            wish, day - NEAR, day + NEAR, without
        )
        if search is None:
            return []
        self.env["salon.ranking"]._prefer(search)
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
    def _find_near(self, asked, date_from, date_to, reach, count):
        """Around wished starts, all offers that the few best ones can be among.

        :param asked: ``(wish, without, UTC minute, price)`` of each, all of one branch;
            ``price`` as for ``engine.nearest.gather``
        :param reach: minutes around each start
        :return: a list of ``engine.wishes.Offer`` for each
        """
        searches = self.env["salon.search"]._prepare_all(
            [(wish, without) for wish, without, _start, _price in asked],
            date_from,
            date_to,
        )
        return [
            self._gather_near(search, start, price, reach, count) if search else []
            for search, (_wish, _without, start, price) in zip(
                searches, asked, strict=True
            )
        ]

    @api.model
    def _gather_near(self, search, start, price, reach, count):
        self.env["salon.ranking"]._prefer(search)

        def offer_at(minute):
            placed = self._plan(search, minute)
            return self._offer(search, placed) if placed else None

        starts = self._starts_by_distance(search, start, reach)
        return nearest.gather(starts, offer_at, start, price, count)

    @api.model
    def _starts_by_distance(self, search, wished, reach):
        """Yield the starts around a wished one, nearest first.

        In rings, as most who ask find enough in the days next to it.
        """
        everywhere, inside = search.within, 0
        for width in (min(NEXT_TO, reach), reach):
            ring = search.horizon.free([(wished - width, wished + width)]) & ~inside
            search.within = everywhere & ring
            yield from sorted(
                self._starts(search),
                key=lambda start: (abs(start - wished), start),
            )
            inside |= ring
        search.within = everywhere

    @api.model
    def _nearest_slots(self, appointment, taken=(), limit=3):
        """Free times closest to an appointment that cannot be had, nearest first.

        :param taken: intervals in UTC minutes that are known to be taken although this
            transaction cannot see by whom
        """
        branch = appointment.branch_id
        wish = clock.to_minutes(appointment.start)
        day = clock.local(wish, branch.tz).date()
        slots = self._slots_like(appointment, day, day + NEAR)
        slots = [
            slot
            for slot in slots
            if not any(slot.start < stop and start < slot.stop for start, stop in taken)
        ]
        slots.sort(key=lambda slot: (abs(slot.start - wish), slot.start))
        return slots[:limit]

    @api.model
    def _slots_like(self, appointment, date_from, date_to):
        """Free times of one service as it is booked: as long, for this client."""
        visit = appointment.visit_id
        wish = VisitWish(
            appointment.branch_id.id,
            (
                ServiceWish(
                    appointment.product_id.id,
                    tuple(appointment.staff_id.ids) or None,
                    appointment.duration_minutes or None,
                ),
            ),
            client=visit.client_id.id or None,
            channel=visit.source if visit.source in ("web", "api") else "desk",
        )
        search = self.env["salon.search"]._prepare(wish, date_from, date_to)
        return self._free_parts(search) if search else []

    @api.model
    def _explain(self, wish, start, without=None):
        """Why a wished start (UTC minutes) cannot be had: ``engine.refusals.Refusal``.

        Empty when nothing speaks against it.
        """
        return self.env["salon.reasons"]._explain(wish, start, without)

    # Hours

    @api.model
    def _windows(self, branch_id, resource_ids, first, last):
        """When people and places may be booked: ``{resource id: intervals}``."""
        # sudo: salon.branch - only free intervals leave this method
        return self.env["salon.hours"]._windows(
            self.env["salon.branch"].sudo().browse(branch_id),
            self.env["resource.resource"].browse(resource_ids),
            first,
            last,
        )
