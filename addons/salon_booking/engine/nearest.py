"""A few offers that are really different, out of many."""

from collections.abc import Callable, Iterable

from .wishes import Offer

#: Two offers of the same people within so many minutes are much the same; choosing
#: both costs so much.
ALIKE_MINUTES, ALIKE_COST = 120, 24 * 60


def team(offer: Offer) -> tuple[int, ...]:
    """Who does each service of the offer."""
    return tuple(part.staff for part in offer.parts)


def choose(
    offers: Iterable[Offer], price: Callable[[Offer], float], count: int
) -> list[Offer]:
    """The ``count`` cheapest offers, one per start and team, spread a little.

    One after the other the cheapest is taken; what resembles those taken already
    becomes dearer, so that the same people a quarter of an hour later do not hide
    somebody else at the very time wished.

    :param price: cost in minutes of distance; not below 0
    :return: by time
    """
    prices = {
        (offer.start, team(offer)): (price(offer), offer.start, rank, offer)
        for rank, offer in enumerate(offers)
    }
    left = sorted(prices.values(), key=lambda entry: entry[:3])
    chosen: list[Offer] = []
    while left and len(chosen) < count:
        best = None
        for cost, start, rank, offer in left:
            if best is not None and cost >= best[0]:
                break
            if any(_is_alike(offer, other) for other in chosen):
                cost += ALIKE_COST
            if best is None or cost < best[0]:
                best = (cost, start, rank, offer)
        chosen.append(best[3])
        left = [entry for entry in left if entry[3] is not best[3]]
    return sorted(chosen, key=lambda offer: (offer.start, team(offer)))


def gather(
    starts: Iterable[int],
    offer_at: Callable[[int], Offer | None],
    wished: int,
    price: Callable[[Offer], float],
    count: int,
) -> list[Offer]:
    """The offers around a wished start that ``choose`` can want, the rest unasked.

    A chosen offer resembles at most three of those that do not resemble each other: two
    of the same people, one at the same time. So among ``3 * count - 2`` of these one is
    always left, and what begins further away than the dearest of them costs is not
    wanted.

    :param starts: by distance from ``wished``
    :param price: cost in minutes; not below the distance of the start
    """
    enough = 3 * count - 2
    found: list[Offer] = []
    unlike: list[Offer] = []
    for start in starts:
        if len(unlike) == enough and abs(start - wished) > max(map(price, unlike)):
            break
        offer = offer_at(start)
        if offer is None:
            continue
        found.append(offer)
        if len(unlike) < enough and not any(_is_alike(offer, one) for one in unlike):
            unlike.append(offer)
    return found


def _is_alike(offer: Offer, other: Offer) -> bool:
    return offer.start == other.start or (
        team(offer) == team(other) and abs(offer.start - other.start) < ALIKE_MINUTES
    )
