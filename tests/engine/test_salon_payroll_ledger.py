from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from salon_payroll_engine.ledger import (
    CARD_FEE,
    PAID,
    REFUND,
    REFUND_UNDONE,
    UNPAID,
    BillLine,
    Grant,
    Row,
    allocate_refunds,
    follow_up,
)

D = Decimal
HAIRCUT = Grant(D(100), D(45))


def total(rows):
    return sum((row.amount for row in rows), D(0))


def test_a_paid_line_is_granted_once():
    rows = follow_up([], HAIRCUT, {})
    assert rows == [Row(PAID, D(100), D(45))]
    assert follow_up(rows, HAIRCUT, {}) == []


def test_an_unpaid_line_brings_nothing():
    assert follow_up([], None, {}) == []
    assert follow_up([], Grant(D(0), D(45)), {}) == []


def test_a_removed_payment_takes_the_commission_back_and_a_new_one_grants_it_again():
    rows = follow_up([], HAIRCUT, {})
    rows += follow_up(rows, None, {})
    assert rows[-1] == Row(UNPAID, D(-100), D(-45))
    assert follow_up(rows, None, {}) == []
    rows += follow_up(rows, HAIRCUT, {})
    assert rows[-1] == Row(PAID, D(100), D(45))


def test_a_refund_takes_back_its_part():
    rows = follow_up([], HAIRCUT, {7: D(40)})
    assert rows == [Row(PAID, D(100), D(45)), Row(REFUND, D(-40), D(-18), 7)]


def test_a_standing_grant_keeps_its_percentage():
    rows = follow_up([], HAIRCUT, {})
    assert follow_up(rows, Grant(D(100), D(50)), {}) == []


def test_a_line_changed_while_the_bill_was_open_is_granted_anew():
    rows = follow_up([], HAIRCUT, {})
    assert follow_up(rows, Grant(D(80), D(50)), {}) == [
        Row(UNPAID, D(-100), D(-45)),
        Row(PAID, D(80), D(40)),
    ]


def test_a_withdrawn_credit_note_gives_back_what_it_took():
    rows = follow_up([], HAIRCUT, {7: D(40)})
    assert follow_up(rows, HAIRCUT, {}) == [Row(REFUND_UNDONE, D(40), D(18), 7)]


def test_a_line_refunded_in_parts_ends_at_zero_whatever_the_roundings():
    grant = Grant(D("10.00"), D("33.333"))
    rows = follow_up([], grant, {1: D("3.33")})
    rows += follow_up(rows, grant, {1: D("3.33"), 2: D("3.33")})
    rows += follow_up(rows, grant, {1: D("3.33"), 2: D("3.33"), 3: D("3.34")})
    assert total(rows) == 0


def test_a_replaced_credit_note_is_given_back_before_the_new_one_takes():
    rows = follow_up([], HAIRCUT, {9: D(100)})
    assert follow_up(rows, HAIRCUT, {2: D(100)}) == [
        Row(REFUND_UNDONE, D(100), D(45), 9),
        Row(REFUND, D(-100), D(-45), 2),
    ]


def test_a_negative_line_is_refunded_by_a_positive_one():
    discount = Grant(D(-20), D(45))
    rows = follow_up([], discount, {5: D(-20)})
    assert rows == [Row(PAID, D(-20), D(-9)), Row(REFUND, D(20), D(9), 5)]


def line(number, base, *keys):
    return BillLine(number, D(base), keys)


def test_a_credit_note_line_finds_the_line_it_takes_back_by_its_most_telling_key():
    lines = [line(1, 50, ("visit", 8), "cut"), line(2, 50, ("visit", 9), "cut")]
    refund = line(10, -50, ("visit", 9), "cut")
    assert allocate_refunds(lines, [refund]) == {1: {}, 2: {10: D(50)}}


def test_a_refund_larger_than_the_line_takes_no_more_than_the_line():
    lines = [line(1, 50, "cut")]
    refunds = [line(10, -30, "cut"), line(11, -30, "cut")]
    assert allocate_refunds(lines, refunds) == {1: {10: D(30), 11: D(20)}}


def test_a_refund_spreads_over_lines_of_the_same_kind():
    lines = [line(1, 50, "cut"), line(2, 20, "cut"), line(3, 9, "wash")]
    assert allocate_refunds(lines, [line(10, -60, "cut")]) == {
        1: {10: D(50)},
        2: {10: D(10)},
        3: {},
    }


