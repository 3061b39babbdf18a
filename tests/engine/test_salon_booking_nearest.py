"""Choosing a few offers that differ."""

from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.nearest import choose, gather, team
from salon_booking_engine.wishes import Offer, Part

WISHED = 600


def offer(start, staff):
    return Offer(start, start + 30, (Part(1, staff, start, start + 30),))


def price(each):
    return abs(each.start - WISHED) + (90 if team(each) != (1,) else 0)


offers = st.lists(
    st.builds(offer, st.integers(0, 1400), st.integers(1, 3)), max_size=40
)


def test_somebody_else_at_the_wished_time_is_not_hidden_by_quarters_of_an_hour():
    some = [offer(start, 1) for start in (540, 555, 645, 660)] + [offer(600, 2)]
    chosen = choose(some, price, 3)
    assert offer(600, 2) in chosen
    assert offer(645, 1) in chosen or offer(555, 1) in chosen


def test_the_same_person_far_away_comes_after_the_same_person_near():
    some = [offer(615, 1), offer(1000, 1), offer(2000, 1)]
    assert choose(some, price, 2) == [offer(615, 1), offer(1000, 1)]


@given(offers, st.integers(0, 5))
def test_the_cheapest_is_always_among_them_and_none_twice(some, count):
    chosen = choose(some, price, count)
    kinds = {(each.start, team(each)) for each in some}
    assert len(chosen) == min(count, len(kinds))
    assert len({(each.start, team(each)) for each in chosen}) == len(chosen)
    if chosen:
        assert min(map(price, chosen)) == min(map(price, some))


@given(
    st.dictionaries(st.integers(0, 20_000), st.integers(1, 3), max_size=60),
    st.integers(1, 4),
)
def test_what_is_not_looked_at_would_not_have_been_chosen(free, count):
    asked = []

    def offer_at(start):
        asked.append(start)
        return offer(start, free[start])

    starts = sorted(free, key=lambda start: (abs(start - WISHED), start))
    found = gather(starts, offer_at, WISHED, price, count)
    everything = [offer(start, free[start]) for start in starts]
    assert choose(found, price, count) == choose(everything, price, count)
    assert asked == starts[: len(asked)]


def test_a_month_of_free_times_is_not_looked_at_to_propose_a_few():
    asked = []

    def offer_at(start):
        asked.append(start)
        return offer(start, 1)

    gather(range(WISHED, WISHED + 28 * 1440, 15), offer_at, WISHED, price, 3)
    assert len(asked) < 60
