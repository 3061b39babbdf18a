"""Which client on the waitlist is offered which time that has become free.

Times are UTC minutes; wishes and quiet hours are on the clock of the branch. Nothing
here knows how the times were found or how the client is told.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from .clock import local, wall_to_minutes
from .intervals import Interval
from .wishes import Offer, Part

#: One client at a time, who has the time to himself for a while; or everybody at once,
#: and the first who accepts has it.
IN_TURN, AT_ONCE = "in_turn", "at_once"
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """One wish of an entry: when it would suit.

    ``key`` names the wish. ``first`` and ``last`` are local days, both included;
    ``weekdays`` counts from 0 for Monday, empty is any. The visit lies between
    ``wall_from`` and ``wall_to`` (minutes of the local day); 24:00 means that it may
    end as late as the branch likes.
    """

    key: int
    first: date
    last: date
    weekdays: frozenset[int] = frozenset()
    wall_from: int = 0
    wall_to: int = DAY


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry: who waits for what.

    ``wanted`` is in order of preference. ``since`` is the UTC minute from which on the
    client waits. ``passed`` are times that were offered before and not accepted: the
    client is not asked about the same time twice.
    """

    entry: int
    client: int
    wanted: tuple[Wanted, ...]
    priority: int = 0
    since: int = 0
    passed: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How a branch offers.

    ``daily_limit`` is the number of offers a client gets in one local day, 0 for any.
    ``quiet_from`` and ``quiet_to`` are minutes of the local day; equal ones mean that
    there are no quiet hours. Between the message and the visit lie at least ``notice``
    minutes.
    """

    zone: str
    mode: str = IN_TURN
    daily_limit: int = 0
    quiet_from: int = 0
    quiet_to: int = 0
    notice: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """This entry may be offered this time, which answers this wish of it."""

    entry: int
    wanted: int
    offer: Offer


def sending_time(now: int, terms: Terms) -> int:
    """The first minute from ``now`` on that is not in the quiet hours."""
    wall = local(now, terms.zone)
    minute = wall.hour * 60 + wall.minute
    quiet_from, quiet_to = terms.quiet_from, terms.quiet_to
    if quiet_from == quiet_to:
        return now
    if quiet_from < quiet_to:
        is_quiet = quiet_from <= minute < quiet_to
    else:
        is_quiet = minute >= quiet_from or minute < quiet_to
    if not is_quiet:
        return now
    ends_on = wall.date() + timedelta(days=1 if minute >= quiet_to else 0)
    # When the clock is put back the wall shows the end of the quiet hours twice.
    return max(now, _moment(ends_on, quiet_to, terms.zone))


def fits(wanted: Wanted, offer: Offer, zone: str) -> bool:
    """Say whether the whole visit lies where the wish wants it."""
    day = local(offer.start, zone).date()
    if not wanted.first <= day <= wanted.last:
        return False
    if wanted.weekdays and day.weekday() not in wanted.weekdays:
        return False
    if offer.start < _moment(day, wanted.wall_from, zone):
        return False
    return wanted.wall_to >= DAY or offer.stop <= _moment(day, wanted.wall_to, zone)


def clashes(offer: Offer, other: Offer, shared: Collection[Part] = ()) -> bool:
    """Say whether two offers want the same person at the same time.

    ``shared`` are classes in which there is a place for both.
    """
    return any(
        part not in shared
        if part == its
        else part.staff
        and part.staff == its.staff
        and part.start < its.stop
        and its.start < part.stop
        for part in offer.parts
        for its in other.parts
    )


def in_turn(waiting: Iterable[Waiting]) -> list[Waiting]:
    """The queue: by priority, then by how long somebody waits."""
    return sorted(
        waiting, key=lambda entry: (-entry.priority, entry.since, entry.entry)
    )


def match(
    waiting: Iterable[Waiting],
    free: Mapping[int, Sequence[Offer]],
    terms: Terms,
    now: int,
    sent: Mapping[int, int] | None = None,
    places: Mapping[Part, int] | None = None,
) -> list[Match]:
    """Give each entry at most one offer, the best of its wishes that can be had.

    :param free: what can be had by key of a wish, best first
    :param now: UTC minute; in quiet hours the offers count from their end
    :param sent: offers that a client had on the local day of the message
    :param places: how many clients a class can be offered to at once
    :return: in the order of the queue; in turn no two of them clash
    """
    earliest = sending_time(now, terms) + terms.notice
    count = defaultdict(int, sent or {})
    matches: list[Match] = []
    for entry in in_turn(waiting):
        if terms.daily_limit and count[entry.client] >= terms.daily_limit:
            continue
        found = _best(entry, free, terms, earliest, matches, places or {})
        if found:
            matches.append(found)
            count[entry.client] += 1
    return matches


def _best(entry, free, terms, earliest, matches, places):
    given = Counter(part for one in matches for part in one.offer.parts)
    left = {part: count - given[part] for part, count in places.items()}
    for wanted in entry.wanted:
        for offer in free.get(wanted.key, ()):
            if offer.start < earliest or not fits(wanted, offer, terms.zone):
                continue
            if any(
                offer.start < stop and start < offer.stop
                for start, stop in entry.passed
            ):
                continue
            if terms.mode == IN_TURN and (
                any(left.get(part, 1) < 1 for part in offer.parts)
                or any(clashes(offer, one.offer, left) for one in matches)
            ):
                continue
            return Match(entry.entry, wanted.key, offer)
    return None


def _moment(day: date, minute: int, zone: str) -> int:
    """The UTC minute of a minute of the local day, 0 to 24:00."""
    day += timedelta(days=minute // DAY)
    return wall_to_minutes(day, time(minute % DAY // 60, minute % 60), zone)
