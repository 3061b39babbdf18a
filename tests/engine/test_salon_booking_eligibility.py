from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine import clock
from salon_booking_engine.eligibility import (
    HARD_TEST,
    NEW_ONLY,
    RETURNING_ONLY,
    SOFT_TEST,
    Booking,
    Facts,
    PatchTest,
    Rules,
    age_on,
    allowed,
    check,
    flatten,
)
from salon_booking_engine.refusals import Refusal

ZONE = "Europe/Brussels"
REFILL, NAILS, CONSULT, TEST = 1, 2, 3, 4
DAY = 24 * 60


def at(month, day, hour=10):
    return clock.wall_to_minutes(date(2031, month, day), time(hour), ZONE)


def had(service, start, is_done=True, visit=None):
    return Booking(service, start, is_done, visit)


def codes(rules, start, facts=None, **options):
    refusals = check(rules, facts or Facts(), start, ZONE, **options)
    return [refusal.code for refusal in refusals]


def test_nothing_is_asked_where_no_rule_is():
    assert Rules(REFILL).is_open
    assert codes(Rules(REFILL), at(6, 12)) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [(15, ["too_soon"]), (16, []), (30, [])],
)
def test_a_refill_is_possible_from_the_14th_to_the_28th_day(day, expected):
    rules = Rules(REFILL, min_days=14, max_days=28, bases=frozenset({NAILS}))
    facts = Facts(bookings=[had(NAILS, at(6, 2, 17))])
    assert codes(rules, at(6, day), facts) == expected


def test_a_refill_too_late_says_when_the_last_time_was():
    rules = Rules(REFILL, max_days=28, bases=frozenset({NAILS}))
    facts = Facts(bookings=[had(NAILS, at(6, 2))])
    (refusal,) = check(rules, facts, at(7, 1), ZONE)
    assert refusal.code == "too_late"
    assert refusal.values["last"] == date(2031, 6, 2)


def test_too_soon_says_from_when_on():
    rules = Rules(NAILS, min_days=14)
    (refusal,) = check(rules, Facts(bookings=[had(NAILS, at(6, 2))]), at(6, 3), ZONE)
    assert refusal.until == clock.day_bounds(date(2031, 6, 16), ZONE)[0]


def test_days_are_counted_by_the_calendar_over_a_clock_change():
    rules = Rules(NAILS, min_days=1)
    # The night of 30 March has an hour less; 23 hours later is the next day.
    facts = Facts(bookings=[had(NAILS, at(3, 29, 10))])
    assert codes(rules, at(3, 30, 10), facts) == []


def test_the_first_time_of_a_service_is_not_too_late():
    assert codes(Rules(NAILS, max_days=28), at(6, 2)) == []


def test_a_refill_needs_something_to_refill():
    rules = Rules(REFILL, max_days=28, bases=frozenset({NAILS}))
    assert codes(rules, at(6, 2)) == ["base_missing"]


def test_who_has_booked_is_not_new_any_more():
    rules = Rules(NAILS, clients=NEW_ONLY)
    booked = Facts(bookings=[had(CONSULT, at(6, 1), is_done=False)])
    assert codes(rules, at(6, 2)) == []
    assert codes(rules, at(6, 2), booked) == ["new_only"]


def test_who_has_only_booked_has_not_come_back_yet():
    rules = Rules(NAILS, clients=RETURNING_ONLY)
    booked = Facts(bookings=[had(CONSULT, at(6, 1), is_done=False)])
    served = Facts(bookings=[had(CONSULT, at(6, 1))])
    assert codes(rules, at(6, 2), booked) == ["returning_only"]
    assert codes(rules, at(6, 2), served) == []


def test_a_visit_that_is_being_moved_is_no_history_of_itself():
    rules = Rules(NAILS, min_days=14)
    facts = Facts(bookings=[had(NAILS, at(6, 2), is_done=False, visit=9)])
    assert codes(rules, at(6, 3), facts) == ["too_soon"]
    assert codes(rules, at(6, 3), facts, without=[9]) == []


def test_two_bookings_at_the_same_time_are_both_of_a_new_client():
    rules = Rules(NAILS, clients=NEW_ONLY)
    facts = Facts(bookings=[had(CONSULT, at(6, 2), is_done=False)])
    assert codes(rules, at(6, 2), facts) == []
    assert codes(rules, at(6, 2) + 1, facts) == ["new_only"]


PATCH = {
    "patch": HARD_TEST,
    "patch_service": TEST,
    "patch_lead_hours": 48,
    "patch_valid_days": 180,
}


