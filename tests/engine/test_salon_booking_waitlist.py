"""Who on the waitlist is offered what."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from salon_booking_engine.clock import local, wall_to_minutes
from salon_booking_engine.waitlist import (
    AT_ONCE,
    IN_TURN,
    Terms,
    Waiting,
    Wanted,
    clashes,
    fits,
    match,
    sending_time,
)
from salon_booking_engine.wishes import Offer, Part

BERLIN = "Europe/Berlin"
THURSDAY = date(2031, 6, 12)
#: The nights before these days the clock is put forward and back.
CHANGES = (date(2031, 3, 30), date(2031, 10, 26))


def at(wall, day=THURSDAY, zone=BERLIN):
    return wall_to_minutes(day, time.fromisoformat(wall), zone)


def offer(wall="10:00", minutes=60, staff=1, day=THURSDAY):
    start = at(wall, day)
    return Offer(start, start + minutes, (Part(7, staff, start, start + minutes),))


def wanted(key=1, first=THURSDAY, last=THURSDAY, **values):
    return Wanted(key, first, last, **values)


def test_priority_goes_before_age_and_age_before_the_rest():
    queue = [
        Waiting(1, 11, (wanted(1),), since=5),
        Waiting(2, 12, (wanted(2),), since=3),
        Waiting(3, 13, (wanted(3),), since=9, priority=1),
    ]
    free = {key: [offer()] for key in (1, 2, 3)}
    found = match(queue, free, Terms(BERLIN), at("08:00"))
    assert [each.entry for each in found] == [3]
    found = match(queue, free, Terms(BERLIN, AT_ONCE), at("08:00"))
    assert [each.entry for each in found] == [3, 2, 1]


def test_a_class_is_offered_to_as_many_as_it_has_places():
    queue = [Waiting(key, key, (wanted(key),)) for key in (1, 2, 3)]
    lesson = offer()
    free = dict.fromkeys((1, 2, 3), [lesson])
    (part,) = lesson.parts
    for mode, count in ((IN_TURN, 2), (AT_ONCE, 3)):
        found = match(queue, free, Terms(BERLIN, mode), at("08:00"), places={part: 2})
        assert len(found) == count
    full = match(queue, free, Terms(BERLIN), at("08:00"), places={part: 0})
    assert not full
    assert clashes(lesson, lesson) and not clashes(lesson, lesson, {part})
    # Two that nobody of the team holds are in nobody's way.
    assert not clashes(offer(staff=0), offer("10:30", staff=0))


def test_the_next_in_the_queue_gets_another_time():
    queue = [Waiting(key, key, (wanted(key),)) for key in (1, 2)]
    free = {key: [offer("10:00"), offer("10:30"), offer("11:00")] for key in (1, 2)}
    found = match(queue, free, Terms(BERLIN), at("08:00"))
    assert [each.offer.start for each in found] == [at("10:00"), at("11:00")]


def test_the_first_wish_is_tried_before_the_second():
    entry = Waiting(1, 1, (wanted(1, wall_from=17 * 60), wanted(2)))
    free = {1: [offer("10:00"), offer("17:00")], 2: [offer("09:00")]}
    (found,) = match([entry], free, Terms(BERLIN), at("08:00"))
    assert (found.wanted, found.offer.start) == (1, at("17:00"))
    (found,) = match([entry], {**free, 1: []}, Terms(BERLIN), at("08:00"))
    assert (found.wanted, found.offer.start) == (2, at("09:00"))


def test_the_whole_visit_lies_in_the_time_of_day():
    wish = wanted(wall_from=17 * 60, wall_to=18 * 60)
    assert fits(wish, offer("17:00"), BERLIN)
    assert not fits(wish, offer("16:59"), BERLIN)
    assert not fits(wish, offer("17:01"), BERLIN)


def test_until_midnight_means_as_late_as_the_branch_likes():
    late = offer("23:30")
    assert fits(wanted(wall_from=20 * 60), late, BERLIN)
    assert not fits(wanted(wall_from=20 * 60, wall_to=1439), late, BERLIN)


def test_only_the_weekdays_and_days_of_the_wish_fit():
    fridays = wanted(last=THURSDAY + timedelta(14), weekdays=frozenset({4}))
    days = [
        day
        for day in range(-7, 30)
        if fits(fridays, offer(day=THURSDAY + timedelta(day)), BERLIN)
    ]
    assert days == [1, 8]


def test_a_time_that_was_not_accepted_is_not_offered_again():
    first, next_one = offer("10:00"), offer("11:00")
    entry = Waiting(1, 1, (wanted(),), passed=((first.start, first.stop),))
    free = {1: [first, offer("10:15"), next_one]}
    (found,) = match([entry], free, Terms(BERLIN), at("08:00"))
    assert found.offer == next_one


def test_a_client_gets_so_many_offers_a_day_whatever_the_entries():
    queue = [Waiting(key, 9, (wanted(key),)) for key in (1, 2, 3)]
    free = {key: [offer(f"{9 + key:02}:00")] for key in (1, 2, 3)}
    terms = Terms(BERLIN, daily_limit=2)
    assert len(match(queue, free, terms, at("08:00"))) == 2
    assert len(match(queue, free, terms, at("08:00"), {9: 1})) == 1
    assert not match(queue, free, terms, at("08:00"), {9: 2})


def test_what_begins_too_soon_after_the_message_is_not_offered():
    queue = [Waiting(1, 1, (wanted(),))]
    free = {1: [offer("09:59"), offer("10:00")]}
    terms = Terms(BERLIN, notice=120)
    (found,) = match(queue, free, terms, at("08:00"))
    assert found.offer.start == at("10:00")
    quiet = Terms(BERLIN, notice=120, quiet_from=20 * 60, quiet_to=8 * 60 + 1)
    assert not match(queue, free, quiet, at("03:00"))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("19:59", "19:59"),
        ("20:00", "next 09:00"),
        ("23:59", "next 09:00"),
        ("00:00", "09:00"),
        ("08:59", "09:00"),
        ("09:00", "09:00"),
    ],
)
def test_quiet_hours_over_midnight(now, until):
    terms = Terms(BERLIN, quiet_from=20 * 60, quiet_to=9 * 60)
    day = THURSDAY + timedelta(until.startswith("next"))
    assert sending_time(at(now), terms) == at(until.split()[-1], day)


def test_equal_ends_are_no_quiet_hours():
    assert sending_time(at("03:00"), Terms(BERLIN, quiet_from=540, quiet_to=540)) == (
        at("03:00")
    )


minutes_of_day = st.integers(0, 24 * 60 - 1)
zones = st.sampled_from([BERLIN, "UTC", "Australia/Lord_Howe", "Asia/Baku"])


@given(
    day=st.sampled_from([THURSDAY, *CHANGES]),
    minute=st.integers(-1600, 1600),
    quiet_from=minutes_of_day,
    quiet_to=minutes_of_day,
    zone=zones,
)
@settings(max_examples=150, deadline=None)
def test_the_message_waits_exactly_until_no_minute_is_quiet(
    day, minute, quiet_from, quiet_to, zone
):
    """Against walking on minute by minute, away from the hour that comes twice."""
    terms = Terms(zone, quiet_from=quiet_from, quiet_to=quiet_to)
    now = wall_to_minutes(day, time(12), zone) + minute

    def is_quiet(at_minute):
        wall = local(at_minute, zone)
        walked = wall.hour * 60 + wall.minute
        if quiet_from <= quiet_to:
            return quiet_from <= walked < quiet_to
        return not quiet_to <= walked < quiet_from

    expected = now
    while is_quiet(expected):
        expected += 1
    found = sending_time(now, terms)
    assert found >= now
    # In the hour that is missing or comes twice, the end of the quiet hours may too.
    slack = 60 if quiet_to <= 4 * 60 or quiet_from <= 4 * 60 else 0
    assert abs(found - expected) <= slack


offers = st.builds(
    lambda start, length, staff, day: offer(
        f"{start // 4:02}:{start % 4 * 15:02}",
        length,
        staff,
        THURSDAY + timedelta(day),
    ),
    st.integers(7 * 4, 20 * 4),
    st.sampled_from([15, 45, 90]),
    st.integers(1, 3),
    st.integers(0, 2),
)
wishes = st.builds(
    lambda first, span, weekdays, wall_from, wall: (
        THURSDAY + timedelta(first),
        THURSDAY + timedelta(first + span),
        frozenset(weekdays),
        wall_from * 60,
        24 * 60 if wall_from + wall > 21 else (wall_from + wall) * 60,
    ),
    st.integers(-1, 2),
    st.integers(0, 2),
    st.sets(st.integers(3, 5)),
    st.integers(0, 18),
    st.integers(1, 12),
)


@st.composite
def queues(draw):
    entries, free, key = [], {}, 0
    for entry in range(draw(st.integers(1, 5))):
        own = []
        for values in draw(st.lists(wishes, min_size=1, max_size=3)):
            key += 1
            own.append(Wanted(key, *values))
            free[key] = draw(st.lists(offers, max_size=6))
        passed = draw(st.lists(offers, max_size=1))
        entries.append(
            Waiting(
                entry,
                draw(st.integers(1, 3)),
                tuple(own),
                priority=draw(st.integers(0, 2)),
                since=draw(st.integers(0, 3)),
                passed=tuple((each.start, each.stop) for each in passed),
            )
        )
    return entries, free


def obvious(entries, free, terms, now, sent):
    """Try every triple of entry, wish and offer, minute by minute, best first."""
    begin = now
    while True:
        wall = local(begin, terms.zone)
        minute = wall.hour * 60 + wall.minute
        quiet = (
            terms.quiet_from <= minute < terms.quiet_to
            if terms.quiet_from <= terms.quiet_to
            else not terms.quiet_to <= minute < terms.quiet_from
        )
        if not quiet:
            break
        begin += 1
    given, count, taken, result = set(), Counter(sent), set(), []
    triples = sorted(
        (
            (-entry.priority, entry.since, entry.entry, place, number),
            entry,
            wish,
            free[wish.key][number],
        )
        for entry in entries
        for place, wish in enumerate(entry.wanted)
        for number in range(len(free[wish.key]))
    )
    for _order, entry, wish, each in triples:
        minutes = range(each.start, each.stop)
        walls = [local(minute, terms.zone) for minute in minutes]
        day = walls[0].date()
        allowed = (
            entry.entry not in given
            and (not terms.daily_limit or count[entry.client] < terms.daily_limit)
            and each.start - begin >= terms.notice
            and wish.first <= day <= wish.last
            and (not wish.weekdays or day.weekday() in wish.weekdays)
            and walls[0].hour * 60 + walls[0].minute >= wish.wall_from
            and (
                wish.wall_to == 24 * 60
                or all(
                    wall.date() == day and wall.hour * 60 + wall.minute < wish.wall_to
                    for wall in walls
                )
            )
            and not any(
                start <= minute < stop
                for start, stop in entry.passed
                for minute in minutes
            )
        )
        own = {(part.staff, minute) for part in each.parts for minute in minutes}
        if not allowed or (terms.mode == IN_TURN and own & taken):
            continue
        given.add(entry.entry)
        count[entry.client] += 1
        taken |= own
        result.append((entry.entry, wish.key, each))
    return result


@given(
    queue=queues(),
    mode=st.sampled_from([IN_TURN, AT_ONCE]),
    daily_limit=st.integers(0, 2),
    quiet=st.sampled_from([(0, 0), (20 * 60, 9 * 60), (12 * 60, 14 * 60)]),
    notice=st.sampled_from([0, 60, 300]),
    now=st.integers(at("00:00", THURSDAY - timedelta(1)), at("18:00")),
    sent=st.dictionaries(st.integers(1, 3), st.integers(0, 2)),
)
@settings(max_examples=150, deadline=None)
def test_matching_is_what_trying_everything_gives(
    queue, mode, daily_limit, quiet, notice, now, sent
):
    entries, free = queue
    terms = Terms(BERLIN, mode, daily_limit, *quiet, notice)
    found = match(entries, free, terms, now, sent)
    assert [(each.entry, each.wanted, each.offer) for each in found] == obvious(
        entries, free, terms, now, sent
    )
    if mode == IN_TURN:
        assert not any(
            clashes(each.offer, other.offer)
            for place, each in enumerate(found)
            for other in found[:place]
        )
