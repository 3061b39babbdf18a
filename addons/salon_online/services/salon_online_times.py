from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.salon_booking.engine import clock, policy
from odoo.addons.salon_booking.engine.wishes import (
    ANY_ORDER,
    Offer,
    Part,
    ServiceWish,
    VisitWish,
)

#: Days that are looked through at once, and how often, until something is free.
DAYS, LOOKS = 14, 4


@dataclass(frozen=True, slots=True)
class Time:
    """A time that can be had, with an offer for each guest; UTC minutes."""

    start: int
    stop: int
    offers: tuple[Offer, ...]
    is_best: bool = False

    @property
    def parts(self):
        return tuple(part for offer in self.offers for part in offer.parts)

    @property
    def guests(self):
        """The number of the guest for whom each part is."""
        return {
            part: number
            for number, offer in enumerate(self.offers)
            for part in offer.parts
        }

    def as_json(self):
        return [
            [[part.product, part.staff, part.start, part.stop] for part in offer.parts]
            for offer in self.offers
        ]

    @classmethod
    def from_json(cls, guests):
        offers = []
        for rows in guests:
            parts = tuple(Part(*row) for row in rows)
            offers.append(
                Offer(
                    min(part.start for part in parts),
                    max(part.stop for part in parts),
                    parts,
                )
            )
        return cls(
            min(offer.start for offer in offers),
            max(offer.stop for offer in offers),
            tuple(offers),
        )


class SalonOnlineTimes(models.AbstractModel):
    """Times for what a visitor has chosen: only those of the one engine."""

    _name = "salon.online.times"
    _description = "Times of the Booking Pages"

    @api.model
    def _get_wishes(self, branch, choice, services, client=None):
        """``VisitWish`` of each guest; the person is wished where she does it."""
        rules = self._get_policy(branch, choice)
        wishes = []
        for own in choice.guests:
            wanted, ahead = [], None
            for product in self._in_order(own, services):
                service = services[product]
                is_by_name = choice.who in service["staff"]
                wanted.append(
                    ServiceWish(
                        product,
                        (choice.who,) if is_by_name else None,
                        is_requested=is_by_name,
                        after=ahead if service["is_addon"] else None,
                    )
                )
                if not service["is_addon"]:
                    ahead = product
            wishes.append(
                VisitWish(
                    branch.id,
                    tuple(wanted),
                    client=client.id if client and not wishes else None,
                    channel="web",
                    order=ANY_ORDER,
                    max_wait=rules.max_wait_minutes,
                )
            )
        return wishes

    @api.model
    def _in_order(self, own, services):
        """Each add-on right after its service."""
        ordered = []
        for product in own:
            if services[product]["is_addon"]:
                continue
            ordered.append(product)
            ordered += [
                one
                for one in own
                if services[one]["is_addon"]
                and one in services[product]["addons"]
                and one not in ordered
            ]
        return ordered

    @api.model
    def _get_policy(self, branch, choice):
        """The strictest rules of all services chosen."""
        # sudo: product.product - rules hold for clients who do not read them
        products = self.env["product.product"].sudo().browse(choice.products)
        found = self.env["salon.booking.policy"]._find(
            branch, products.product_tmpl_id, "web"
        )
        return policy.merge(found.values())

    @api.model
    def _find(self, branch, wishes, first, last):
        """Times within local days, both included: list of ``Time`` in order."""
        if len(wishes) == 1:
            offers = self.env["salon.availability"]._find_offers(wishes[0], first, last)
            return [
                Time(offer.start, offer.stop, (offer,), offer.is_best)
                for offer in offers
            ]
        found = self.env["salon.party.booking"]._find_party_offers(wishes, first, last)
        return [Time(offer.start, offer.stop, offer.offers) for offer in found]

    @api.model
    def _find_at(self, branch, wishes, start):
        """The time at exactly this UTC minute as the pages would offer it, or None."""
        day = clock.local(start, branch.tz).date()
        found = self._find(branch, wishes, day, day)
        return next((time for time in found if time.start == start), None)

    @api.model
    def _find_nearest(self, branch, wishes, start, limit=4):
        """Other times, the nearest first."""
        day = clock.local(start, branch.tz).date()
        first = max(day - timedelta(days=3), self._today(branch))
        found = [
            time
            for time in self._find(branch, wishes, first, day + timedelta(days=7))
            if time.start != start
        ]
        found.sort(key=lambda time: (abs(time.start - start), time.start))
        return sorted(found[:limit], key=lambda time: time.start)

    @api.model
    def _today(self, branch):
        now = clock.to_minutes(fields.Datetime.now())
        return clock.local(now, branch.tz).date()

    @api.model
    def _get_calendar(self, branch, choice, wishes, first=None):
        """Two weeks with their times, from the first in which something is free.

        :param first: the day from which; looked for when not given
        :return: values with ``first``, ``times`` by day, and what lies around
        """
        today = self._today(branch)
        start = max(first or today, today)
        horizon = self._get_policy(branch, choice).horizon_days or 365
        last_day = today + timedelta(days=horizon)
        for _look in range(1 if first else LOOKS):
            times = self._by_day(
                branch,
                self._find(branch, wishes, start, start + timedelta(days=DAYS - 1)),
            )
            following = start + timedelta(days=DAYS)
            if times or following > last_day:
                break
            start = following
        else:
            if not times and not first:
                start = today
        before = start - timedelta(days=DAYS)
        return {
            "first": start,
            "days": [start + timedelta(days=number) for number in range(DAYS)],
            "times": times,
            "before": max(before, today) if start > today else None,
            "after": following
            if (following := start + timedelta(days=DAYS)) <= last_day
            else None,
        }

    @api.model
    def _by_day(self, branch, times):
        by_day = defaultdict(list)
        for time in times:
            by_day[clock.local(time.start, branch.tz).date()].append(time)
        return dict(by_day)

    @api.model
    def _seats_left(self, branch, times):
        """Places left of times that are dates of a group: ``{start: count}``."""
        seats = self.env["salon.party.booking"]._seats(
            branch, [part for time in times for part in time.parts]
        )
        return {part.start: count for part, count in seats.items()}

    @api.model
    def _get_reasons(self, branch, choice, client=None):
        """Why the rules about clients refuse what was chosen, in words."""
        # sudo: product.product - rules hold for clients who do not read them
        products = self.env["product.product"].sudo().browse(choice.products)
        refusals, intervals = self.env["salon.eligibility"]._allowed_starts(
            client or self.env["res.partner"],
            products.product_tmpl_id,
            "web",
            branch=branch,
        )
        hard = [refusal for refusal in refusals if refusal.is_hard]
        if intervals:
            return []
        return self.env["salon.refusal"]._texts(hard, branch, "web")
