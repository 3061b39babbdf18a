"""Points of paid bills against worked numbers and a slow, obvious reference."""

import doctest
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
import salon_loyalty_engine.earning as earning
import salon_loyalty_engine.shares as shares
from hypothesis import given
from hypothesis import strategies as st
from salon_loyalty_engine.earning import BillLine, EarningRule, points_of_bill
from salon_loyalty_engine.shares import allocate, split_evenly

ALL = frozenset({"any"})
PER_UNIT_OF_MONEY = EarningRule("any", "money", Decimal(1))


def sold(key, net, client="anna", rules=ALL, gross=None, quantity=1):
    gross = net if gross is None else gross
    return BillLine(key, client, Decimal(net), Decimal(gross), Decimal(quantity), rules)


def discount(amount, client=None):
    return BillLine("off", client, -Decimal(amount), -Decimal(amount), is_discount=True)


def total(earned):
    return sum(earned.values())


@pytest.mark.parametrize("module", [shares, earning])
def test_the_examples_in_the_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0


def test_service_earns_one_and_product_two_points_per_unit_of_money():
    lines = [
        sold("cut", "100", rules={"service"}),
        sold("oil", "50", rules={"product"}),
    ]
    rules = [
        EarningRule("service", "money", Decimal(1)),
        EarningRule("product", "money", Decimal(2)),
    ]
    assert points_of_bill(lines, rules) == {"cut": 100_00, "oil": 100_00}


def test_points_count_the_price_without_tax_unless_the_rule_says_otherwise():
    line = sold("cut", "100", gross="113")
    with_tax = EarningRule("any", "money", Decimal(1), with_tax=True)
    assert points_of_bill([line], [PER_UNIT_OF_MONEY]) == {"cut": 100_00}
    assert points_of_bill([line], [with_tax]) == {"cut": 113_00}


def test_each_client_of_a_shared_bill_earns_on_own_lines():
    lines = [sold("cut", "60"), sold("shave", "25", client="boris")]
    assert points_of_bill(lines, [PER_UNIT_OF_MONEY]) == {"cut": 60_00, "shave": 25_00}


def test_the_minimum_is_what_one_client_spends_not_the_whole_bill():
    rule = EarningRule("any", "money", Decimal(1), minimum_amount=Decimal(70))
    lines = [sold("cut", "60"), sold("shave", "80", client="boris")]
    assert points_of_bill(lines, [rule]) == {"shave": 80_00}


def test_points_per_order_are_given_once_to_each_client_and_divided_over_lines():
    rule = EarningRule("any", "order", Decimal(10))
    lines = [sold("cut", "75"), sold("oil", "25"), sold("x", "9", client="boris")]
    earned = points_of_bill(lines, [rule])
    assert earned == {"cut": 7_50, "oil": 2_50, "x": 10_00}


def test_points_per_unit_follow_the_quantity():
    rule = EarningRule("any", "unit", Decimal(3), minimum_quantity=Decimal(2))
    assert points_of_bill([sold("oil", "50", quantity=2)], [rule]) == {"oil": 6_00}
    assert points_of_bill([sold("oil", "50", quantity=1)], [rule]) == {}


def test_what_was_given_free_earns_nothing():
    rule = EarningRule("any", "unit", Decimal(3))
    assert points_of_bill([sold("gift", "0")], [rule]) == {}


def test_a_discount_on_the_bill_lowers_the_points_of_every_line():
    lines = [sold("cut", "75"), sold("oil", "25"), discount(10)]
    earned = points_of_bill(lines, [PER_UNIT_OF_MONEY])
    assert earned == {"cut": 67_50, "oil": 22_50}


def test_a_discount_for_one_client_leaves_the_points_of_the_others():
    lines = [sold("cut", "75"), sold("x", "25", client="boris"), discount(5, "boris")]
    earned = points_of_bill(lines, [PER_UNIT_OF_MONEY])
    assert earned == {"cut": 75_00, "x": 20_00}


def test_a_negative_line_lowers_the_points_of_its_client():
    lines = [sold("cut", "75"), sold("oops", "-25")]
    assert total(points_of_bill(lines, [PER_UNIT_OF_MONEY])) == 50_00


def test_a_bill_below_zero_earns_nothing():
    lines = [sold("cut", "20"), sold("oops", "-25")]
    assert points_of_bill(lines, [PER_UNIT_OF_MONEY]) == {}


cents = st.integers(-50_000, 200_000).map(lambda n: Decimal(n) / 100)
lines_of_bills = st.lists(
    st.tuples(
        st.sampled_from(["anna", "boris", "zoe"]),
        cents,
        st.integers(1, 5),
        st.sets(st.sampled_from(["r1", "r2"])),
    ),
    max_size=8,
)
rates = st.integers(1, 500).map(lambda n: Decimal(n) / 100)
some_rules = st.lists(
    st.builds(
        EarningRule,
        key=st.sampled_from(["r1", "r2"]),
        mode=st.sampled_from(["money", "unit", "order"]),
        points=rates,
        minimum_quantity=st.integers(0, 4).map(Decimal),
        minimum_amount=st.integers(0, 300).map(Decimal),
    ),
    max_size=3,
)


def reference(rows, rules):
    """Points per client, each rule by itself, in fractions, cut to hundredths."""
    earned = defaultdict(int)
    for client in {row[0] for row in rows}:
        for rule in rules:
            own = [r for r in rows if r[0] == client and rule.key in r[3] and r[1]]
            spent = sum(Fraction(r[1]) for r in own)
            quantity = sum(r[2] for r in own)
            if not own or quantity < rule.minimum_quantity:
                continue
            if spent < rule.minimum_amount:
                continue
            if rule.mode == "money":
                measure = spent
            elif rule.mode == "unit":
                measure = Fraction(quantity)
            else:
                measure = Fraction(int(spent > 0))
            earned[client] += max(floor(Fraction(rule.points) * measure * 100), 0)
    return {client: points for client, points in earned.items() if points}


@given(lines_of_bills, some_rules)
def test_points_per_client_are_those_of_the_reference(rows, rules):
    lines = [
        BillLine(i, client, amount, amount, Decimal(quantity), frozenset(passed))
        for i, (client, amount, quantity, passed) in enumerate(rows)
    ]
    by_client = defaultdict(int)
    for key, points in points_of_bill(lines, rules).items():
        by_client[rows[key][0]] += points
    found = {client: points for client, points in by_client.items() if points}
    assert found == reference(rows, rules)


@given(st.integers(-(10**6), 10**6), st.lists(st.integers(0, 10**4), max_size=9))
def test_parts_add_up_and_are_off_by_less_than_one(whole, weights):
    parts = allocate(whole, weights)
    assert len(parts) == len(weights)
    if not weights:
        return
    assert sum(parts) == whole
    weights = weights if sum(weights) else [1] * len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(whole * weight, sum(weights))) < 1


@given(st.integers(0, 10**6), st.integers(1, 12))
def test_equal_certificates_differ_by_at_most_a_cent(amount, count):
    parts = split_evenly(amount, count)
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= 1
