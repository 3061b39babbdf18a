"""Guests of a party and who serves them, against trying everything."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.matching import chain, choose, fits_at_once, match

people = st.lists(st.sampled_from("abcde"), unique=True, max_size=5)
intervals = st.tuples(st.integers(0, 12), st.integers(1, 6)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)
claims = st.tuples(st.sampled_from("abc"), intervals).map(
    lambda pair: (pair[0], *pair[1])
)
offers = st.lists(st.lists(claims, min_size=1, max_size=2), max_size=4)


def clash(first, second):
    return first[0] == second[0] and first[1] < second[2] and second[1] < first[2]


def can_be_together(chosen):
    return not any(
        clash(claim, other)
        for one, two in combinations(chosen, 2)
        for claim in one
        for other in two
    )


def test_a_guest_gives_way_who_has_another_choice():
    assert match([["mia", "oleg"], ["mia"]]) == [1, 0]


def test_two_guests_do_not_share_the_only_person():
    assert match([["mia"], ["mia"]]) is None


def test_nobody_is_matched_at_once():
    assert match([]) == []


def test_a_chain_that_is_refused_as_a_whole_gives_way_to_the_next():
    options = [[(0, 10)], [(10, 20), (15, 25)], [(20, 30), (25, 35)]]
    asked = []

    def accepts(chosen):
        asked.append(chosen)
        return chosen == [0, 1, 1]

    assert chain(options, 5, accepts=accepts) == [[0, 1, 1]]
    assert asked == [[0, 0, 0], [0, 0, 1], [0, 1, 1]]
    assert chain(options, 5, accepts=accepts, tries=2) == []


@given(st.lists(people, max_size=5))
def test_a_match_is_found_whenever_there_is_one(options):
    found = match(options)
    possible = any(len(set(chosen)) == len(chosen) for chosen in product(*options))
    assert (found is not None) == possible
    if found is not None:
        chosen = [options[guest][index] for guest, index in enumerate(found)]
        assert len(set(chosen)) == len(options)


@given(st.lists(offers, min_size=1, max_size=4))
def test_offers_are_chosen_whenever_they_go_together(options):
    found = choose(options)
    possible = any(can_be_together(chosen) for chosen in product(*options))
    assert (found is not None) == possible
    if found is not None:
        assert can_be_together([options[guest][i] for guest, i in enumerate(found)])


@given(st.lists(people, min_size=1, max_size=5))
def test_the_matching_and_the_search_agree(options):
    whole = [[[(key, 0, 60)] for key in keys] for keys in options]
    # A second claim that never meets another one keeps it from the matching.
    searched = [
        [[*offer, (f"own {guest}", 0, 1)] for offer in guest_offers]
        for guest, guest_offers in enumerate(whole)
    ]
    assert (choose(whole) is None) == (choose(searched) is None)


def test_twelve_guests_do_not_fit_on_eleven_chairs():
    assert not fits_at_once([("chair", 0, 60)] * 12, {"chair": 11})
    assert fits_at_once([("chair", 0, 60)] * 12, {"chair": 12})


def test_who_goes_makes_room_for_who_comes():
    assert fits_at_once([("chair", 0, 60), ("chair", 60, 90)], {"chair": 1})


@given(st.lists(intervals, max_size=6), st.integers(0, 3))
def test_places_are_counted_at_every_minute(wanted, count):
    most = max(
        (sum(start <= minute < stop for start, stop in wanted) for minute in range(20)),
        default=0,
    )
    holds = [("x", start, stop) for start, stop in wanted]
    assert fits_at_once(holds, {"x": count}) == (most <= count)


@given(
    st.lists(st.lists(intervals, max_size=5).map(sorted), min_size=1, max_size=3),
    st.integers(0, 5),
)
def test_a_chain_starts_wherever_one_can(options, max_wait):
    def is_chain(spans):
        return all(
            before[1] <= after[0] <= before[1] + max_wait
            for before, after in zip(spans, spans[1:])
        )

    found = chain(options, max_wait)
    for chosen in found:
        assert is_chain([options[guest][i] for guest, i in enumerate(chosen)])
    starts = {
        index
        for index, first in enumerate(options[0])
        if any(is_chain((first, *rest)) for rest in product(*options[1:]))
    }
    assert {chosen[0] for chosen in found} == starts
