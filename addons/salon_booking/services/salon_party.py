from collections import Counter
from dataclasses import replace
from itertools import chain as chain_lists
from itertools import combinations, islice

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..engine import clock, states
from ..engine.matching import chain, choose, clash, fits_at_once
from ..engine.phases import pool_holds, staff_holds
from ..engine.seating import seat
from ..engine.wishes import Offer, Part, PartyOffer
from ..exceptions import SlotTaken

#: Choices of people and places for a visit of several services at one start.
PLANS = 60


def _claims(demand):
    """When the person is needed, for ``engine.matching``."""
    if not demand.person:
        return []
    return [
        (demand.person.resource, demand.start + first, demand.start + last)
        for first, last in staff_holds(demand.segments)
    ]


class _Room:
    """The places of a branch during a search: loaded once, asked for every start."""

    def __init__(self, env, branch, demands):
        self.claim = env["salon.claim"]
        holds = [hold for demand in demands.values() for hold in _holds(demand)]
        self.places, self.kept = {}, set()
        if not holds:
            return
        first = min(start for _pool, start, _stop in holds)
        last = max(stop for _pool, _start, stop in holds)
        catalog = env["salon.catalog"]
        self.places, self.kept = catalog._places(
            branch.id, {pool for pool, _start, _stop in holds}, first, last
        )
        # Who may change places counts as taken: the booking itself may move them.
        catalog._take_off(self.places, set(self.places), first, last)
        self.counts = {pool: len(known) for pool, known in self.places.items()}

    def has_places(self, demands):
        holds = [
            (index, *hold)
            for index, demand in enumerate(demands)
            for hold in _holds(demand)
        ]
        if not holds:
            return True
        if not fits_at_once([hold[1:] for hold in holds], self.counts):
            return False
        wants = self.claim._wants(demands, holds, self.kept)
        return seat(wants, self.places) is not None


def _holds(demand):
    return [
        (pool, demand.start + first, demand.start + last)
        for pool, first, last in pool_holds(demand.segments)
    ]


