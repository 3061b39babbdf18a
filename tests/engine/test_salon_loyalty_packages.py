"""What uses of a package are worth, what of it is paid, and what is never used."""

import doctest
from decimal import Decimal

import pytest
import salon_loyalty_engine.estimates as estimates
import salon_loyalty_engine.packages as packages
from hypothesis import given
from hypothesis import strategies as st
from salon_loyalty_engine.estimates import (
    expected_breakage,
    points_still_owed,
    worth_of_points,
)
from salon_loyalty_engine.packages import Pool, part_not_paid, value_of_use


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(packages).failed == 0
    assert doctest.testmod(estimates).failed == 0


def use_up(price, pools, order):
    """The values of all uses, taken from the pools in this order."""
    left, values = price, []
    pools = list(pools)
    for place in order:
        value = value_of_use(left, pools, place)
        values.append(value)
        left -= value
        pools[place] = Pool(pools[place].uses - 1, pools[place].price)
    return values, left


def test_m3_each_of_six_massages_is_revenue_of_62_50():
    values, left = use_up(37500, [Pool(6, Decimal(75))], [0] * 6)
    assert (values, left) == ([6250] * 6, 0)


def test_the_last_use_takes_the_rounding_rest():
    values, left = use_up(10000, [Pool(3, Decimal(50))], [0] * 3)
    assert (values, left) == ([3333, 3333, 3334], 0)


def test_m4_four_of_six_used_leave_a_third():
    values, left = use_up(45000, [Pool(6, Decimal(90))], [0] * 4)
    assert (sum(values), left) == (30000, 15000)


@given(
    st.integers(0, 10**7),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 200)), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_whatever_the_order_all_uses_together_are_the_price(price, parts, random):
    pools = [Pool(uses, Decimal(single)) for uses, single in parts]
    order = [place for place, pool in enumerate(pools) for _use in range(pool.uses)]
    random.shuffle(order)
    values, left = use_up(price, pools, order)
    assert left == 0
    assert all(value >= 0 for value in values)


def test_nothing_can_be_used_of_an_empty_pool():
    with pytest.raises(ValueError, match="Nothing is left"):
        value_of_use(100, [Pool(0, Decimal(1))], 0)


@given(*[st.integers(0, 10**6)] * 4)
def test_what_is_not_paid_is_between_nothing_and_all(net, tax, others, residual):
    part = part_not_paid(net, net + tax, others, residual)
    assert 0 <= part <= net
    assert part_not_paid(net, net + tax, others, 0) == 0
    if net:
        assert part_not_paid(net, net + tax, others, net + tax + others) == net


def test_a_bill_that_is_half_open_has_half_a_package_open():
    assert part_not_paid(10000, 12000, 8000, 10000) == 5000


@given(
    st.integers(1, 10**7),
    st.fractions(0, 1),
    st.decimals("0.01", "0.60", places=2),
)
def test_breakage_is_never_more_than_expected_nor_than_what_is_left(sold, part, share):
    used = int(sold * part)
    breakage = expected_breakage(sold, used, share, sold - used)
    assert 0 <= breakage <= sold - used
    assert breakage <= round(sold * share)


def test_m5_half_of_what_is_expected_was_used_so_half_of_the_breakage_is_revenue():
    breakage = expected_breakage(5_000_000, 2_250_000, Decimal("0.1"), 2_750_000)
    assert breakage == 250_000
    assert 5_000_000 - 2_250_000 - breakage == 2_500_000


def test_m6_points_are_revenue_as_they_are_used():
    first = 900_000 - points_still_owed(
        900_000, Decimal(4500), Decimal(9700), Decimal(5500)
    )
    both = 900_000 - points_still_owed(
        900_000, Decimal(8500), Decimal(9900), Decimal(1500)
    )
    assert (round(first / 100), round((both - first) / 100)) == (4175, 3552)
    assert round(worth_of_points(10_000_000, 970_000) / 100_000) == 9
