"""Birthdays, of which the year is often unknown.

A birthday is kept as month × 100 + day, so that an index answers "whose is it in the
next seven days" over the end of the year too.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

LEAP_DAY = 229
#: Longer spans than this hold every birthday.
YEAR_DAYS = 366


def days_in_month(month: int, year: int | None = None) -> int:
    """Length of a month; without a year, the longest it can have."""
    return calendar.monthrange(year or 2000, month)[1]


def key(day: int, month: int) -> int:
    """The number a birthday is indexed by; 0 when day or month is unknown."""
    return month * 100 + day if day and month else 0


def celebrated(birthday: int, year: int) -> date:
    """The day a birthday falls on; 29 February is kept on the 28th of a common year."""
    if birthday == LEAP_DAY and not calendar.isleap(year):
        return date(year, 2, 28)
    return date(year, birthday // 100, birthday % 100)


def days_until(birthday: int, today: date) -> int:
    """Days from ``today`` to the next celebration, 0 on the day itself."""
    coming = celebrated(birthday, today.year)
    if coming < today:
        coming = celebrated(birthday, today.year + 1)
    return (coming - today).days


def age_on(birthday: int, year: int, day: date) -> int:
    """Full years of somebody born in ``year``, counted at the celebration."""
    return day.year - year - (day < celebrated(birthday, day.year))


def _keys_on(day: date) -> Iterator[int]:
    yield key(day.day, day.month)
    if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
        yield LEAP_DAY


def keys_between(today: date, first: int, last: int) -> frozenset[int]:
    """The birthdays celebrated from ``first`` to ``last`` days after ``today``.

    Both ends belong to the span; days before ``today`` are never meant, since the
    next celebration is at least today.
    """
    span = range(max(first, 0), min(last, YEAR_DAYS) + 1)
    return frozenset(
        birthday
        for offset in span
        for birthday in _keys_on(today + timedelta(days=offset))
        if first <= days_until(birthday, today) <= last
    )
