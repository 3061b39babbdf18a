"""What a day should look like, worked out minute by minute and without the engine.

The slow and obvious reference of the proofs: it knows what was booked only from what
the test itself did, and reads of the database nothing but which place was given.
All moments are minutes of the one day, counted from its midnight on the wall clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

Minutes = frozenset[int]


def span(start: int, stop: int) -> Minutes:
    return frozenset(range(start, stop))


@dataclass(frozen=True)
class Service:
    """When the person and a place are held, in minutes after the start."""

    name: str
    minutes: int
    person: tuple[tuple[int, int], ...]
    place: str | None = None

    def lasting(self, minutes: int) -> "Service":
        """The same for somebody who needs longer; for services of one phase."""
        if minutes == self.minutes:
            return self
        assert self.person == ((0, self.minutes),)
        return Service(self.name, minutes, ((0, minutes),), self.place)

    def person_minutes(self, start: int) -> Minutes:
        return frozenset().union(
            *(span(start + first, start + last) for first, last in self.person)
        )

    def place_minutes(self, start: int) -> Minutes:
        return span(start, start + self.minutes)


CUT = Service("cut", 30, ((0, 30),))
COLOUR = Service("colour", 60, ((0, 15), (45, 60)), "chair")
WASH = Service("wash", 15, ((0, 15),), "basin")
SERVICES = {service.name: service for service in (CUT, COLOUR, WASH)}


@dataclass(frozen=True)
class Line:
    """One appointment, or one part of a hold: who takes what from when on."""

    service: Service
    person: str
    start: int

    @property
    def person_minutes(self) -> Minutes:
        return self.service.person_minutes(self.start)

    @property
    def place_minutes(self) -> Minutes:
        return self.service.place_minutes(self.start)


@dataclass
class Ledger:
    """What was done to the day.

    ``places`` are the units of each place as the database gave them, by line key.
    """

    opening: Minutes
    people: tuple[str, ...]
    capacity: dict[str, int]
    grid: int = 15
    lines: dict[object, Line] = field(default_factory=dict)
    units: dict[object, int] = field(default_factory=dict)
    windows: dict[str, Minutes] = field(default_factory=dict)
    off: list[tuple[str, Minutes]] = field(default_factory=list)

    def works(self, person: str) -> Minutes:
        """Time off goes before shifts; neither reaches beyond the opening hours."""
        away = frozenset().union(*(away for who, away in self.off if who == person))
        return (self.windows.get(person, self.opening) & self.opening) - away

    def busy(self, person: str, without: Iterable = ()) -> Minutes:
        return frozenset().union(
            *(
                line.person_minutes
                for key, line in self.lines.items()
                if line.person == person and key not in without
            )
        )

    def is_person_free(self, line: Line, without: Iterable = ()) -> bool:
        return not line.person_minutes & self.busy(line.person, without)

    def has_unit(self, line: Line, without: Iterable = ()) -> bool:
        """Say whether a place is free as everybody sits now."""
        kind = line.service.place
        if kind is None:
            return True
        taken = set()
        for key, other in self._others(kind, without):
            if other.place_minutes & line.place_minutes:
                taken.add(self.units[key])
        return len(taken & set(range(1, self.capacity[kind] + 1))) < self.capacity[kind]

    def has_room(self, line: Line, without: Iterable = ()) -> bool:
        """Say whether there would be a place if all could change their seats."""
        kind = line.service.place
        if kind is None:
            return True
        return all(
            sum(minute in other.place_minutes for _k, other in others) + 1
            <= self.capacity[kind]
            for others in [self._others(kind, without)]
            for minute in line.place_minutes
        )

    def _others(self, kind: str, without: Iterable) -> list:
        return [
            (key, line)
            for key, line in self.lines.items()
            if line.service.place == kind and key not in without
        ]

    # --- what may and what must be possible ---

    def must_fit(self, line: Line, without: Iterable = ()) -> bool:
        return self.is_person_free(line, without) and self.has_unit(line, without)

    def may_fit(self, line: Line, without: Iterable = ()) -> bool:
        return self.is_person_free(line, without) and (
            self.has_unit(line, without) or self.has_room(line, without)
        )

    def starts(self, service: Service, person: str, fits) -> set[int]:
        """Every grid minute of the day, looked at by itself."""
        works = self.works(person)
        return {
            start
            for start in range(0, 24 * 60, self.grid)
            if Line(service, person, start).person_minutes <= works
            and fits(Line(service, person, start))
        }
