"""Shift patterns, and the dated shifts that they stand for.

A pattern is a cycle of days that repeats from an anchor on: a week is a cycle of 7
days, A/B weeks one of 14, "four on, two off" one of 6. Hours are wall-clock minutes of
the day on which a shift begins; beyond 1440 they lie on the next day. Each edge is put
on the clock by itself, so 9:00 stays 9:00 across a clock change.

>>> late = PatternShift(day=0, start=16 * 60, stop=25 * 60)
>>> [shift.is_work for shift in expand(
...     Pattern(3, (late,)), date(2031, 6, 12), date(2031, 6, 12), date(2031, 6, 15),
...     "UTC")]
[True, False, False, True]
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from . import clock
from .intervals import Interval, intersect, merge
from .windows import wall_at

DAY = 24 * 60
WEEK = 7


@dataclass(frozen=True, slots=True)
class PatternShift:
    """Working hours on one day of the cycle, counted from 0.

    ``start`` and ``stop`` and the breaks are wall-clock minutes; ``stop`` may pass
    midnight, up to a day later.
    """

    day: int
    start: int
    stop: int
    breaks: tuple[Interval, ...] = ()

    def __post_init__(self):
        if not (0 <= self.start < DAY and self.start < self.stop <= self.start + DAY):
            raise ValueError(f"a shift cannot last from {self.start} to {self.stop}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A cycle of ``length`` days; days without a shift are days off."""

    length: int
    shifts: tuple[PatternShift, ...]

    def __post_init__(self):
        if self.length < 1:
            raise ValueError("a cycle has at least one day")
        if any(not 0 <= shift.day < self.length for shift in self.shifts):
            raise ValueError("a shift lies outside of its cycle")


@dataclass(frozen=True, slots=True)
class DatedShift:
    """Work or a day off on a business day, in UTC minutes ``[start, stop)``."""

    day: date
    start: int
    stop: int
    breaks: tuple[Interval, ...] = ()
    is_work: bool = True

    @property
    def minutes(self) -> int:
        """Minutes at work, less breaks; 0 on a day off."""
        if not self.is_work:
            return 0
        rest = sum(stop - start for start, stop in self.breaks)
        return self.stop - self.start - rest


def week_start(day: date) -> date:
    """The Monday of a day's week, where a cycle of weeks is anchored."""
    return day - timedelta(days=day.weekday())


def unroll(
    pattern: Pattern, anchor: date, first: date, last: date
) -> Iterator[tuple[date, list[PatternShift]]]:
    """Yield the days ``first`` to ``last``, both included, each with its hours.

    :param anchor: a date on which the cycle is at its first day; may lie after ``last``
    """
    by_day: dict[int, list[PatternShift]] = {}
    for shift in sorted(pattern.shifts, key=lambda shift: shift.start):
        by_day.setdefault(shift.day, []).append(shift)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield day, by_day.get((day - anchor).days % pattern.length, [])


def expand(
    pattern: Pattern, anchor: date, first: date, last: date, zone: str
) -> list[DatedShift]:
    """Return what a pattern says for the days ``first`` to ``last``, both included.

    :param zone: of the branch, whose wall clock the hours are on

    A day off lasts from midnight to midnight. Hours that a clock change swallows
    wholly are left out; the day is then no day off either, only without hours.
    """
    dated = []
    for day, planned in unroll(pattern, anchor, first, last):
        if not planned:
            start, stop = clock.day_bounds(day, zone)
            dated.append(DatedShift(day, start, stop, is_work=False))
        dated += filter(None, (lay(shift, day, zone) for shift in planned))
    return dated


def lay(shift: PatternShift, day: date, zone: str) -> DatedShift | None:
    """Put the hours of a pattern on a day; None when the clock change swallows them."""
    start, stop = wall_at(day, shift.start, zone), wall_at(day, shift.stop, zone)
    if start >= stop:
        return None
    breaks = merge(
        (wall_at(day, first, zone), wall_at(day, last, zone))
        for first, last in shift.breaks
    )
    return DatedShift(day, start, stop, tuple(intersect([(start, stop)], breaks)))
