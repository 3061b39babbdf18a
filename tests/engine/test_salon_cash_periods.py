from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_cash_engine.periods import period_before, year_before

days = st.dates(date(2000, 1, 1), date(2050, 1, 1))


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (((2026, 3, 1), (2026, 3, 31)), ((2026, 2, 1), (2026, 2, 28))),
        (((2026, 1, 1), (2026, 1, 31)), ((2025, 12, 1), (2025, 12, 31))),
        (((2026, 4, 1), (2026, 6, 30)), ((2026, 1, 1), (2026, 3, 31))),
        (((2026, 1, 1), (2026, 12, 31)), ((2025, 1, 1), (2025, 12, 31))),
        (((2026, 3, 2), (2026, 3, 8)), ((2026, 2, 23), (2026, 3, 1))),
        (((2026, 3, 5), (2026, 3, 5)), ((2026, 3, 4), (2026, 3, 4))),
    ],
)
def test_a_period_is_compared_with_the_one_before(period, before):
    start, stop = (date(*day) for day in period)
    assert period_before(start, stop) == tuple(date(*day) for day in before)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (((2025, 2, 1), (2025, 2, 28)), ((2024, 2, 1), (2024, 2, 29))),
        (((2024, 2, 29), (2024, 3, 5)), ((2023, 2, 28), (2023, 3, 5))),
        (((2026, 3, 2), (2026, 3, 8)), ((2025, 3, 2), (2025, 3, 8))),
    ],
)
def test_or_with_the_same_days_a_year_ago(period, before):
    start, stop = (date(*day) for day in period)
    assert year_before(start, stop) == tuple(date(*day) for day in before)


@given(days, st.integers(0, 800))
def test_the_period_before_ends_the_day_before(start, length):
    first, last = period_before(start, start + timedelta(days=length))
    assert first <= last == start - timedelta(days=1)