def test_a_credit_note_line_of_something_else_takes_nothing():
    assert allocate_refunds([line(1, 50, "cut")], [line(10, -50, "gift")]) == {1: {}}


def test_a_refunded_discount_does_not_take_from_the_service():
    lines = [line(1, 50, "cut"), line(2, -10, "cut")]
    refunds = [line(10, -50, "cut"), line(11, 10, "cut")]
    assert allocate_refunds(lines, refunds) == {1: {10: D(50)}, 2: {11: D(-10)}}


amounts = st.integers(1, 20_000).map(lambda n: D(n) / 100)
# What happens to a bill line, one after the other: paid or not, and what each of
# three credit notes takes back, as fractions of the line.
histories = st.lists(
    st.tuples(
        st.booleans(),
        st.dictionaries(st.integers(1, 3), st.integers(0, 33), max_size=3),
    ),
    min_size=1,
    max_size=8,
)


@given(amounts, st.integers(0, 10_000).map(lambda n: D(n) / 100), histories)
def test_whatever_happens_the_sum_is_what_stays_of_the_base(base, percentage, history):
    rows = []
    for is_paid, parts in history:
        refunds = {
            refund: (base * part / 100).quantize(D("0.01"))
            for refund, part in parts.items()
        }
        grant = Grant(base, percentage) if is_paid else None
        added = follow_up(rows, grant, refunds)
        rows += added
        assert follow_up(rows, grant, refunds) == []
        left = (base - sum(refunds.values())) if is_paid else D(0)
        assert sum(row.base for row in rows) == left
        assert total(rows) >= 0
        assert abs(total(rows) - left * percentage / 100) <= D("0.01")


line_lists = st.lists(
    st.tuples(st.integers(-5000, 5000), st.sampled_from("abc")), max_size=6
)


@given(line_lists, line_lists)
def test_no_more_is_taken_back_than_was_sold_or_refunded(sold, given_back):
    lines = [line(n, base, key) for n, (base, key) in enumerate(sold)]
    refunds = [line(100 + n, base, key) for n, (base, key) in enumerate(given_back)]
    taken = allocate_refunds(lines, refunds)
    for bill_line in lines:
        parts = taken[bill_line.id].values()
        assert abs(sum(parts, D(0))) <= abs(bill_line.base)
        assert all((part > 0) == (bill_line.base > 0) for part in parts)
    for refund in refunds:
        parts = [taken[n].get(refund.id, D(0)) for n in taken]
        assert abs(sum(parts, D(0))) <= abs(refund.base)
    # Per kind and sign, all that could be taken is taken.
    for key in "abc":
        for sign in (1, -1):
            of_lines = [item for item in lines if item.keys == (key,)]
            available = sum(abs(x.base) for x in of_lines if x.base * sign > 0)
            wanted = sum(
                abs(x.base) for x in refunds if x.keys == (key,) and x.base * sign < 0
            )
            got = sum(
                abs(part)
                for item in of_lines
                if item.base * sign > 0
                for part in taken[item.id].values()
            )
            assert got == min(available, wanted)


@given(
    st.lists(st.integers(0, 100), max_size=4),
    st.lists(st.integers(0, 500), min_size=1, max_size=4),
)
def test_whatever_is_kept_and_refunded_what_stays_is_paid_by_its_percentage(
    parts, fees
):
    """100.00 less refunds, less their share of the fee; all refunded leaves nothing."""
    rows, refunded = [], D(0)
    for number, fee in enumerate(fees, 1):
        refunds = {}
        refunded = D(0)
        for refund_id, part in enumerate(parts[:number], 1):
            refunds[refund_id] = min(D(part), 100 - refunded)
            refunded += refunds[refund_id]
        kept = D(fee) / 100
        rows += follow_up(rows, HAIRCUT, refunds, card_fee=kept)
        assert follow_up(rows, HAIRCUT, refunds, card_fee=kept) == []
        base = sum((row.base for row in rows), D(0))
        assert abs(base - (100 - refunded) * (1 - kept / 100)) <= D("0.005")
        assert abs(total(rows) - base * D("0.45")) <= D("0.005")
        if refunded == 100:
            assert total(rows) == 0
    assert all(row.cause != CARD_FEE for row in rows) or any(fees)
