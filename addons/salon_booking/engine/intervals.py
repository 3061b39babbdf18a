"""Half-open integer intervals ``[start, stop)``, kept sorted and disjoint.

Times are whole minutes since the epoch in UTC, so that a day with a clock change
is nothing special here.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Interval = tuple[int, int]


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the union as sorted, disjoint, non-touching intervals.

    >>> merge([(5, 7), (1, 3), (3, 4), (9, 9)])
    [(1, 4), (5, 7)]
    """
    merged: list[Interval] = []
    for start, stop in sorted(intervals):
        if start >= stop:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


def subtract(base: Sequence[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """Return what of ``base`` (sorted, disjoint) is left outside ``taken``.

    >>> subtract([(0, 10)], [(2, 3), (8, 12)])
    [(0, 2), (3, 8)]
    """
    left: list[Interval] = []
    busy = merge(taken)
    first = 0
    for start, stop in base:
        while first < len(busy) and busy[first][1] <= start:
            first += 1
        cursor = start
        for busy_start, busy_stop in busy[first:]:
            if busy_start >= stop:
                break
            if busy_start > cursor:
                left.append((cursor, busy_start))
            cursor = max(cursor, busy_stop)
        if cursor < stop:
            left.append((cursor, stop))
    return left


def intersect(left: Sequence[Interval], right: Sequence[Interval]) -> list[Interval]:
    """Return what lies in both (each sorted and disjoint).

    >>> intersect([(0, 5), (8, 12)], [(3, 9)])
    [(3, 5), (8, 9)]
    """
    both: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        stop = min(left[i][1], right[j][1])
        if start < stop:
            both.append((start, stop))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return both


def contains(base: Sequence[Interval], minute: int) -> bool:
    """Say whether a minute lies in one of the intervals (sorted and disjoint).

    >>> contains([(0, 5), (8, 12)], 8), contains([(0, 5), (8, 12)], 5)
    (True, False)
    """
    place = bisect_right(base, minute, key=lambda interval: interval[0]) - 1
    return place >= 0 and minute < base[place][1]
