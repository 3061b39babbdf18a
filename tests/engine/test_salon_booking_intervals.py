"""Interval algebra against sets of minutes."""

from hypothesis import example, given
from hypothesis import strategies as st
from salon_booking_engine.intervals import contains, intersect, merge, subtract

interval = st.tuples(st.integers(0, 60), st.integers(0, 60))
intervals = st.lists(interval, max_size=8)


def minutes(some):
    return {minute for start, stop in some for minute in range(start, stop)}


def is_normal(some):
    return all(start < stop for start, stop in some) and all(
        before[1] < after[0] for before, after in zip(some, some[1:], strict=False)
    )


@given(intervals)
@example([(0, 10), (10, 20)])
def test_merging_keeps_every_minute_once(some):
    merged = merge(some)
    assert minutes(merged) == minutes(some)
    assert is_normal(merged)


@given(intervals, intervals)
def test_subtracting_leaves_what_is_outside(base, taken):
    base = merge(base)
    left = subtract(base, taken)
    assert minutes(left) == minutes(base) - minutes(taken)
    assert is_normal(left) or not left


@given(intervals, intervals)
def test_intersecting_keeps_what_is_in_both(left, right):
    left, right = merge(left), merge(right)
    assert minutes(intersect(left, right)) == minutes(left) & minutes(right)


@given(intervals, st.integers(-1, 61))
def test_a_minute_lies_in_one_of_them_or_in_none(some, minute):
    assert contains(merge(some), minute) == (minute in minutes(some))
