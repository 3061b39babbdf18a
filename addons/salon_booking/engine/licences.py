"""On which days somebody may not do a service for want of a permit or licence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from .intervals import intersect, merge, subtract

#: Both days included; None is open on that side.
Validity = tuple[date | None, date | None]
Days = tuple[date, date]


def uncovered(valid: Iterable[Validity], first: date, last: date) -> list[Days]:
    """Return the days from ``first`` to ``last`` outside of all validities.

    >>> uncovered([(None, date(2031, 6, 3))], date(2031, 6, 1), date(2031, 6, 9))
    [(datetime.date(2031, 6, 4), datetime.date(2031, 6, 9))]
    """
    span = [(first.toordinal(), last.toordinal() + 1)]
    covered = [
        (
            since.toordinal() if since else span[0][0],
            until.toordinal() + 1 if until else span[0][1],
        )
        for since, until in valid
    ]
    return _dates(subtract(span, covered))


def blocked_days(
    needed: Mapping[int, Collection[int]],
    held: Mapping[tuple[int, int], Sequence[Validity]],
    permits: Mapping[int, date],
    staff: Iterable[int],
    first: date,
    last: date,
) -> dict[tuple[int, int], list[Days]]:
    """Return the days on which somebody may not do a service.

    :param needed: ids of the licence types by service; every one of them is needed
    :param held: validities by (person, licence type)
    :param permits: last valid day of a work permit, by person; without one all
        services are refused
    :return: ``{(person, service): [(first day, last day)]}``, without those who may
        always
    """
    blocked = {}
    for person in staff:
        gaps_of: dict[int, list[tuple[int, int]]] = {}
        general = []
        if person in permits:
            general = _ordinals(uncovered([(None, permits[person])], first, last))
        for service, types in needed.items():
            gaps = list(general)
            for kind in types:
                if kind not in gaps_of:
                    gaps_of[kind] = _ordinals(
                        uncovered(held.get((person, kind), ()), first, last)
                    )
                gaps += gaps_of[kind]
            if days := _dates(merge(gaps)):
                blocked[person, service] = days
    return blocked


def overlap(days: Sequence[Days], first: date, last: date) -> list[Days]:
    """Return the part of blocked days that lies within ``first`` to ``last``."""
    return _dates(intersect(_ordinals(days), _ordinals([(first, last)])))


def _ordinals(days):
    return [(since.toordinal(), until.toordinal() + 1) for since, until in days]


def _dates(intervals):
    return [
        (date.fromordinal(start), date.fromordinal(stop) - timedelta(days=1))
        for start, stop in intervals
    ]
