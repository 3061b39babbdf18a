"""Which taken times do not lie in open windows any more."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from .intervals import Interval


class Taken(NamedTuple):
    """One stretch ``[start, stop)`` that ``key`` takes of a resource, UTC minutes."""

    key: Hashable
    resource: int
    start: int
    stop: int


def outside(
    taken: Iterable[Taken], windows: Mapping[int, Sequence[Interval]]
) -> dict[Hashable, Taken]:
    """The first stretch of each key that is not wholly inside one window.

    :param windows: open intervals by resource, sorted and disjoint (``merge``); a
        resource that is not named is never open

    >>> day = {7: [(0, 60)]}
    >>> list(outside([Taken("a", 7, 0, 60), Taken("b", 7, 50, 61)], day))
    ['b']
    """
    starts = {
        resource: [start for start, _stop in intervals]
        for resource, intervals in windows.items()
    }
    left: dict[Hashable, Taken] = {}
    for stretch in sorted(taken, key=lambda each: (each.start, each.stop)):
        if stretch.key in left:
            continue
        opened = starts.get(stretch.resource, ())
        place = bisect_right(opened, stretch.start) - 1
        if place < 0 or windows[stretch.resource][place][1] < stretch.stop:
            left[stretch.key] = stretch
    return left
