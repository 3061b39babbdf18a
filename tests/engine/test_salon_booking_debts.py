from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine import debts
from salon_booking_engine.debts import ALWAYS, NOTHING, ONLINE, Debt, Policy

TODAY = date(2031, 6, 12)


def late(days, amount=100):
    return Debt(amount, TODAY, amount, TODAY - timedelta(days=days))


@pytest.mark.parametrize(
    ("policy", "debt", "limit", "expected"),
    [
        (Policy(bars=NOTHING), late(400), 0, None),
        (Policy(bars=ONLINE, grace_days=14), late(14), None, None),
        (Policy(bars=ONLINE, grace_days=14), late(15), None, ONLINE),
        (Policy(bars=ALWAYS), Debt(100, TODAY), 99, ALWAYS),
        (Policy(bars=ALWAYS), Debt(100, TODAY), 100, None),
        (Policy(bars=ALWAYS), Debt(), 0, None),
    ],
)
def test_a_debt_bars_when_it_is_late_or_over_the_limit(policy, debt, limit, expected):
    assert debts.bar(policy, debt, limit, TODAY) == expected


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_what_is_older_never_has_a_younger_age(one, other):
    names = [name for name, _last in debts.AGES]
    one, other = sorted((one, other))
    assert names.index(debts.age(one)) <= names.index(debts.age(other))


@given(st.integers(), st.lists(st.integers()))
def test_the_last_total_is_the_sum(opening, changes):
    totals = [opening, *debts.running(opening, changes)]
    assert totals[-1] == opening + sum(changes)
    assert [b - a for a, b in zip(totals, totals[1:], strict=False)] == changes


def test_an_age_ends_with_its_last_day():
    ages = {days: debts.age(days) for days in (0, 1, 30, 31, 60, 61, 90, 91)}
    assert ages == {
        0: "not_due",
        1: "1_30",
        30: "1_30",
        31: "31_60",
        60: "31_60",
        61: "61_90",
        90: "61_90",
        91: "over_90",
    }
