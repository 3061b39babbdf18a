from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.fees import NO_SHOW, Ladder, Step, fee

TODAY = date(2031, 6, 12)
DAY = 24 * 60
HALF, ALL = Fraction(1, 2), Fraction(1)
LADDER = Ladder((Step(4 * 60, ALL), Step(DAY, HALF), Step(None, ALL)))
shares = st.fractions(0, 1, max_denominator=20)


@pytest.mark.parametrize(
    ("notice", "amount"),
    [(DAY, 0), (DAY - 1, 2500), (4 * 60, 2500), (4 * 60 - 1, 5000), (-10, 5000)],
)
def test_less_notice_costs_more(notice, amount):
    assert fee(LADDER, 5000, notice, TODAY).amount == amount


def test_who_does_not_come_pays_the_step_for_that():
    ladder = Ladder((Step(DAY, HALF), Step(None, fixed=2000)))
    assert fee(ladder, 5000, NO_SHOW, TODAY).amount == 2000


def test_without_such_a_step_it_is_as_if_cancelled_at_the_start():
    assert fee(Ladder((Step(DAY, HALF),)), 5000, NO_SHOW, TODAY).amount == 2500


def test_without_a_ladder_nothing_is_asked():
    assert fee(Ladder(), 5000, NO_SHOW, TODAY).amount == 0


def test_a_fee_is_never_above_the_price():
    assert fee(Ladder((Step(DAY, fixed=9900),)), 5000, 0, TODAY).amount == 5000


def test_the_first_time_is_forgiven_and_the_second_is_not():
    ladder = Ladder(LADDER.steps, forgiven=1, forgiven_days=180)
    first = fee(ladder, 5000, 0, TODAY)
    assert (first.amount, first.is_forgiven) == (0, True)
    earlier = [TODAY - timedelta(days=179)]
    assert fee(ladder, 5000, 0, TODAY, earlier).amount == 5000


def test_a_visit_of_next_week_that_was_given_up_counts_too():
    ladder = Ladder(LADDER.steps, forgiven=1, forgiven_days=180)
    assert fee(ladder, 5000, 0, TODAY, [TODAY + timedelta(days=7)]).amount == 5000


def test_what_was_long_ago_is_forgotten():
    ladder = Ladder(LADDER.steps, forgiven=1, forgiven_days=180)
    assert fee(ladder, 5000, 0, TODAY, [TODAY - timedelta(days=180)]).is_forgiven


def test_what_costs_nothing_is_not_forgiven():
    ladder = Ladder(LADDER.steps, forgiven=1, forgiven_days=180)
    assert not fee(ladder, 5000, DAY, TODAY).is_forgiven


@pytest.mark.parametrize("wrong", [{"below": 0}, {"below": 60, "fixed": -1}])
def test_a_step_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError):
        Step(**wrong)


@given(
    st.lists(st.builds(Step, st.integers(1, 3000), shares), max_size=5),
    st.integers(0, 50000),
    st.integers(-100, 4000),
)
def test_the_narrowest_step_around_the_notice_counts(steps, price, notice):
    around = sorted(
        (step for step in steps if notice < step.below), key=lambda step: step.below
    )
    expected = around[0].asks(price) if around else 0
    assert fee(Ladder(tuple(steps)), price, notice, TODAY).amount == expected
