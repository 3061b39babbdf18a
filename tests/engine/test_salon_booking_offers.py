"""Gap rules against golden cases and a minute-by-minute reference."""

from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.masks import Horizon, others, runs, spread
from salon_booking_engine.offers import (
    hole_cost,
    hole_values,
    mark_best,
    reanchored,
    touching,
    without_small_holes,
)
from salon_booking_engine.wishes import Offer

DAY = Horizon.over(0, 1440, [5])
NINE_TO_SIX = (540, 1080)


def clock(starts):
    return [f"{start // 60:02}:{start % 60:02}" for start in starts]


def offered(mask, free, length, grid=15):
    within = mask & runs(DAY.free(free), DAY.cells(length))
    return clock(DAY.starts(within & DAY.grid([0], 1440, grid)))


def test_s1_the_grid_begins_anew_at_the_end_of_each_booking():
    free = [(570, 1080)]
    mask = reanchored(DAY, DAY.free(free), 0, 60)
    found = clock(DAY.starts(mask & runs(DAY.free(free), DAY.cells(60))))
    assert found[:3] == ["09:30", "10:30", "11:30"]
    assert found[-1] == "16:30"


def test_s2_an_empty_day_has_no_edges_to_respect():
    free = DAY.free([NINE_TO_SIX])
    everything = touching(DAY, free, 0, 0, 60, [(0, 1440)])
    assert len(offered(everything, [NINE_TO_SIX], 60)) == 33


def test_only_times_that_touch_something_on_a_day_with_a_booking():
    free = [(540, 720), (780, 1080)]
    booked = DAY.taken([(720, 780)])
    mask = touching(DAY, DAY.free(free), booked, 0, 60, [(0, 1440)])
    assert offered(mask, free, 60) == ["09:00", "11:00", "13:00", "17:00"]


def test_s3_no_hole_under_thirty_minutes():
    free = [(540, 600), (660, 1080)]
    mask = without_small_holes(DAY, DAY.free(free), 0, 45, 30)
    found = offered(mask, free, 45)
    assert "09:00" not in found
    assert "09:15" not in found
    assert "11:15" not in found
    assert "17:00" not in found
    assert found[:3] == ["11:00", "11:30", "11:45"]
    assert found[-1] == "17:15"


def test_a_hole_costs_what_it_could_have_earned():
    values = hole_values([(60, 50.0), (30, 20.0)], 600)
    assert values[30] == 20
    assert values[90] == 70
    free = DAY.free([(540, 720)])
    # 60 minutes in a stretch of 180: in the middle of it two hours stay, too.
    assert hole_cost(DAY, free, 540, 600, values) == 0
    assert hole_cost(DAY, free, 555, 615, values) == 30
    assert hole_cost(DAY, free, 600, 660, values) == 0


def test_the_cheapest_times_of_a_day_are_marked():
    offers = [Offer(540, 600, (), 0.0), Offer(555, 615, (), 30.0), Offer(2000, 1, ())]
    marked = mark_best(offers, lambda start: start // 1440)
    assert [offer.is_best for offer in marked] == [True, False, False]


cells = st.integers(0, 2**40 - 1)


@given(cells, st.integers(1, 9))
def test_runs_are_cells_from_which_on_all_are_set(mask, length):
    wanted = [all(mask >> (bit + n) & 1 for n in range(length)) for bit in range(41)]
    assert [bool(runs(mask, length) >> bit & 1) for bit in range(41)] == wanted


@given(cells, st.integers(0, 9))
def test_spread_looks_ahead_as_far_as_told(mask, reach):
    wanted = [any(mask >> (bit + n) & 1 for n in range(reach + 1)) for bit in range(41)]
    assert [bool(spread(mask, reach) >> bit & 1) for bit in range(41)] == wanted


@given(st.lists(cells, max_size=5))
def test_others_are_all_but_oneself(masks):
    for index, united in enumerate(others(masks)):
        expected = 0
        for other, mask in enumerate(masks):
            expected |= mask if other != index else 0
        assert united == expected


SMALL = Horizon.over(0, 40, [1])


@given(cells, st.integers(-3, 0), st.integers(1, 8), st.integers(1, 8))
def test_small_holes_are_found_minute_by_minute(mask, begin, end, least):
    def hole(position, step):
        length = 0
        while 0 <= position < 40 and mask >> position & 1:
            length += 1
            position += step
        return length

    found = without_small_holes(SMALL, mask, begin, end, least)
    for start in range(40):
        before, after = hole(start + begin - 1, -1), hole(start + end, 1)
        wanted = all(not one or one >= least for one in (before, after))
        assert bool(found >> start & 1) == wanted


@given(cells, st.integers(-3, 0), st.integers(1, 8))
def test_edges_are_found_minute_by_minute(mask, begin, end):
    def is_free(position):
        return 0 <= position < 40 and mask >> position & 1

    found = touching(SMALL, mask, 1, begin, end, [])
    for start in range(40):
        wanted = not is_free(start + begin - 1) or not is_free(start + end)
        assert bool(found >> start & 1) == wanted


@given(cells, st.integers(1, 7))
def test_the_new_grid_hangs_on_each_stretch(mask, grid):
    wanted, position = set(), 0
    for start in range(40):
        if not mask >> start & 1:
            continue
        if not start or not mask >> (start - 1) & 1:
            position = start
        if not (start - position) % grid:
            wanted.add(start)
    assert {*SMALL.starts(reanchored(SMALL, mask, 0, grid))} == wanted


@given(st.lists(st.tuples(st.integers(-50, 300), st.integers(0, 80)), max_size=6))
def test_taken_and_free_cells_are_each_others_opposite(stretches):
    horizon = Horizon.over(7, 207, [10])
    busy = [(start, start + length) for start, length in stretches if length]
    taken = horizon.taken(busy)
    for cell in range(horizon.size):
        first = 7 + cell * 10
        hit = any(start < first + 10 and first < stop for start, stop in busy)
        assert bool(taken >> cell & 1) == hit
    inside = horizon.free(busy)
    covered = {minute for start, stop in busy for minute in range(start, stop)}
    for cell in range(horizon.size):
        first = 7 + cell * 10
        whole = set(range(first, first + 10)) <= covered
        assert bool(inside >> cell & 1) == whole


@given(st.lists(st.tuples(st.integers(0, 39), st.integers(1, 20)), max_size=6))
def test_spans_in_two_rows_cover_the_same_cells(stretches):
    spans = [(first, min(40, first + length)) for first, length in stretches]
    firsts, lasts = [first for first, _ in spans], [last for _, last in spans]
    assert SMALL.between(firsts, lasts) == SMALL.covered(spans)
