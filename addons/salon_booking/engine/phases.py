"""What a service does with its time: phases, and whom or what each one takes."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

#: The kind of a stretch that belongs to no client: preparing, tidying up.
BUFFER = "buffer"


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a service.

    ``minutes`` is a whole number. ``pools`` are the keys of what is held during this
    part besides the staff member: a kind of room, station or equipment, or a circle of
    people one of whom helps. Of each pool one unit is taken.
    """

    kind: str
    minutes: int
    is_staff_busy: bool = True
    pools: tuple[Hashable, ...] = ()
    is_client_present: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """A phase laid on the clock: ``[offset, offset + minutes)`` from the start."""

    phase: Phase
    offset: int

    @property
    def stop(self) -> int:
        return self.offset + self.phase.minutes


def total_minutes(phases: Sequence[Phase]) -> int:
    return sum(phase.minutes for phase in phases)


def stretch(phases: Sequence[Phase], minutes: int) -> tuple[Phase, ...]:
    """Fit the phases into ``minutes`` for a person who is faster or slower.

    Only phases in which the staff member works change, in proportion to their
    length: processing is chemistry and takes as long with everybody. When the work
    would shrink below nothing, the later phases are cut instead.

    >>> phases = Phase("work", 30), Phase("processing", 35, False), Phase("finish", 20)
    >>> [phase.minutes for phase in stretch(phases, 95)]
    [36, 35, 24]
    """
    if minutes < 0:
        raise ValueError("A service cannot last less than nothing.")
    worked = sum(phase.minutes for phase in phases if phase.is_staff_busy)
    fixed = total_minutes(phases) - worked
    if not worked:
        return _fill(phases, minutes)
    goal = minutes - fixed
    if goal < 0:
        return _fill(phases, minutes)
    fitted = []
    done = given = 0
    for phase in phases:
        if phase.is_staff_busy:
            done += phase.minutes
            share = (2 * goal * done + worked) // (2 * worked) - given
            given += share
            phase = replace(phase, minutes=share)
        fitted.append(phase)
    return tuple(phase for phase in fitted if phase.minutes)


def _fill(phases: Sequence[Phase], minutes: int) -> tuple[Phase, ...]:
    """Take phases in order until ``minutes`` are used; the last one gets the rest."""
    fitted = []
    left = minutes
    for index, phase in enumerate(phases):
        last = index == len(phases) - 1
        take = left if last else min(phase.minutes, left)
        if take:
            fitted.append(replace(phase, minutes=take))
        left -= take
    return tuple(fitted)


def lay_out(
    phases: Sequence[Phase], before: int = 0, after: int = 0
) -> tuple[Segment, ...]:
    """Put the phases one after the other, from minute 0.

    ``before`` and ``after`` are buffers in minutes: the staff member and the places of
    the neighbouring phase are taken, the client is not there.
    """
    segments = []
    offset = 0
    for phase in phases:
        segments.append(Segment(phase, offset))
        offset += phase.minutes
    if before and phases:
        segments.insert(0, Segment(_buffer(phases[0], before), -before))
    if after and phases:
        segments.append(Segment(_buffer(phases[-1], after), offset))
    return tuple(segments)


def _buffer(phase: Phase, minutes: int) -> Phase:
    return Phase(BUFFER, minutes, pools=phase.pools, is_client_present=False)


def staff_holds(segments: Sequence[Segment]) -> list[tuple[int, int]]:
    """The stretches ``(from, to)`` in which the staff member is taken, joined."""
    holds: list[tuple[int, int]] = []
    for segment in segments:
        if not segment.phase.is_staff_busy or not segment.phase.minutes:
            continue
        if holds and holds[-1][1] == segment.offset:
            holds[-1] = (holds[-1][0], segment.stop)
        else:
            holds.append((segment.offset, segment.stop))
    return holds


def pool_holds(segments: Sequence[Segment]) -> list[tuple[Hashable, int, int]]:
    """The stretches ``(pool, from, to)``; neighbours of one pool joined."""
    holds: list[tuple[Hashable, int, int]] = []
    open_holds: dict[Hashable, int] = {}
    for segment in segments:
        if not segment.phase.minutes:
            continue
        for pool in segment.phase.pools:
            index = open_holds.get(pool)
            if index is not None and holds[index][2] == segment.offset:
                holds[index] = (pool, holds[index][1], segment.stop)
            else:
                open_holds[pool] = len(holds)
                holds.append((pool, segment.offset, segment.stop))
    return holds


@dataclass(frozen=True)
class Footprint:
    """What a service takes, in minutes after the client's start.

    ``length`` is the whole service, ``client_stop`` when the client is ready for the
    next one, ``staff`` and ``pools`` the stretches taken. Buffers make stretches begin
    before 0 or end after ``length``. Many people share one, so its sums are kept.
    """

    length: int
    client_stop: int
    staff: tuple[tuple[int, int], ...]
    pools: tuple[tuple[Hashable, int, int], ...]

    @cached_property
    def staff_start(self) -> int:
        return min((start for start, _stop in self.staff), default=0)

    @cached_property
    def staff_stop(self) -> int:
        return max((stop for _start, stop in self.staff), default=0)

    @cached_property
    def start(self) -> int:
        """When anybody or anything is taken first."""
        return min([self.staff_start, *(start for _pool, start, _stop in self.pools)])

    @cached_property
    def stop(self) -> int:
        """When nobody and nothing is taken any more."""
        return max([self.staff_stop, *(stop for _pool, _start, stop in self.pools)])

    @property
    def minutes(self) -> list[int]:
        """Every number of minutes that matters, for the choice of a cell."""
        return [
            self.length,
            self.client_stop,
            *(minute for hold in self.staff for minute in hold),
            *(minute for hold in self.pools for minute in hold[1:]),
        ]


def footprint(segments: Sequence[Segment]) -> Footprint:
    """Sum up laid-out phases; buffers are segments before 0 or without a client."""
    inside = [segment for segment in segments if segment.phase.kind != BUFFER]
    length = inside[-1].stop if inside else 0
    present = [segment.stop for segment in inside if segment.phase.is_client_present]
    return Footprint(
        length,
        max(present, default=length),
        tuple(staff_holds(segments)),
        tuple(pool_holds(segments)),
    )
