"""The table of moves and the state of a visit."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine import states

ALL = sorted(states.MOVES)


@pytest.mark.parametrize(
    ("current", "wanted"),
    [("booked", "done"), ("confirmed", "arrived"), ("arrived", "in_service")],
)
def test_the_ordinary_way_through_a_visit_is_open(current, wanted):
    assert states.is_allowed(current, wanted)


@pytest.mark.parametrize("final", ["done", "cancelled", "no_show"])
def test_what_is_final_is_left_only_by_the_right_to_undo(final):
    others = [state for state in ALL if state != final]
    assert not any(states.is_allowed(final, state) for state in others)
    assert any(states.is_allowed(final, state, may_undo=True) for state in others)


def test_nobody_who_is_in_the_chair_is_a_no_show():
    assert not states.is_allowed("in_service", "no_show", may_undo=True)


def test_every_move_leads_to_a_known_state():
    for table in (states.MOVES, states.UNDO_MOVES):
        assert {state for moves in table.values() for state in moves} <= set(ALL)


@pytest.mark.parametrize(
    ("reached", "visit"),
    [
        (["booked", "confirmed"], "booked"),
        (["confirmed", "confirmed"], "confirmed"),
        (["arrived", "booked"], "arrived"),
        (["done", "booked"], "in_service"),
        (["done", "cancelled"], "done"),
        (["cancelled", "no_show"], "no_show"),
        (["cancelled"], "cancelled"),
    ],
)
def test_a_visit_is_as_far_as_its_appointments(reached, visit):
    assert states.state_of_visit(reached) == visit


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=5))
def test_the_order_of_appointments_does_not_matter(reached):
    assert states.state_of_visit(reached) == states.state_of_visit(reached[::-1])


def test_a_visit_of_one_appointment_is_in_its_state():
    for state in ALL:
        assert states.state_of_visit([state]) == state


def test_undoing_never_repeats_what_is_allowed_anyway():
    for current, wanted in product(ALL, ALL):
        both = wanted in states.MOVES[current] and wanted in states.UNDO_MOVES.get(
            current, ()
        )
        assert not both
