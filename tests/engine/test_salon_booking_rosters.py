"""Shift patterns against somebody who turns the pages of a calendar."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from salon_booking_engine import clock
from salon_booking_engine.rosters import (
    DAY,
    Pattern,
    PatternShift,
    expand,
    week_start,
)

ZONES = (
    "UTC",
    "Europe/Brussels",
    "Europe/Kyiv",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
)
#: Around clock changes of 2027 on both halves of the globe, and a quiet week.
DAYS = (date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 10))
SUNDAY = date(2027, 3, 28)


@st.composite
def pattern_shifts(draw, length):
    start = draw(st.integers(0, 95)) * 15
    stop = start + draw(st.integers(1, 80)) * 15
    first = draw(st.integers(start, stop))
    return PatternShift(
        draw(st.integers(0, length - 1)),
        start,
        stop,
        draw(st.sampled_from(((), ((first, stop),), ((first, first),)))),
    )


@st.composite
def patterns(draw):
    length = draw(st.integers(1, 15))
    shifts = draw(st.lists(pattern_shifts(length), max_size=5))
    return Pattern(length, tuple(shifts))


def turn_pages(length, anchor, day):
    """The place of a day in the cycle, found by walking day by day."""
    place, page = 0, anchor
    while page != day:
        forward = day > page
        page += timedelta(days=1 if forward else -1)
        place += 1 if forward else -1
        if place == length:
            place = 0
        if place < 0:
            place = length - 1
    return place


def is_plain(wall, zone):
    """Whether a wall-clock moment exists exactly once."""
    first, second = (
        wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)
    )
    return first == second


def walls(shift, day):
    midnight = datetime(day.year, day.month, day.day)
    for edge in (shift.start, shift.stop, *(edge for b in shift.breaks for edge in b)):
        yield midnight + timedelta(minutes=edge)


def worked_minutes(pattern, anchor, first, last, zone):
    """Minutes of UTC whose wall clock lies within the hours, one by one."""
    worked = set()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        midnight = datetime(day.year, day.month, day.day)
        place = turn_pages(pattern.length, anchor, day)
        for shift in pattern.shifts:
            if shift.day != place:
                continue
            begin = clock.to_minutes(midnight) - 15 * 60
            for minute in range(begin, begin + 4 * DAY):
                moment = datetime.fromtimestamp(minute * 60, timezone.utc)
                wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
                wall_minute = (wall - midnight) // timedelta(minutes=1)
                if shift.start <= wall_minute < shift.stop and not any(
                    start <= wall_minute < stop for start, stop in shift.breaks
                ):
                    worked.add(minute)
    return worked


def minutes_of(shifts):
    return {
        minute
        for shift in shifts
        if shift.is_work
        for minute in range(shift.start, shift.stop)
        if not any(start <= minute < stop for start, stop in shift.breaks)
    }


@settings(max_examples=40, deadline=None)
@given(
    patterns(),
    st.integers(-40, 40),
    st.sampled_from(DAYS),
    st.integers(0, 2),
    st.sampled_from(ZONES),
)
def test_a_pattern_means_the_minutes_on_the_wall_clock(
    pattern, anchored, first, length, zone
):
    anchor, last = first + timedelta(days=anchored), first + timedelta(days=length)
    # Two lines of a day may overlap: either stands for its own minutes.
    shifts = expand(pattern, anchor, first, last, zone)
    for day in {shift.day for shift in shifts}:
        for shift in pattern.shifts:
            assume(all(is_plain(wall, zone) for wall in walls(shift, day)))
    assert minutes_of(shifts) == worked_minutes(pattern, anchor, first, last, zone)


@given(patterns(), st.integers(-400, 400), st.sampled_from(ZONES))
def test_every_day_of_the_span_is_work_or_a_day_off(pattern, anchored, zone):
    first = date(2031, 6, 2)
    last = first + timedelta(days=20)
    anchor = first + timedelta(days=anchored)
    shifts = expand(pattern, anchor, first, last, zone)
    assert {shift.day for shift in shifts} == {
        first + timedelta(days=number) for number in range(21)
    }
    for shift in shifts:
        place = turn_pages(pattern.length, anchor, shift.day)
        assert shift.is_work == (place in {line.day for line in pattern.shifts})
        if not shift.is_work:
            assert (shift.start, shift.stop) == clock.day_bounds(shift.day, zone)


@given(patterns(), st.integers(0, 30), st.integers(-5, 5), st.sampled_from(ZONES))
def test_a_cycle_later_the_pattern_says_the_same(pattern, anchored, turns, zone):
    first = date(2031, 6, 2)
    anchor = first + timedelta(days=anchored)
    shifted = anchor + timedelta(days=turns * pattern.length)
    last = first + timedelta(days=9)
    assert expand(pattern, anchor, first, last, zone) == expand(
        pattern, shifted, first, last, zone
    )


def test_nine_stays_nine_across_a_clock_change():
    pattern = Pattern(7, tuple(PatternShift(day, 540, 1080) for day in range(7)))
    saturday, monday = SUNDAY - timedelta(days=1), SUNDAY + timedelta(days=1)
    shifts = expand(pattern, week_start(SUNDAY), saturday, monday, "Europe/Kyiv")
    assert [clock.local(shift.start, "Europe/Kyiv").hour for shift in shifts] == [9] * 3
    assert [shift.minutes for shift in shifts] == [540] * 3


def test_a_night_shift_over_the_clock_change_is_an_hour_shorter():
    pattern = Pattern(1, (PatternShift(0, 120, 360),))
    (shift,) = expand(pattern, SUNDAY, SUNDAY, SUNDAY, "Europe/Kyiv")
    assert shift.minutes == 180


def test_hours_that_the_clock_change_swallows_are_left_out():
    pattern = Pattern(1, (PatternShift(0, 195, 240),))
    assert expand(pattern, SUNDAY, SUNDAY, SUNDAY, "Europe/Kyiv") == []


def test_a_shift_past_midnight_belongs_to_the_day_it_starts_on():
    pattern = Pattern(1, (PatternShift(0, 22 * 60, 30 * 60, ((1500, 1530),)),))
    day = date(2031, 6, 12)
    (shift,) = expand(pattern, day, day, day, "Europe/Brussels")
    assert shift.day == day
    assert clock.local(shift.stop, "Europe/Brussels") == datetime(2031, 6, 13, 6)
    assert shift.minutes == 8 * 60 - 30


def test_weeks_a_and_b_take_turns():
    pattern = Pattern(14, (PatternShift(0, 540, 1020), PatternShift(8, 720, 1200)))
    monday = date(2031, 6, 9)
    shifts = expand(pattern, monday, monday, monday + timedelta(days=27), "UTC")
    worked = [(shift.day - monday).days for shift in shifts if shift.is_work]
    assert worked == [0, 8, 14, 22]


def test_two_on_two_off_runs_through_the_weeks_and_before_its_anchor():
    pattern = Pattern(4, tuple(PatternShift(day, 540, 1260) for day in (0, 1)))
    anchor = date(2031, 6, 12)
    shifts = expand(pattern, anchor, anchor - timedelta(days=4), anchor, "UTC")
    assert [shift.is_work for shift in shifts] == [True, True, False, False, True]


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (1440, 1500), (5, 5), (0, 1441)])
def test_impossible_hours_are_refused(start, stop):
    with pytest.raises(ValueError, match="cannot last"):
        PatternShift(0, start, stop)


@pytest.mark.parametrize(("length", "day"), [(0, 0), (7, 7), (7, -1)])
def test_a_shift_outside_of_its_cycle_is_refused(length, day):
    with pytest.raises(ValueError, match="cycle"):
        Pattern(length, (PatternShift(day, 0, 60),))
