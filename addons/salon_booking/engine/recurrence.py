"""Dates that come back, and the moments they mean on the clock of a branch.

A rule yields calendar days; each day is put on the wall clock by itself, so that
"every Tuesday at ten" stays at ten over every clock change.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from . import clock

DAY, WEEK, MONTH = "day", "week", "month"
#: Minutes of a wall clock; 24:00 is the midnight that ends the day.
END_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Rule:
    """How often something comes back.

    ``weekdays`` (0 is Monday) belong to the weekly rule; empty means that of the first
    day. The monthly rule keeps weekday and week of the first day: "the second
    Tuesday"; a fifth one means the last of each month. ``week`` (0 is the first, 4 the
    last) says it where the first day does not tell. ``until`` is included.

    >>> rule = Rule(WEEK, every=2, weekdays=frozenset({1}), count=2)
    >>> [day.isoformat() for day in days(rule, date(2027, 3, 1))]
    ['2027-03-02', '2027-03-16']
    """

    unit: str = WEEK
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    until: date | None = None
    count: int | None = None
    week: int | None = None

    def __post_init__(self):
        if self.unit not in (DAY, WEEK, MONTH):
            raise ValueError(f"Unknown unit: {self.unit}")
        if self.every < 1:
            raise ValueError("A rule comes back every one day, week or month at least.")
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("Weekdays are numbered from 0 (Monday) to 6.")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series and its UTC minute.

    ``is_shifted`` says that the clock skips the wished time on this day, so that it
    was moved forward by the gap.
    """

    day: date
    start: int
    is_shifted: bool = False


def days(rule: Rule, first: date) -> Iterator[date]:
    """Yield the days of the rule from ``first`` on, without end if it has none."""
    found = _all_days(rule, first)
    for number, day in enumerate(found):
        if rule.count is not None and number >= rule.count:
            return
        if rule.until is not None and day > rule.until:
            return
        yield day


def occurrences(
    rule: Rule, first: date, wall: int, zone: str, limit: int | None = None
) -> list[Occurrence]:
    """The first ``limit`` moments of the rule.

    :param wall: minutes of the wall clock after midnight, 0 to 1440
    :param limit: needed where the rule has no end
    :raises ValueError: for a time outside of the day
    """
    return [at_wall(day, wall, zone) for day in islice(days(rule, first), limit)]


def at_wall(day: date, wall: int, zone: str) -> Occurrence:
    """The moment at which clocks in ``zone`` show ``wall`` on this day."""
    if not 0 <= wall <= END_OF_DAY:
        raise ValueError("A wall clock shows 00:00 to 24:00.")
    shown = datetime.combine(day, time.min) + timedelta(minutes=wall)
    start = clock.wall_to_minutes(shown.date(), shown.time(), zone)
    return Occurrence(day, start, clock.local(start, zone) != shown)


def _all_days(rule: Rule, first: date) -> Iterator[date]:
    try:
        if rule.unit == DAY:
            yield from _steps(first, rule.every)
        elif rule.unit == WEEK:
            yield from _weekly(rule, first)
        else:
            yield from _monthly(rule, first)
    except OverflowError:
        # The calendar of Python ends with the year 9999.
        return


def _steps(first: date, every: int) -> Iterator[date]:
    while True:
        yield first
        first += timedelta(days=every)


def _weekly(rule: Rule, first: date) -> Iterator[date]:
    """Weeks count from the Monday of the first day's week."""
    weekdays = sorted(rule.weekdays or {first.weekday()})
    for monday in _steps(first - timedelta(days=first.weekday()), 7 * rule.every):
        for weekday in weekdays:
            day = monday + timedelta(days=weekday)
            if day >= first:
                yield day


def _monthly(rule: Rule, first: date) -> Iterator[date]:
    week = week_of(first) if rule.week is None else rule.week
    month = first.year * 12 + first.month - 1
    while month < 9999 * 12 + 12:
        yield _in_month(month // 12, month % 12 + 1, week, first.weekday())
        month += rule.every


def week_of(day: date) -> int:
    """Which one of its weekday a day is in its month; 0 is the first, 4 the last.

    >>> week_of(date(2031, 7, 8)), week_of(date(2031, 7, 29))
    (1, 4)
    """
    return (day.day - 1) // 7


def is_last_of_month(day: date) -> bool:
    """Say whether the weekday of a day does not come again in its month."""
    return (day + timedelta(days=7)).month != day.month


def _in_month(year: int, month: int, week: int, weekday: int) -> date:
    """The weekday in the given week (0 is the first); from the fifth on the last."""
    starts_on, length = calendar.monthrange(year, month)
    day = 1 + (weekday - starts_on) % 7 + 7 * min(week, 4)
    return date(year, month, day if day <= length else day - 7)
