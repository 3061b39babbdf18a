"""Visits of several steps: the bits, the planner and an exhaustive search agree."""

from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st
from salon_booking_engine.itineraries import Option, Planner, Step, Unit, orders
from salon_booking_engine.masks import Horizon
from salon_booking_engine.phases import Footprint, Phase, footprint, lay_out
from salon_booking_engine.wishes import (
    ANY_ORDER,
    DIFFERENT_STAFF,
    GIVEN,
    SAME_STAFF,
    TOGETHER,
)

CHAIR, BASIN = "chair", "basin"
DAY = 150


def service(*parts, before=0, after=0):
    """A footprint from parts such as ("work", 30, CHAIR)."""
    return footprint(
        lay_out(
            [
                Phase(
                    kind,
                    minutes,
                    kind != "processing",
                    tuple(pools),
                    kind != "cleanup",
                )
                for kind, minutes, *pools in parts
            ],
            before,
            after,
        )
    )


COLOUR = service(("work", 30), ("processing", 35), ("finish", 20), ("cleanup", 5))
CUT = service(("work", 45))


class World:
    """A small salon as intervals, for the planner and for the slow search."""

    def __init__(self, free, units=(), **rules):
        self.free = free
        self.units = units
        self.limits = rules.pop("limits", {})
        self.rules = {"max_wait": 0, "staff_rule": "any", **rules}
        self.horizon = Horizon.over(0, DAY, [5])

    def planner(self):
        pools = {}
        for pool, resource, number, free, *limits in self.units:
            unit = Unit(resource, number, self.horizon.free(free), *limits)
            pools.setdefault(pool, []).append(unit)
        return Planner(
            self.horizon,
            {staff: self.horizon.free(free) for staff, free in self.free.items()},
            pools,
            limits={
                person: [(self.horizon.everything, most)]
                for person, most in self.limits.items()
            },
            **self.rules,
        )

    def starts(self, steps, order=GIVEN, grid=5):
        planner = self.planner()
        within = self.horizon.grid([0], DAY, grid)
        united = 0
        for groups in orders(steps, order):
            united |= planner.starts(groups, within)
        return self.horizon.starts(united)


def minutes(intervals):
    return {minute for start, stop in intervals for minute in range(start, stop)}


def exhaustive(world, steps, order=GIVEN, grid=5):
    """Try every start, wait, person and unit, minute by minute, in nested loops."""
    rows = {
        GIVEN: [[[step] for step in steps]],
        ANY_ORDER: [[[step] for step in row] for row in permutations(steps)],
        TOGETHER: [[list(steps)]],
    }[order]
    return [
        start
        for start in range(0, DAY, grid)
        if any(_exists(world, row, start, None, [], set()) for row in rows)
    ]


def _exists(world, groups, start, ready, done, taken):
    if not groups:
        return _pads_fit(world, done, taken)
    for options in product(*(step.options for step in groups[0])):
        people = [option.staff for option in options]
        if len(set(people)) < len(people):
            continue
        if not _rule_allows(world, people, done):
            continue
        if ready is not None and start > ready + world.rules["max_wait"]:
            tidy = {
                begin + option.footprint.staff_stop - options[0].footprint.staff_start
                for option, begin in done
                if option.staff == people[0] and begin == done[-1][1]
            }
            if len(people) > 1 or start not in tidy:
                continue
        for now in _ways(
            world, list(zip(groups[0], options, strict=True)), start, taken
        ):
            here = [*done, *((option, start) for option in options)]
            client = max(start + option.footprint.client_stop for option in options)
            furthest = max(
                [client + world.rules["max_wait"]]
                + [start + option.footprint.staff_stop + 5 for option in options]
            )
            if len(groups) == 1:
                if _pads_fit(world, here, now):
                    return True
                continue
            # Nothing is planned past the horizon.
            for begin in range(client, min(furthest + 1, DAY), 5):
                if _exists(world, groups[1:], begin, client, here, now):
                    return True
    return False


def _rule_allows(world, people, done):
    before = {option.staff for option, _start in done}
    for person in people:
        most = world.limits.get(person, len(done) + 1)
        if 1 + sum(option.staff == person for option, _start in done) > most:
            return False
    rule = world.rules["staff_rule"]
    if rule == SAME_STAFF and (len(people) > 1 or (before and before != set(people))):
        return False
    return not (rule == DIFFERENT_STAFF and before & set(people))


