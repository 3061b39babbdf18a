"""Tips and tenders: to the cent, nothing lost and nothing made."""

from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.tenders import allocate
from salon_booking_engine.tips import split

cents = st.integers(0, 10**9)


def test_g9_a_tip_follows_the_value_of_the_services():
    assert split(3000, [5000, 10000]) == [1000, 2000]


def test_a_tip_without_any_value_is_shared_alike():
    assert split(100, [0, 0, 0]) == [34, 33, 33]
    assert split(100, []) == []


@given(cents, st.lists(st.integers(0, 10**7), min_size=1, max_size=8))
def test_a_tip_is_shared_out_to_the_last_cent(amount, weights):
    shares = split(amount, weights)
    assert sum(shares) == amount
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        exact = amount * weight / total if total else amount / len(weights)
        assert abs(share - exact) < 1 + 1e-6 * amount


@given(st.lists(cents, max_size=6), st.lists(cents, max_size=6))
def test_tenders_pay_in_order_and_no_cent_twice(tenders, demands):
    shares = allocate(tenders, demands)
    assert all(amount > 0 for _tender, _demand, amount in shares)
    assert shares == sorted(shares)
    assert sum(amount for *_places, amount in shares) == min(sum(tenders), sum(demands))
    for place, tender in enumerate(tenders):
        assert sum(s[2] for s in shares if s[0] == place) <= tender
    paid = [sum(s[2] for s in shares if s[1] == place) for place in range(len(demands))]
    reached = sum(tenders)
    for demand, amount in zip(demands, paid, strict=True):
        assert amount == min(demand, reached)
        reached -= amount
