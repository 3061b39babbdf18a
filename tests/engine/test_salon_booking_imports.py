"""Reading other software's exports, on made-up rows."""

import io
import zipfile
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.imports import (
    ImportFileError,
    detect,
    plan_visits,
    unpack,
)
from salon_booking_engine.imports.money import spread_cents, to_cents, unit_price
from salon_booking_engine.imports.reader import read_table
from salon_booking_engine.imports.rows import ERROR, WARNING
from salon_booking_engine.imports.toronto_salon import TorontoSalon
from salon_booking_engine.imports.values import word
from salon_booking_engine.imports.visits import overlapping

TODAY = date(2020, 1, 1)
SERVICES = """IsActive,Code,Desc,Cate,Price,Cost
TRUE,CUT,Women's hair cut,STYLE,80,5
TRUE,COL,Color full color,COLOR,0,10
TRUE,F&F,,MISC,0,0
"""
PRODUCTS = """IsActive,Code,Description,Supplier,Brand,Category,Price,On Hand,Minimum,\
Maximum,Cost,COG,YTD,Package
TRUE,SH 250,Shampoo 250ml,TB,KM,RETAIL,30,-2,2,4,15,30,60,FALSE
"""
RECEIPTS = """Receipt,Date,Description,Client,Staff,Quantity,Amount,GST,PST
2,05/02/2018,Women's hair cut,C1,S1,1,80,4,6.4
1,05/02/2018,Color full color,C2,S2,1,90.01,4.5005,7.2008
1,05/02/2018,shampoo  250ml,C1,HOUSE,2,35.1,1.755,2.808
"""
BOOKINGS = """Code,Staff,Service,Date,Time,TimeInt
C1,S1,CUT,05/02/2018,3:50:00 PM,950
C1,S2,CUT,05/02/2018,4:50:00 PM,1010
,S1,CUT,05/01/2018,10:00:00 AM,600
C2,S2,COL,05/03/2018,9:00:00 AM,540
"""
CANCELLATIONS = """Cancel Date,Code,Service,Staff,Booking Date,Canceled By,Days
05/01/2018,C1,CUT,S1,05/04/2018,S2,3
05/10/2018,C2,CUT,S1,05/04/2018,S2,-6
05/04/2018,C2,CUT,S1,05/04/2018,S2,
"""
NO_SHOWS = """Date,Code,Service,Staff
04/13/2018,C2,CUT,S2
"""
FILES = {
    "services.csv": SERVICES,
    "products.csv": PRODUCTS,
    "receipts.csv": RECEIPTS,
    "bookings.csv": BOOKINGS,
    "cancellations.csv": CANCELLATIONS,
    "no_shows.csv": NO_SHOWS,
}


def read(**changes):
    files = {name: text.encode() for name, text in FILES.items()}
    for kind, added in changes.items():
        files[f"{kind}.csv"] += added.encode()
    return TorontoSalon().read(files, TODAY)


def problems(export, severity):
    return [
        (problem.file, problem.line, problem.reason)
        for problem in export.problems
        if problem.severity == severity
    ]


def test_a_clean_export_has_no_errors():
    assert problems(read(), ERROR) == []


def test_files_are_recognised_by_their_headings_whatever_they_are_called():
    renamed = {
        f"Export {number}.txt": text.encode()
        for number, text in enumerate(FILES.values())
    }
    export = TorontoSalon().read(renamed, TODAY)
    assert len(export.receipts) == 2
    assert [booking.state for booking in export.bookings].count("no_show") == 1


def test_an_unknown_export_is_no_source():
    assert detect({"a.csv": b"one,two\n1,2\n"}) is None
    assert detect({"a.csv": SERVICES.encode()}).name == "toronto_salon"


def test_a_strange_file_is_named_and_left_out():
    files = {"services.csv": SERVICES.encode(), "notes.csv": b"a,b\n1,2\n"}
    export = TorontoSalon().read(files, TODAY)
    assert ("notes.csv", 0, "is no file of this export; left out") in problems(
        export, WARNING
    )
    assert len(export.services) == 3


