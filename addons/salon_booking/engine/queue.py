"""Who takes which walk-in next, and when those who wait can expect to be served.

Guests are looked at in the order of the queue; each gets the soonest way that is left
by those before. So nobody's time gets later because of somebody behind, and a short
service slips into a hole that nobody before could use. Among several people who can
begin at the same moment, the one with least to do today is chosen, then the one who
has taken nobody for longest.

Example: Mia and Oleg are free at 600, Mia has worked 300 minutes today and Oleg 240.
The first guest gets Oleg at 600, the second one Mia at 600, the third whoever is done
first.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's part in serving a guest: UTC minutes, ``[start, stop)``."""

    staff: int
    start: int
    stop: int


#: One way in which a guest can be served, by what is booked until now.
Way = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What a person has to do today, and the minute at which she last took somebody."""

    minutes: int = 0
    last: int = 0


@dataclass(slots=True)
class Promised:
    """What the guests before have been given, by person."""

    loads: dict[int, Load]
    turns: dict[int, list[Turn]] = field(default_factory=lambda: defaultdict(list))

    def is_free(self, way: Way) -> bool:
        return not any(
            turn.start < other.stop and other.start < turn.stop
            for turn in way
            for other in self.turns[turn.staff]
        )

    def fairness_of(self, staff: int) -> tuple[int, int, int]:
        """Whose turn it is, lowest first: least to do, then least recent."""
        load = self.loads.get(staff, Load())
        return load.minutes, load.last, staff

    def fairness(self, way: Way) -> tuple:
        known = [self.fairness_of(turn.staff) for turn in way]
        return (
            max(minutes for minutes, _last, _staff in known),
            max(last for _minutes, last, _staff in known),
            tuple(staff for _minutes, _last, staff in known),
        )

    def give(self, way: Way) -> None:
        for turn in way:
            load = self.loads.get(turn.staff, Load())
            self.turns[turn.staff].append(turn)
            self.loads[turn.staff] = Load(
                load.minutes + turn.stop - turn.start, max(load.last, turn.start)
            )


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who waits, with every way in which he could be served, soonest first.

    Where these are too many to list, a function tells them that knows what has been
    promised to those before.
    """

    key: Hashable
    ways: Sequence[Way] | Callable[[Promised], Iterable[Way]]


def begin(way: Way) -> int:
    """The minute at which a guest is taken."""
    return min(turn.start for turn in way)


def assign(
    guests: Iterable[Guest], loads: Mapping[int, Load]
) -> dict[Hashable, Way | None]:
    """Give each guest, in the order of the queue, the soonest and fairest way.

    :param loads: by person; who is not in it has nothing to do today
    :return: by key of the guest; None for whom nothing is left
    """
    promised = Promised(dict(loads))
    given: dict[Hashable, Way | None] = {}
    for guest in guests:
        chosen = None
        for way in guest.ways(promised) if callable(guest.ways) else guest.ways:
            if chosen and begin(way) > begin(chosen):
                break
            if not promised.is_free(way):
                continue
            if not chosen or promised.fairness(way) < promised.fairness(chosen):
                chosen = way
        if chosen:
            promised.give(chosen)
        given[guest.key] = chosen
    return given
