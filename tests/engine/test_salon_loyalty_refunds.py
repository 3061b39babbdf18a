"""What a refund takes back, and the balance it is taken from."""

import doctest
from decimal import Decimal

import salon_loyalty_engine.balance as balance
from hypothesis import given
from hypothesis import strategies as st
from salon_loyalty_engine.balance import move_balance
from salon_loyalty_engine.refunds import Traced, part_of, refunded_amounts


def line(key, amount, trace=None, client="anna"):
    return Traced(key, client, trace or key, Decimal(amount))


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(balance).failed == 0


def test_a_refunded_line_gives_back_its_own_points_only():
    billed = [line("cut", 100), line("oil", 50)]
    back = refunded_amounts(billed, [line("credit", 50, trace="oil")])
    assert back == {"cut": 0, "oil": 50}


def test_no_line_gives_back_more_than_it_cost():
    billed = [line("cut", 100), line("oil", 50)]
    back = refunded_amounts(billed, [line("credit", 120, trace="oil")])
    assert back == {"cut": 70, "oil": 50}


def test_a_goodwill_refund_is_divided_over_the_lines_of_its_client():
    billed = [line("cut", 75), line("oil", 25), line("x", 50, client="boris")]
    back = refunded_amounts(billed, [line("sorry", 10)])
    assert back == {"cut": Decimal("7.5"), "oil": Decimal("2.5"), "x": 0}


def test_a_goodwill_refund_to_nobody_is_divided_over_the_whole_bill():
    billed = [line("cut", 75), line("x", 25, client="boris")]
    back = refunded_amounts(billed, [line("sorry", 10, client=None)])
    assert back == {"cut": Decimal("7.5"), "x": Decimal("2.5")}


def test_a_refund_of_more_than_the_bill_gives_back_the_bill():
    back = refunded_amounts([line("cut", 75)], [line("all", 500, trace="other")])
    assert back == {"cut": 75}


def test_half_the_price_takes_back_half_the_points():
    assert part_of(33_33, Decimal(100), Decimal(50)) == 16_67


amounts = st.integers(1, 100_000).map(lambda n: Decimal(n) / 100)


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(1, 10_000), min_size=1, max_size=8),
)
def test_partial_refunds_that_make_up_the_whole_take_back_everything(granted, steps):
    amount = Decimal(sum(steps)) / 100
    refunded, taken = Decimal(0), 0
    for step in steps:
        refunded += Decimal(step) / 100
        target = part_of(granted, amount, refunded)
        assert taken <= target <= granted
        taken = target
    assert taken == granted


@given(
    st.lists(st.tuples(amounts, st.sampled_from("ab"), st.sampled_from("xyz"))),
    st.lists(st.tuples(amounts, st.sampled_from("ab"), st.sampled_from("xyzw"))),
)
def test_what_is_given_back_is_the_credit_but_never_more_than_the_bill(sold, given):
    billed = [line(i, a, t, c) for i, (a, c, t) in enumerate(sold)]
    credited = [line(i, a, t, c) for i, (a, c, t) in enumerate(given)]
    back = refunded_amounts(billed, credited)
    assert all(0 <= back[own.key] <= own.amount for own in billed)
    whole = sum(own.amount for own in billed)
    credit = sum(own.amount for own in credited)
    assert sum(back.values()) <= min(whole, credit)
    clients = {own.client for own in billed}
    if all(own.client in clients for own in credited) and len(clients) == 1:
        assert sum(back.values()) == min(whole, credit)


changes = st.lists(st.integers(-20_000, 20_000), max_size=12)


@given(changes)
def test_balance_less_debt_is_the_sum_of_all_changes(moves):
    points, owed = 0, 0
    for change in moves:
        points, owed = move_balance(points, owed, change)
        assert points >= 0 and owed >= 0 and not (points and owed)
    assert points - owed == sum(moves)
