"""Wall clocks and absolute minutes, clock changes included."""

import csv
from datetime import date, datetime, time

import pytest
from salon_booking_engine import clock


def test_a_gap_in_spring_moves_forward_and_a_fold_in_autumn_is_the_first():
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    zone = "Europe/Kyiv"
    gap = clock.wall_to_minutes(spring, time(3, 30), zone)
    assert clock.local(gap, zone) == datetime(2027, 3, 28, 4, 30)
    fold = clock.wall_to_minutes(autumn, time(3, 30), zone)
    assert clock.to_utc(fold) == datetime(2027, 10, 31, 0, 30)


def test_a_shift_over_the_lost_hour_is_three_hours_long():
    """Golden S5: Europe/Kyiv, last Sunday of March 2027, 02:00-06:00."""
    day, zone = date(2027, 3, 28), "Europe/Kyiv"
    start = clock.wall_to_minutes(day, time(2), zone)
    stop = clock.wall_to_minutes(day, time(6), zone)
    assert stop - start == 3 * 60
    walls = {clock.local(minute, zone).hour for minute in range(start, stop)}
    assert 3 not in walls


def test_an_end_inside_a_minute_takes_the_whole_minute():
    moment = datetime(2027, 1, 1, 23, 59, 59, 999999)
    assert clock.to_minutes_ceil(moment) - clock.to_minutes(moment) == 1
    whole = datetime(2027, 1, 1, 12)
    assert clock.to_minutes_ceil(whole) == clock.to_minutes(whole)


@pytest.mark.parametrize("moment", [datetime(1969, 12, 31, 23), datetime(2031, 6, 12)])
def test_minutes_and_datetimes_are_inverse(moment):
    assert clock.to_utc(clock.to_minutes(moment)) == moment


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_days_are_as_long_as_the_tz_database_says(salon_data):
    rows = rows_of(salon_data / "timezones" / "tz_odd_length_days.csv")
    assert rows
    for row in rows:
        first, last = clock.day_bounds(
            date.fromisoformat(row["local_date"]), row["zone"]
        )
        assert (last - first) / 60 == float(row["hours_between_midnights"]), row


def test_wall_times_mean_what_the_tz_database_says(salon_data):
    rows = rows_of(salon_data / "timezones" / "tz_wall_time_cases.csv")
    assert rows
    for row in rows:
        wall = datetime.fromisoformat(row["local"])
        expected = datetime.fromisoformat(row["utc_if_fold0"].rstrip("Z"))
        minutes = clock.wall_to_minutes(wall.date(), wall.time(), row["zone"])
        assert clock.to_utc(minutes) == expected.replace(second=0), row
