"""How often one visitor may ask: nobody who books is in the way of these."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Network, ip_address

#: Of an IPv6 address: one household has all that begin alike.
HOUSEHOLD = 64
PATTERN = re.compile(r"(\d{1,6})/(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests within so many seconds."""

    count: int
    seconds: int


LIMITS = {
    # Looking for times: a person turns a page every second at most.
    "search": Limit(120, 60),
    # Keeping times that nobody else can have meanwhile: by far not a day of a small
    # salon. Who is refused books all the same, without the time being kept before.
    "hold": Limit(12, 600),
    # A salon's own wireless network is one address for all who wait there.
    "book_address": Limit(30, 3600),
    "book_phone": Limit(6, 3600),
    # Each tells somebody by SMS, and when it is cancelled the next one can follow.
    "book_branch": Limit(300, 3600),
    # Of one visit: each tells the client and the team.
    "change": Limit(10, 3600),
    # Each costs money.
    "code_address": Limit(10, 3600),
    "code_phone": Limit(4, 3600),
    # Whoever has many addresses sends to many phones: the branch pays for all.
    "code_branch": Limit(200, 3600),
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


def household(address: str | None) -> str:
    """Return whom an address counts for: with IPv6 each has billions of them.

    >>> household("2001:db8:1:2:aaaa::7"), household("203.0.113.7")
    ('2001:db8:1:2::/64', '203.0.113.7')
    """
    try:
        known = ip_address(address or "")
    except ValueError:
        return address or ""
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(IPv6Network((int(known), HOUSEHOLD), strict=False))
