"""How many people are there, and how many are taken, hour by hour."""

from collections.abc import Iterable

from .intervals import Interval


def by_bin(spans: Iterable[Interval], first: int, size: int, count: int) -> list[int]:
    """Minutes of spans in each of ``count`` bins of ``size`` minutes from ``first`` on.

    Spans that overlap, because they are of different people, count each.

    >>> by_bin([(50, 130), (60, 120)], 0, 60, 3)
    [10, 120, 10]
    """
    bins = [0] * count
    for start, stop in spans:
        begin, end = max(start, first), min(stop, first + size * count)
        while begin < end:
            index = (begin - first) // size
            edge = min(end, first + (index + 1) * size)
            bins[index] += edge - begin
            begin = edge
    return bins
