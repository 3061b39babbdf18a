"""When people and places can be booked at all, before anything is taken.

Wall clocks come in as a local day and minutes after its midnight; what comes out are
UTC minutes. Every wall moment is converted by itself (``clock.wall_to_minutes``).
"""

from datetime import date, time, timedelta

from . import clock
from .intervals import Interval

DAY_MINUTES = 24 * 60


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
