from datetime import date, timedelta

from salon_booking_engine.rebooking import usual_days
from salon_booking_engine.tenders import in_currency

START = date(2031, 6, 12)


def every(*gaps):
    days = [START]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


def test_the_median_gap_counts_in_whole_weeks():
    assert usual_days(every(34, 36, 90)) == 35


def test_somebody_new_comes_after_four_weeks():
    assert usual_days([]) == usual_days([START]) == 28


def test_two_visits_of_one_day_are_one():
    assert usual_days([START, START, START + timedelta(days=14)]) == 14


def test_nobody_comes_again_on_the_same_day():
    assert usual_days(every(1, 2)) == 7


def test_only_the_last_visits_say_what_is_usual():
    assert usual_days(every(*[70] * 10, *[21] * 5)) == 21


def test_shares_in_another_currency_are_the_whole_amount():
    for amount in range(3, 60):
        for shares in ([1, 1, 1], [5500, 3500, 1], [1, 9999]):
            parts = in_currency(shares, amount)
            assert sum(parts) == amount
            assert min(parts) > 0
