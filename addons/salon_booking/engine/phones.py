"""How people type a phone number, and what in the index could be meant by it.

A number is kept as its digits in the international form ("994501234567"). What is
typed to find it may be the whole number in any notation, its beginning as dialled
at home ("050 12"), or its last digits ("45-67").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Fewer digits than this say nothing about a client.
SHORTEST = 4
#: Longest number of E.164, the international prefix "00" included.
LONGEST = 17

_SEPARATORS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")
_TYPED = re.compile(r"\+?\d+")
_PHONE_IN_TEXT = re.compile(r"(?<!\w)\+?\(?\d[\d\s().\-/\u00a0\u2010-\u2015]{5,}\d\b")


@dataclass(frozen=True)
class DialPlan:
    """How a country dials: its calling code, and what is dialled before a number."""

    code: str
    trunk: str = ""


@dataclass(frozen=True)
class Patterns:
    """Digits a number may begin with, and digits it may end with."""

    prefixes: frozenset[str]
    suffixes: frozenset[str]


def typed_digits(text: str) -> str | None:
    """The digits of ``text``, with a leading "+" kept, if it can be a phone number.

    Returns None for names, addresses and anything shorter than ``SHORTEST``.
    """
    compact = _SEPARATORS.sub("", (text or "").strip())
    if not _TYPED.fullmatch(compact):
        return None
    if not SHORTEST <= len(compact.lstrip("+")) <= LONGEST:
        return None
    return compact


def search_patterns(text: str, plans: Iterable[DialPlan] = ()) -> Patterns | None:
    """What to look up in the index of digits for a number typed as ``text``.

    ``plans`` are the countries the salon's clients dial in. Returns None when
    ``text`` is no phone number.
    """
    typed = typed_digits(text)
    if typed is None:
        return None
    if typed.startswith("+"):
        return Patterns(frozenset({typed[1:]}), frozenset())
    if typed.startswith("00") and len(typed) - 2 >= SHORTEST:
        return Patterns(frozenset({typed[2:]}), frozenset({typed}))
    prefixes, suffixes = {typed}, {typed}
    for plan in plans:
        national = typed
        if plan.trunk and typed.startswith(plan.trunk):
            national = typed[len(plan.trunk) :]
            if len(national) >= SHORTEST:
                suffixes.add(national)
        prefixes.add(plan.code + national)
    return Patterns(frozenset(prefixes), frozenset(suffixes))


def split_name_and_phone(text: str) -> tuple[str, str]:
    """Take apart what a desk types to add a client: "Anna 050 123 45 67".

    Returns the name and the number as typed; either may be empty.
    """
    text = (text or "").strip()
    found = _PHONE_IN_TEXT.search(text)
    if not found:
        return text, ""
    name = f"{text[: found.start()]} {text[found.end() :]}"
    return " ".join(name.split()).strip(" ,;:-"), found.group().strip()
