"""Which of the possible times are good ones: holes, edges, grids and their price.

A time leaves a hole before and after itself in somebody's free stretch. A rule may drop
times whose holes nobody can use, or allow only times that touch something; otherwise
all are offered and the best are marked, because hiding everything but gap-free times
costs more bookings than it saves holes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .masks import Horizon, runs, shifted
from .wishes import Offer


def without_small_holes(
    horizon: Horizon, free: int, begin: int, end: int, minutes: int
) -> int:
    """Cells at which ``[t + begin, t + end)`` leaves no hole under ``minutes``.

    A hole of nothing is fine. ``begin`` and ``end`` are in minutes.
    """
    least = -(-minutes // horizon.cell)
    roomy = runs(free, least)
    begin, end = horizon.cells(begin), horizon.cells(end)
    before = _taken_at(horizon, free, begin - 1) | shifted(roomy, begin - least)
    after = _taken_at(horizon, free, end) | shifted(roomy, end)
    return before & after & horizon.everything


def touching(
    horizon: Horizon,
    free: int,
    booked: int,
    begin: int,
    end: int,
    days: Iterable[tuple[int, int]],
) -> int:
    """Cells at which ``[t + begin, t + end)`` touches the edge of a free stretch.

    On a day on which nothing is ``booked`` there are no edges to respect, so it counts
    whole. ``days`` are ``[first, last)`` in UTC minutes.
    """
    begin, end = horizon.cells(begin), horizon.cells(end)
    edges = _taken_at(horizon, free, begin - 1) | _taken_at(horizon, free, end)
    for first, last in days:
        day = horizon.free([(first, last)])
        if not booked & day:
            edges |= day
    return edges & horizon.everything


def reanchored(horizon: Horizon, free: int, begin: int, grid: int) -> int:
    """Cells every ``grid`` minutes from where each free stretch begins.

    The stretch of the person begins ``begin`` minutes after the client's start.
    """
    starts = free & ~(free << 1)
    mask = 0
    step, shift = horizon.cells(grid), horizon.cells(begin)
    for start in _bits(starts):
        stretch = free >> start
        length = ((stretch + 1) & ~stretch).bit_length() - 1
        count = -(-length // step)
        repeated = ((1 << (count * step)) - 1) // ((1 << step) - 1)
        mask |= shifted(repeated << start, shift)
    return mask & horizon.everything


def hole_values(services: Iterable[tuple[int, float]], longest: int) -> list[float]:
    """What a free stretch of each number of minutes up to ``longest`` may earn.

    ``services`` are ``(minutes, worth)``: a worth is the price times how often it is
    wanted. The best row of services that fits in is taken (unbounded knapsack).
    """
    services = [(minutes, worth) for minutes, worth in services if minutes > 0]
    values = [0.0] * (longest + 1)
    for length in range(1, longest + 1):
        values[length] = max(
            [values[length - 1]]
            + [
                values[length - minutes] + worth
                for minutes, worth in services
                if minutes <= length
            ]
        )
    return values


def hole_cost(
    horizon: Horizon, free: int, start: int, stop: int, values: Sequence[float]
) -> float:
    """What a free stretch loses in worth beyond the time really taken.

    ``[start, stop)`` are UTC minutes inside of a free stretch. Nothing is lost where
    the rests can be filled as well as the whole could.
    """
    first = (start - horizon.origin) // horizon.cell
    last = -((horizon.origin - stop) // horizon.cell)
    below = ~free & ((1 << first) - 1)
    before = (first - below.bit_length()) * horizon.cell
    above = free >> last
    after = (((above + 1) & ~above).bit_length() - 1) * horizon.cell

    def worth(minutes):
        return values[min(minutes, len(values) - 1)]

    whole = worth(before + stop - start + after)
    return max(0.0, whole - worth(before) - worth(after) - worth(stop - start))


def mark_best(offers: Sequence[Offer], day_of) -> list[Offer]:
    """Mark the offers of each day that cost least, where some cost more.

    ``day_of`` tells the day of an offer's start.
    """
    costs: dict[object, set[float]] = {}
    for offer in offers:
        costs.setdefault(day_of(offer.start), set()).add(round(offer.cost, 6))
    best = {day: min(known) for day, known in costs.items() if len(known) > 1}
    return [
        replace(offer, is_best=best.get(day_of(offer.start)) == round(offer.cost, 6))
        for offer in offers
    ]


def _taken_at(horizon: Horizon, free: int, offset: int) -> int:
    """Cells ``t`` for which cell ``t + offset`` is not free; outside nothing is."""
    everything = (1 << (horizon.size + max(offset, 0) + 1)) - 1
    taken = shifted(everything & ~free, offset)
    return taken | ((1 << -offset) - 1) if offset < 0 else taken


def _bits(mask: int):
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
