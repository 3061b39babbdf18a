"""The screens that the documentation shows: one table, of which pictures are made."""

from collections.abc import Iterable
from dataclasses import dataclass

from .console import LauncherError

LAPTOP = (1366, 768)
PHONE = (390, 844)


@dataclass(frozen=True)
class Screen:
    """A page as somebody sees it.

    `path` may name a record by ``{xml id}``; `ready` is the selector that says that all
    is there, `script` JavaScript to run before the picture is taken.
    """

    name: str
    user: str
    path: str
    size: tuple[int, int] = LAPTOP
    ready: str = ".o_action"
    script: str = ""


BLOCK = ".o_salon_block"

SCREENS = (
    Screen("board", "receptionist", "/odoo/salon-board", ready=BLOCK),
    Screen("board_phone", "receptionist", "/odoo/salon-board", PHONE, BLOCK),
    Screen("my_day", "stylist", "/odoo/my-day", PHONE, ".o_salon_my_day_title"),
    Screen(
        "walk_ins", "receptionist", "/odoo/salon-walk-ins", ready=".o_kanban_record"
    ),
    Screen("roster", "manager", "/odoo/salon-roster", ready=".o_salon_roster_shift"),
    Screen("today", "receptionist", "/odoo/salon-today", ready=".o_kanban_record"),
    Screen("services", "owner", "/odoo/salon-services", ready=".o_kanban_record"),
    Screen(
        "service",
        "owner",
        "/odoo/salon-services/{salon_booking.service_colour}",
        ready=".o_salon_phase",
    ),
    Screen(
        "team",
        "owner",
        "/odoo/action-salon_booking.salon_team_action",
        ready=".o_kanban_record",
    ),
    Screen("clients", "receptionist", "/odoo/salon-client-cards", ready=".o_data_row"),
    Screen("waitlist", "receptionist", "/odoo/salon-waitlist", ready=".o_data_row"),
    Screen("today_phone", "stylist", "/odoo/salon-today", PHONE, ".o_kanban_record"),
)


def chosen(names: Iterable[str]) -> list[Screen]:
    """Return the screens of these names, or all."""
    known = {screen.name: screen for screen in SCREENS}
    names = list(names) or list(known)
    if unknown := [name for name in names if name not in known]:
        raise LauncherError(
            f"There is no screen {', '.join(unknown)}. There are: {', '.join(known)}."
        )
    return [known[name] for name in names]


def xml_ids(screens: Iterable[Screen]) -> set[str]:
    """Return the names of records in the paths."""
    parts = (part for screen in screens for part in screen.path.split("{")[1:])
    return {part.partition("}")[0] for part in parts}


def fill(path: str, ids: dict[str, int]) -> str:
    """Put the ids of records into a path."""
    for name in sorted(ids):
        path = path.replace(f"{{{name}}}", str(ids[name]))
    return path
