"""When somebody can be booked, against a clock that goes minute by minute."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine import clock, windows
from salon_booking_engine.intervals import merge, subtract
from salon_booking_engine.windows import Hours, Shift, Terms, Window

ONE_DAY = timedelta(days=1)
#: Zones whose clocks change by an hour, by half an hour, at midnight, or not at all.
ODD_DAYS = {
    "Europe/Kyiv": (date(2027, 3, 28), date(2027, 10, 31)),
    "Australia/Lord_Howe": (date(2027, 4, 4), date(2027, 10, 3)),
    "Africa/Cairo": (date(2027, 4, 30), date(2027, 10, 29)),
    "America/Havana": (date(2027, 3, 14), date(2027, 11, 7)),
    "Asia/Tbilisi": (date(2027, 3, 28),),
}
ZONED_DAYS = [(zone, day) for zone, odd in ODD_DAYS.items() for day in odd]


def ticks(zone, first, last):
    """Every minute from the first local midnight to the last, with its wall clock."""
    start = clock.day_bounds(first, zone)[0]
    stop = clock.day_bounds(last, zone)[1]
    return [(minute, clock.local(minute, zone)) for minute in range(start, stop)]


def first_minute_at(walls, wanted):
    """The first minute that shows ``wanted``; in a gap, what the old clock would show.

    Goes through the clock minute by minute and knows nothing of offsets.
    """
    before = None
    for minute, wall in walls:
        if wall == wanted:
            return minute
        if wall > wanted:
            last_minute, last_wall = before
            return last_minute + (wanted - last_wall) // timedelta(minutes=1)
        before = minute, wall
    raise AssertionError(f"{wanted} is beyond the walls")


def wall_of(day, minute):
    return datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)


@given(st.sampled_from(ZONED_DAYS), st.integers(0, 24 * 60 - 1))
def test_a_wall_moment_is_the_first_minute_that_shows_it(zoned_day, minute):
    zone, day = zoned_day
    walls = ticks(zone, day - ONE_DAY, day + ONE_DAY)
    expected = first_minute_at(walls, wall_of(day, minute))
    assert windows.wall_at(day, minute, zone) == expected


lines = st.builds(
    lambda weekday, start, length, week: Hours(
        weekday, start * 15, min(24 * 60, (start + length) * 15), week
    ),
    st.integers(0, 6),
    st.integers(0, 95),
    st.integers(1, 40),
    st.sampled_from([None, 0, 1]),
)
weeks = st.one_of(st.none(), st.lists(lines, max_size=14).map(tuple))


@st.composite
def plans(draw, zone, day):
    """Shifts of three days around one, in two branches, not overlapping."""
    found, end = [], 0
    for number in range(-1, 2):
        kind = draw(st.sampled_from(["none", "off", "work", "night", "elsewhere"]))
        own = day + timedelta(days=number)
        midnight = clock.day_bounds(own, zone)[0]
        if kind == "none":
            continue
        if kind == "off":
            found.append(Shift(own, 1, midnight, midnight))
            continue
        hour_from = draw(st.integers(6, 18)) if kind != "night" else 22
        hour_to = (hour_from + draw(st.integers(2, 8))) % 24
        start, stop = windows.shift_bounds(own, hour_from * 60, hour_to * 60, zone)
        if start < end or start >= stop:
            continue
        pause = draw(st.integers(0, (stop - start) // 2))
        breaks = ((start + pause, start + pause + 20),) if pause else ()
        found.append(Shift(own, 2 if kind == "elsewhere" else 1, start, stop, breaks))
        end = stop
    return found


def oracle(first, last, week, shifts, allowed, zone):
    """The business day of each minute that can be booked, decided one by one."""
    walls = ticks(zone, first - 2 * ONE_DAY, last + 2 * ONE_DAY)

    def weekly(minute, day):
        if week is None:
            return clock.local(minute, zone).date() == day
        return any(
            line.weekday == day.weekday()
            and (line.week is None or line.week == (day.toordinal() - 1) // 7 % 2)
            and first_at[day, line.minute_from] <= minute
            and minute < first_at[day, line.minute_to]
            for line in week
        )

    first_at = {
        (day, minute): first_minute_at(walls, wall_of(day, minute))
        for day in windows.days(first - ONE_DAY, last)
        for line in week or ()
        for minute in (line.minute_from, line.minute_to)
    }
    found = {}
    for minute, _wall in walls:
        if not any(start <= minute < stop for start, stop in allowed):
            continue
        for day in windows.days(first - ONE_DAY, last):
            planned = [shift for shift in shifts if shift.day == day]
            claimed = [s for s in planned if s.start <= minute < s.stop]
            if claimed:
                (shift,) = claimed
                on_break = any(start <= minute < stop for start, stop in shift.breaks)
                if day >= first and shift.branch == 1 and not on_break:
                    found[minute] = day
                break
            if day >= first and not planned and weekly(minute, day):
                found[minute] = day
                break
    return found


@given(st.data(), st.sampled_from(ZONED_DAYS), weeks)
def test_windows_are_what_every_minute_by_itself_says(data, zoned_day, week):
    zone, day = zoned_day
    first, last = day, day + ONE_DAY
    shifts = data.draw(plans(zone, day))
    begin = clock.day_bounds(first - ONE_DAY, zone)[0]
    end = clock.day_bounds(last + ONE_DAY, zone)[1]
    off = data.draw(
        st.lists(st.tuples(st.integers(begin, end), st.integers(1, 600)), max_size=3)
    )
    allowed = subtract([(begin, end)], [(start, start + long) for start, long in off])
    weekly = windows.weekly_hours(lambda _day: week, first - ONE_DAY, last, zone, zone)
    found = windows.booking_windows(first, last, 1, weekly, shifts, allowed)
    minutes = {
        minute: window.day
        for window in found
        for minute in range(window.start, window.stop)
    }
    assert sum(w.stop - w.start for w in found) == len(minutes)
    assert found == sorted(found, key=lambda window: window.start)
    assert minutes == oracle(first, last, week, shifts, allowed, zone)
    assert all(w.stop - w.start <= windows.LONGEST for w in found)


@given(weeks, st.sampled_from(["Asia/Tbilisi", "America/Havana", "Pacific/Kiritimati"]))
def test_hours_of_somebody_from_another_zone_lose_nothing(week, zone):
    """The days of the branch cut them at its midnights only."""
    home, day = "Europe/Kyiv", date(2027, 3, 28)
    found = windows.weekly_hours(lambda _day: week, day, day + ONE_DAY, zone, home)
    begin, end = (
        clock.day_bounds(day, home)[0],
        clock.day_bounds(day + ONE_DAY, home)[1],
    )
    everything = merge(
        stretch
        for number in range(-3, 5)
        for stretch in windows.hours_of_day(week, day + timedelta(days=number), zone)
    )
    expected = [(max(a, begin), min(b, end)) for a, b in everything]
    assert merge(s for some in found.values() for s in some) == merge(expected)
    for own, stretches in found.items():
        day_start, day_stop = clock.day_bounds(own, home)
        assert all(day_start <= a < b <= day_stop for a, b in stretches)


def test_s5_no_time_is_offered_in_the_hour_that_does_not_exist():
    zone, day = "Europe/Kyiv", date(2027, 3, 28)
    shift = Shift(day, 1, *windows.shift_bounds(day, 2 * 60, 6 * 60, zone))
    (window,) = windows.booking_windows(day, day, 1, {}, [shift], [(0, 1 << 40)])
    assert window.stop - window.start == 3 * 60
    quarters = [
        start
        for start in range(*clock.day_bounds(day, zone), 15)
        if window.start <= start and start + 15 <= window.stop
    ]
    hours = [clock.local(start, zone).hour for start in quarters]
    assert len(quarters) == 12
    assert set(hours) == {2, 4, 5}


def test_s6_a_night_shift_belongs_to_the_day_on_which_it_begins():
    zone, day = "Europe/Brussels", date(2031, 6, 12)
    shift = Shift(day, 1, *windows.shift_bounds(day, 22 * 60, 6 * 60, zone))
    for week in (None, tuple(Hours(weekday, 0, 24 * 60) for weekday in range(7))):
        opening = windows.opening_hours(week, day - ONE_DAY, day + ONE_DAY, zone)
        found = windows.booking_windows(
            day, day + ONE_DAY, 1, {}, [shift, Shift(day + ONE_DAY, 1, 0, 0)], opening
        )
        assert found == [Window(shift.start, shift.stop, day)]


def test_what_a_night_shift_takes_is_not_counted_again_on_the_next_day():
    zone, day = "Europe/Brussels", date(2031, 6, 12)
    night = Shift(day, 2, *windows.shift_bounds(day, 22 * 60, 6 * 60, zone))
    weekly = {day + ONE_DAY: windows.hours_of_day(None, day + ONE_DAY, zone)}
    (window,) = windows.booking_windows(
        day, day + ONE_DAY, 1, weekly, [night], [(0, 1 << 40)]
    )
    assert clock.local(window.start, zone) == datetime(2031, 6, 13, 6)


def test_a_break_before_the_start_of_a_night_shift_is_after_midnight():
    zone, day = "Europe/Brussels", date(2031, 6, 12)
    start, stop = windows.break_bounds(day, 22 * 60, 60, 90, zone)
    assert clock.local(start, zone) == datetime(2031, 6, 13, 1)
    assert clock.local(stop, zone) == datetime(2031, 6, 13, 1, 30)
    start, stop = windows.break_bounds(day, 22 * 60, 23 * 60 + 45, 15, zone)
    assert stop - start == 30


D = date(2031, 1, 1)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([Terms(D, 1)], [(0, 20, 1)]),
        ([Terms(D + 5 * ONE_DAY, 1)], [(0, 20, 1)]),
        ([Terms(D, 1), Terms(D + 10 * ONE_DAY, None)], [(0, 9, 1), (10, 20, None)]),
        ([Terms(D, 1, D + 3 * ONE_DAY, D + 8 * ONE_DAY)], [(3, 8, 1)]),
        (
            [
                Terms(D, 1, D, D + 12 * ONE_DAY),
                Terms(D + 10 * ONE_DAY, 2, D, D + 12 * ONE_DAY),
            ],
            [(0, 9, 1), (10, 12, 2)],
        ),
        ([Terms(D - ONE_DAY, 1), Terms(D, 2)], [(0, 20, 2)]),
    ],
)
def test_terms_count_until_the_next_ones_and_within_the_contract(terms, expected):
    found = windows.calendar_periods(terms, D, D + 20 * ONE_DAY)
    assert [((a - D).days, (b - D).days, key) for a, b, key in found] == expected