def test_without_a_patch_test_colour_is_refused():
    assert codes(Rules(NAILS, **PATCH), at(6, 12)) == ["patch_missing"]


def test_a_soft_patch_rule_warns():
    rules = Rules(NAILS, **{**PATCH, "patch": SOFT_TEST})
    (refusal,) = check(rules, Facts(), at(6, 12), ZONE)
    assert not refusal.is_hard


def test_a_patch_test_needs_its_hours():
    rules, facts = Rules(NAILS, **PATCH), Facts(tests=[PatchTest(TEST, at(6, 10))])
    (refusal,) = check(rules, facts, at(6, 12, 9), ZONE)
    assert (refusal.code, refusal.until) == ("patch_too_fresh", at(6, 12))
    assert codes(rules, at(6, 12), facts) == []


def test_a_fresh_test_does_not_spoil_an_older_good_one():
    tests = [PatchTest(TEST, at(5, 1)), PatchTest(TEST, at(6, 11))]
    assert codes(Rules(NAILS, **PATCH), at(6, 12), Facts(tests=tests)) == []


def test_an_old_patch_test_is_no_good():
    facts = Facts(tests=[PatchTest(TEST, at(1, 1))])
    rules = Rules(NAILS, **PATCH)
    assert codes(rules, at(6, 30), facts) == []
    assert codes(rules, at(7, 1), facts) == ["patch_expired"]


def test_a_patch_test_ends_on_the_day_written_on_it():
    test = PatchTest(TEST, at(6, 1), valid_until=date(2031, 6, 11))
    facts = Facts(tests=[test])
    assert codes(Rules(NAILS, **PATCH), at(6, 11), facts) == []
    assert codes(Rules(NAILS, **PATCH), at(6, 12), facts) == ["patch_expired"]


def test_a_reaction_refuses_even_where_the_test_only_warns():
    tests = [PatchTest(TEST, at(5, 1)), PatchTest(TEST, at(6, 1), has_reacted=True)]
    rules = Rules(NAILS, **{**PATCH, "patch": SOFT_TEST})
    (refusal,) = check(rules, Facts(tests=tests), at(6, 12), ZONE)
    assert (refusal.code, refusal.is_hard) == ("patch_reaction", True)


def test_a_test_that_showed_a_reaction_is_never_the_good_one():
    tests = [PatchTest(TEST, at(5, 1), has_reacted=True), PatchTest(TEST, at(6, 11))]
    facts = Facts(tests=tests)
    assert codes(Rules(NAILS, **PATCH), at(6, 12), facts) == ["patch_too_fresh"]


def test_what_is_allowed_ends_with_the_day_written_on_the_test():
    test = PatchTest(TEST, at(6, 1), valid_until=date(2031, 6, 11))
    rules, facts = Rules(NAILS, **PATCH), Facts(tests=[test])
    found = allowed([rules], facts, at(5, 1), at(7, 1), ZONE)
    assert found == [(at(6, 3), at(6, 12, 0))]


def test_a_booked_patch_test_counts_when_it_is_early_enough():
    rules = Rules(NAILS, **PATCH)
    facts = Facts(bookings=[had(TEST, at(6, 10), is_done=False)])
    assert codes(rules, at(6, 11), facts) == ["patch_too_fresh"]
    assert codes(rules, at(6, 12), facts) == []


def test_a_consultation_comes_first():
    rules = Rules(NAILS, consultation=CONSULT, consultation_valid_days=90)
    facts = Facts(bookings=[had(CONSULT, at(3, 1))])
    assert codes(rules, at(6, 12)) == ["consultation_missing"]
    assert codes(rules, at(5, 30), facts) == []
    assert codes(rules, at(5, 31), facts) == ["consultation_expired"]


def test_a_consultation_in_the_same_visit_is_enough():
    rules = Rules(NAILS, consultation=CONSULT)
    assert codes(rules, at(6, 12), beside=[CONSULT]) == []


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(2015, 6, 12), []),
        (date(2015, 6, 13), ["too_young"]),
        (date(1966, 6, 12), []),
        (date(1965, 6, 12), ["too_old"]),
        (None, ["age_unknown"]),
    ],
)
def test_the_age_is_that_on_the_day_of_the_service(birth, expected):
    rules = Rules(NAILS, min_age=16, max_age=65)
    assert codes(rules, at(6, 12), Facts(birth=birth)) == expected


