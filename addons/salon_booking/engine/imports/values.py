"""Text of a cell to a value, or a reason why not."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

#: Nothing a salon keeps in a computer is older; a date before is a typing error.
EARLIEST = date(1980, 1, 1)


class RowError(ValueError):
    """The row cannot be taken; the message completes "line 12 …"."""


def needed(text: str, what: str) -> str:
    if not text:
        raise RowError(f"has no {what}")
    return text


def to_decimal(text: str, what: str, comma: bool = False) -> Decimal:
    """An exact number; an empty cell is refused."""
    cleaned = needed(text, what).replace("\u00a0", "").replace(" ", "")
    if comma:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    else:
        cleaned = cleaned.replace(",", "")
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        raise RowError(f'has "{text}" as {what}, which is no number') from None
    if not number.is_finite():
        raise RowError(f'has "{text}" as {what}, which is no number')
    return number


def to_date(
    text: str, what: str, formats: Iterable[str], latest: date | None = None
) -> date:
    for pattern in formats:
        try:
            day = datetime.strptime(needed(text, what), pattern).date()
        except ValueError as error:
            if isinstance(error, RowError):
                raise
            continue
        if day < EARLIEST:
            raise RowError(f'has "{text}" as {what}, which is before {EARLIEST.year}')
        if latest and day > latest:
            raise RowError(f'has "{text}" as {what}, which is in the future')
        return day
    raise RowError(f'has "{text}" as {what}, which is no date')


def to_time(text: str, what: str, formats: Iterable[str]) -> time:
    for pattern in formats:
        try:
            return datetime.strptime(needed(text, what), pattern).time()
        except ValueError as error:
            if isinstance(error, RowError):
                raise
    raise RowError(f'has "{text}" as {what}, which is no time')


def to_bool(text: str) -> bool:
    return text.casefold() in ("true", "yes", "y", "1", "x", "active")


def comparable(text: str) -> str:
    """A description as it is compared: without case and doubled spaces."""
    return " ".join(text.casefold().split())


def word(text: str) -> str:
    """The text without dots, spaces and other signs: each becomes %XX."""
    return "".join(
        sign
        if sign.isalnum() or sign in "_-"
        else "".join(f"%{byte:02X}" for byte in sign.encode())
        for sign in text
    )
