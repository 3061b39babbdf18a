"""The states of an appointment and a visit, and the moves between them."""

from collections.abc import Collection

BOOKED = "booked"
CONFIRMED = "confirmed"
ARRIVED = "arrived"
IN_SERVICE = "in_service"
DONE = "done"
CANCELLED = "cancelled"
NO_SHOW = "no_show"

#: What a receptionist or stylist may do from each state. A desk in a hurry skips
#: steps, so every live state may become done.
MOVES: dict[str, frozenset[str]] = {
    BOOKED: frozenset({CONFIRMED, ARRIVED, IN_SERVICE, DONE, CANCELLED, NO_SHOW}),
    CONFIRMED: frozenset({BOOKED, ARRIVED, IN_SERVICE, DONE, CANCELLED, NO_SHOW}),
    ARRIVED: frozenset({BOOKED, CONFIRMED, IN_SERVICE, DONE, CANCELLED}),
    IN_SERVICE: frozenset({ARRIVED, DONE}),
    DONE: frozenset(),
    CANCELLED: frozenset(),
    NO_SHOW: frozenset(),
}

#: Moves that take back something final; they need the right to undo.
UNDO_MOVES: dict[str, frozenset[str]] = {
    IN_SERVICE: frozenset({CANCELLED}),
    DONE: frozenset({IN_SERVICE}),
    CANCELLED: frozenset({BOOKED}),
    NO_SHOW: frozenset({BOOKED, ARRIVED}),
}

#: States that hold the person and the place.
OCCUPYING = frozenset({BOOKED, CONFIRMED, ARRIVED, IN_SERVICE, DONE})
#: Taking one of these back is a right of its own.
FINAL = frozenset({DONE, CANCELLED, NO_SHOW})
#: States in which the client has not come and will not come.
LOST = frozenset({CANCELLED, NO_SHOW})

#: The field in which the moment of reaching a state is kept.
STAMPS = {
    CONFIRMED: "confirmed_at",
    ARRIVED: "arrived_at",
    IN_SERVICE: "started_at",
    DONE: "done_at",
    CANCELLED: "cancelled_at",
    NO_SHOW: "no_show_at",
}


def is_allowed(current: str, wanted: str, may_undo: bool = False) -> bool:
    """Say whether a move is in the table; staying where one is always is."""
    return (
        wanted == current
        or wanted in MOVES[current]
        or (may_undo and wanted in UNDO_MOVES.get(current, frozenset()))
    )


def state_of_visit(states: Collection[str]) -> str:
    """One word for a visit from the states of its appointments (at least one).

    Lost appointments do not count while a live one remains; the visit is in service
    from the first service's start until the last one is done.
    """
    live = set(states) - LOST
    if not live:
        return NO_SHOW if NO_SHOW in states else CANCELLED
    if live == {DONE}:
        return DONE
    if live & {DONE, IN_SERVICE}:
        return IN_SERVICE
    if ARRIVED in live:
        return ARRIVED
    return CONFIRMED if live == {CONFIRMED} else BOOKED
