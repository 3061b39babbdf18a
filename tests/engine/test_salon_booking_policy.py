from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine import clock, policy
from salon_booking_engine.policy import Policy, Scope, most_specific

BRUSSELS = "Europe/Brussels"
#: Monday 9 June 2031, 10:00 in Brussels.
NOW = clock.wall_to_minutes(date(2031, 6, 9), datetime(2031, 6, 9, 10).time(), BRUSSELS)
DAY = 24 * 60

policies = st.builds(
    Policy,
    lead_minutes=st.integers(0, 3 * DAY),
    horizon_days=st.integers(0, 400),
    grid_minutes=st.integers(5, 60),
    grid_mode=st.sampled_from((policy.FIXED, policy.REANCHORED)),
    gap_strategy=st.sampled_from(policy.GAP_STRATEGIES),
    min_hole_minutes=st.integers(0, 60),
    edges_days=st.integers(0, 14),
    daily_cap=st.integers(0, 5),
    staff_daily_cap=st.integers(0, 5),
    same_day_only=st.booleans(),
    hold_minutes=st.integers(1, 30),
    round_minutes=st.sampled_from((0, 5, 15)),
    max_wait_minutes=st.integers(0, 60),
)


def codes(refusals):
    return [refusal.code for refusal in refusals]


def test_the_record_for_the_service_goes_before_all_others():
    scopes = [
        Scope(1),
        Scope(2, branch=7, channel="web"),
        Scope(3, service=5),
        Scope(4, category=9, branch=7, channel="web"),
    ]
    assert most_specific(scopes, 7, 5, (9,), "web").key == 3


def test_a_nearer_category_goes_before_a_farther_one():
    scopes = [Scope(1, category=1, branch=7), Scope(2, category=9)]
    assert most_specific(scopes, 7, 5, (9, 1), "web").key == 2


def test_the_branch_goes_before_the_channel():
    scopes = [Scope(1, channel="web"), Scope(2, branch=7)]
    assert most_specific(scopes, 7, 5, (), "web").key == 2


@pytest.mark.parametrize(
    "scope",
    [
        Scope(1, branch=8),
        Scope(1, service=6),
        Scope(1, category=4),
        Scope(1, channel="desk"),
    ],
)
def test_what_is_for_something_else_does_not_apply(scope):
    assert most_specific([scope], 7, 5, (9,), "web") is None


def test_a_visit_of_several_services_keeps_the_strictest_rules():
    merged = policy.merge(
        [
            Policy(lead_minutes=60, horizon_days=0, daily_cap=0, grid_minutes=30),
            Policy(lead_minutes=30, horizon_days=90, daily_cap=3, gap_strategy="edges"),
        ]
    )
    assert merged.lead_minutes == 60
    assert merged.horizon_days == 90
    assert merged.daily_cap == 3
    assert merged.grid_minutes == 30
    assert merged.gap_strategy == "edges"


def test_edges_are_wanted_for_as_long_as_either_service_wants_them():
    for_week = Policy(gap_strategy="edges", edges_days=7)
    assert policy.merge([for_week, Policy()]).edges_days == 7
    always = Policy(gap_strategy="edges")
    assert policy.merge([for_week, always]).edges_days == 0


def test_nothing_cannot_be_merged():
    with pytest.raises(ValueError):
        policy.merge([])


@given(policies, policies, st.integers(-DAY, 400 * DAY))
def test_what_a_merged_policy_allows_each_of_its_policies_allows(one, other, offset):
    merged = policy.merge([one, other])
    start = NOW + offset
    if not policy.check_start(merged, start, NOW, BRUSSELS):
        assert not policy.check_start(one, start, NOW, BRUSSELS)
        assert not policy.check_start(other, start, NOW, BRUSSELS)


@given(policies, st.integers(-DAY, 400 * DAY))
def test_the_span_of_starts_is_exactly_what_is_not_refused(rules, offset):
    start = NOW + offset
    earliest, end = policy.start_span(rules, NOW, BRUSSELS)
    inside = earliest <= start and (end is None or start < end)
    assert inside == (not policy.check_start(rules, start, NOW, BRUSSELS))


@given(policies, st.integers(0, 400 * DAY))
def test_every_allowed_start_lies_in_the_span_of_days(rules, offset):
    start = NOW + offset
    if policy.check_start(rules, start, NOW, BRUSSELS):
        return
    first, last = policy.date_span(rules, NOW, BRUSSELS)
    day = clock.local(start, BRUSSELS).date()
    assert first <= day and (last is None or day <= last)


def test_the_lead_time_says_from_when_on():
    (refusal,) = policy.check_start(Policy(lead_minutes=120), NOW + 60, NOW, BRUSSELS)
    assert refusal.code == "lead_time"
    assert refusal.until == NOW + 120


def test_the_last_day_of_the_horizon_is_bookable_until_midnight():
    rules = Policy(horizon_days=1)
    midnight = NOW + 14 * 60 + DAY
    assert not policy.check_start(rules, midnight - 1, NOW, BRUSSELS)
    assert codes(policy.check_start(rules, midnight, NOW, BRUSSELS)) == ["horizon"]


def test_same_day_only_ends_at_midnight_of_the_branch():
    rules = Policy(same_day_only=True)
    assert not policy.check_start(rules, NOW + 14 * 60 - 1, NOW, BRUSSELS)
    assert codes(policy.check_start(rules, NOW + 14 * 60, NOW, BRUSSELS)) == [
        "same_day"
    ]


def test_what_is_past_is_past():
    assert codes(policy.check_start(Policy(), NOW - 1, NOW, BRUSSELS)) == ["past"]


def test_edges_only_for_the_next_days():
    today = date(2031, 6, 9)
    rules = Policy(gap_strategy="edges", edges_days=2)
    assert policy.uses_edges(rules, date(2031, 6, 10), today)
    assert not policy.uses_edges(rules, date(2031, 6, 11), today)
    assert not policy.uses_edges(Policy(edges_days=2), today, today)


@given(st.integers(0, 600), st.integers(0, 60))
def test_minutes_are_rounded_up_by_less_than_one_step(minutes, step):
    rounded = policy.round_up(Policy(round_minutes=step), minutes)
    assert minutes <= rounded < minutes + max(step, 1)
    assert not step or rounded % step == 0


def test_a_minute_chosen_by_hand_keeps_all_but_grid_and_gaps():
    rule = Policy(
        lead_minutes=60,
        grid_minutes=30,
        grid_mode=policy.REANCHORED,
        gap_strategy="edges",
        daily_cap=3,
    )
    assert policy.any_minute(rule) == Policy(
        lead_minutes=60, grid_minutes=1, daily_cap=3
    )
