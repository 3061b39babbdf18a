"""Which bookings are one coming-in, and which booking a receipt line pays for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .rows import DONE, SERVICE, BookingRow, Place, Receipt
from .values import word


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """A visit to be stored; without bookings it is known from a receipt only."""

    at: Place
    key: str
    client: str
    day: date
    state: str
    bookings: tuple[BookingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitBook:
    """All visits, and by receipt line key its visit and, where it is one, booking."""

    visits: tuple[VisitPlan, ...]
    visit_by_line: dict[str, VisitPlan]
    booking_by_line: dict[str, BookingRow]


def plan_visits(
    bookings: Iterable[BookingRow], receipts: Iterable[Receipt]
) -> VisitBook:
    """Group by client, day and state; a booking without a client is a visit itself.

    A receipt line belongs to its client's done visit of that day, or to a new one
    without bookings. It pays for a booking of the same service, sooner one with the
    same staff member; no booking is paid by two lines, and none by a negative one.
    """
    receipts = list(receipts)
    plans: dict[str, VisitPlan] = {}
    grouped: dict[str, list[BookingRow]] = defaultdict(list)
    for booking in bookings:
        key = (
            _key(booking.day, booking.client, booking.state)
            if booking.client
            else booking.key
        )
        grouped[key].append(booking)
    for key, rows in grouped.items():
        first = rows[0]
        plans[key] = VisitPlan(
            first.at, key, first.client, first.day, first.state, tuple(rows)
        )
    visit_by_line: dict[str, VisitPlan] = {}
    for receipt in receipts:
        for line in receipt.lines:
            if line.client:
                key = _key(receipt.day, line.client, DONE)
            else:
                key = f"{receipt.day:%Y%m%d}..receipt.{word(receipt.number)}"
            if key not in plans:
                plans[key] = VisitPlan(line.at, key, line.client, receipt.day, DONE)
            visit_by_line[line.key] = plans[key]
    return VisitBook(
        tuple(plans.values()), visit_by_line, _match(visit_by_line, receipts)
    )


def _match(visit_by_line, receipts) -> dict[str, BookingRow]:
    taken: set[str] = set()
    matched: dict[str, BookingRow] = {}
    lines = [
        line
        for receipt in receipts
        for line in receipt.lines
        if line.item.kind == SERVICE and line.quantity > 0 and line.amount >= 0
    ]
    # First the pairs that agree in everything, so that a colleague's line does not
    # take the booking of the one who has the exact match.
    for same_staff in (True, False):
        for line in lines:
            if line.key in matched:
                continue
            for booking in visit_by_line[line.key].bookings:
                if (
                    booking.key not in taken
                    and booking.service == line.item.code
                    and (not same_staff or booking.staff == line.staff)
                ):
                    matched[line.key] = booking
                    taken.add(booking.key)
                    break
    return matched


def _key(day: date, client: str, state: str) -> str:
    return f"{day:%Y%m%d}.{word(client)}.{state}"


def overlapping(
    spans: Iterable[tuple[str, int, int, int]],
    taken: Iterable[tuple[int, int, int]] = (),
) -> set[str]:
    """Keys of the spans that meet a taken one or an earlier one of the same person.

    ``spans`` are (key, person, first minute, minute after the last), ``taken`` the
    same without key. The later of two that meet is the one that overlaps; touching is
    no overlap. Spans of one key do not overlap each other.
    """
    found: set[str] = set()
    kept: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, start, stop in taken:
        kept[person].append((start, stop))
    by_key: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for key, person, start, stop in spans:
        by_key[key].append((start, stop, person))
    for key in sorted(by_key, key=lambda key: (min(by_key[key]), key)):
        if any(
            other_start < stop and start < other_stop
            for start, stop, person in by_key[key]
            for other_start, other_stop in kept[person]
        ):
            found.add(key)
            continue
        for start, stop, person in by_key[key]:
            kept[person].append((start, stop))
    return found