def _ways(world, chosen, start, taken):
    """Every set of (thing, minute) that these steps could take at ``start``."""
    if not chosen:
        yield taken
        return
    (_step, option), rest = chosen[0], chosen[1:]
    own = {
        (option.staff, minute)
        for begin, end in option.footprint.staff
        for minute in range(start + begin, start + end)
    }
    free = minutes(world.free[option.staff])
    if option.appointed is not None:
        free = minutes((at, at + 5) for at in world.horizon.starts(option.appointed))
    if not {minute for _staff, minute in own} <= free:
        return
    if own & taken:
        return
    pools = [
        [
            {
                ((resource, number), minute)
                for minute in range(start + begin, start + end)
            }
            for key, resource, number, free, *_limits in world.units
            if key == pool and set(range(start + begin, start + end)) <= minutes(free)
        ]
        for pool, begin, end in option.footprint.pools
    ]
    for units in product(*pools):
        here = taken | own
        for unit in units:
            if unit & here:
                break
            here = here | unit
        else:
            yield from _ways(world, rest, start, here)


def _pads_fit(world, done, taken):
    step = world.rules.get("round_minutes", 0)
    if step <= 1:
        return True
    # Who has nothing to do herself is not rounded up, nor what has its own time.
    done = [
        (option, start)
        for option, start in done
        if option.footprint.staff and option.appointed is None
    ]
    for staff in {option.staff for option, _start in done}:
        mine = [(option, start) for option, start in done if option.staff == staff]
        total = sum(option.footprint.length for option, _start in mine)
        end = max(start + option.footprint.staff_stop for option, start in mine)
        pad = set(range(end, end + -total % step))
        if not pad <= minutes(world.free[staff]):
            return False
        if {(staff, minute) for minute in pad} & taken:
            return False
    return True


def test_a_cut_follows_the_colour_within_the_wait():
    world = World({1: [(0, 85)], 2: [(100, 150)]}, max_wait=15)
    steps = [Step(1, (Option(1, service(("work", 85))),)), Step(2, (Option(2, CUT),))]
    assert world.starts(steps) == [0]
    world.rules["max_wait"] = 10
    assert world.starts(steps) == []


def test_processing_lets_another_client_in():
    """Golden S4: cut of 30 minutes at 10:30 and 10:35 within a colour at 10:00."""
    world = World({1: [(30, 65), (85, 150)]})
    cut = Step(1, (Option(1, service(("work", 30))),))
    assert [start for start in world.starts([cut]) if start < 85] == [30, 35]


def test_who_tidies_up_begins_the_next_step_after_that():
    world = World({1: [(0, 150)]})
    steps = [Step(1, (Option(1, COLOUR),)), Step(2, (Option(1, CUT),))]
    (found,) = [world.planner().plan([[step] for step in steps], 0)]
    assert [one.start for one in found] == [0, 90]


def test_what_goes_on_by_itself_begins_while_she_tidies_up():
    alone = service(("processing", 5, BASIN))
    steps = [
        Step(0, (Option(1, service(("work", 10), ("cleanup", 5))),)),
        Step(1, (Option(1, alone),)),
    ]
    world = World({1: [(0, 15)]}, [(BASIN, 12, 1, [(10, 15)])])
    assert world.starts(steps) == exhaustive(world, steps) == [0]


def test_she_prepares_the_next_step_while_this_one_works_by_itself():
    steps = [
        Step(0, (Option(1, service(("work", 5), ("processing", 5), ("cleanup", 5))),)),
        Step(1, (Option(1, service(("processing", 5), before=5)),)),
    ]
    world = World({1: [(0, 15)]})
    assert world.starts(steps) == exhaustive(world, steps) == [0]


def test_who_tidies_up_cannot_prepare_the_step_after_the_next_one_meanwhile():
    steps = [
        Step(0, (Option(1, service(("work", 5), ("cleanup", 5))),)),
        Step(1, (Option(1, service(("processing", 5))),)),
        Step(2, (Option(1, service(("work", 5), before=5)),)),
    ]
    world = World({1: [(0, 15)]})
    assert world.starts(steps) == exhaustive(world, steps) == []


def test_who_prepares_the_next_step_does_so_after_tidying_up():
    prepared = service(("work", 5), before=5)
    steps = [
        Step(0, (Option(1, service(("work", 5))),)),
        Step(1, (Option(1, prepared),)),
    ]
    assert World({1: [(0, 15)]}).starts(steps) == [0]
    assert exhaustive(World({1: [(0, 15)]}), steps) == [0]


