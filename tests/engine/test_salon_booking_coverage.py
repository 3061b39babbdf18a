from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.coverage import by_bin

spans = st.lists(
    st.tuples(st.integers(-50, 300), st.integers(0, 200)).map(
        lambda pair: (pair[0], sum(pair))
    ),
    max_size=8,
)


@given(spans, st.integers(-30, 30), st.integers(1, 70), st.integers(0, 6))
def test_minutes_by_the_hour_are_those_counted_one_by_one(spans, first, size, count):
    expected = [
        sum(
            start <= minute < stop
            for start, stop in spans
            for minute in range(first + index * size, first + (index + 1) * size)
        )
        for index in range(count)
    ]
    assert by_bin(spans, first, size, count) == expected
