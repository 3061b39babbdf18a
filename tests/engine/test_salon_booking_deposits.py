from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.deposits import (
    Client,
    Deposit,
    Line,
    Rule,
    ask,
    is_given_back,
    share_of,
)

COLOUR = Line(service=1, categories=(10, 1), price=15000, minutes=120)
CUT = Line(service=2, categories=(20, 1), price=5000, minutes=45)
NEWCOMER, REGULAR = Client(), Client(visits=9)
THIRD, HALF = Fraction(3, 10), Fraction(1, 2)

shares = st.fractions(0, 1, max_denominator=100)
clients = st.builds(
    Client,
    visits=st.integers(0, 4),
    no_shows=st.integers(0, 3),
    late_cancellations=st.integers(0, 3),
    missed_last=st.booleans(),
    is_exempt=st.booleans(),
)
lines = st.lists(
    st.builds(
        Line,
        service=st.integers(1, 4),
        categories=st.sampled_from([(10, 1), (20, 1), (30,)]),
        price=st.integers(0, 30000),
        minutes=st.integers(0, 200),
    ),
    max_size=4,
)
rules = st.builds(
    Rule,
    key=st.integers(1, 9),
    fixed=st.integers(0, 9000),
    share=shares,
    per_visit=st.booleans(),
    services=st.frozensets(st.integers(1, 4), max_size=2),
    categories=st.frozensets(st.sampled_from([1, 10, 20, 30]), max_size=2),
    channels=st.frozensets(st.sampled_from(["desk", "web"]), max_size=2),
    fewer_visits=st.integers(0, 3),
    no_shows=st.integers(0, 2),
    late_cancellations=st.integers(0, 2),
    missed_last=st.booleans(),
    least_price=st.integers(0, 20000),
    least_minutes=st.integers(0, 150),
    refund_notice=st.none() | st.integers(0, 3000),
)


def amount(rule, *lines, client=NEWCOMER, channel="web"):
    return ask(lines, client, channel, [rule]).amount


def test_the_higher_of_the_amount_and_the_share_is_asked():
    rule = Rule(1, fixed=2000, share=THIRD)
    assert amount(rule, COLOUR) == 4500
    assert amount(rule, CUT) == 2000


def test_nobody_pays_more_in_advance_than_the_price():
    assert amount(Rule(1, fixed=9900), CUT) == 5000


def test_half_a_cent_is_a_cent():
    assert share_of(1005, HALF) == 503


def test_each_service_asks_what_its_strictest_rule_wants():
    asked = ask(
        [COLOUR, CUT],
        NEWCOMER,
        "web",
        [Rule(1, fixed=1000), Rule(2, share=HALF, services=frozenset([1]))],
    )
    assert asked.amount == 7500 + 1000
    assert set(asked.rules) == {1, 2}


def test_a_rule_for_the_visit_asks_once():
    assert amount(Rule(1, fixed=1000), COLOUR, CUT) == 2000
    assert amount(Rule(1, fixed=1000, per_visit=True), COLOUR, CUT) == 1000


def test_a_rule_for_the_visit_replaces_less_and_not_more():
    single = Rule(1, fixed=1000)
    for whole, asked in ((1500, 2000), (2500, 2500)):
        rules = [single, Rule(2, fixed=whole, per_visit=True)]
        assert ask([COLOUR, CUT], NEWCOMER, "web", rules).amount == asked


def test_a_category_above_the_one_of_the_service_counts_too():
    rule = Rule(1, fixed=500, categories=frozenset([1]))
    assert amount(rule, COLOUR) == 500
    assert amount(Rule(1, fixed=500, categories=frozenset([20])), COLOUR) == 0


def test_only_newcomers_are_asked():
    rule = Rule(1, fixed=500, fewer_visits=2)
    assert amount(rule, CUT, client=Client(visits=1)) == 500
    assert amount(rule, CUT, client=Client(visits=2)) == 0


@pytest.mark.parametrize(
    ("client", "asked"),
    [
        (REGULAR, 0),
        (Client(visits=9, no_shows=1), 0),
        (Client(visits=9, no_shows=2), 500),
        (Client(visits=9, missed_last=True), 500),
        (Client(visits=9, no_shows=2, is_exempt=True), 0),
    ],
)
def test_who_did_not_come_is_asked(client, asked):
    assert (
        amount(Rule(1, 500, no_shows=2, missed_last=True), CUT, client=client) == asked
    )


@pytest.mark.parametrize(("late", "asked"), [(1, 0), (2, 500), (3, 500)])
def test_who_cancels_late_too_often_is_asked(late, asked):
    client = Client(visits=9, late_cancellations=late)
    assert amount(Rule(1, 500, late_cancellations=2), CUT, client=client) == asked


def test_expensive_and_long_visits_are_asked_as_a_whole():
    dear, long = Rule(1, 500, least_price=20000), Rule(1, 500, least_minutes=165)
    for rule in dear, long:
        assert amount(rule, COLOUR) == 0
        assert amount(rule, COLOUR, CUT) == 1000


def test_the_desk_asks_nothing_where_the_rule_is_for_the_web():
    rule = Rule(1, 500, channels=frozenset(["web"]))
    assert amount(rule, CUT) == 500
    assert amount(rule, CUT, channel="desk") == 0


def test_the_strictest_notice_counts_of_those_rules_that_ask():
    asked = ask(
        [COLOUR, CUT],
        NEWCOMER,
        "web",
        [
            Rule(1, 500, services=frozenset([1]), refund_notice=60),
            Rule(2, 500, services=frozenset([2]), refund_notice=600),
            Rule(3, 100, refund_notice=None),
        ],
    )
    assert asked.refund_notice == 600
    assert is_given_back(asked, 600)
    assert not is_given_back(asked, 599)


def test_what_is_never_given_back_is_kept_whatever_the_notice():
    asked = ask([CUT], NEWCOMER, "web", [Rule(1, 500, refund_notice=None)])
    assert not is_given_back(asked, 10**6)


def test_a_share_above_all_of_it_is_refused():
    with pytest.raises(ValueError, match="between none and all"):
        Rule(1, share=Fraction(3, 2))


@given(lines, clients, st.sampled_from(["desk", "web"]), st.lists(rules, max_size=4))
def test_what_is_asked_is_what_a_slow_look_at_every_rule_finds(
    lines, client, channel, rules
):
    """By line the most that any rule wants, or what one for the visit wants."""

    def counts(rule, line):
        inside = [other for other in lines if rule.covers(other)]
        return (
            rule.covers(line)
            and rule.is_met_by(client, channel)
            and sum(other.price for other in inside) >= rule.least_price
            and sum(other.minutes for other in inside) >= rule.least_minutes
        )

    asked = ask(lines, client, channel, rules)
    singly = sum(
        max(
            [
                rule.asks(line.price)
                for rule in rules
                if not rule.per_visit and counts(rule, line)
            ],
            default=0,
        )
        for line in lines
    )
    wholes = [
        rule.asks(sum(line.price for line in lines if rule.covers(line)))
        for rule in rules
        if rule.per_visit and any(counts(rule, line) for line in lines)
    ]
    expected = 0 if client.is_exempt else max([singly, *wholes])
    assert asked.amount == expected
    assert 0 <= asked.amount <= sum(line.price for line in lines)
    assert bool(asked.rules) == bool(asked.amount)
    if not asked.amount:
        assert asked == Deposit()
