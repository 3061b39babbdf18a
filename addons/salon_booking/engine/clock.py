"""The one place where wall clocks and absolute minutes meet.

Absolute time is a whole number of minutes since 1970-01-01 00:00 UTC. Every wall
moment is converted by itself, never as "midnight plus minutes", so that days of 23,
23.5 or 25 hours come out right.
"""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
#: Minutes of a day without a clock change.
DAY = 24 * 60


def to_minutes(moment: datetime) -> int:
    """Minutes of an aware datetime, or of a naive one that is meant as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - EPOCH) // MINUTE


def to_minutes_ceil(moment: datetime) -> int:
    """The same, rounded up: an end that is not on a whole minute takes it whole."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return -((EPOCH - moment) // MINUTE)


def to_utc(minutes: int) -> datetime:
    """The naive UTC datetime of a minute, as the host stores it."""
    return (EPOCH + minutes * MINUTE).replace(tzinfo=None)


def wall_to_minutes(day: date, wall: time, zone: str) -> int:
    """Minutes of a wall-clock moment in ``zone``.

    A moment in a spring gap is moved forward by the gap (02:30 becomes 03:30); of
    two moments in an autumn fold the first is meant. Raises ZoneInfoNotFoundError
    for an unknown zone.
    """
    return to_minutes(datetime.combine(day, wall, ZoneInfo(zone)))


def local(minutes: int, zone: str) -> datetime:
    """The wall clock of ``zone`` at a minute, as a naive datetime."""
    return (EPOCH + minutes * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def day_bounds(day: date, zone: str) -> tuple[int, int]:
    """First minute of the local day and of the next one."""
    return (
        wall_to_minutes(day, time.min, zone),
        wall_to_minutes(day + timedelta(days=1), time.min, zone),
    )
