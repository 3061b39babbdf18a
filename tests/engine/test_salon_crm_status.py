"""Where a client stands, tried against the sentences of the list of figures."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from salon_crm_engine import status
from salon_crm_engine.status import History, Policy, standing

TODAY = date(2026, 6, 30)


def ago(days):
    return TODAY - timedelta(days=days)


def client(*visits_ago, next_in=None):
    """What is known of a client with visits so many days ago."""
    days = [ago(days) for days in visits_ago]
    return History(
        len(days),
        min(days, default=None),
        max(days, default=None),
        status.personal_interval(days),
        None if next_in is None else TODAY + timedelta(days=next_in),
    )


def status_of(*visits_ago, next_in=None, policy=None):
    return standing(client(*visits_ago, next_in=next_in), TODAY, policy).status


def test_the_personal_interval_is_the_median_of_the_last_five_visits():
    days = [ago(300), ago(100), ago(70), ago(40), ago(30), ago(0)]
    # The gap of 200 days is older than the last five visits; 30, 30, 10, 30 remain.
    assert status.personal_interval(days) == 30


def test_an_even_number_of_gaps_takes_the_mean_of_the_middle_two():
    assert status.personal_interval([ago(50), ago(20), ago(0)]) == 25


def test_two_visits_on_one_day_are_one():
    assert status.personal_interval([ago(20), ago(20), ago(0)]) == 20


def test_below_two_visits_the_default_is_taken():
    assert status.personal_interval([]) is None
    assert status.personal_interval([TODAY], 30) == 30


def test_somebody_who_never_came_is_potential():
    assert status_of() == status.POTENTIAL
    assert status_of(next_in=3) == status.POTENTIAL


def test_ninety_days_after_the_first_visit_a_client_is_new_no_more():
    assert status_of(90) == status.NEW
    assert status_of(91) != status.NEW


def test_a_regular_has_three_visits_and_is_not_overdue():
    assert status_of(150, 120, 90, 60, 37) == status.REGULAR
    assert status_of(150, 120, 90, 60, 22) == status.REGULAR
    assert status_of(150, 120) != status.REGULAR


def test_interval_and_grace_to_the_day():
    # Every 30 days; the 37th day is still fine.
    assert status_of(157, 127, 97, 67, 37) == status.REGULAR
    assert status_of(158, 128, 98, 68, 38) == status.ACTIVE


def test_ninety_days_without_a_visit_is_lost():
    assert status_of(180, 150, 120, 90) == status.ACTIVE
    assert status_of(181, 151, 121, 91) == status.LOST


def test_twice_a_year_is_no_loss():
    assert status_of(460, 280, 100) == status.REGULAR


def test_by_personal_intervals_a_weekly_client_is_lost_sooner():
    policy = Policy(is_lost_by_interval=True)
    visits = (140, 133, 126, 119)
    assert status_of(*(days - 105 for days in visits), policy=policy) == status.NEW
    assert status_of(114, 107, 100, 15, policy=policy) == status.LOST
    assert status_of(114, 107, 100, 14, policy=policy) == status.REGULAR


def test_nobody_with_a_booking_is_overdue_or_lost():
    assert status_of(200, 190, next_in=0) == status.ACTIVE
    assert status_of(200, 190, 180, next_in=5) == status.REGULAR
    assert not standing(client(200, 190, next_in=5), TODAY).is_overdue


def test_a_single_visit_is_overdue_after_the_usual_interval():
    assert not standing(client(37), TODAY).is_overdue
    assert standing(client(38), TODAY).is_overdue


visits_ago = st.lists(st.integers(0, 500), max_size=8)
bookings = st.none() | st.integers(0, 60)


@given(visits_ago, bookings, st.booleans(), st.integers(0, 400))
def test_nothing_changes_before_the_day_of_review(visits, next_in, by_interval, later):
    policy = Policy(is_lost_by_interval=by_interval)
    known = client(*visits, next_in=next_in)
    first = standing(known, TODAY, policy)
    day = TODAY + timedelta(days=later)
    then = standing(known, day, policy)
    if first.review_on is None or day < first.review_on:
        assert (then.status, then.is_overdue) == (first.status, first.is_overdue)
    if first.review_on:
        assert first.review_on > TODAY


@given(visits_ago, bookings)
def test_the_statuses_are_what_the_sentences_say(visits, next_in):
    """The same, word by word and slowly."""
    days = sorted({ago(days) for days in visits})
    recent = days[-5:]
    gaps = sorted((b - a).days for a, b in zip(recent, recent[1:], strict=False))
    middle = len(gaps) // 2
    interval = 30
    if gaps:
        interval = (gaps[middle] + gaps[-middle - 1]) / 2
    away = (TODAY - days[-1]).days if days else None
    overdue = bool(days) and next_in is None and away > interval + 7
    if not days:
        expected = "potential"
    elif (TODAY - days[0]).days <= 90:
        expected = "new"
    elif len(visits) >= 3 and not overdue:
        expected = "regular"
    elif away > 90 and next_in is None:
        expected = "lost"
    else:
        expected = "active"
    found = standing(client(*visits, next_in=next_in), TODAY)
    assert (found.status, found.is_overdue) == (expected, overdue)
