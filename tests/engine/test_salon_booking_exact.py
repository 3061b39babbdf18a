from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.exact import fit, settle

cents = st.lists(st.integers(-100_00, 1000_00), min_size=1, max_size=8)


@given(cents, st.integers(-4, 4))
def test_parts_add_up_to_the_whole_and_all_but_one_stay(parts, off):
    fitted = fit(parts, sum(parts) + off)
    assert sum(fitted) == sum(parts) + off
    assert sum(one != other for one, other in zip(parts, fitted, strict=True)) <= 1


def test_the_first_of_the_largest_takes_the_cents():
    assert fit([3163, 3163], 6325) == [3162, 3163]


def test_without_lines_there_is_nothing_to_share():
    assert fit([], 5) == []


@given(cents)
def test_what_is_left_is_never_below_nothing_while_something_is(left):
    settled = settle(left)
    assert sum(settled) == sum(left)
    assert min(settled) >= 0 or max(settled) <= 0


def test_a_cent_too_much_was_not_taken_elsewhere():
    assert settle([10, -1, 0]) == [9, 0, 0]
