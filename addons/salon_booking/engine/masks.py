"""Sets of moments as one big integer: bit ``n`` is cell ``n`` of a horizon.

A cell is so long that every start, length and offset in question is a whole number of
cells. Then nothing is rounded that matters: what is free shrinks to whole cells, and a
service that begins and ends on cells fits into the one just when it fits into the
other. Combining people, places and steps becomes AND, OR and shifts over weeks at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from math import gcd

from .intervals import Interval, merge

_TRUTH = bytes(code == ord("1") for code in range(256))


@dataclass(frozen=True, slots=True)
class Horizon:
    """``size`` cells of ``cell`` minutes each, from the UTC minute ``origin`` on."""

    origin: int
    cell: int
    size: int

    @classmethod
    def over(cls, first: int, last: int, minutes: Iterable[int]) -> "Horizon":
        """The coarsest horizon that covers ``[first, last)``.

        ``minutes`` are lengths, offsets and distances from ``first`` that must fall on
        cells.
        """
        cell = gcd(*minutes) or 1
        return cls(first, cell, max(0, -((first - last) // cell)))

    @property
    def everything(self) -> int:
        return (1 << self.size) - 1

    def cells(self, minutes: int) -> int:
        """A length of minutes in cells; it is a whole number of them."""
        return minutes // self.cell

    def free(self, intervals: Iterable[Interval]) -> int:
        """The cells that lie wholly inside of the intervals (UTC minutes)."""
        origin, cell = self.origin, self.cell
        return self._within(
            (-((origin - start) // cell), (stop - origin) // cell)
            for start, stop in merge(intervals)
        )

    def taken(self, intervals: Iterable[Interval]) -> int:
        """The cells of which any part lies inside of the intervals."""
        origin, cell = self.origin, self.cell
        return self._within(
            ((start - origin) // cell, -((origin - stop) // cell))
            for start, stop in intervals
        )

    def _within(self, spans: Iterable[tuple[int, int]]) -> int:
        """The cells of spans that may reach beyond the horizon or be empty."""
        size = self.size
        return self.covered(
            (max(first, 0), min(last, size))
            for first, last in spans
            if first < last and first < size and last > 0
        )

    def covered(self, spans: Iterable[tuple[int, int]]) -> int:
        """The cells of spans ``[first cell, last cell)``, in any order.

        Written into a buffer of characters and read as one number, which is many times
        faster than shifting a number for each span. Raises ValueError for a span that
        ends after the horizon.
        """
        cells = bytearray(b"0") * self.size
        ones = b"1" * self.size
        for first, last in spans:
            cells[first:last] = ones[first:last]
        if len(cells) != self.size:
            raise ValueError("A span ends after the horizon.")
        return int(bytes(cells[::-1]), 2) if cells else 0

    def between(self, firsts: Sequence[int], lasts: Sequence[int]) -> int:
        """The same for spans given as two rows of cells, none of them empty.

        Where no two overlap, the sum of 2 ** last less the sum of 2 ** first has just
        their cells as bits, as many as they are long together; otherwise it has fewer,
        since equal powers carry over. Then each span is written by itself.
        """
        begins = bytearray(b"0") * (self.size + 1)
        ends = bytearray(b"0") * (self.size + 1)
        for cell in firsts:
            begins[cell] = 49
        for cell in lasts:
            ends[cell] = 49
        mask = int(bytes(ends[::-1]), 2) - int(bytes(begins[::-1]), 2)
        if mask >= 0 and mask.bit_count() == sum(lasts) - sum(firsts):
            return mask
        return self.covered(zip(firsts, lasts, strict=True))

    def widened(self, minutes: int) -> tuple["Horizon", int]:
        """A horizon that is longer on both sides by ``minutes`` at least.

        Returned with the number of cells by which it begins earlier.
        """
        cells = -(-minutes // self.cell)
        first = self.origin - cells * self.cell
        return Horizon(first, self.cell, self.size + 2 * cells), cells

    def starts(self, mask: int, grid: int = 0) -> list[int]:
        """The UTC minutes at which the cells of a mask begin, in order.

        Where all of them lie ``grid`` minutes apart, only those cells are looked at.
        """
        stride = max(1, grid // self.cell)
        cells = bin(mask)[:1:-1]
        offset = cells.find("1")
        if offset < 0:
            return []
        offset %= stride
        on_grid = cells[offset::stride]
        if on_grid.count("1") != mask.bit_count():
            stride, offset, on_grid = 1, 0, cells
        first = self.origin + offset * self.cell
        step = stride * self.cell
        minutes = range(first, first + len(on_grid) * step, step)
        return list(compress(minutes, on_grid.encode().translate(_TRUTH)))

    def has(self, mask: int, minute: int) -> bool:
        """Say whether the cell that begins at ``minute`` is in the mask."""
        index, rest = divmod(minute - self.origin, self.cell)
        return not rest and 0 <= index < self.size and bool(mask >> index & 1)

    def grid(self, anchors: Sequence[int], last: int, grid: int) -> int:
        """Every ``grid`` minutes from each anchor until the next one or ``last``.

        Anchors are UTC minutes in order, for instance the midnights of a zone, so that
        times stay on the wall clock when clocks change.
        """
        step = self.cells(grid)
        mask = 0
        for anchor, end in zip(anchors, [*anchors[1:], last], strict=True):
            first = (anchor - self.origin) // self.cell
            count = -((anchor - end) // grid)
            if count <= 0:
                continue
            repeated = ((1 << (count * step)) - 1) // ((1 << step) - 1)
            mask |= repeated << first if first >= 0 else repeated >> -first
        return mask & self.everything


def runs(mask: int, length: int) -> int:
    """Bits from which on ``length`` bits are set.

    >>> bin(runs(0b0111_0110, 2))
    '0b110010'
    """
    if length <= 0:
        return mask
    have = 1
    while have < length:
        step = min(have, length - have)
        mask &= mask >> step
        have += step
    return mask


def spread(mask: int, reach: int) -> int:
    """Bits from which at most ``reach`` further on a bit is set.

    >>> bin(spread(0b1000, 2))
    '0b1110'
    """
    have = 0
    while have < reach:
        step = min(have + 1, reach - have)
        mask |= mask >> step
        have += step
    return mask


def shifted(mask: int, cells: int) -> int:
    """Bits from which a bit is set ``cells`` further on (before, when negative)."""
    return mask >> cells if cells >= 0 else mask << -cells


def others(masks: Sequence[int]) -> list[int]:
    """For each mask, the union of all the others, in linear time."""
    after = [0] * (len(masks) + 1)
    for index in range(len(masks) - 1, -1, -1):
        after[index] = after[index + 1] | masks[index]
    before = 0
    united = []
    for index, mask in enumerate(masks):
        united.append(before | after[index + 1])
        before |= mask
    return united
