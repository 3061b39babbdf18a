"""Seating against every way to seat: nobody is refused who could have a place."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from salon_booking_engine.seating import Place, Want, seat

OPEN = ((0, 100),)
OPEN_LONG = [(0, 5000)]
BASINS = {"basin": [Place(1, 1, OPEN), Place(2, 1, OPEN)]}


def want(key, start, stop, place=None, pool="basin"):
    return Want(key, pool, start, stop, place=place)


def test_nobody_moves_while_a_place_is_free():
    seated = [want("a", 0, 10, (1, 1))]
    assert seat([want("new", 0, 10)], BASINS, seated) == {"new": (2, 1)}


def test_crosswise_bookings_change_places():
    seated = [want("a", 0, 10, (1, 1)), want("b", 10, 20, (2, 1))]
    found = seat([want("new", 0, 20)], BASINS, seated)
    assert found is not None
    assert len(found) == 2


def test_a_full_place_stays_full():
    seated = [want("a", 0, 10, (1, 1)), want("b", 5, 20, (2, 1))]
    assert seat([want("new", 5, 8)], BASINS, seated) is None


def test_one_client_follows_another_at_the_minute_at_which_he_leaves():
    # The first place is of both kinds, the second is taken the whole time.
    places = {"basin": [Place(1, 1, ((0, 30),)), Place(2, 1, OPEN)]}
    places["chair"] = places["basin"][:1]
    seated = [want("a", 10, 20, (1, 1), "chair"), want("b", 5, 25, (2, 1))]
    before, after = want("before", 0, 10), want("after", 20, 30)
    for wants in ([before], [after], [before, after]):
        assert seat(wants, places, seated) == {one.key: (1, 1) for one in wants}
    for wants in ([want("x", 1, 11)], [want("x", 19, 29)], [want("x", 21, 31)]):
        assert seat(wants, places, seated) is None


def test_a_place_may_belong_to_one_person_or_service():
    places = {"bed": [Place(1, 1, OPEN, staff=frozenset({7}))]}
    assert seat([Want("x", "bed", 0, 5, staff=8)], places) is None
    assert seat([Want("x", "bed", 0, 5, staff=7)], places) == {"x": (1, 1)}


def test_a_long_series_is_seated_stretch_by_stretch():
    week = 7 * 24 * 60
    places = {"basin": [Place(n, 1, ((0, 2000 * week),)) for n in range(1, 11)]}
    wants = [
        want((n, m), n * week, n * week + 45) for n in range(300) for m in range(9)
    ]
    seated = [want(("seated", n), n * week, n * week + 45, (1, 1)) for n in range(300)]
    found = seat(wants, places, seated)
    assert found is not None
    assert {found[7, m] for m in range(9)} == {(n, 1) for n in range(2, 11)}


spans = st.tuples(st.integers(0, 12), st.integers(1, 6)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


@st.composite
def rooms(draw):
    """Up to three units, bookings seated without overlap, and some new wants."""
    units = [(number, 1) for number in range(1, draw(st.integers(1, 3)) + 1)]
    seated = []
    for index, span in enumerate(draw(st.lists(spans, max_size=5))):
        for unit in draw(st.permutations(units)):
            if all(
                other.place != unit or span[1] <= other.start or other.stop <= span[0]
                for other in seated
            ):
                seated.append(want(("seated", index), *span, unit))
                break
    wants = [
        want(("new", index), *span)
        for index, span in enumerate(draw(st.lists(spans, min_size=1, max_size=2)))
    ]
    return {"basin": [Place(*unit, OPEN) for unit in units]}, wants, seated


@settings(max_examples=300)
@given(rooms())
def test_whoever_can_be_seated_is_seated(case):
    places, wants, seated = case
    found = seat(wants, places, seated)
    everybody = [*wants, *seated]
    units = [(place.resource, place.number) for place in places["basin"]]

    def fits(choice):
        return all(
            choice[i] != choice[j]
            or everybody[i].stop <= everybody[j].start
            or everybody[j].stop <= everybody[i].start
            for i in range(len(everybody))
            for j in range(i)
        )

    ways = [choice for choice in product(units, repeat=len(everybody)) if fits(choice)]
    assert (found is None) == (not ways)
    if found is not None:
        final = tuple(found.get(one.key, one.place) for one in everybody)
        assert fits(final)
        stays = tuple(one.place for one in seated)
        if any(way[len(wants) :] == stays for way in ways):
            # It could be done without moving anybody, so nobody moved.
            assert final[len(wants) :] == stays


def test_a_full_day_of_many_is_seated_in_one_go():
    places = {"chair": [Place(number, 1, OPEN_LONG) for number in range(60)]}
    wants = [
        Want(index, "chair", index // 10 * 5, index // 10 * 5 + 30)
        for index in range(3000)
    ]
    found = seat(wants, places)
    assert found is not None
    assert len(found) == len(wants)


def test_what_is_scarce_elsewhere_does_not_exhaust_the_patience():
    places = {
        "chair": [Place(number, 1, OPEN_LONG) for number in range(1, 9)],
        "basin": [Place(100, 1, OPEN_LONG), Place(101, 1, [(100, 300)])],
    }
    chairs = [Want(("c", n), "chair", n // 4 * 10, n // 4 * 10 + 20) for n in range(80)]
    # The basin that is open late has to be left to the second client.
    basins = [
        Want("first", "basin", 120, 260),
        Want("second", "basin", 210, 260, only=frozenset({100})),
    ]
    found = seat([*chairs, *basins], places)
    assert found is not None
    assert (found["first"][0], found["second"][0]) == (101, 100)
