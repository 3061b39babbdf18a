"""Series of dates against a walk through the calendar, day by day."""

from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine import clock
from salon_booking_engine.recurrence import (
    DAY,
    END_OF_DAY,
    MONTH,
    WEEK,
    Rule,
    at_wall,
    days,
    occurrences,
)

ZONES = st.sampled_from(
    ["Europe/Brussels", "Europe/Kyiv", "Australia/Lord_Howe", "America/New_York", "UTC"]
)
rules = st.builds(
    Rule,
    unit=st.sampled_from([DAY, WEEK, MONTH]),
    every=st.integers(1, 5),
    weekdays=st.frozensets(st.integers(0, 6), max_size=7),
    until=st.none() | st.dates(date(2023, 1, 1), date(2030, 1, 1)),
    count=st.none() | st.integers(0, 30),
)
firsts = st.dates(date(2023, 6, 1), date(2028, 3, 1))


def belongs(rule, first, day):
    """Say by counting whether a day is one of the series, ends left aside."""
    if rule.unit == DAY:
        return (day - first).days % rule.every == 0
    if rule.unit == WEEK:
        weeks = 0
        walk = first
        while walk != day:
            walk += timedelta(days=1)
            weeks += walk.weekday() == 0
        chosen = rule.weekdays or {first.weekday()}
        return weeks % rule.every == 0 and day.weekday() in chosen
    months = (day.year - first.year) * 12 + day.month - first.month
    if months % rule.every or day.weekday() != first.weekday():
        return False
    month = [
        date(day.year, day.month, number)
        for number in range(1, 32)
        if is_date(day.year, day.month, number)
    ]
    same = [other for other in month if other.weekday() == day.weekday()]
    return same[min((first.day - 1) // 7, len(same) - 1)] == day


def is_date(year, month, number):
    try:
        date(year, month, number)
    except ValueError:
        return False
    return True


def slow_days(rule, first, last):
    found = []
    day = first
    while day <= last:
        ended = rule.until is not None and day > rule.until
        full = rule.count is not None and len(found) >= rule.count
        if not ended and not full and belongs(rule, first, day):
            found.append(day)
        day += timedelta(days=1)
    return found


@given(rules, firsts)
def test_a_series_is_what_counting_day_by_day_gives(rule, first):
    last = first + timedelta(days=200)
    found = []
    for day in days(rule, first):
        if day > last:
            break
        found.append(day)
    assert found == slow_days(rule, first, last)


@given(rules, firsts, st.integers(0, END_OF_DAY), ZONES)
def test_every_moment_shows_the_wished_time_unless_the_clock_skips_it(
    rule, first, wall, zone
):
    for found in occurrences(rule, first, wall, zone, limit=40):
        shown = clock.local(found.start, zone)
        wished = datetime.combine(found.day, time.min) + timedelta(minutes=wall)
        assert found.is_shifted == (shown != wished)
        assert timedelta(0) <= shown - wished <= timedelta(hours=1)


def test_ten_stays_ten_over_both_clock_changes_of_a_year():
    rule = Rule(WEEK, weekdays=frozenset({6}), count=52)
    found = occurrences(rule, date(2027, 1, 3), 600, "Europe/Brussels")
    assert len(found) == 52
    assert {clock.local(each.start, "Europe/Brussels").hour for each in found} == {10}
    assert len({each.start % (24 * 60) for each in found}) == 2
    assert not any(each.is_shifted for each in found)


def test_a_time_that_the_clock_skips_moves_forward_and_is_reported():
    rule = Rule(WEEK, count=3)
    found = occurrences(rule, date(2027, 3, 21), 2 * 60 + 30, "Europe/Brussels")
    assert [each.is_shifted for each in found] == [False, True, False]
    shown = clock.local(found[1].start, "Europe/Brussels")
    assert shown == datetime(2027, 3, 28, 3, 30)


def test_twenty_four_hours_are_the_midnight_that_ends_the_day():
    found = at_wall(date(2027, 3, 27), END_OF_DAY, "Europe/Brussels")
    assert found.start == clock.day_bounds(date(2027, 3, 27), "Europe/Brussels")[1]
    assert not found.is_shifted


def test_a_series_from_the_leap_day_goes_on():
    leap = date(2028, 2, 29)
    assert list(days(Rule(WEEK, every=52, count=2), leap))[1] == date(2029, 2, 27)
    assert list(days(Rule(MONTH, every=12, count=3), leap)) == [
        leap,
        date(2029, 2, 27),
        date(2030, 2, 26),
    ]


def test_the_fifth_friday_is_the_last_of_every_month():
    found = islice(days(Rule(MONTH), date(2027, 1, 29)), 3)
    assert list(found) == [date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 26)]


def test_the_last_day_belongs_to_the_series():
    rule = Rule(DAY, every=2, until=date(2028, 2, 29))
    assert list(days(rule, date(2028, 2, 27)))[-1] == date(2028, 2, 29)


def test_a_series_ends_with_the_calendar():
    assert list(days(Rule(DAY), date(9999, 12, 30))) == [
        date(9999, 12, 30),
        date(9999, 12, 31),
    ]


@pytest.mark.parametrize(
    "wrong", [{"unit": "year"}, {"every": 0}, {"weekdays": frozenset({7})}]
)
def test_a_rule_that_means_nothing_is_refused(wrong):
    with pytest.raises(ValueError):
        Rule(**wrong)


@pytest.mark.parametrize("wall", [-1, END_OF_DAY + 1])
def test_no_clock_shows_less_than_nothing_or_more_than_a_day(wall):
    with pytest.raises(ValueError):
        at_wall(date(2027, 1, 1), wall, "UTC")


def test_the_last_week_is_kept_from_a_month_that_has_four():
    first = date(2027, 2, 26)
    last_fridays = [first, date(2027, 3, 26), date(2027, 4, 30)]
    assert list(days(Rule(MONTH, week=4, count=3), first)) == last_fridays
    fourth_fridays = [first, date(2027, 3, 26), date(2027, 4, 23)]
    assert list(days(Rule(MONTH, count=3), first)) == fourth_fridays