@pytest.mark.parametrize(
    ("kind", "row", "line", "reason"),
    [
        ("receipts", "3,13/45/2018,Women's hair cut,C1,S1,1,80,4,6\n", 5, "no date"),
        ("receipts", "3,05/02/2031,Women's hair cut,C1,S1,1,80,4,6\n", 5, "future"),
        ("receipts", "3,05/02/0018,Women's hair cut,C1,S1,1,80,4,6\n", 5, "before"),
        ("receipts", "3,05/02/2018,Women's hair cut,C1,S1,1,lots,4,6\n", 5, "number"),
        ("receipts", "3,05/02/2018,Women's hair cut,C1,S1,1,NaN,4,6\n", 5, "number"),
        ("receipts", "3,05/02/2018,Women's hair cut,C1,S1,0,80,4,6\n", 5, "zero"),
        ("receipts", "3,05/02/2018,Women's hair cut,C1,S1,1,80.005,4,6\n", 5, "cents"),
        ("receipts", "3,05/02/2018,Massage,C1,S1,1,80,4,6\n", 5, "Massage"),
        ("receipts", ",05/02/2018,Women's hair cut,C1,S1,1,80,4,6\n", 5, "Receipt"),
        ("receipts", "3,05/02/2018,Women's hair cut\n", 5, "3 columns instead of 9"),
        ("receipts", "1,05/03/2018,Women's hair cut,C1,S1,1,80,4,6\n", 5, "receipt 1"),
        (
            "receipts",
            "3,05/02/2018,\"Women's hair cut,C1,S1,1,80,4,6\n",
            5,
            "quotation",
        ),
        ("bookings", "C1,S1,NIX,05/02/2018,3:50:00 PM,950\n", 6, "NIX"),
        ("bookings", "C1,S1,CUT,05/02/2018,25:50,950\n", 6, "no time"),
        ("bookings", "C1,S1,CUT,05/02/2018,3:50:00 PM,951\n", 6, "951"),
        ("cancellations", ",CUT,C1,S1,05/04/2018,S2,3\n", 5, "Cancel Date"),
        ("no_shows", "04/13/2018,C2,,S2\n", 3, "Service"),
        ("services", "TRUE,CUT,Again,STYLE,80,5\n", 5, "CUT"),
        ("products", "TRUE,,No code,TB,KM,RETAIL,1,1,1,1,1,1,1,FALSE\n", 3, "Code"),
    ],
)
def test_a_broken_row_is_reported_with_file_line_and_reason_and_leaves_the_rest(
    kind, row, line, reason
):
    whole, export = read(), read(**{kind: row + "\n"})
    [(file, at, said)] = problems(export, ERROR)
    assert (file, at) == (f"{kind}.csv", line)
    assert reason in said
    for rows in ("services", "products", "clients", "bookings", "receipts"):
        assert len(getattr(export, rows)) == len(getattr(whole, rows)), rows


def test_a_stray_quotation_mark_does_not_swallow_the_rows_after_it():
    broken = RECEIPTS.replace("2,05/02/2018,Women's", "2,05/02/2018,\"Women's")
    table = read_table("receipts.csv", broken.encode())
    assert [problem.line for problem in table.problems] == [2]
    assert [record.at.line for record in table.records] == [3, 4]


def test_a_quoted_cell_may_span_lines_and_an_inch_sign_is_no_quotation():
    table = read_table("a.csv", b'A,B\n1,"two\nlines"\n3,5" comb\n')
    assert [record.values["B"] for record in table.records] == ["two\nlines", '5" comb']
    assert [record.at.line for record in table.records] == [2, 4]


def test_delimiters_and_encodings_of_other_offices_are_read():
    table = read_table("a.csv", "Ad;Fiyat\nSaç kesimi;100\n".encode("cp1252"))
    assert table.records[0].values == {"Ad": "Saç kesimi", "Fiyat": "100"}
    table = read_table("a.csv", "Имя\tЦена\nСтрижка\t100\n".encode("utf-16"))
    assert table.records[0].values["Имя"] == "Стрижка"


def test_doubts_are_warnings_and_the_row_is_taken():
    export = read(receipts="3,05/02/2018,,C1,S1,1,40,0,3.2\n")
    said = dict.fromkeys(reason for _file, _line, reason in problems(export, WARNING))
    assert list(said) == [
        "has no durations; usual ones are taken, check them before booking",
        "F&F has no description; the code is its name",
        "SH 250 has -2 on hand, below zero; count it",
        "has no description; taken as F&F",
        "receipt 3 carries no GST",
        "has no client; the visit is anonymous",
        "was cancelled 6 days after its day; kept so",
        "has no notice; by its dates it is 0 days",
    ]
    assert export.receipts[-1].lines[0].item.code == "F&F"


def test_bookings_are_done_up_to_the_last_receipt_and_booked_after_it():
    export = read()
    assert export.as_of == date(2018, 5, 2)
    states = {(booking.client, booking.state) for booking in export.bookings}
    assert {("C1", "done"), ("", "done"), ("C2", "booked")} <= states


def test_the_house_is_nobody():
    export = read()
    assert {row.code for row in export.staff} == {"S1", "S2"}
    assert export.receipts[0].lines[1].staff == ""


