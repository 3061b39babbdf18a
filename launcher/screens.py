"""The screens that the documentation shows: one table, of which pictures are made."""

from collections.abc import Iterable
from dataclasses import dataclass

from .console import LauncherError

LAPTOP = (1366, 768)
PHONE = (390, 844)


@dataclass(frozen=True)
class Screen:
    """A page as somebody sees it.

    `path` may name a record by ``{xml id}``. `steps` are clicked one after another,
    each once it is there; a pair of selector and text is typed, and ``:contains(text)``
    may be in a selector. Then `script` runs, in which ``number`` is the record that is
    open. `ready` is the selector that says that all is there.
    """

    name: str
    user: str
    path: str
    size: tuple[int, int] = LAPTOP
    ready: str = ".o_action"
    steps: tuple[str | tuple[str, str], ...] = ()
    script: str = ""


BLOCK = ".o_salon_block"
CARD, PAPER = (420, 600), (820, 780)


def _paper(report: str) -> str:
    """A script that opens what would be printed of the record that is open."""
    return f"location.href = `/report/html/{report}/${{number}}`;"


VISITS = ("receptionist", "/odoo/salon-visits")
SHEET = ".o_form_sheet"
IN_SERVICE = ".o_data_row:contains(In service) [name=client_id]"

#: What a client does on the booking pages, one page after the other.
CHOOSE = (".o_salon_row:contains(Brow shaping)", ".o_salon_go:not([disabled])")
TIME = (".o_salon_slot",)
BOOK = (
    ("#salon_name", "Clara Peeters"),
    ("#salon_phone", "+32 470 11 00 99"),
    "button.o_salon_go",
)
#: Open the review of the latest visit that can still be reviewed.
REVIEW = """
const read = async (url) =>
    new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
const visits = await read("/my/visits");
for (const { pathname } of visits.querySelectorAll("a[href^='/my/visits/']")) {
    const review = (await read(pathname)).querySelector("a[href*=review]");
    if (review) {
        location.href = review.getAttribute("href");
        break;
    }
}
"""
OWN_VISIT, ACTIONS = ("anna", "/my/visits"), ".o_salon_own_actions"


def _online(name: str, *steps: str | tuple[str, str], ready: str) -> list[Screen]:
    """The same page of a client on a laptop and on a phone."""
    page = "receptionist", "/salon/center"
    return [
        Screen(name, *page, LAPTOP, ready, steps),
        Screen(f"{name}_phone", *page, PHONE, ready, steps),
    ]


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
    *_online("booking", ready=".o_salon_row"),
    *_online("booking_times", *CHOOSE, ready=".o_salon_slot"),
    *_online("booking_details", *CHOOSE, *TIME, ready=".o_salon_kept"),
    *_online("booking_done", *CHOOSE, *TIME, *BOOK, ready=".o_salon_done"),
    Screen("own_visit", *OWN_VISIT, LAPTOP, ACTIONS, (".list-group-item",)),
    Screen("own_visit_phone", *OWN_VISIT, PHONE, ACTIONS, (".list-group-item",)),
    Screen(
        "review_phone",
        "anna",
        "/my/visits",
        PHONE,
        ".o_salon_review",
        steps=("#wrap",),
        script=REVIEW,
    ),
    Screen("my_salon", "anna", "/my/salon", ready="#wrap h1, #wrap h2, #wrap h3"),
    Screen(
        "my_salon_phone", "anna", "/my/salon", PHONE, "#wrap h1, #wrap h2, #wrap h3"
    ),
    Screen(
        "today_phone", "receptionist", "/odoo/salon-today", PHONE, ".o_kanban_record"
    ),
    Screen(
        "drawer",
        "receptionist",
        "/odoo/salon-board",
        ready=".o_salon_drawer",
        steps=(".o_salon_board_drawer",),
    ),
    Screen(
        "quick_booking",
        "receptionist",
        "/odoo/salon-today",
        ready=".o_salon_quick_offer, .o_salon_quick_time",
        steps=(
            ".o_kanban_group",
            ".o_salon_quick_systray",
            (".o_salon_quick_client input", "bella"),
            ".o-autocomplete--dropdown-item a:contains(Bella)",
            ".o_salon_quick_again",
        ),
    ),
    Screen(
        "my_visit",
        "stylist",
        "/odoo/my-day",
        PHONE,
        ".o_salon_my_day_photo_add",
        steps=(".o_salon_my_day_open",),
    ),
    Screen("visit", *VISITS, ready=".o_form_view .o_data_row", steps=(IN_SERVICE,)),
    Screen(
        "visit_card",
        *VISITS,
        CARD,
        ".page",
        steps=(IN_SERVICE, SHEET),
        script=_paper("salon_booking.salon_visit_card"),
    ),
    Screen(
        "work_slip",
        *VISITS,
        CARD,
        ".page",
        steps=(IN_SERVICE, SHEET),
        script=_paper("salon_booking.salon_work_slip"),
    ),
    Screen(
        "group_event",
        "receptionist",
        "/odoo/salon-groups",
        ready=".o_form_view .o_data_row",
        steps=(".o_data_row:contains(Brow workshop) [name=name]",),
    ),
    Screen(
        "checkout",
        *VISITS,
        ready=".modal .o_data_row",
        steps=(IN_SERVICE, ".o_form_view button[name=action_checkout]"),
    ),
    Screen(
        "refund",
        "manager",
        "/odoo/salon-visits",
        ready=".modal .o_data_row",
        steps=(
            ".o_data_row:contains(Paid):contains(haircut) [name=client_id]",
            ".o_form_view button[name=action_refund]",
        ),
    ),
    Screen(
        "cash_day",
        "manager",
        "/odoo/salon-cash",
        ready=".o_form_view .o_data_row",
        steps=(".o_data_row [name=journal_id]",),
    ),
    Screen(
        "closing_report",
        "manager",
        "/odoo/salon-cash",
        PAPER,
        ".page",
        steps=(".o_data_row:contains(Closed) [name=journal_id]", SHEET),
        script=_paper("salon_cash.salon_cash_closing_report"),
    ),
    Screen(
        "income_statement",
        "owner",
        "/odoo/salon-income-statement",
        ready=".o_form_saved .o_data_row",
    ),
    Screen(
        "profit_and_loss",
        "owner",
        "/odoo/salon-profit-and-loss",
        ready=".o_form_saved .o_data_row",
    ),
    Screen(
        "reconciliation",
        "accountant",
        "/odoo/salon-reconciliation",
        ready=".o_form_saved .o_data_row",
    ),
    Screen(
        "card_settlement",
        "accountant",
        "/odoo/salon-card-settlements",
        ready=".o_form_view .o_data_row",
        steps=(".o_data_row .o_data_cell",),
    ),
    Screen("packages", "receptionist", "/odoo/salon-packages", ready=".o_data_row"),
    Screen(
        "payslip",
        "owner",
        "/odoo/action-salon_payroll.salon_payslip_action",
        ready=".o_form_view .o_data_row",
        steps=(".o_data_row:contains(Posted) [name=name]",),
    ),
    Screen(
        "materials",
        "owner",
        "/odoo/action-salon_stock.salon_recipe_action",
        ready=".o_data_row",
    ),
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