def test_four_hands_need_two_people():
    steps = [Step(1, (Option(1, CUT), Option(2, CUT))), Step(2, (Option(1, CUT),))]
    assert World({1: [(0, 60)], 2: []}).starts(steps, TOGETHER) == []
    assert World({1: [(0, 60)], 2: [(5, 50)]}).starts(steps, TOGETHER) == [5]


def test_services_of_one_person_are_rounded_up_once():
    short = service(("work", 20))
    steps = [Step(1, (Option(1, short),)), Step(2, (Option(1, short),))]
    # 20 + 20 becomes 45, not 30 + 30.
    assert World({1: [(0, 45)]}, round_minutes=15).starts(steps) == [0]
    assert World({1: [(0, 40)]}, round_minutes=15).starts(steps) == []


def test_a_room_is_kept_for_the_whole_visit():
    room = "room"
    oiled = service(("work", 30, room))
    steps = [Step(1, (Option(1, oiled),)), Step(2, (Option(1, oiled),))]
    units = [(room, 10, 1, [(0, 30)]), (room, 11, 1, [(30, 150)])]
    free = {1: [(0, 150)]}
    assert 0 in World(free, units).starts(steps)
    assert 0 not in World(free, units, kept=frozenset({room})).starts(steps)


def test_a_room_is_kept_between_two_phases_that_need_it():
    twice = service(("work", 20, "room"), ("processing", 20), ("work", 20, "room"))
    steps = [Step(1, (Option(1, twice),))]
    units = [("room", 10, 1, [(0, 20), (40, 150)])]
    free = {1: [(0, 150)]}
    assert 0 in World(free, units).starts(steps)
    assert min(World(free, units, kept=frozenset({"room"})).starts(steps)) == 40


def test_where_a_visit_may_begin_depends_on_with_whom():
    steps = [Step(1, (Option(1, CUT), Option(2, CUT)))]
    world = World({1: [], 2: [(0, 150)]})
    allowed = {(1, 1): world.horizon.everything, (1, 2): world.horizon.free([(30, 60)])}
    planner = world.planner()
    planner.openings = allowed
    groups = [steps]
    found = planner.starts(groups, world.horizon.grid([0], DAY, 15))
    assert world.horizon.starts(found) == [30, 45]
    assert planner.plan(groups, 0) is None


def test_a_facility_may_belong_to_one_person_or_service():
    bed = service(("work", 30, "bed"))
    steps = [Step(7, (Option(1, bed), Option(2, bed)))]
    free = {1: [(0, 60)], 2: [(0, 150)]}
    mine = [("bed", 10, 1, [(0, 150)], frozenset({1}), None)]
    assert max(World(free, mine).starts(steps)) == 30
    elsewhere = [("bed", 10, 1, [(0, 150)], None, frozenset({8}))]
    assert World(free, elsewhere).starts(steps) == []


def test_a_buffer_takes_the_person_and_not_the_client():
    wide = service(("work", 30), before=10, after=5)
    world = World({1: [(0, 45)]})
    assert world.starts([Step(1, (Option(1, wide),))]) == [10]
    assert wide.length == wide.client_stop == 30