def test_clients_are_collected_from_every_file_once():
    assert sorted(row.code for row in read().clients) == ["C1", "C2"]


def test_receipts_come_in_their_order_with_whole_cents_that_add_up():
    export = read()
    assert [receipt.number for receipt in export.receipts] == ["1", "2"]
    lines = [line for receipt in export.receipts for line in receipt.lines]
    # 4.5005 + 1.755 + 4 and 7.2008 + 2.808 + 6.4
    assert [line.tax_cents for line in lines] == [(450, 720), (176, 281), (400, 640)]
    assert export.receipts[1].tax_cents == 400 + 640


def test_colour_lets_the_stylist_go_while_it_processes():
    colour = next(row for row in read().services if row.code == "COL")
    assert [(phase.kind, phase.minutes) for phase in colour.phases] == [
        ("work", 40),
        ("processing", 40),
    ]


def test_the_same_row_has_the_same_key_wherever_it_stands():
    one = {booking.key for booking in read().bookings}
    moved = BOOKINGS.splitlines(keepends=True)
    files = {name: text.encode() for name, text in FILES.items()}
    files["bookings.csv"] = "".join([moved[0], *reversed(moved[1:])]).encode()
    other = {booking.key for booking in TorontoSalon().read(files, TODAY).bookings}
    assert one == other
    assert len(one) == 8


def test_equal_rows_have_keys_of_their_own():
    row = BOOKINGS.splitlines(keepends=True)[1]
    keys = [booking.key for booking in read(bookings=row).bookings]
    assert len(set(keys)) == len(keys) == 9


def test_a_visit_is_what_a_client_has_on_one_day():
    export = read()
    book = plan_visits(export.bookings, export.receipts)
    sizes = {
        (plan.client, plan.day.day, plan.state): len(plan.bookings)
        for plan in book.visits
    }
    assert sizes[("C1", 2, "done")] == 2
    assert sizes[("", 1, "done")] == 1
    # On the receipt only: came without a booking.
    assert sizes[("C2", 2, "done")] == 0


def test_a_line_pays_for_the_booking_with_the_same_person_first():
    export = read(
        receipts="3,05/02/2018,Women's hair cut,C1,S2,1,80,4,6.4\n"
        "3,05/02/2018,Women's hair cut,C1,S2,1,-80,-4,-6.4\n"
    )
    book = plan_visits(export.bookings, export.receipts)
    paid = {
        (line.staff, booking.staff, booking.start)
        for receipt in export.receipts
        for line in receipt.lines
        if (booking := book.booking_by_line.get(line.key))
    }
    assert paid == {("S1", "S1", time(15, 50)), ("S2", "S2", time(16, 50))}


def test_a_zip_is_its_files_without_folders():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export/services.csv", SERVICES)
        archive.writestr("__MACOSX/._services.csv", "rubbish")
    assert unpack({"all.zip": packed.getvalue()}) == {"services.csv": SERVICES.encode()}
    with pytest.raises(ImportFileError):
        unpack({"all.zip": packed.getvalue()}, limit=10)


AMOUNTS = st.lists(
    st.decimals(-500, 500, allow_nan=False, allow_infinity=False, places=4)
)


@given(AMOUNTS)
def test_spread_cents_add_up_and_stay_within_a_cent(amounts):
    cents = spread_cents(amounts)
    assert sum(cents) == to_cents(sum(amounts, Decimal()))
    for amount, given_cents in zip(amounts, cents, strict=True):
        assert abs(amount * 100 - given_cents) < 1
        if amount * 100 == int(amount * 100):
            assert given_cents == amount * 100


@given(
    st.integers(-(10**7), 10**7),
    st.integers(-400, 400).filter(bool).map(lambda n: Decimal(n) / 4),
)
def test_quantity_and_price_multiply_to_the_amount(cents, quantity):
    amount = Decimal(cents) / 100
    pieces, price = unit_price(amount, quantity)
    assert to_cents(pieces * price) == cents


@given(st.text(), st.text())
def test_different_codes_are_different_words_without_dots_or_spaces(one, other):
    assert (word(one) == word(other)) == (one == other)
    assert not set(word(one)) & set(". \n")


SPANS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 2), st.integers(0, 20)).map(
        lambda span: (*span, span[2] + 3)
    ),
    max_size=12,
)


@given(SPANS)
def test_what_is_left_after_the_overlapping_ones_does_not_overlap(spans):
    late = overlapping(spans)
    kept = [span for span in spans if span[0] not in late]
    for key, person, start, stop in kept:
        for other_key, other_person, other_start, other_stop in kept:
            if key != other_key and person == other_person:
                assert stop <= other_start or other_stop <= start
    if spans:
        assert kept
