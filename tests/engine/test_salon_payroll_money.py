from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_payroll_engine.money import (
    percent_of,
    round_money,
    split_by_value,
    to_decimal,
)

D = Decimal
cents = st.integers(-1_000_000, 1_000_000).map(lambda n: D(n) / 100)
values = st.lists(
    st.integers(0, 100_000).map(lambda n: D(n) / 100), min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("amount", "step", "rounded"),
    [
        ("0.005", "0.01", "0.01"),
        ("-0.005", "0.01", "-0.01"),
        ("2.675", "0.01", "2.68"),
        ("1.025", "0.05", "1.05"),
        ("1249.5", "1", "1250"),
    ],
)
def test_halves_are_rounded_away_from_zero_to_the_step(amount, step, rounded):
    assert round_money(D(amount), D(step)) == D(rounded)


def test_a_float_counts_as_the_number_it_shows():
    assert percent_of(to_decimal(0.145), to_decimal(100.0)) == D("0.15")


@pytest.mark.parametrize(
    ("golden", "amount", "by", "parts"),
    [
        ("G9", "30", ["50", "100"], ["10", "20"]),
        ("G10", "1.00", ["60", "40"], ["0.60", "0.40"]),
        ("thirds", "10.00", ["1", "1", "1"], ["3.34", "3.33", "3.33"]),
        ("largest remainder", "1.00", ["1", "2", "4"], ["0.14", "0.29", "0.57"]),
        ("no value", "5.00", ["0", "0"], ["2.50", "2.50"]),
        ("negative", "-10.00", ["1", "1", "1"], ["-3.34", "-3.33", "-3.33"]),
    ],
)
def test_an_amount_is_split_by_value(golden, amount, by, parts):
    assert split_by_value(D(amount), [D(value) for value in by]) == [
        D(part) for part in parts
    ]


def test_nothing_can_be_split_between_nobody_or_by_negative_values():
    with pytest.raises(ValueError, match="nobody"):
        split_by_value(D(1), [])
    with pytest.raises(ValueError, match="zero or more"):
        split_by_value(D(1), [D(2), D(-1)])


@given(cents, values)
def test_the_parts_sum_up_and_are_within_a_step_of_their_exact_share(amount, by):
    parts = split_by_value(amount, by)
    assert sum(parts) == amount
    total = sum(by)
    for part, value in zip(parts, by, strict=True):
        exact = amount * value / total if total else amount / len(by)
        assert abs(part - exact) < D("0.01")


@given(cents, values)
def test_who_gave_more_never_gets_less(amount, by):
    parts = split_by_value(abs(amount), by)
    ordered = sorted(zip(by, parts, strict=True))
    for (lower, less), (higher, more) in zip(ordered, ordered[1:], strict=False):
        assert less <= more or lower == higher