class SalonPartyBooking(models.AbstractModel):
    """Finds, books and moves the visits of guests who come together."""

    _name = "salon.party.booking"
    _description = "Salon Party Booking Service"

    @api.model
    def _find_party_offers(
        self, wishes, date_from, date_to, in_turn=False, max_wait=15, limit=None
    ):
        """Times at which every guest can be served, each by somebody else.

        :param wishes: ``engine.wishes.VisitWish`` of each guest, in one branch
        :param date_from, date_to: local days of the branch, both included
        :param in_turn: one after the other, in the given order, with at most
            ``max_wait`` minutes in between; else all start at the same time
        :return: list of ``engine.wishes.PartyOffer``, by time
        """
        if not wishes:
            return []
        branch = self.env["salon.branch"].browse(wishes[0].branch)
        find = self.env["salon.search"]._prepare
        known = {wish: find(wish, date_from, date_to) for wish in dict.fromkeys(wishes)}
        if not all(known.values()):
            return []
        for search in known.values():
            self.env["salon.ranking"]._prefer(search)
        by_start = {wish: self._offers_by_start(known[wish]) for wish in known}
        guests = [by_start[wish] for wish in wishes]
        fits = self._test_for(
            branch,
            wishes[0].channel,
            {
                part
                for own in guests
                for offers in own.values()
                for offer in offers
                for part in offer.parts
            },
        )
        if in_turn:
            return self._offers_in_turn(branch, guests, max_wait, fits)[:limit]
        return self._offers_together(branch, guests, fits, limit)

    @api.model
    def _offers_by_start(self, search):
        """Every choice of people at each start: ``{UTC minute: [Offer]}``."""
        availability = self.env["salon.availability"]
        if len(search.steps) > 1 or search.steps[0].is_appointed:
            return {
                start: self._choices(search, start)
                for start in availability._starts(search)
            }
        (step,) = search.steps
        minutes = {option.staff: option.footprint.length for option in step.options}
        found = {}
        for staff, starts in availability._free_starts(search).items():
            for start in starts:
                part = Part(step.product, staff, start, start + minutes[staff])
                offer = Offer(start, part.stop, (part,))
                found.setdefault(start, []).append(offer)
        return found

    @api.model
    def _choices(self, search, start):
        """Offers of several services that begin at one start, by different people."""
        plans = chain_lists.from_iterable(
            search.planner.plans(groups, start) for groups in search.orders
        )
        offers = dict.fromkeys(
            self.env["salon.availability"]._offer(search, placed)
            for placed in islice(plans, PLANS)
        )
        return list(offers)

    @api.model
    def _offers_in_turn(self, branch, guests, max_wait, is_within_limits):
        offers = [
            [offer for start in sorted(own) for offer in own[start]] for own in guests
        ]
        demands = self._demands(branch, offers)
        claims = [
            [self._offer_claims(offer, demands) for offer in own] for own in offers
        ]

        room = _Room(self.env, branch, demands)

        def has_places(guests, indexes):
            return room.has_places(
                self._demands_by_guest(
                    [
                        offers[guest][index]
                        for guest, index in zip(guests, indexes, strict=True)
                    ],
                    demands,
                )
            )

        def fits(guest, index, following):
            return not any(
                clash(one, other)
                for one in claims[guest][index]
                for other in claims[guest + 1][following]
            ) and has_places((guest, guest + 1), (index, following))

        def accepts(chosen):
            # Who tidies up for long may be in the way of the guest after the next.
            taken = [claims[guest][index] for guest, index in enumerate(chosen)]
            return (
                not any(
                    clash(one, other)
                    for first, second in combinations(taken, 2)
                    for one in first
                    for other in second
                )
                and is_within_limits(
                    part
                    for guest, index in enumerate(chosen)
                    for part in offers[guest][index].parts
                )
                and has_places(range(len(chosen)), chosen)
            )

        spans = [[(offer.start, offer.stop) for offer in own] for own in offers]
        by_start = {}
        for chosen in chain(spans, max_wait, fits, accepts):
            row = [own[index] for own, index in zip(offers, chosen, strict=True)]
            by_start.setdefault(row[0].start, self._party_offer(row))
        return list(by_start.values())

    @api.model
    def _offers_together(self, branch, guests, is_within_limits, limit=None):
        starts = sorted(set.intersection(*map(set, guests)))
        options = {start: [own[start] for own in guests] for start in starts}
        demands = self._demands(
            branch, (own for by_guest in options.values() for own in by_guest)
        )
        room = _Room(self.env, branch, demands)
        found = []
        for start in starts:
            chosen = self._choose(options[start], demands, room, is_within_limits)
            if chosen:
                found.append(self._party_offer(chosen))
            if limit and len(found) >= limit:
                break
        return found

    @api.model
    def _choose(self, options, demands, room, is_within_limits):
        """One offer for each guest, so that nobody takes what another one has."""

        def fits(indexes):
            chosen = [options[guest][index] for guest, index in enumerate(indexes)]
            return is_within_limits(
                part for offer in chosen for part in offer.parts
            ) and room.has_places(self._demands_by_guest(chosen, demands))

        claims = [
            [self._offer_claims(offer, demands) for offer in own] for own in options
        ]
        chosen = choose(claims, fits)
        if chosen is None:
            return None
        return [own[index] for own, index in zip(options, chosen, strict=True)]

    @api.model
    def _demands_by_guest(self, offers, demands):
        """What these offers take together, each for a guest of its own."""
        return [
            replace(demands[part], owner=guest, party=guest)
            for guest, offer in enumerate(offers)
            for part in offer.parts
            if part in demands
        ]

    @api.model
    def _offer_claims(self, offer, demands):
        return [
            claim
            for part in offer.parts
            if part in demands
            for claim in _claims(demands[part])
        ]

    @api.model
    def _demands(self, branch, offers_by_guest):
        """What each part of these offers takes: ``{part: Demand}``.

        Who takes part in a group takes a seat of it and nobody's time.
        """
        parts = list(
            dict.fromkeys(
                part for own in offers_by_guest for offer in own for part in offer.parts
            )
        )
        groups = self._group_products(parts)
        parts = [part for part in parts if part.product not in groups]
        demands = self.env["salon.booking"]._demands_of_parts(0, branch, parts)
        return dict(zip(parts, demands, strict=True))

    @api.model
    def _group_products(self, parts):
        products = self.env["product.product"].browse({part.product for part in parts})
        services = self.env["salon.catalog"]._services(products)
        return {product for product, known in services.items() if known.is_group}

    @api.model
    def _test_for(self, branch, channel, parts):
        """How to find out whether all guests together are within limits and seats.

        :param parts: all ``engine.wishes.Part`` in question
        :return: a function of the parts that are to be booked together
        """
        groups = self._group_products(parts)
        seats = self._class_seats(branch, parts)
        is_within_limits = self.env["salon.caps"]._test_for(
            branch, channel, {part for part in parts if part.product not in groups}
        )

        def fits(wanted):
            wanted = list(wanted)
            joining = Counter(part for part in wanted if part.product in groups)
            return all(
                count <= seats.get(part, 0) for part, count in joining.items()
            ) and is_within_limits(
                part for part in wanted if part.product not in groups
            )

        return fits

    @api.model
    def _class_seats(self, branch, parts):
        """Places left in those of the parts that are classes: ``{part: count}``."""
        groups = self._group_products(parts)
        return self._seats(branch, [part for part in parts if part.product in groups])

    @api.model
    def _seats(self, branch, parts):
        """Places left in the events that these parts stand for: ``{part: count}``."""
        if not parts:
            return {}
        # sudo: salon.group.event - how many places are left is told to everybody
        events = (
            self.env["salon.group.event"]
            .sudo()
            .search(
                [
                    ("branch_id", "=", branch.id),
                    ("product_id", "in", list({part.product for part in parts})),
                    ("state", "=", "planned"),
                    ("start", ">=", clock.to_utc(min(part.start for part in parts))),
                    ("start", "<=", clock.to_utc(max(part.start for part in parts))),
                ]
            )
        )
        # Of two that nobody can tell apart the one with more places counts.
        seats = {}
        for event in events:
            part = event._as_part()
            seats[part] = max(seats.get(part, 0), event.seats_left)
        return seats

    @api.model
    def _party_offer(self, offers):
        return PartyOffer(
            min(offer.start for offer in offers),
            max(offer.stop for offer in offers),
            tuple(offers),
        )

    @api.model
    def _book_party(self, wishes, party_offer, host=None, source="desk", note=None):
        """Book every guest's visit or none of them.

        :param wishes: as for ``_find_party_offers``
        :param host: res.partner who invites and usually pays
        :return: salon.party
        :raises SlotTaken: somebody else was faster
        """
        branch = self.env["salon.branch"].browse(wishes[0].branch)
        booking = self.env["salon.booking"]
        party = self.env["salon.party"].create(
            {
                "branch_id": branch.id,
                "client_id": host.id if host else False,
                "note": note,
            }
        )
        # All at once and in order: the visits are booked one by one.
        parts = [part for offer in party_offer.offers for part in offer.parts]
        demands = booking._demands_of_parts(0, branch, parts)
        booking._lock_days(self.env["salon.claim"]._days_of_demands(demands))
        visits = self.env["salon.visit"]
        for wish, offer in zip(wishes, party_offer.offers, strict=True):
            visits |= booking._book_offer(wish, offer, source)
        visits.party_id = party
        return party

    @api.model
    def _move(self, visits, minutes):
        """Move visits by the same number of minutes, all or none.

        :raises SlotTaken: a person or place is taken then
        """
        appointments = visits.appointment_ids.filtered(
            lambda a: a.state not in states.LOST
        )
        self._check_movable(appointments)
        self.env["salon.booking"]._place(
            appointments,
            {
                appointment: {
                    "start": clock.to_utc(clock.to_minutes(appointment.start) + minutes)
                }
                for appointment in appointments
            },
        )

    @api.model
    def _check_movable(self, appointments):
        for appointment in appointments:
            if appointment.state not in (states.BOOKED, states.CONFIRMED):
                raise UserError(
                    self.env._(
                        "%(appointment)s is %(state)s and cannot be moved. Leave it "
                        "out.",
                        appointment=appointment.display_name,
                        state=appointment._state_label(),
                    )
                )

    @api.model
    def _party_taken(self, wishes, party_offer, error, **options):
        """The refusal for a whole party, with the next times for all of them."""
        branch = self.env["salon.branch"].browse(wishes[0].branch)
        day = clock.local(party_offer.start, branch.tz).date()
        others = self._find_party_offers(wishes, day, day, limit=3, **options)
        message = str(error)
        if others:
            message = self.env._(
                "Not everybody of the party can be served at that time any more. All "
                "together are free at: %(times)s.",
                times=", ".join(
                    format_datetime(
                        self.env,
                        clock.to_utc(offer.start),
                        tz=branch.tz,
                        dt_format="short",
                    )
                    for offer in others
                ),
            )
        return SlotTaken(message, others)
