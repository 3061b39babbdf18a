"""Which place serves which booking: seats what is wanted, and moves others over.

A place is chosen when something is booked, so places can be taken crosswise: one of
three basins is free at every moment, none for the whole stretch. Bookings that have not
begun may then change places.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from .intervals import Interval

#: Choices tried for one stretch, beside one for each want and place, before giving up;
#: a branch-day needs a few dozen.
PATIENCE = 5000


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of a facility, or a helper, and when it is open and not taken.

    ``free`` are sorted, disjoint intervals in UTC minutes; what may move does not count
    as taken. ``staff`` and ``products`` limit by whom and for what it may be used.
    """

    resource: int
    number: int
    free: Sequence[Interval]
    staff: frozenset[int] | None = None
    products: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Want:
    """A stretch ``[start, stop)`` in which a unit of a pool is needed.

    ``key`` names it in the answer; ``place`` is the unit it has now, if any; ``only``
    are the resources that were asked for, None where any will do.
    """

    key: Hashable
    pool: Hashable
    start: int
    stop: int
    product: int | None = None
    staff: int | None = None
    place: tuple[int, int] | None = None
    only: frozenset[int] | None = None


def seat(
    wants: Sequence[Want],
    places: Mapping[Hashable, Sequence[Place]],
    seated: Sequence[Want] = (),
) -> dict[Hashable, tuple[int, int]] | None:
    """Give every want a ``(resource, number)``, or return None.

    Nobody is moved while that can be helped. ``seated`` have a place and may get
    another; the answer then names those that move as well.
    """
    chosen: dict[Hashable, tuple[int, int]] = {}
    for pools in _unrelated(places, {want.pool for want in wants}):
        new = [want for want in wants if want.pool in pools]
        there = [want for want in seated if want.pool in pools]
        for stretch in _stretches(new, there):
            found = _seat_stretch(stretch[0], places, stretch[1])
            if found is None:
                return None
            chosen |= found
    return chosen


def _unrelated(places, wanted) -> Iterator[set[Hashable]]:
    """Sets of pools that share no unit: who sits in one leaves the others alone."""
    groups: list[tuple[set, set]] = []
    for pool in wanted | places.keys():
        pools = {pool}
        units = {(place.resource, place.number) for place in places.get(pool, ())}
        for group in [group for group in groups if group[1] & units]:
            groups.remove(group)
            pools |= group[0]
            units |= group[1]
        groups.append((pools, units))
    return (pools for pools, _units in groups if pools & wanted)


def _stretches(wants, seated) -> list[tuple[list[Want], list[Want]]]:
    """New and seated by what overlaps, or overlaps what does: the rest does not mind.

    A visit every week for a year is seated week by week.
    """
    everybody = [(want, 0) for want in wants] + [(want, 1) for want in seated]
    stretches: list[tuple[list[Want], list[Want]]] = []
    end = None
    for want, side in sorted(everybody, key=lambda pair: pair[0].start):
        if end is None or want.start >= end:
            stretches.append(([], []))
            end = want.stop
        stretches[-1][side].append(want)
        end = max(end, want.stop)
    return [(new, there) for new, there in stretches if new]


def _seat_stretch(wants, places, seated):
    taken = [(want.place, want.start, want.stop) for want in seated]
    chosen = _search(list(wants), places, taken)
    if chosen is not None or not seated:
        return chosen
    wanted_pools = {want.pool for want in wants}
    near = _cluster(wants, [want for want in seated if want.pool in wanted_pools])
    moving = sorted(near, key=lambda want: want.start)
    staying = [
        (want.place, want.start, want.stop) for want in seated if want not in near
    ]
    # The new ones take part in the order of time: first come, first seated is best for
    # places that are alike.
    everybody = sorted([*wants, *moving], key=lambda want: want.start)
    chosen = _search(everybody, places, staying)
    if chosen is None:
        return None
    new = {want.key for want in wants}
    before = {want.key: want.place for want in moving}
    return {
        key: place
        for key, place in chosen.items()
        if key in new or place != before[key]
    }


def _cluster(wants, seated) -> set[Want]:
    """Whoever overlaps a want, or somebody who does, and so on."""
    near: set[Want] = set()
    first = min(want.start for want in wants)
    last = max(want.stop for want in wants)
    grown = True
    while grown:
        grown = False
        for want in seated:
            if want not in near and want.start < last and first < want.stop:
                near.add(want)
                first, last = min(first, want.start), max(last, want.stop)
                grown = True
    return near


def _search(wants, places, taken):
    """A free unit for each want in turn; where none is left, the one before changes.

    Written as a loop: a batch of imported days is deeper than Python's stack.
    """
    busy = defaultdict(list)
    for unit, start, stop in taken:
        busy[unit].append((start, stop))
    chosen: dict[Hashable, tuple[int, int]] = {}
    known = {want.pool: places.get(want.pool, ()) for want in wants}
    patience = PATIENCE + sum(len(known[want.pool]) for want in wants)
    left = [iter(_ordered(wants[0], known[wants[0].pool]))]
    while True:
        want = wants[len(left) - 1]
        for place in left[-1]:
            patience -= 1
            unit = (place.resource, place.number)
            if (
                _serves(place, want)
                and _is_open(place, want)
                and _is_free(busy[unit], want)
            ):
                break
        else:
            left.pop()
            if not left or patience < 0:
                return None
            busy[chosen.pop(wants[len(left) - 1].key)].pop()
            continue
        chosen[want.key] = unit
        if len(left) == len(wants):
            return chosen
        busy[unit].append((want.start, want.stop))
        following = wants[len(left)]
        left.append(iter(_ordered(following, known[following.pool])))


def _is_free(spans, want) -> bool:
    return not any(start < want.stop and want.start < stop for start, stop in spans)


def _ordered(want, places):
    """The place one has comes first, so that as few as possible move."""
    if want.place is None:
        return places
    return sorted(
        places, key=lambda place: (place.resource, place.number) != want.place
    )


def _serves(place, want) -> bool:
    return (
        (place.staff is None or want.staff in place.staff)
        and (place.products is None or want.product in place.products)
        and (want.only is None or place.resource in want.only)
    )


def _is_open(place, want) -> bool:
    index = bisect_right(place.free, want.start, key=itemgetter(0)) - 1
    return index >= 0 and want.stop <= place.free[index][1]
