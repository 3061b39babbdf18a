"""How a profit and loss statement is laid out."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

GROSS = "gross"
RESULT = "result"
DIRECT_COSTS = "expense_direct_cost"

#: Types of accounts in the order of the statement; a result sums up all before it.
ORDER = (
    "income",
    DIRECT_COSTS,
    GROSS,
    "income_other",
    "expense",
    "expense_other",
    "expense_depreciation",
    RESULT,
)


@dataclass(frozen=True)
class Entry:
    """What one account brought, or cost (below zero), in each column."""

    section: str
    account: Hashable
    title: str
    amounts: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """A section with its sum, an account in it, or what is left so far."""

    kind: Literal["section", "account", "result"]
    section: str
    account: Hashable
    title: str
    amounts: tuple[float, ...]


def lay_out(entries: Iterable[Entry]) -> list[Line]:
    """Income first, then what it cost, then what is left.

    Sections without accounts are left out, the gross profit where nothing is a direct
    cost. Accounts stand in the order of their titles.

    >>> rent = Entry("expense", 6, "600 Rent", (-30,))
    >>> sales = Entry("income", 4, "400 Sales", (100,))
    >>> lines = lay_out([rent, sales])
    >>> [(line.section, *line.amounts) for line in lines if line.kind != "account"]
    [('income', 100), ('expense', -30), ('result', 70)]
    """
    by_section: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.title):
        by_section.setdefault(entry.section, []).append(entry)
    if not by_section:
        return []
    lines: list[Line] = []
    so_far: list[Entry] = []
    for section in ORDER:
        if section in (GROSS, RESULT):
            if section == RESULT or DIRECT_COSTS in by_section:
                lines.append(Line("result", section, None, "", _sum(so_far)))
            continue
        found = by_section.get(section, [])
        if not found:
            continue
        so_far += found
        lines.append(Line("section", section, None, "", _sum(found)))
        lines += [
            Line("account", section, entry.account, entry.title, entry.amounts)
            for entry in found
        ]
    return lines


def _sum(entries: list[Entry]) -> tuple[float, ...]:
    return tuple(
        sum(column)
        for column in zip(*(entry.amounts for entry in entries), strict=True)
    )
