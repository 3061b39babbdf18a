"""When people and places can be booked at all, before anything is taken.

Wall clocks come in as a local day and minutes after its midnight; what comes out are
UTC minutes. Every wall moment is converted by itself (``clock.wall_to_minutes``).

What goes before what: time off, then dated shifts with their breaks, then the weekly
calendar; and nothing outside of the opening hours of the branch.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

from . import clock
from .intervals import Interval, merge, subtract

DAY_MINUTES = 24 * 60
ONE_DAY = timedelta(days=1)
#: No window is longer: a whole local day, or a shift of 24 hours, and a clock change.
LONGEST = 26 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """One line of a weekly calendar; Monday is 0.

    ``week`` is 0 or 1 in a calendar of two weeks, else None.
    """

    weekday: int
    minute_from: int
    minute_to: int
    week: int | None = None


#: The lines of a calendar. None stands for no fixed hours: whenever the branch is open.
Week = tuple[Hours, ...] | None


@dataclass(frozen=True, slots=True)
class Shift:
    """A dated shift in UTC minutes; one with ``start == stop`` is a day off."""

    day: date
    branch: int
    start: int
    stop: int
    breaks: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Time that can be booked: ``[start, stop)``, belonging to a business day."""

    start: int
    stop: int
    day: date


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def week_parity(day: date) -> int:
    """Which of two weeks a day is in; counted as the host does, over years too."""
    return (day.toordinal() - 1) // 7 % 2


def wall_at(day: date, minute: int, zone: str) -> int:
    """UTC minute of the wall clock ``minute`` minutes after midnight of ``day``.

    ``minute`` is what the clock shows, not time that passes: 24 * 60 is midnight of
    the next day, 26 * 60 shows 02:00 there, also where the night lost an hour.
    """
    days, minute = divmod(minute, DAY_MINUTES)
    wall = time(*divmod(minute, 60))
    return clock.wall_to_minutes(day + timedelta(days=days), wall, zone)


def shift_bounds(day: date, minute_from: int, minute_to: int, zone: str) -> Interval:
    """UTC bounds of a shift; one that ends at or before its start ends next day.

    A shift wholly inside a spring gap may come out empty or turned around.
    """
    if minute_to <= minute_from:
        minute_to += DAY_MINUTES
    return wall_at(day, minute_from, zone), wall_at(day, minute_to, zone)


def break_bounds(
    day: date, shift_from: int, minute_from: int, minute_to: int, zone: str
) -> Interval:
    """UTC bounds of a break in a shift of ``day`` that starts at ``shift_from``.

    What the clock shows before the shift's start is after its midnight.
    """
    if minute_from < shift_from:
        minute_from += DAY_MINUTES
        minute_to += DAY_MINUTES
    if minute_to <= minute_from:
        minute_to += DAY_MINUTES
    return wall_at(day, minute_from, zone), wall_at(day, minute_to, zone)


@lru_cache(maxsize=1 << 14)
def hours_of_day(week: Week, day: date, zone: str) -> tuple[Interval, ...]:
    """What a weekly calendar says for one local day."""
    if week is None:
        return (clock.day_bounds(day, zone),)
    return tuple(
        merge(
            (wall_at(day, line.minute_from, zone), wall_at(day, line.minute_to, zone))
            for line in week
            if line.weekday == day.weekday() and line.week in (None, week_parity(day))
        )
    )


def opening_hours(week: Week, first: date, last: date, zone: str) -> list[Interval]:
    """When a branch is open on these local days."""
    return merge(
        stretch
        for day in days(first, last)
        for stretch in hours_of_day(week, day, zone)
    )


def weekly_hours(
    week_of: Callable[[date], Week], first: date, last: date, zone: str, home: str
) -> dict[date, Sequence[Interval]]:
    """Weekly hours by business day, which is the local day in the zone ``home``.

    ``week_of`` tells the calendar of a day; its hours are on the clock of ``zone``.
    """
    if zone == home:
        return {day: hours_of_day(week_of(day), day, zone) for day in days(first, last)}
    everything = merge(
        stretch
        for day in days(first - ONE_DAY, last + ONE_DAY)
        for stretch in hours_of_day(week_of(day), day, zone)
    )
    found = {}
    for day in days(first, last):
        day_start, day_stop = clock.day_bounds(day, home)
        found[day] = [
            (max(start, day_start), min(stop, day_stop))
            for start, stop in everything
            if start < day_stop and day_start < stop
        ]
    return found


def booking_windows(
    first: date,
    last: date,
    branch: int,
    weekly: dict[date, Sequence[Interval]],
    shifts: Iterable[Shift],
    allowed: Sequence[Interval],
) -> list[Window]:
    """When one person can be booked in a branch on these business days.

    :param weekly: hours by business day, from the day before the first on
    :param shifts: of this person in all branches: on a day with any of them the weekly
        hours do not count, wherever they are
    :param allowed: opening hours less time off, sorted and disjoint
    :return: sorted, disjoint windows; time two days claim belongs to the earlier one
    """
    shifts_of = defaultdict(list)
    for shift in shifts:
        shifts_of[shift.day].append(shift)
    windows = []
    before: list[Interval] = []
    for day in days(first - ONE_DAY, last):
        if planned := shifts_of.get(day):
            worked = subtract(
                merge((s.start, s.stop) for s in planned if s.branch == branch),
                [pause for shift in planned for pause in shift.breaks],
            )
        else:
            worked = list(weekly.get(day, ()))
        if day >= first:
            windows += [
                Window(start, stop, day) for start, stop in subtract(worked, before)
            ]
        # A shift may run into the next day, in another branch too.
        before = merge((shift.start, shift.stop) for shift in planned or ())
    return clip(windows, allowed)


def clip(windows: Sequence[Window], allowed: Sequence[Interval]) -> list[Window]:
    """What of the windows lies in ``allowed``; both are sorted and disjoint."""
    kept = []
    index = 0
    for window in windows:
        while index < len(allowed) and allowed[index][1] <= window.start:
            index += 1
        for start, stop in allowed[index:]:
            if start >= window.stop:
                break
            kept.append(
                Window(max(start, window.start), min(stop, window.stop), window.day)
            )
    return kept


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms somebody works under from a day on, until the next ones.

    ``calendar`` is a key, or None where no hours are fixed; the contract, where there
    is one, ends them earlier or lets them begin later.
    """

    first: date
    calendar: int | None
    contract_from: date | None = None
    contract_to: date | None = None


def calendar_periods(
    terms: Sequence[Terms], first: date, last: date
) -> list[tuple[date, date, int | None]]:
    """Which calendar counts from when to when, ``(from, to, key)``, both included.

    ``terms`` are sorted by their first day; the first ones count for the time before,
    too. Days outside of a contract are in no period.

    >>> a, b = Terms(date(2031, 1, 1), 1), Terms(date(2031, 1, 8), 2)
    >>> [p[2] for p in calendar_periods([a, b], date(2031, 1, 5), date(2031, 1, 9))]
    [1, 2]
    """
    periods = []
    for index, one in enumerate(terms):
        begin = first if index == 0 else max(first, one.first)
        end = last
        if index + 1 < len(terms):
            end = min(last, terms[index + 1].first - ONE_DAY)
        if one.contract_from:
            begin = max(begin, one.contract_from)
        if one.contract_to:
            end = min(end, one.contract_to)
        if begin <= end:
            periods.append((begin, end, one.calendar))
    return periods
