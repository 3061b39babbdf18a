"""What a service does with its time: phases, and whom or what each one takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a service.

    ``minutes`` is a whole number; ``facility_type`` is the key of the kind of room,
    station or equipment held during this part, or None.
    """

    kind: str
    minutes: int
    is_staff_busy: bool = True
    facility_type: int | None = None


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


def lay_out(phases: Sequence[Phase]) -> tuple[Segment, ...]:
    """Put the phases one after the other, from minute 0."""
    segments = []
    offset = 0
    for phase in phases:
        segments.append(Segment(phase, offset))
        offset += phase.minutes
    return tuple(segments)


def staff_holds(segments: Sequence[Segment]) -> list[tuple[int, int]]:
    """The stretches ``(from, to)`` in which the staff member is taken, joined."""
    return _join(
        (segment.offset, segment.stop)
        for segment in segments
        if segment.phase.is_staff_busy
    )


def facility_holds(segments: Sequence[Segment]) -> list[tuple[int, int, int]]:
    """The stretches ``(facility type, from, to)``; neighbours of one type joined."""
    holds: list[tuple[int, int, int]] = []
    for segment in segments:
        kind = segment.phase.facility_type
        if kind is None or not segment.phase.minutes:
            continue
        if holds and holds[-1][0] == kind and holds[-1][2] == segment.offset:
            holds[-1] = (kind, holds[-1][1], segment.stop)
        else:
            holds.append((kind, segment.offset, segment.stop))
    return holds


def _join(stretches) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in stretches:
        if start == stop:
            continue
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined
