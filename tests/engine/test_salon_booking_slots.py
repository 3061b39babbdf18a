"""Free times by the sweep against a slow look at every single minute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.intervals import merge, subtract
from salon_booking_engine.phases import Phase, lay_out, pool_holds, staff_holds
from salon_booking_engine.slots import (
    Candidate,
    Unit,
    choose_units,
    free_slots,
    on_grid,
)

COLOUR = lay_out(
    [Phase("work", 30), Phase("processing", 35, False), Phase("finish", 20)]
)
CUT = lay_out([Phase("work", 30)])
TEN = 10 * 60


def starts(slots):
    return [slot.start for slot in slots]


def test_a_cut_fits_into_the_processing_of_a_colour():
    """Golden S4: 10:30 and 10:35 fit the same stylist."""
    colour = [(TEN + start, TEN + stop) for start, stop in staff_holds(COLOUR)]
    mia = Candidate(1, CUT, subtract([(9 * 60, 18 * 60)], colour))
    found = starts(free_slots([mia], {}, (TEN, TEN + 90), 5))
    assert [time for time in found if time < TEN + 85] == [TEN + 30, TEN + 35]


def test_a_service_ends_with_the_working_day():
    mia = Candidate(1, CUT, [(9 * 60, 10 * 60)])
    assert starts(free_slots([mia], {}, (0, 1440), 15)) == [540, 555, 570]


def test_without_a_free_basin_nothing_is_offered():
    wash = lay_out([Phase("work", 15, pools=(7,))])
    mia = Candidate(1, wash, [(540, 1080)])
    assert free_slots([mia], {}, (0, 1440), 15) == []
    basin = Unit(70, 1, [(600, 630)])
    assert starts(free_slots([mia], {7: [basin]}, (0, 1440), 15)) == [600, 615]


def test_one_stretch_stays_in_one_place():
    """Two basins free one after the other do not make one long free basin."""
    treatment = lay_out([Phase("work", 40, pools=(7,))])
    mia = Candidate(1, treatment, [(540, 1080)])
    basins = [Unit(70, 1, [(540, 570)]), Unit(70, 2, [(570, 600)])]
    assert free_slots([mia], {7: basins}, (0, 1440), 5) == []


def test_a_grid_below_one_minute_is_refused():
    with pytest.raises(ValueError, match="at least one minute"):
        free_slots([], {}, (0, 10), 0)


def test_the_grid_hangs_on_its_anchor():
    assert list(on_grid([(7, 40)], 15, anchor=5)) == [20, 35]
    assert list(on_grid([(5, 6)], 15, anchor=5)) == [5]


HORIZON = 120
free_time = st.lists(
    st.tuples(st.integers(0, HORIZON), st.integers(0, HORIZON)), max_size=4
).map(merge)
services = st.lists(
    st.builds(
        Phase,
        st.just("work"),
        st.integers(1, 20),
        st.booleans(),
        st.sampled_from([(), (1,), (2,), (1, 2)]),
    ),
    min_size=1,
    max_size=4,
).map(lay_out)
units = st.dictionaries(
    st.sampled_from([1, 2]),
    st.lists(st.builds(Unit, st.integers(1, 3), st.just(1), free_time), max_size=3),
)


def is_free_every_minute(free, start, stop):
    minutes = {minute for a, b in free for minute in range(a, b)}
    return all(minute in minutes for minute in range(start, stop))


def slow_starts(candidate, units_by_type, window, grid):
    """Every grid minute, each held minute looked at by itself."""
    found = []
    for start in range(*window):
        if start % grid:
            continue
        person = all(
            is_free_every_minute(candidate.free, start + a, start + b)
            for a, b in staff_holds(candidate.segments)
        )
        places = all(
            any(
                is_free_every_minute(unit.free, start + a, start + b)
                for unit in units_by_type.get(kind, ())
            )
            for kind, a, b in pool_holds(candidate.segments)
        )
        if person and places:
            found.append(start)
    return found


@given(services, free_time, units, st.sampled_from([1, 5, 15]))
def test_the_sweep_offers_exactly_what_the_slow_look_finds(service, free, places, grid):
    takes_something = staff_holds(service) or pool_holds(service)
    candidate = Candidate(1, service, free)
    found = starts(free_slots([candidate], places, (0, HORIZON), grid))
    if takes_something:
        assert found == slow_starts(candidate, places, (0, HORIZON), grid)


@given(services, free_time, units)
def test_every_offered_time_has_a_place_for_each_stretch(service, free, places):
    candidate = Candidate(1, service, free)
    for slot in free_slots([candidate], places, (0, HORIZON), 5):
        chosen = choose_units(service, slot.start, places)
        assert all(chosen.values())


@given(services, free_time, free_time, units)
def test_another_stylist_takes_no_time_away(service, free, other, places):
    mia, oleg = Candidate(1, service, free), Candidate(2, service, other)
    alone = free_slots([mia], places, (0, HORIZON), 5)
    together = free_slots([mia, oleg], places, (0, HORIZON), 5)
    assert [slot for slot in together if slot.staff == 1] == alone
