"""What a visitor has chosen, as it stands in the address of a page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

MOST_SERVICES, MOST_GUESTS = 6, 4
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class NotReadable(ValueError):
    """What was sent is nothing that a page of ours sends."""


def number(text: str | None, most: int = 10**9) -> int | None:
    """Read a positive whole number; None for nothing."""
    if not text:
        return None
    if not isinstance(text, str) or not NUMBER.fullmatch(text) or int(text) > most:
        raise NotReadable(str(text)[:20])
    return int(text)


def day(text: str | None) -> date | None:
    """Read a day as ``2031-06-12``; None for nothing."""
    if not text:
        return None
    try:
        return date.fromisoformat(text if len(text) == 10 else "")
    except (TypeError, ValueError) as error:
        raise NotReadable(str(text)[:20]) from error


def key(text: str | None) -> str:
    """Read the key of one booking."""
    if not isinstance(text, str) or not KEY.fullmatch(text):
        raise NotReadable("key")
    return text


def line(text: str | None, most: int) -> str:
    """Return what was typed into one line, without control characters."""
    if not isinstance(text or "", str) or len(text or "") > most:
        raise NotReadable("too long")
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


def lines(text: str | None, most: int) -> str:
    """Return what was typed into several lines."""
    if not isinstance(text or "", str) or len(text or "") > most:
        raise NotReadable("too long")
    rows = (line(row, most) for row in (text or "").splitlines())
    return "\n".join(rows).strip()


@dataclass(frozen=True, slots=True)
class Choice:
    """Services of each guest, and by whom.

    ``guests`` holds product ids, ``who`` is the id of a person, None for anybody.
    """

    guests: tuple[tuple[int, ...], ...] = ((),)
    who: int | None = None

    @classmethod
    def read(cls, parameters: Mapping[str, Iterable[str]]) -> "Choice":
        """Read ``p=1&p=2&p2=3&who=4``: lists of values by name.

        :raises NotReadable: it is no such thing
        """
        guests = []
        for guest in range(1, MOST_GUESTS + 1):
            texts = list(parameters.get("p" if guest == 1 else f"p{guest}", ()))
            if len(texts) > MOST_SERVICES:
                raise NotReadable("too many services")
            chosen = dict.fromkeys(number(text) for text in texts)
            guests.append(tuple(one for one in chosen if one))
        while len(guests) > 1 and not guests[-1]:
            guests.pop()
        (who,) = (*parameters.get("who", ()), None)[:1]
        return cls(tuple(guests), None if who == "any" else number(who))

    @property
    def products(self) -> tuple[int, ...]:
        """All services, each once."""
        return tuple(dict.fromkeys(one for own in self.guests for one in own))

    @property
    def is_complete(self) -> bool:
        """Whether every guest has chosen something."""
        return all(self.guests)

    @property
    def is_party(self) -> bool:
        return len(self.guests) > 1

    def without_empty(self) -> "Choice":
        """Leave out guests who have chosen nothing."""
        return replace(self, guests=tuple(filter(None, self.guests)) or ((),))

    def pairs(self, **more: object) -> list[tuple[str, str]]:
        """Return names and values, as for hidden fields of a form."""
        found = [
            ("p" if guest == 0 else f"p{guest + 1}", str(product))
            for guest, own in enumerate(self.guests)
            for product in own
        ]
        if self.who:
            found.append(("who", str(self.who)))
        return found + [(name, str(value)) for name, value in more.items() if value]

    def query(self, **more: object) -> str:
        """Return the part of an address behind the question mark."""
        return urlencode(self.pairs(**more))
