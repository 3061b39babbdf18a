"""Phases laid on the clock and fitted to people of another pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.phases import (
    Phase,
    lay_out,
    pool_holds,
    staff_holds,
    stretch,
    total_minutes,
)

COLOUR = (
    Phase("work", 30),
    Phase("processing", 35, is_staff_busy=False),
    Phase("finish", 20),
    Phase("cleanup", 5),
)
phases = st.lists(
    st.builds(
        Phase,
        st.sampled_from(["work", "processing", "finish", "cleanup"]),
        st.integers(1, 60),
        st.booleans(),
        st.sampled_from([None, 1, 2]),
    ),
    min_size=1,
    max_size=6,
)


def test_the_stylist_is_free_while_the_colour_works():
    assert staff_holds(lay_out(COLOUR)) == [(0, 30), (65, 90)]


def test_neighbouring_phases_keep_one_place():
    basin, chair = 1, 2
    wash_and_cut = lay_out(
        [
            Phase("work", 10, pools=(basin,)),
            Phase("work", 30, pools=(chair,)),
            Phase("finish", 15, pools=(chair,)),
        ]
    )
    assert pool_holds(wash_and_cut) == [(basin, 0, 10), (chair, 10, 55)]


def test_a_slower_person_works_longer_but_the_colour_does_not():
    slower = stretch(COLOUR, 101)
    assert [phase.minutes for phase in slower] == [36, 35, 24, 6]


def test_a_negative_length_is_refused():
    with pytest.raises(ValueError, match="less than nothing"):
        stretch(COLOUR, -1)


@given(phases, st.integers(1, 400))
def test_a_fitted_service_lasts_exactly_as_long_as_asked(some, minutes):
    assert total_minutes(stretch(some, minutes)) == minutes


@given(phases)
def test_fitting_to_the_own_length_changes_nothing(some):
    assert stretch(some, total_minutes(some)) == tuple(some)


@given(phases, st.integers(1, 200))
def test_processing_keeps_its_length_when_there_is_time_for_it(some, more):
    worked = [phase for phase in some if phase.is_staff_busy]
    if not worked:
        return
    fitted = stretch(some, total_minutes(some) + more)
    assert [phase.minutes for phase in fitted if not phase.is_staff_busy] == [
        phase.minutes for phase in some if not phase.is_staff_busy
    ]
