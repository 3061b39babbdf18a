"""How often one visitor may ask: nobody who books is in the way of these."""

import re
from dataclasses import dataclass

PATTERN = re.compile(r"(\d{1,6})/(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests within so many seconds."""

    count: int
    seconds: int


LIMITS = {
    # Looking for times: a person turns a page every second at most.
    "search": Limit(120, 60),
    # Keeping times that nobody else can have meanwhile.
    "hold": Limit(30, 600),
    # A salon's own wireless network is one address for all who wait there.
    "book_address": Limit(30, 3600),
    "book_phone": Limit(6, 3600),
    # Of one visit: each tells the client and the team.
    "change": Limit(10, 3600),
    # Each costs money.
    "code_address": Limit(10, 3600),
    "code_phone": Limit(4, 3600),
    # Six digits: of a million, so few are tried.
    "code_try": Limit(6, 900),
    # Links that lead nowhere.
    "link": Limit(60, 600),
    "review": Limit(20, 3600),
}


def parse(text: str | None) -> Limit | None:
    """Read ``"30/600"``; None for anything that is no such limit."""
    match = PATTERN.fullmatch((text or "").strip())
    if not match or not int(match[2]):
        return None
    return Limit(int(match[1]), int(match[2]))