FIVES = st.integers(0, DAY // 5).map(lambda number: number * 5)
SHORT = st.integers(1, 5).map(lambda number: number * 5)


@st.composite
def appointed_steps(draw, number, staff, horizon):
    """A class at some times of its own, each held by one person."""
    options = []
    for person in draw(st.lists(st.sampled_from(staff), min_size=1, max_size=3)):
        start, length = draw(FIVES), draw(SHORT)
        options.append(
            Option(
                person,
                Footprint(length, length, ((0, length),), ()),
                appointed=horizon.free([(start, start + length)]),
            )
        )
    return Step(number, tuple(options))


@st.composite
def intervals(draw):
    bounds = sorted(draw(st.sets(FIVES, max_size=6)))
    return list(zip(bounds[::2], bounds[1::2], strict=False))


@st.composite
def services(draw):
    parts = []
    for kind in draw(
        st.lists(
            st.sampled_from(["work", "processing", "cleanup"]), min_size=1, max_size=3
        )
    ):
        pools = draw(st.sets(st.sampled_from([CHAIR, BASIN]), max_size=1))
        parts.append((kind, draw(SHORT), *sorted(pools)))
    buffer = st.sampled_from([0, 0, 0, 5])
    return service(*parts, before=draw(buffer), after=draw(buffer))


@st.composite
def cases(draw):
    staff = draw(st.lists(st.sampled_from([1, 2, 3]), min_size=1, unique=True))
    world = World(
        {person: draw(intervals()) for person in staff},
        [
            (pool, resource, 1, draw(intervals()))
            for pool, resource in ((CHAIR, 10), (CHAIR, 11), (BASIN, 12))
            if draw(st.booleans())
        ],
        max_wait=draw(st.sampled_from([0, 5, 15])),
        staff_rule=draw(st.sampled_from(["any", SAME_STAFF, DIFFERENT_STAFF])),
        round_minutes=draw(st.sampled_from([0, 0, 15])),
    )
    steps = []
    for number in range(draw(st.integers(1, 3))):
        doing = draw(st.lists(st.sampled_from(staff), min_size=1, unique=True))
        steps.append(
            Step(number, tuple(Option(person, draw(services())) for person in doing))
        )
    return world, steps, draw(st.sampled_from([GIVEN, ANY_ORDER, TOGETHER]))


@settings(max_examples=400)
@given(cases())
def test_offered_is_what_an_exhaustive_search_finds(case):
    world, steps, order = case
    if world.rules["staff_rule"] == SAME_STAFF and order == TOGETHER:
        return
    assert world.starts(steps, order) == exhaustive(world, steps, order)


@settings(max_examples=300)
@given(cases(), st.data())
def test_a_step_with_times_of_its_own_is_found_as_by_an_exhaustive_search(case, data):
    world, steps, order = case
    if world.rules["staff_rule"] == SAME_STAFF and order == TOGETHER:
        return
    number = data.draw(st.integers(0, len(steps) - 1))
    steps[number] = data.draw(
        appointed_steps(number, sorted(world.free), world.horizon)
    )
    assert world.starts(steps, order) == exhaustive(world, steps, order)


@settings(max_examples=200)
@given(cases(), st.data())
def test_limits_of_people_are_held_as_by_an_exhaustive_search(case, data):
    world, steps, order = case
    if world.rules["staff_rule"] == SAME_STAFF and order == TOGETHER:
        return
    world.limits = {person: data.draw(st.sampled_from([1, 2])) for person in world.free}
    assert world.starts(steps, order) == exhaustive(world, steps, order)


@settings(max_examples=200)
@given(cases())
def test_every_offered_start_can_be_planned(case):
    world, steps, order = case
    planner = world.planner()
    for groups in orders(steps, order):
        found = planner.starts(groups, world.horizon.everything)
        for start in world.horizon.starts(found):
            assert planner.plan(groups, start)


def test_bits_follow_the_longest_and_the_shortest_of_a_choice():
    """Own minutes: the next step begins when the client of each is ready."""
    fast, slow = Footprint(30, 30, ((0, 30),), ()), Footprint(45, 45, ((0, 45),), ())
    steps = [
        Step(1, (Option(1, fast), Option(2, slow))),
        Step(2, (Option(3, Footprint(30, 30, ((0, 30),), ())),)),
    ]
    free = {1: [(0, 150)], 2: [(0, 150)], 3: [(45, 75)]}
    assert World(free).starts(steps) == [0, 15]


def with_addon(steps, base=0):
    """The steps with an add-on of ten minutes behind one, done by anybody."""
    everybody = {option.staff for step in steps for option in step.options}
    addon = Step(
        99,
        tuple(Option(staff, service(("work", 10))) for staff in sorted(everybody)),
        steps[base].product,
    )
    return [*steps[: base + 1], addon, *steps[base + 1 :]]


@settings(max_examples=150)
@given(cases())
def test_an_add_on_is_as_a_visit_of_one_person_without_a_wait(case):
    world, steps, _order = case
    alone = World(
        world.free, world.units, **{**world.rules, "staff_rule": "any", "max_wait": 15}
    )
    strict = World(
        world.free,
        world.units,
        **{**world.rules, "staff_rule": SAME_STAFF, "max_wait": 0},
    )
    pair = with_addon(steps[:1])
    assert alone.starts(pair) == exhaustive(strict, pair)


@settings(max_examples=150)
@given(cases(), st.data())
def test_an_add_on_stays_with_its_service_in_every_order(case, data):
    world, steps, order = case
    base = data.draw(st.integers(0, len(steps) - 1))
    planner = world.planner()
    for groups in orders(with_addon(steps, base), order):
        found = planner.starts(groups, world.horizon.everything)
        for start in world.horizon.starts(found):
            placed = planner.plan(groups, start)
            by_product = {one.step.product: one for one in placed}
            addon, own = by_product[99], by_product[steps[base].product]
            assert addon.option.staff == own.option.staff
            ready = [own] if order != TOGETHER else set(placed) - {addon}
            tidied = own.start + own.option.footprint.staff_stop
            assert addon.start <= max(*(one.client_stop for one in ready), tidied)
