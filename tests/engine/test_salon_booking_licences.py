"""Who may do what on which day, against asking for each day by itself."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.licences import blocked_days, overlap, uncovered

MONDAY = date(2031, 6, 9)
LAST = MONDAY + timedelta(days=20)
day = st.integers(-5, 25).map(lambda number: MONDAY + timedelta(days=number))
edge = st.one_of(st.none(), day)
validities = st.lists(st.tuples(edge, edge), max_size=4)
PEOPLE, TYPES, SERVICES = (1, 2, 3), (11, 12), (21, 22, 23)


def all_days():
    return [MONDAY + timedelta(days=number) for number in range(21)]


def is_valid(since, until, today):
    return (since is None or since <= today) and (until is None or today <= until)


def days_in(spans):
    return [today for today in all_days() if any(a <= today <= b for a, b in spans)]


@given(
    st.dictionaries(st.sampled_from(SERVICES), st.frozensets(st.sampled_from(TYPES))),
    st.dictionaries(
        st.tuples(st.sampled_from(PEOPLE), st.sampled_from(TYPES)), validities
    ),
    st.dictionaries(st.sampled_from(PEOPLE), day),
)
def test_each_day_needs_every_licence_and_the_permit(needed, held, permits):
    blocked = blocked_days(needed, held, permits, PEOPLE, MONDAY, LAST)
    for person in PEOPLE:
        for service, types in needed.items():
            forbidden = [
                today
                for today in all_days()
                if today > permits.get(person, date.max)
                or any(
                    not any(is_valid(*v, today) for v in held.get((person, kind), ()))
                    for kind in types
                )
            ]
            assert days_in(blocked.get((person, service), ())) == forbidden


@given(validities)
def test_blocked_days_are_apart_and_in_order(valid):
    spans = uncovered(valid, MONDAY, LAST)
    assert all(since <= until for since, until in spans)
    assert all(a[1] + timedelta(days=1) < b[0] for a, b in zip(spans, spans[1:]))


def test_the_last_day_of_a_licence_still_counts():
    assert uncovered([(MONDAY, LAST)], MONDAY, LAST) == []
    assert uncovered([(MONDAY, LAST - timedelta(days=1))], MONDAY, LAST) == [
        (LAST, LAST)
    ]


def test_who_needs_nothing_is_not_listed():
    assert blocked_days({21: ()}, {}, {}, PEOPLE, MONDAY, LAST) == {}


def test_only_the_days_asked_for_are_named():
    assert overlap([(MONDAY, LAST)], LAST, LAST + timedelta(days=3)) == [(LAST, LAST)]
