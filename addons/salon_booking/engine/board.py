"""What the day board shows of minutes: frames of days, phases, sums.

All times are UTC minutes, all intervals ``(start, stop)``.
"""

from collections.abc import Iterable, Sequence

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
    people: Sequence[tuple[int, int, int]],
    places: Sequence[tuple[int, int, int]],
) -> list[list]:
    """The phases of an appointment with who and what each one takes.

    :param parts: (kind, offset, minutes, is the person busy)
    :param staff: who does it where nobody is said to be taken
    :param people, places: (id, start, stop), what is really taken
    :return: lists of kind, start, stop, person or False, places
    """
    phases = []
    for kind, offset, length, is_busy in parts:
        first, last = start + offset, start + offset + length
        at_work = [one for one, begin, end in people if begin < last and first < end]
        who = at_work[0] if at_work else (staff or False) if is_busy else False
        taken = [one for one, begin, end in places if begin < last and first < end]
        phases.append([kind, first, last, who, list(dict.fromkeys(taken))])
    return phases
