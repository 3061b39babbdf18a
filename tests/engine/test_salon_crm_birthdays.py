"""Birthdays over the end of the year and on 29 February."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from salon_crm_engine import birthdays

days = st.dates(date(2023, 1, 1), date(2033, 12, 31))
born = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(
    lambda day: birthdays.key(day.day, day.month)
)


def test_a_birthday_without_day_or_month_has_no_key():
    assert birthdays.key(0, 5) == birthdays.key(5, 0) == 0


def test_the_year_ends_within_the_week():
    found = birthdays.keys_between(date(2026, 12, 28), 0, 7)
    assert found == {1228, 1229, 1230, 1231, 101, 102, 103, 104}


def test_the_leap_day_is_kept_on_the_28th_of_a_common_year():
    assert birthdays.days_until(229, date(2027, 2, 28)) == 0
    assert birthdays.keys_between(date(2027, 2, 28), 0, 0) == {228, 229}
    assert birthdays.keys_between(date(2027, 3, 1), 0, 0) == {301}


def test_the_leap_day_is_kept_on_itself_in_a_leap_year():
    assert birthdays.days_until(229, date(2028, 2, 28)) == 1
    assert birthdays.keys_between(date(2028, 2, 28), 0, 0) == {228}
    assert birthdays.keys_between(date(2028, 2, 29), 0, 0) == {229}


def test_age_counts_from_the_celebration():
    assert birthdays.age_on(229, 2000, date(2027, 2, 27)) == 26
    assert birthdays.age_on(229, 2000, date(2027, 2, 28)) == 27


@given(born, days)
def test_days_until_are_counted_one_by_one(birthday, today):
    day = today
    while not (
        birthdays.key(day.day, day.month) == birthday
        or (birthday == 229 and (day + timedelta(1)).day == 1 and day.month == 2)
    ):
        day += timedelta(days=1)
    assert birthdays.days_until(birthday, today) == (day - today).days


@given(born, days, st.integers(-3, 400), st.integers(0, 60))
def test_the_index_finds_exactly_who_celebrates(birthday, today, first, length):
    found = birthdays.keys_between(today, first, first + length)
    wanted = first <= birthdays.days_until(birthday, today) <= first + length
    assert (birthday in found) == wanted
