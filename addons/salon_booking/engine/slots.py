"""Which start times one service can really be had at, by a sorted sweep.

Example: a colour of 30 minutes work, 35 processing and 20 finish needs the stylist
in ``[0, 30)`` and ``[65, 85)``; she can start at ``t`` when both stretches, moved by
``t``, lie inside her free time. Each stretch turns the free intervals into ranges of
possible starts; the answer is the intersection of these ranges, read on the grid.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .intervals import Interval, intersect, merge
from .phases import Segment, pool_holds, staff_holds


@dataclass(frozen=True, slots=True)
class Candidate:
    """A staff member who can do the service: own segments and free intervals."""

    staff: int
    segments: tuple[Segment, ...]
    free: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class Unit:
    """One place of a facility: a room, a chair, one of three basins."""

    resource: int
    number: int
    free: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class Slot:
    """A start time that can be had, with whom."""

    start: int
    stop: int
    staff: int


def possible_starts(
    free: Sequence[Interval], hold_from: int, hold_to: int
) -> list[Interval]:
    """Starts ``t`` for which ``[t + hold_from, t + hold_to)`` is free.

    Returned as half-open intervals of integers. ``free`` is sorted and disjoint.
    """
    length = hold_to - hold_from
    return [
        (start - hold_from, stop - hold_to + 1)
        for start, stop in free
        if stop - start >= length
    ]


def starts_for(
    candidate: Candidate, units_by_pool: dict[int, Sequence[Unit]]
) -> list[Interval]:
    """All starts the candidate can offer, as half-open integer intervals.

    A facility may change between two stretches, but one stretch stays in one unit.
    """
    ranges: list[Interval] | None = None
    for hold_from, hold_to in staff_holds(candidate.segments):
        starts = possible_starts(candidate.free, hold_from, hold_to)
        ranges = starts if ranges is None else intersect(ranges, starts)
    for kind, hold_from, hold_to in pool_holds(candidate.segments):
        starts = merge(
            interval
            for unit in units_by_pool.get(kind, ())
            for interval in possible_starts(unit.free, hold_from, hold_to)
        )
        ranges = starts if ranges is None else intersect(ranges, starts)
    return ranges or []


def on_grid(ranges: Iterable[Interval], grid: int, anchor: int = 0) -> Iterator[int]:
    """Yield the grid times inside the ranges; ``anchor`` is one time on the grid."""
    for start, stop in ranges:
        first = start + (anchor - start) % grid
        yield from range(first, stop, grid)


def free_slots(
    candidates: Iterable[Candidate],
    units_by_pool: dict[int, Sequence[Unit]],
    window: Interval,
    grid: int,
    anchor: int = 0,
) -> list[Slot]:
    """Every slot that starts in ``window``, sorted by time and then candidate order.

    ``grid`` is in minutes and at least 1. Raises ValueError for a smaller one.
    """
    if grid < 1:
        raise ValueError("The grid is at least one minute.")
    slots = []
    for rank, candidate in enumerate(candidates):
        length = candidate.segments[-1].stop if candidate.segments else 0
        ranges = intersect(starts_for(candidate, units_by_pool), [window])
        slots += (
            (start, rank, Slot(start, start + length, candidate.staff))
            for start in on_grid(ranges, grid, anchor)
        )
    slots.sort(key=lambda entry: entry[:2])
    return [slot for _start, _rank, slot in slots]


def choose_units(
    segments: Sequence[Segment],
    start: int,
    units_by_pool: dict[int, Sequence[Unit]],
) -> dict[tuple[int, int], list[Unit]]:
    """For each facility hold, the units that are free for it, in given order.

    Keys are ``(from, to)`` in minutes after the start; an empty list says that
    nothing of that type is free.
    """
    return {
        (hold_from, hold_to): [
            unit
            for unit in units_by_pool.get(kind, ())
            if any(
                free_start <= start + hold_from and start + hold_to <= free_stop
                for free_start, free_stop in unit.free
            )
        ]
        for kind, hold_from, hold_to in pool_holds(segments)
    }
