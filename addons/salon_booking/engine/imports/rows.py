"""What every export of a salon's old software is turned into before it is stored.

A source (see ``source.py``) fills these rows from its files; the service
``salon.import`` stores them and knows nothing of files and columns.
"""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

ERROR = "error"
WARNING = "warning"

DONE = "done"
BOOKED = "booked"
CANCELLED = "cancelled"
NO_SHOW = "no_show"

SERVICE = "service"
PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: file name and line, the heading being line 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out (``error``) or taken with a doubt (``warning``).

    ``line`` is 0 where the whole file is meant.
    """

    file: str
    line: int
    reason: str
    severity: str = ERROR


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax whose amounts the receipts record, ``percent`` of the net amount."""

    name: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Phase:
    kind: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ServiceRow:
    at: Place
    code: str
    name: str
    category: str
    price: Decimal
    cost: Decimal
    phases: tuple[Phase, ...]
    active: bool = True


@dataclass(frozen=True, slots=True)
class ProductRow:
    at: Place
    code: str
    name: str
    category: str
    brand: str
    supplier: str
    price: Decimal
    cost: Decimal
    on_hand: Decimal
    minimum: Decimal
    maximum: Decimal
    active: bool = True


@dataclass(frozen=True, slots=True)
class StaffRow:
    at: Place
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ClientRow:
    at: Place
    code: str
    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class BookingRow:
    """One booked service in its state as of the day of the export.

    ``key`` is the same each time the same row is read. ``client`` and ``staff`` are
    empty where the export names none; ``start`` is None where it gives no time.
    """

    at: Place
    key: str
    client: str
    staff: str
    service: str
    day: date
    start: time | None
    state: str
    cancelled_on: date | None = None
    cancelled_by: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What a line sold: ``kind`` is service or product."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line, ``amount`` net for the whole quantity, ``taxes`` as recorded.

    Recorded taxes may have fractions of a cent; ``tax_cents`` are whole (see
    ``money.spread_cents``). Both are in the order of the export's taxes.
    """

    at: Place
    key: str
    item: Item
    description: str
    client: str
    staff: str
    quantity: Decimal
    amount: Decimal
    taxes: tuple[Decimal, ...]
    tax_cents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    number: str
    day: date
    lines: tuple[ReceiptLine, ...]

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal())

    @property
    def tax_cents(self) -> int:
        return sum(sum(line.tax_cents) for line in self.lines)

    @property
    def clients(self) -> tuple[str, ...]:
        """Named clients in the order of their first line."""
        return tuple(dict.fromkeys(line.client for line in self.lines if line.client))


@dataclass(slots=True)
class Export:
    """All that was read.

    ``as_of`` is the last day the export knows as past; ``kinds`` says which kind of
    rows each file held.
    """

    source: str
    tz: str
    as_of: date
    taxes: tuple[Tax, ...] = ()
    services: list[ServiceRow] = field(default_factory=list)
    products: list[ProductRow] = field(default_factory=list)
    staff: list[StaffRow] = field(default_factory=list)
    clients: list[ClientRow] = field(default_factory=list)
    bookings: list[BookingRow] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
