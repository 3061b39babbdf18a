"""Walk-ins: the soonest, then the least busy, then who has waited longest for one."""

from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine.queue import Guest, Load, Turn, assign, begin

MIA, OLEG, AYLIN = 1, 2, 3


def guest(key, *starts, minutes=30, staff=(MIA, OLEG)):
    return Guest(
        key,
        [(Turn(one, start, start + minutes),) for start in starts for one in staff],
    )


def staff_of(way):
    return way[0].staff


def test_the_least_busy_of_those_free_at_once_takes_the_guest():
    chosen = assign([guest("a", 600)], {MIA: Load(300, 100), OLEG: Load(240, 500)})
    assert staff_of(chosen["a"]) == OLEG


def test_of_two_equally_busy_the_one_who_took_nobody_for_longest():
    chosen = assign([guest("a", 600)], {MIA: Load(240, 500), OLEG: Load(240, 400)})
    assert staff_of(chosen["a"]) == OLEG


def test_sooner_counts_more_than_less_busy():
    sooner = Guest("a", [(Turn(MIA, 600, 630),), (Turn(OLEG, 605, 635),)])
    chosen = assign([sooner], {MIA: Load(500)})
    assert staff_of(chosen["a"]) == MIA


def test_the_next_guest_is_taken_by_the_other_one():
    chosen = assign([guest("a", 600, 630), guest("b", 600, 630)], {})
    assert begin(chosen["a"]) == begin(chosen["b"]) == 600
    assert staff_of(chosen["a"]) != staff_of(chosen["b"])


def test_the_third_waits_until_somebody_is_done():
    starts = range(600, 700, 5)
    chosen = assign([guest(key, *starts) for key in "abc"], {})
    assert begin(chosen["c"]) == 630


def test_a_short_service_slips_in_before_somebody_who_waits_for_one_person():
    waiting = Guest("a", [(Turn(MIA, 660, 720),)])
    short = guest("b", 600, 640, 720, minutes=30, staff=(MIA,))
    long = guest("c", 600, 640, 720, minutes=90, staff=(MIA,))
    chosen = assign([waiting, short, long], {})
    assert [begin(chosen[key]) for key in "abc"] == [660, 600, 720]


def test_who_cannot_be_served_gets_nothing_and_takes_nothing():
    chosen = assign([Guest("a", []), guest("b", 600)], {})
    assert chosen["a"] is None
    assert chosen["b"]


def test_ways_too_many_to_list_are_told_by_what_is_promised_already():
    def told(promised):
        busy = [turn.stop for turns in promised.turns.values() for turn in turns]
        start = max(busy, default=600)
        yield (Turn(MIA, start, start + 30),)

    chosen = assign([Guest(key, told) for key in "abc"], {})
    assert [begin(chosen[key]) for key in "abc"] == [600, 630, 660]


def by_time(ways):
    return sorted(ways, key=begin)


@st.composite
def queues(draw):
    turn = st.builds(
        lambda staff, start, minutes: Turn(staff, start, start + minutes),
        st.sampled_from([MIA, OLEG, AYLIN]),
        st.integers(0, 12),
        st.integers(1, 6),
    )
    ways = st.lists(turn, min_size=1, max_size=2).map(tuple)
    lists = draw(st.lists(st.lists(ways, max_size=8).map(by_time), max_size=5))
    loads = draw(
        st.dictionaries(
            st.sampled_from([MIA, OLEG]),
            st.builds(Load, st.integers(0, 3), st.integers(0, 3)),
        )
    )
    return [Guest(index, found) for index, found in enumerate(lists)], loads


def slow(guests, loads):
    """The same, minute by minute, with every way looked at."""
    minutes = {staff: load.minutes for staff, load in loads.items()}
    last = {staff: load.last for staff, load in loads.items()}
    taken, given_ = set(), {}
    for each in guests:
        possible = []
        for way in each.ways:
            cells = {
                (turn.staff, minute)
                for turn in way
                for minute in range(turn.start, turn.stop)
            }
            if not cells & taken:
                possible.append(
                    (
                        min(turn.start for turn in way),
                        max(minutes.get(turn.staff, 0) for turn in way),
                        max(last.get(turn.staff, 0) for turn in way),
                        [turn.staff for turn in way],
                        len(possible),
                        way,
                        cells,
                    )
                )
        given_[each.key] = None
        if possible:
            *_rest, way, cells = min(possible, key=lambda found: found[:5])
            given_[each.key] = way
            taken |= cells
            for turn in way:
                length = turn.stop - turn.start
                minutes[turn.staff] = minutes.get(turn.staff, 0) + length
                last[turn.staff] = max(last.get(turn.staff, 0), turn.start)
    return given_


def key(way, loads):
    return way and (begin(way), [turn.staff for turn in way])


@given(queues())
def test_it_gives_what_a_slow_look_at_every_minute_gives(queue):
    guests, loads = queue
    fast, reference = assign(guests, loads), slow(guests, loads)
    assert {k: key(w, loads) for k, w in fast.items()} == {
        k: key(w, loads) for k, w in reference.items()
    }


@given(queues())
def test_nobody_waits_longer_because_of_somebody_behind(queue):
    guests, loads = queue
    everybody = assign(guests, loads)
    for count in range(len(guests)):
        alone = assign(guests[:count], loads)
        assert alone == {each.key: everybody[each.key] for each in guests[:count]}