def test_an_unknown_age_warns():
    (refusal,) = check(Rules(NAILS, min_age=16), Facts(), at(6, 12), ZONE)
    assert not refusal.is_hard


def test_who_was_born_on_29_february_ages_in_years_without_one():
    assert age_on(date(2012, 2, 29), date(2030, 2, 28)) == 17
    assert age_on(date(2012, 2, 29), date(2030, 3, 1)) == 18


def test_another_gender_is_refused_and_an_unknown_one_asked():
    rules = Rules(NAILS, gender="female")
    assert codes(rules, at(6, 12), Facts(gender="female")) == []
    assert codes(rules, at(6, 12), Facts(gender="male")) == ["client_gender"]
    (refusal,) = check(rules, Facts(), at(6, 12), ZONE)
    assert (refusal.code, refusal.is_hard) == ("gender_unknown", False)


def test_a_blocked_client_books_nowhere():
    for channel in ("desk", "web", "api"):
        refused = check(
            Rules(NAILS), Facts(block_reason="x"), at(6, 12), ZONE, channel=channel
        )
        assert refused[0].is_hard


@pytest.mark.parametrize(("channel", "is_hard"), [("desk", False), ("web", True)])
def test_who_has_to_ask_first_asks_at_the_desk(channel, is_hard):
    facts = Facts(needs_approval=True)
    rules = Rules(NAILS, needs_approval=True)
    refusals = check(rules, facts, at(6, 12), ZONE, channel=channel)
    assert [refusal.code for refusal in refusals] == [
        "client_approval",
        "service_approval",
    ]
    assert {refusal.is_hard for refusal in refusals} == {is_hard}


def test_a_package_opens_what_is_for_its_owners():
    rules = Rules(NAILS, needs_package=True)
    assert codes(rules, at(6, 12)) == ["package_missing"]
    assert codes(rules, at(6, 12), Facts(packages=frozenset({NAILS}))) == []


def test_the_same_refusal_of_two_services_is_said_once_and_hard_ones_first():
    soft, hard = Refusal("age_unknown", is_hard=False), Refusal("client_blocked")
    assert flatten({1: [soft, hard], 2: [hard]}) == [hard, soft]


FIRST = at(1, 1, 0)
minutes = st.integers(FIRST, FIRST + 200 * DAY)
services = st.sampled_from((REFILL, NAILS, CONSULT, TEST))
few_days = st.integers(0, 40)
some_rules = st.builds(
    Rules,
    service=services,
    clients=st.sampled_from(("all", NEW_ONLY, RETURNING_ONLY)),
    min_days=few_days,
    max_days=few_days,
    bases=st.frozensets(services, max_size=2),
    patch=st.sampled_from(("none", SOFT_TEST, HARD_TEST)),
    patch_service=st.sampled_from((None, TEST)),
    patch_lead_hours=st.integers(0, 72),
    patch_valid_days=few_days,
    consultation=st.sampled_from((None, CONSULT)),
    consultation_valid_days=few_days,
    min_age=st.integers(0, 20),
    max_age=st.integers(0, 20),
)
some_facts = st.builds(
    Facts,
    birth=st.none() | st.dates(date(2011, 1, 1), date(2031, 12, 31)),
    bookings=st.lists(
        st.builds(Booking, service=services, start=minutes, is_done=st.booleans()),
        max_size=4,
    ),
    tests=st.lists(
        st.builds(
            PatchTest,
            service=st.just(TEST),
            tested=minutes,
            has_reacted=st.booleans(),
            valid_until=st.none() | st.dates(date(2031, 1, 1), date(2031, 9, 1)),
        ),
        max_size=3,
    ),
)


@given(st.lists(some_rules, min_size=1, max_size=2), some_facts, st.data())
def test_the_allowed_starts_are_exactly_those_that_are_not_refused(wanted, facts, data):
    first, last = data.draw(minutes), FIRST + 220 * DAY
    found = allowed(wanted, facts, first, last, ZONE)
    edges = {edge for interval in found for edge in interval}
    asked = data.draw(st.lists(minutes, min_size=10, max_size=10))
    near = {edge + step for edge in edges for step in (-1, 0, 1)}
    for start in {*asked, *near}:
        if not first <= start < last:
            continue
        chosen = {rules.service for rules in wanted}
        refused = any(
            refusal.is_hard
            for rules in wanted
            for refusal in check(
                rules, facts, start, ZONE, beside=chosen - {rules.service}
            )
        )
        assert refused == (not any(a <= start < b for a, b in found))
