"""What the day board shows of minutes: frames of days, phases, sums.

All times are UTC minutes, all intervals ``(start, stop)``.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from .intervals import Interval, intersect, merge

HOUR = 60
#: Shown of a day on which nothing is open and nothing booked: nine to six.
IDLE_FROM, IDLE_TO = 9 * HOUR, 18 * HOUR
#: Colours of the host's palette that can be told apart from "none".
COLOURS = 11


def frame(day: Interval, spans: Iterable[Interval]) -> Interval:
    """From when to when a day is drawn: all that happens on it, in whole hours.

    ``spans`` are opening hours, working hours and bookings that begin on that day; what
    runs past midnight makes the day longer.

    >>> frame((0, 1440), [(545, 1070)])
    (540, 1080)
    """
    start, stop = day
    begun = [span for span in spans if start <= span[0] < stop]
    if not begun:
        return start + IDLE_FROM, start + IDLE_TO
    first = min(begin for begin, _end in begun)
    last = max(end for _begin, end in begun)
    return (
        start + (first - start) // HOUR * HOUR,
        start - (start - last) // HOUR * HOUR,
    )


def minutes(spans: Iterable[Interval]) -> int:
    """Minutes of spans, what overlaps counted once."""
    return sum(stop - start for start, stop in merge(spans))


def within(spans: Iterable[Interval], start: int, stop: int) -> list[Interval]:
    """What of spans lies in ``[start, stop)``, merged."""
    return intersect(merge(spans), [(start, stop)])


def colour(key: int | None) -> int:
    """The same colour for the same thing, on every screen and every day."""
    return (key or 0) % COLOURS + 1


def lay_phases(
    start: int,
    parts: Sequence[tuple[str, int, int, bool]],
    staff: int | None,
    people: Sequence[tuple[int, int, int, str]],
    places: Sequence[tuple[int, int, int]],
    *,
    as_taken: bool = False,
) -> list[list]:
    """The phases of an appointment with who and what each one takes.

    :param parts: (kind, offset, minutes, is the person busy), as the service is today
    :param staff: who does it where nobody is said to be taken
    :param people: (id, start, stop, kind), what is really taken of them
    :param places: (id, start, stop), what is really taken of them
    :param as_taken: what is taken stands where the service was changed after booking
    :return: lists of kind, start, stop, person or False, places
    """
    if as_taken:
        edges = {start + offset for _kind, offset, _length, _ in parts}
        edges |= {start + offset + length for _kind, offset, length, _ in parts}
        if any(not {begin, end} <= edges for _who, begin, end, _kind in people):
            parts = _parts_of(start, people)
    phases = []
    for kind, offset, length, is_busy in parts:
        first, last = start + offset, start + offset + length
        at_work = [who for who, begin, end, _ in people if begin < last and first < end]
        who = at_work[0] if at_work else (staff or False) if is_busy else False
        taken = [one for one, begin, end in places if begin < last and first < end]
        phases.append([kind, first, last, who, list(dict.fromkeys(taken))])
    return phases


def _parts_of(
    start: int, people: Iterable[tuple[int, int, int, str]]
) -> list[tuple[str, int, int, bool]]:
    """Phases as the rows of the people tell them; what lies between is processing.

    >>> _parts_of(0, [(7, 0, 30, "work"), (7, 65, 85, "finish")])
    [('work', 0, 30, True), ('processing', 30, 35, False), ('finish', 65, 20, True)]
    """
    worked = {(begin, end, kind, True) for _who, begin, end, kind in people}
    spans = merge((begin, end) for begin, end, _kind, _ in worked)
    gaps = {
        (before, after, "processing", False)
        for (_begin, before), (after, _end) in pairwise(spans)
    }
    return [
        (kind, begin - start, end - begin, is_busy)
        for begin, end, kind, is_busy in sorted(worked | gaps)
    ]
