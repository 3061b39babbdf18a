"""What lies outside of opening windows against sets of minutes."""

from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.displaced import Taken, outside
from salon_booking_engine.intervals import merge

interval = st.tuples(st.integers(0, 60), st.integers(0, 60))
windows = st.dictionaries(
    st.integers(1, 3), st.lists(interval, max_size=6).map(merge), max_size=3
)
taken = st.lists(
    st.builds(
        lambda key, resource, start, length: Taken(
            key, resource, start, start + length
        ),
        st.integers(1, 5),
        st.integers(1, 3),
        st.integers(0, 60),
        st.integers(1, 20),
    ),
    max_size=12,
)


@given(taken, windows)
def test_what_has_a_minute_outside_is_found_and_nothing_else(taken, windows):
    opened = {
        (resource, minute)
        for resource, intervals in windows.items()
        for start, stop in intervals
        for minute in range(start, stop)
    }
    expected = {
        stretch.key
        for stretch in taken
        if any(
            (stretch.resource, minute) not in opened
            for minute in range(stretch.start, stretch.stop)
        )
    }
    assert set(outside(taken, windows)) == expected


def test_the_first_stretch_outside_is_told():
    found = outside([Taken("a", 1, 9, 12), Taken("a", 1, 2, 4)], {})
    assert found == {"a": Taken("a", 1, 2, 4)}
