"""When a message may leave: never in the quiet hours of a branch.

Moments are naive UTC datetimes, as the host stores them; quiet hours are minutes of the
local day. Equal ones mean that there are no quiet hours.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

#: A reminder that comes later than so long before the visit helps nobody.
LEAST_NOTICE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quiet hours of a place: from one minute of the day to another."""

    zone: str
    start: int = 0
    stop: int = 0

    def has(self, moment: datetime) -> bool:
        """Say whether a moment lies in the quiet hours."""
        wall = _wall(moment, self.zone)
        minute = wall.hour * 60 + wall.minute
        if self.start <= self.stop:
            return self.start <= minute < self.stop
        return minute >= self.start or minute < self.stop

    def end_after(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours in which it lies."""
        if not self.has(moment):
            return moment
        wall = _wall(moment, self.zone)
        minute = wall.hour * 60 + wall.minute
        day = wall.date() + timedelta(days=1 if minute >= self.stop else 0)
        # When the clock is put back, the wall shows the end of the quiet hours twice.
        return max(moment, _utc(day, self.stop, self.zone))

    def start_before(self, moment: datetime) -> datetime:
        """The moment itself, or the last minute before its quiet hours began."""
        if not self.has(moment):
            return moment
        wall = _wall(moment, self.zone)
        minute = wall.hour * 60 + wall.minute
        day = wall.date() - timedelta(days=0 if minute >= self.start else 1)
        began = _utc(day, self.start, self.zone) - timedelta(minutes=1)
        return min(moment, began)


def reminder_moment(start: datetime, notice: int, quiet: Quiet) -> datetime:
    """When a client is reminded of a visit.

    In the quiet hours the reminder waits for their end, if it still comes in time; else
    it leaves before they begin.

    :param notice: minutes before the start
    """
    wanted = start - timedelta(minutes=notice)
    later = quiet.end_after(wanted)
    half = timedelta(minutes=notice / 2)
    if start - later >= max(LEAST_NOTICE, min(half, timedelta(hours=6))):
        return later
    return quiet.start_before(wanted)


def _wall(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))


def _utc(day, minute: int, zone: str) -> datetime:
    wall = datetime.combine(day, time(*divmod(minute, 60)), ZoneInfo(zone))
    return wall.astimezone(timezone.utc).replace(tzinfo=None)
