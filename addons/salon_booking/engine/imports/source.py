"""The mapping from one software's export to our rows.

A new export is a subclass of ``Source`` that says, as data, which files there are,
what their columns are called, how dates are written and which taxes the receipts
record. What data cannot say is a method of its own to override: ``phases``, ``item``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import ClassVar

from .money import spread_cents, to_cents
from .reader import ImportFileError, Record, Table, read_table
from .rows import (
    BOOKED,
    CANCELLED,
    DONE,
    NO_SHOW,
    PRODUCT,
    SERVICE,
    WARNING,
    BookingRow,
    ClientRow,
    Export,
    Item,
    Phase,
    Problem,
    ProductRow,
    Receipt,
    ReceiptLine,
    ServiceRow,
    StaffRow,
    Tax,
)
from .values import (
    RowError,
    comparable,
    needed,
    to_bool,
    to_date,
    to_decimal,
    to_time,
    word,
)

#: Read in this order: later kinds refer to earlier ones.
KINDS = (
    "services",
    "products",
    "staff",
    "clients",
    "receipts",
    "bookings",
    "cancellations",
    "no_shows",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """One file: what it holds (one of ``KINDS``) and our names for its headings."""

    kind: str
    columns: Mapping[str, str]
    optional: Mapping[str, str] | None = None

    def fits(self, header: Iterable[str]) -> bool:
        return set(self.columns.values()) <= set(header)


class Cells:
    """The cells of a record by our names; an absent optional column is empty."""

    def __init__(self, layout: Layout, record: Record):
        self.at = record.at
        self._values = record.values
        self._headings = {**(layout.optional or {}), **layout.columns}

    def __getitem__(self, name: str) -> str:
        return self._values.get(self._headings.get(name, ""), "")

    def heading(self, name: str) -> str:
        return self._headings.get(name, name)


class Source:
    """Reads one software's export.

    Example::

        class OtherSalon(Source):
            name = "other"
            label = "Other Salon 4"
            layouts = (Layout("services", {"code": "Id", "name": "Title"}),)

        export = OtherSalon().read({"services.csv": content}, today)
    """

    name: ClassVar[str]
    label: ClassVar[str]
    tz: ClassVar[str] = "UTC"
    layouts: ClassVar[tuple[Layout, ...]] = ()
    encodings: ClassVar[tuple[str, ...]] = ("utf-8-sig", "cp1252")
    date_formats: ClassVar[tuple[str, ...]] = ("%Y-%m-%d",)
    time_formats: ClassVar[tuple[str, ...]] = ("%H:%M", "%H:%M:%S")
    decimal_comma: ClassVar[bool] = False
    #: Staff codes that mean the shop itself: nobody in person.
    house_codes: ClassVar[frozenset[str]] = frozenset()
    #: Receipts have one column of this name for each tax.
    taxes: ClassVar[tuple[Tax, ...]] = ()
    default_phases: ClassVar[tuple[Phase, ...]] = (Phase("work", 30),)
    #: What a receipt line without description sold; None refuses such lines.
    blank_item: ClassVar[Item | None] = None

    # -- what a subclass may override ---------------------------------------------

    def phases(self, code: str, name: str, category: str) -> tuple[Phase, ...]:
        """How long a service takes where the export does not say."""
        return self.default_phases

    def item(self, description: str, export: "Reading") -> Item:
        """What a receipt line sold, found by its description. Raises RowError."""
        if not description:
            if self.blank_item is None:
                raise RowError("has no description of what was sold")
            return self.blank_item
        try:
            return export.item_by_description[comparable(description)]
        except KeyError:
            raise RowError(
                f'sells "{description}", which is no service and no product of the '
                "export"
            ) from None

    # -- reading ------------------------------------------------------------------

    def assign(self, tables: Iterable[Table]) -> dict[str, Table]:
        """Which table is which kind: by headings, then by name, then fewest extras."""
        tables = list(tables)
        found: dict[str, Table] = {}
        for layout in self.layouts:
            fitting = [table for table in tables if layout.fits(table.header)]
            if fitting:
                found[layout.kind] = min(
                    fitting,
                    key=lambda table: (
                        layout.kind not in table.name.casefold().replace("-", "_"),
                        len(table.header),
                        table.name,
                    ),
                )
        # One table is one kind: the kind that is named like it, or uses most of it.
        for kind in list(found):
            rivals = [other for other in found if found[other] is found[kind]]
            best = max(
                rivals,
                key=lambda other: (
                    other in found[kind].name.casefold().replace("-", "_"),
                    len(self._layout(other).columns),
                ),
            )
            if kind != best:
                del found[kind]
        return found

    def read(self, files: Mapping[str, bytes], today: date) -> Export:
        """Everything the files hold, in rows and problems.

        ``files`` are contents by name. Rows that cannot be taken become problems of
        severity error, doubts become warnings; nothing is raised for a row.
        ``today`` is the last day a receipt may have.
        """
        return Reading(self, files, today).run()

    def _layout(self, kind: str) -> Layout:
        return next(layout for layout in self.layouts if layout.kind == kind)


class Reading:
    """One run of a source over files; holds what later rows must be checked with."""

    def __init__(self, source: Source, files: Mapping[str, bytes], today: date):
        self.source = source
        self.today = today
        self.export = Export(source.name, source.tz, today, source.taxes)
        self.item_by_description: dict[str, Item] = {}
        self.minutes_guessed = False
        self._services: dict[str, ServiceRow] = {}
        self._products: dict[str, ProductRow] = {}
        self._staff: dict[str, StaffRow] = {}
        self._clients: dict[str, ClientRow] = {}
        self._lines: dict[str, list[tuple[date, ReceiptLine]]] = {}
        self._seen: Counter[str] = Counter()
        self._tables = self._read_tables(files)

    def run(self) -> Export:
        export = self.export
        by_kind = self.source.assign(self._tables)
        used = {id(table) for table in by_kind.values()}
        export.kinds = {table.name: kind for kind, table in by_kind.items()}
        for table in self._tables:
            if id(table) in used:
                export.problems.extend(table.problems)
            else:
                self._warn(table.name, 0, "is no file of this export; left out")
        for layout in self.source.layouts:
            if layout.kind not in by_kind:
                self._warn(layout.kind, 0, "is missing in the export")
        for kind in KINDS:
            if kind in by_kind:
                self._read_rows(kind, by_kind[kind])
            if kind == "receipts":
                self._close_receipts()
        export.services = list(self._services.values())
        export.products = list(self._products.values())
        export.staff = list(self._staff.values())
        export.clients = list(self._clients.values())
        return export

    def _read_tables(self, files: Mapping[str, bytes]) -> list[Table]:
        tables = []
        for name in sorted(files):
            try:
                tables.append(read_table(name, files[name], self.source.encodings))
            except ImportFileError as error:
                self.export.problems.append(Problem(name, 0, str(error)))
        return tables

    def _read_rows(self, kind: str, table: Table) -> None:
        layout = self.source._layout(kind)
        read = getattr(self, f"_read_{kind}")
        for record in table.records:
            try:
                read(Cells(layout, record))
            except RowError as error:
                self.export.problems.append(
                    Problem(record.at.file, record.at.line, str(error))
                )

    # -- one row of each kind -----------------------------------------------------

    def _read_services(self, cells: Cells) -> None:
        code = self._new_code(cells, self._services)
        name = cells["name"]
        if not name:
            self._warn(*_at(cells), f"{code} has no description; the code is its name")
        minutes = cells["minutes"]
        phases = (
            (Phase("work", int(self._decimal(cells, "minutes"))),)
            if minutes
            else self.source.phases(code, name, cells["category"])
        )
        if not minutes and not self.minutes_guessed:
            self.minutes_guessed = True
            self._warn(
                cells.at.file,
                0,
                "has no durations; usual ones are taken, check them before booking",
            )
        row = ServiceRow(
            cells.at,
            code,
            name or code,
            cells["category"],
            self._decimal(cells, "price", Decimal()),
            self._decimal(cells, "cost", Decimal()),
            phases,
            not cells["active"] or to_bool(cells["active"]),
        )
        self._services[code] = row
        self._describe(cells, name, Item(SERVICE, code))

    def _read_products(self, cells: Cells) -> None:
        code = self._new_code(cells, self._products)
        name = cells["name"]
        if not name:
            self._warn(*_at(cells), f"{code} has no description; the code is its name")
        on_hand = self._decimal(cells, "on_hand", Decimal())
        if on_hand < 0:
            self._warn(
                *_at(cells), f"{code} has {on_hand} on hand, below zero; count it"
            )
        self._products[code] = ProductRow(
            cells.at,
            code,
            name or code,
            cells["category"],
            cells["brand"],
            cells["supplier"],
            self._decimal(cells, "price", Decimal()),
            self._decimal(cells, "cost", Decimal()),
            on_hand,
            self._decimal(cells, "minimum", Decimal()),
            self._decimal(cells, "maximum", Decimal()),
            not cells["active"] or to_bool(cells["active"]),
        )
        self._describe(cells, name, Item(PRODUCT, code))

    def _read_staff(self, cells: Cells) -> None:
        code = self._new_code(cells, self._staff)
        self._staff[code] = StaffRow(cells.at, code, cells["name"] or code)

    def _read_clients(self, cells: Cells) -> None:
        code = self._new_code(cells, self._clients)
        self._clients[code] = ClientRow(
            cells.at, code, cells["name"] or code, cells["phone"], cells["email"]
        )

    def _read_receipts(self, cells: Cells) -> None:
        number = needed(cells["number"], cells.heading("number"))
        day = self._date(cells, "date", latest=self.today)
        lines = self._lines.setdefault(number, [])
        if lines and lines[0][0] != day:
            raise RowError(
                f"has another date than the lines before of receipt {number}"
            )
        item = self.source.item(cells["description"], self)
        quantity = self._decimal(cells, "quantity", Decimal(1))
        if not quantity:
            raise RowError("has a quantity of zero")
        amount = self._decimal(cells, "amount")
        if amount != round(amount, 2):
            raise RowError(f'has "{amount}" as amount, which is not in whole cents')
        taxes = tuple(
            self._decimal(cells, tax.name, Decimal()) for tax in self.source.taxes
        )
        if not cells["description"]:
            self._warn(*_at(cells), f"has no description; taken as {item.code}")
        recorded = [bool(tax) for tax in taxes]
        if any(recorded) and not all(recorded):
            names = zip((tax.name for tax in self.source.taxes), recorded, strict=True)
            lacking = ", ".join(name for name, is_there in names if not is_there)
            self._warn(*_at(cells), f"receipt {number} carries no {lacking}")
        client = self._client(cells)
        staff = self._staff_member(cells)
        key = self._key(
            number,
            item.kind,
            item.code,
            client,
            staff,
            str(quantity.normalize()),
            str(to_cents(amount)),
        )
        lines.append(
            (
                day,
                ReceiptLine(
                    cells.at,
                    key,
                    item,
                    cells["description"],
                    client,
                    staff,
                    quantity,
                    amount,
                    taxes,
                ),
            )
        )

    def _read_bookings(self, cells: Cells) -> None:
        day = self._date(cells, "date")
        start = to_time(cells["time"], cells.heading("time"), self.source.time_formats)
        self._check_minute(cells, start)
        service = self._service(cells)
        client = self._client(cells)
        staff = self._staff_member(cells)
        if not client:
            self._warn(*_at(cells), "has no client; the visit is anonymous")
        self.export.bookings.append(
            BookingRow(
                cells.at,
                self._key(
                    "booking",
                    f"{day:%Y%m%d}",
                    f"{start:%H%M}",
                    client,
                    service,
                    staff,
                    at=cells,
                ),
                client,
                staff,
                service,
                day,
                start,
                DONE if day <= self.export.as_of else BOOKED,
            )
        )

    def _read_cancellations(self, cells: Cells) -> None:
        day = self._date(cells, "date")
        cancelled_on = self._date(cells, "cancelled_on")
        self._check_notice(cells, (day - cancelled_on).days)
        service = self._service(cells)
        client = self._client(cells)
        staff = self._staff_member(cells)
        if not client:
            self._warn(*_at(cells), "has no client; the visit is anonymous")
        self.export.bookings.append(
            BookingRow(
                cells.at,
                self._key(
                    "cancellation",
                    f"{cancelled_on:%Y%m%d}",
                    f"{day:%Y%m%d}",
                    client,
                    service,
                    staff,
                    at=cells,
                ),
                client,
                staff,
                service,
                day,
                None,
                CANCELLED,
                cancelled_on,
                cells["cancelled_by"],
            )
        )

    def _read_no_shows(self, cells: Cells) -> None:
        day = self._date(cells, "date")
        service = self._service(cells)
        client = self._client(cells)
        staff = self._staff_member(cells)
        if not client:
            self._warn(*_at(cells), "has no client; the visit is anonymous")
        self.export.bookings.append(
            BookingRow(
                cells.at,
                self._key("no_show", f"{day:%Y%m%d}", client, service, staff, at=cells),
                client,
                staff,
                service,
                day,
                None,
                NO_SHOW,
            )
        )

    # -- parts --------------------------------------------------------------------

    def _new_code(self, cells: Cells, known: Mapping[str, object]) -> str:
        code = needed(cells["code"], cells.heading("code"))
        if code in known:
            raise RowError(f"repeats the code {code}; the first one is kept")
        return code

    def _describe(self, cells: Cells, name: str, item: Item) -> None:
        if not name:
            return
        other = self.item_by_description.setdefault(comparable(name), item)
        if other != item:
            self._warn(
                *_at(cells),
                f'is called "{name}" as {other.kind} {other.code} is; receipts are '
                "counted there",
            )

    def _client(self, cells: Cells) -> str:
        code = cells["client"]
        if code:
            self._clients.setdefault(code, ClientRow(cells.at, code, code))
        return code

    def _staff_member(self, cells: Cells) -> str:
        code = cells["staff"]
        if not code or code in self.source.house_codes:
            return ""
        self._staff.setdefault(code, StaffRow(cells.at, code, code))
        return code

    def _service(self, cells: Cells) -> str:
        code = needed(cells["service"], cells.heading("service"))
        if code not in self._services:
            raise RowError(f'books "{code}", which is no service of the export')
        return code

    def _check_minute(self, cells: Cells, start: time) -> None:
        """Some exports say the time twice; they must agree."""
        text = cells["minute_of_day"]
        if text and self._decimal(cells, "minute_of_day") != (
            start.hour * 60 + start.minute
        ):
            raise RowError(f"says {cells['time']}, but minute {text} of the day")

    def _check_notice(self, cells: Cells, days: int) -> None:
        if "notice" not in (self.source._layout("cancellations").columns):
            return
        text = cells["notice"]
        if not text:
            self._warn(*_at(cells), f"has no notice; by its dates it is {days} days")
        elif days < 0:
            self._warn(
                *_at(cells), f"was cancelled {-days} days after its day; kept so"
            )
        elif self._decimal(cells, "notice") != days:
            self._warn(*_at(cells), f"says {text} days of notice, its dates {days}")

    def _close_receipts(self) -> None:
        """Receipts in the order they were made, their taxes in whole cents."""
        export = self.export
        receipts = sorted(
            (
                Receipt(number, rows[0][0], tuple(line for _day, line in rows))
                for number, rows in self._lines.items()
                if rows
            ),
            key=lambda receipt: (receipt.day, _natural(receipt.number)),
        )
        lines = [line for receipt in receipts for line in receipt.lines]
        columns = [
            spread_cents(line.taxes[index] for line in lines)
            for index in range(len(self.source.taxes))
        ]
        cents = zip(*columns, strict=True) if columns else (() for _line in lines)
        by_key = {
            line.key: replace(line, tax_cents=tuple(row))
            for line, row in zip(lines, cents, strict=True)
        }
        export.receipts = [
            replace(receipt, lines=tuple(by_key[line.key] for line in receipt.lines))
            for receipt in receipts
        ]
        if receipts:
            export.as_of = max(receipt.day for receipt in receipts)

    def _key(self, *parts: str, at: Cells | None = None) -> str:
        """The parts as one word, the same on each reading; equal rows are counted."""
        key = ".".join(word(part) for part in parts)
        self._seen[key] += 1
        number = self._seen[key]
        if number > 1 and at is not None:
            self._warn(*_at(at), "says the same as a row before it; both are taken")
        return key if number == 1 else f"{key}.{number}"

    def _date(self, cells: Cells, name: str, latest: date | None = None) -> date:
        return to_date(
            cells[name], cells.heading(name), self.source.date_formats, latest
        )

    def _decimal(
        self, cells: Cells, name: str, default: Decimal | None = None
    ) -> Decimal:
        if default is not None and not cells[name]:
            return default
        return to_decimal(cells[name], cells.heading(name), self.source.decimal_comma)

    def _warn(self, file: str, line: int, reason: str) -> None:
        self.export.problems.append(Problem(file, line, reason, WARNING))


def _at(cells: Cells) -> tuple[str, int]:
    return cells.at.file, cells.at.line


def _natural(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isdecimal() else (0, number)
