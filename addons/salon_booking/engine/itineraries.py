"""Visits of one or several services: when they can begin, with whom and where.

A visit is a row of groups; the steps of one group begin together and are done by
different people, the groups follow each other with at most some minutes of waiting.

Example: colour with anybody, then a cut. `Planner.starts` works backwards over the
whole horizon at once: a colour can begin where somebody can do it and, after the
minutes that she needs for it and perhaps a wait, a cut can begin. `Planner.plan` then
finds people and places for one of these starts, step by step, and takes back a choice
that leads nowhere.

Where bits alone do not tell (the same chair wanted twice, a total rounded up once),
`starts` asks `plan` about each start, so that what is offered can be booked.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations

from .masks import Horizon, others, runs, shifted, spread
from .phases import Footprint
from .wishes import ANY_ORDER, ANY_STAFF, DIFFERENT_STAFF, SAME_STAFF, TOGETHER


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who can do a step, and what it takes when she does it.

    ``closed`` are cells in which she may not do this service although she works.
    ``appointed`` are the cells of a time that is kept for the service already (a class
    that takes place then); None where it goes into what is free of her.
    """

    staff: int
    footprint: Footprint
    closed: int = 0
    appointed: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One service of a visit; an add-on comes ``after`` another product."""

    product: int
    options: tuple[Option, ...]
    after: int | None = None

    @property
    def is_appointed(self) -> bool:
        return any(option.appointed is not None for option in self.options)


@dataclass(frozen=True, slots=True)
class Unit:
    """One place of a facility, or one person of a circle of helpers.

    ``free`` are its cells. ``staff`` and ``products`` limit by whom and for what it may
    be used; None means by all and for everything.
    """

    resource: int
    number: int
    free: int
    staff: frozenset[int] | None = None
    products: frozenset[int] | None = None

    def serves(self, product: int, staff: int) -> bool:
        return (self.products is None or product in self.products) and (
            self.staff is None or staff in self.staff
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What a planned step takes: a unit from one UTC minute to another."""

    resource: Hashable
    number: int
    start: int
    stop: int

    def clashes(self, other: "Taken") -> bool:
        return (
            self.resource == other.resource
            and self.number == other.number
            and self.start < other.stop
            and other.start < self.stop
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A step on the clock, with its person and its units by ``(pool, start, stop)``."""

    step: Step
    option: Option
    start: int
    units: tuple[tuple[Hashable, int, int, Unit], ...] = ()

    @property
    def stop(self) -> int:
        return self.start + self.option.footprint.length

    @property
    def client_stop(self) -> int:
        return self.start + self.option.footprint.client_stop


@dataclass
class Planner:
    """Finds visits in what is free.

    ``free`` are the cells of each staff member, ``pools`` the units by pool. Pools in
    ``kept`` are held from the first step that needs them to the last (a room for the
    whole visit). ``round_minutes`` rounds the services that one person does up, once,
    to a multiple. ``prefer`` sorts people for a start, best first. ``reseat`` says of
    ``(pool, product, staff, start, stop)`` whether others could change places to make
    room where no unit is free all along; it is asked for the cells of ``interest``.
    ``openings`` are the cells at which a visit may begin with ``(product, staff)``, all
    where nothing is said; ``resources`` name people as units of pools do. ``limits``
    are cells in which a person may begin so many of the services and no more.
    """

    horizon: Horizon
    free: dict[int, int]
    pools: dict[Hashable, Sequence[Unit]] = field(default_factory=dict)
    max_wait: int = 0
    staff_rule: str = "any"
    round_minutes: int = 0
    kept: frozenset = frozenset()
    prefer: Callable[[int, int], object] | None = None
    reseat: Callable[[Hashable, int, int, int, int], bool] | None = None
    interest: int = -1
    openings: dict[tuple[int, int], int] = field(default_factory=dict)
    resources: dict[int, Hashable] = field(default_factory=dict)
    limits: dict[int, Sequence[tuple[int, int]]] = field(default_factory=dict)
    _runs: dict = field(default_factory=dict, repr=False)
    _pool_starts: dict = field(default_factory=dict, repr=False)
    _for_all: dict = field(default_factory=dict, repr=False)

    def without(
        self, taken: Mapping[int, int], prefer: Callable[[int, int], object]
    ) -> "Planner":
        """The same with more cells taken of people, ``{staff: cells}``."""
        return replace(
            self,
            free={
                staff: free & ~taken.get(staff, 0) for staff, free in self.free.items()
            },
            prefer=prefer,
            # What is known of the free time of all others still holds.
            _runs={
                key: known
                for key, known in self._runs.items()
                if key[0][0] != "staff" or key[0][1] not in taken
            },
        )

    def starts(self, groups: Sequence[Sequence[Step]], within: int) -> int:
        """Cells at which a visit of these groups can begin.

        ``within`` are the cells in question: a grid inside of opening days.
        """
        mask = self.candidates(groups, within)
        if mask and not self._is_told_by_bits(groups):
            mask = sum(
                1 << (start - self.horizon.origin) // self.horizon.cell
                for start in self.horizon.starts(mask)
                if self.plan(groups, start)
            )
        return mask

    def candidates(self, groups: Sequence[Sequence[Step]], within: int) -> int:
        """Cells outside of which no visit of these groups can begin."""
        fits = [[self._fits(step) for step in group] for group in groups]
        if self.openings and groups:
            step = groups[0][0]
            fits[0][0] = [
                mask & self.openings.get((step.product, option.staff), -1)
                for option, mask in zip(step.options, fits[0][0], strict=True)
            ]
        return self._reach_back(groups, fits) & within

    def starts_by_staff(self, step: Step) -> dict[int, int]:
        """Cells at which each person can begin a visit of one step."""
        found: dict[int, int] = {}
        for option, mask in zip(step.options, self._fits(step), strict=True):
            found[option.staff] = found.get(option.staff, 0) | mask
        return found

    def plan(self, groups: Sequence[Sequence[Step]], start: int) -> list[Placed] | None:
        """People and places for a visit that begins at the UTC minute ``start``."""
        return next(self.plans(groups, start), None)

    def plans(
        self, groups: Sequence[Sequence[Step]], start: int
    ) -> Iterator[list[Placed]]:
        """Yield every choice of people and places for a start, best first."""
        return self._place_groups(groups, 0, start, start, [], [])

    # Cells

    def _fits(self, step: Step) -> list[int]:
        """For each option, the cells at which it can begin, each looked at alone."""
        masks = []
        for option in step.options:
            free = self._free(option)
            key = ("staff", option.staff, option.closed, option.appointed)
            found = self.horizon.everything
            for start, stop in option.footprint.staff:
                found &= self._run(key, free, start, stop)
            for pool, start, stop in self.holds(option):
                found &= self._pool_fits(step.product, option.staff, pool, start, stop)
            masks.append(found)
        return masks

    def _free(self, option: Option) -> int:
        if option.appointed is not None:
            return option.appointed
        return self.free.get(option.staff, 0) & ~option.closed

    def holds(self, option: Option) -> list[tuple[Hashable, int, int]]:
        """What an option holds of each pool; a kept one from first to last."""
        spans: dict[Hashable, tuple[int, int]] = {}
        found = []
        for pool, start, stop in option.footprint.pools:
            if pool in self.kept:
                known = spans.get(pool, (start, stop))
                spans[pool] = min(known[0], start), max(known[1], stop)
            else:
                found.append((pool, start, stop))
        return [*found, *((pool, *span) for pool, span in spans.items())]

    def _person(self, staff: int) -> Hashable:
        """The person as a resource: a helper may be the same one."""
        return self.resources.get(staff, ("staff", staff))

    def _pool_fits(self, product, staff, pool, start, stop) -> int:
        """Cells at which a unit of the pool, or one after another, is free for it."""
        if pool not in self._for_all:
            units = self.pools.get(pool, ())
            self._for_all[pool] = all(unit.staff is None for unit in units)
        if self._for_all[pool]:
            # The same for everybody.
            staff = None
        key = product, staff, pool, start, stop
        if key not in self._pool_starts:
            self._pool_starts[key] = self._pool_fits_now(*key)
        return self._pool_starts[key]

    def _pool_fits_now(self, product, staff, pool, start, stop) -> int:
        united = crosswise = 0
        for unit in self.pools.get(pool, ()):
            if unit.serves(product, staff):
                key = ("unit", unit.resource, unit.number)
                united |= self._run(key, unit.free, start, stop)
                crosswise |= unit.free
        if self.reseat and pool not in self.kept:
            always = self._run(("pool", pool, crosswise), crosswise, start, stop)
            for begin in self.horizon.starts(always & ~united & self.interest):
                if self.reseat(pool, product, staff, begin + start, begin + stop):
                    cell = (begin - self.horizon.origin) // self.horizon.cell
                    united |= 1 << cell
        return united

    def _run(self, key, mask: int, start: int, stop: int) -> int:
        """Cells ``t`` for which ``[t + start, t + stop)`` is in the mask."""
        length = self.horizon.cells(stop - start)
        known = self._runs.get((key, length))
        if known is None:
            known = self._runs[key, length] = runs(mask, length)
        return shifted(known, self.horizon.cells(start)) & self.horizon.everything

    def _reach_back(self, groups, fits) -> int:
        """Cells at which the first group can begin so that all others can follow."""
        following = None
        # An add-on is done by the same person whatever the rule says of the others.
        has_addons = any(step.after is not None for group in groups for step in group)
        rule = ANY_STAFF if has_addons else self.staff_rule
        for group, masks in zip(reversed(groups), reversed(fits), strict=True):
            if len(group) == 1:
                reached = list(zip(group[0].options, masks[0], strict=True))
            else:
                reached = self._as_one(group, masks)
            if following is not None:
                reached = [
                    (option, mask & following.reached_from(option))
                    for option, mask in reached
                    if mask
                ]
            following = _Following(self, reached, rule)
        return following.united if following else 0

    def _as_one(self, group, masks):
        """What several people do at once, as if one did it: an upper bound."""
        united = self.horizon.everything
        for found in masks:
            united &= _union(found)
        lengths = [
            {option.footprint.client_stop for option in step.options} for step in group
        ]
        if not all(lengths):
            return []
        shortest = max(min(known) for known in lengths)
        longest = max(max(known) for known in lengths)
        return [
            (Option(0, Footprint(length, length, (), ())), united)
            for length in range(shortest, longest + 1, self.horizon.cell)
        ]

    def _is_told_by_bits(self, groups) -> bool:
        """Say whether `_reach_back` is exact, and not just an upper bound."""
        if (
            self.limits
            or self.round_minutes > 1
            or any(len(group) > 1 or group[0].after is not None for group in groups)
        ):
            return False
        if self.staff_rule == DIFFERENT_STAFF and len(groups) > 2:
            return False
        # Most people need the same time, so there are few footprints.
        steps = [{option.footprint for option in group[0].options} for group in groups]
        if any(self.kept & _pools_of(footprints) for footprints in steps):
            return False
        if any(_has_overlaps(one.pools) for footprints in steps for one in footprints):
            return False
        for footprints, following, later in zip(
            steps, steps[1:], [*steps[2:], ()], strict=False
        ):
            shortest = min((one.client_stop for one in following), default=0)
            tail = max((one.stop - one.client_stop for one in footprints), default=0)
            early = max((-one.start for one in later), default=0)
            # Only neighbours know of each other.
            if tail + early > shortest:
                return False
            overlaps = tail > 0 or any(one.start < 0 for one in following)
            if overlaps and _pools_of(footprints) & _pools_of(following):
                return False
        return True

    # One start

    def _place_groups(
        self, groups, index, earliest, latest, placed, taken
    ) -> Iterator[list[Placed]]:
        """Place the groups from ``index`` on; yields whole visits, best first."""
        if index == len(groups):
            if all(self._is_open(*pad, taken) for pad in self._pads(placed)):
                yield placed
            return
        ready = None if not placed else earliest
        preparing = max(
            (
                -option.footprint.staff_start
                for group in groups[index + 1 : index + 2]
                for step in group
                for option in step.options
            ),
            default=0,
        )
        # What is beyond the horizon is not known, so nothing begins there.
        end = self.horizon.origin + self.horizon.size * self.horizon.cell
        for start in range(earliest, min(latest + 1, end), self.horizon.cell):
            for chosen, held in self._place_group(
                groups[index], start, ready, placed, taken
            ):
                client_stop = max(one.client_stop for one in chosen)
                # Who goes on with the next step tidies up and prepares first.
                latest_next = max(
                    client_stop + self.max_wait,
                    *(_tidied(one) + preparing for one in chosen),
                )
                yield from self._place_groups(
                    groups,
                    index + 1,
                    client_stop,
                    latest_next,
                    [*placed, *chosen],
                    [*taken, *held],
                )

    def _place_group(self, group, start, ready, placed, taken):
        """Place the steps of one group at ``start``; yields ``(placed, taken)``."""
        if not group:
            yield [], []
            return
        step, rest = group[0], group[1:]
        for option in self._ordered(step, start):
            if not self._may_do(step, option, start, ready, placed):
                continue
            for one, held in self._place_step(step, option, start, placed, taken):
                for more, more_held in self._place_group(
                    rest, start, ready, [*placed, one], [*taken, *held]
                ):
                    yield [one, *more], [*held, *more_held]

    def _ordered(self, step: Step, start: int):
        if self.prefer is None or step.is_appointed:
            return step.options
        return sorted(step.options, key=lambda option: self.prefer(option.staff, start))

    def _may_do(self, step: Step, option: Option, start: int, ready, placed) -> bool:
        """Say whether the rules of a visit allow this person at this time.

        ``ready`` is when the client could begin, None for the first step.
        """
        own = [one for one in placed if one.option.staff == option.staff]
        if any(one.start == start for one in own):
            return False
        if not self._is_within_limits(option, start, own):
            return False
        opening = self.openings.get((step.product, option.staff))
        if not placed and opening is not None and not self.horizon.has(opening, start):
            return False
        max_wait = self.max_wait
        if step.after is not None:
            base = [one for one in placed if one.step.product == step.after]
            if base and base[-1].option.staff != option.staff:
                return False
            max_wait = 0
        elif (
            placed
            and self.staff_rule == SAME_STAFF
            and not own
            or own
            and self.staff_rule == DIFFERENT_STAFF
        ):
            return False
        if ready is None or start <= ready + max_wait:
            return True
        # Longer than the client would wait: only for who tidies up after the last step.
        last = max((one.start for one in placed if one.start < start), default=start)
        return any(
            _tidied(one) - option.footprint.staff_start == start
            for one in own
            if one.start == last
        )

    def _is_within_limits(self, option: Option, start: int, own) -> bool:
        """Say whether the person may do one more where she has some already."""
        if not own or option.appointed is not None:
            return True
        counted = [one for one in own if one.option.appointed is None]
        return all(
            most > sum(self.horizon.has(cells, one.start) for one in counted)
            for cells, most in self.limits.get(option.staff, ())
            if self.horizon.has(cells, start)
        )

    def _place_step(self, step, option, start, placed, taken):
        """Place one step with one person; yields ``(placed, taken)`` by units."""
        free = self._free(option)
        held = [
            Taken(self._person(option.staff), 1, start + begin, start + end)
            for begin, end in option.footprint.staff
        ]
        if not all(
            self._covers(free, one.start, one.stop) and not _is_in(one, taken)
            for one in held
        ):
            return
        holds = [
            (pool, start + begin, start + end)
            for pool, begin, end in self.holds(option)
        ]
        for units, more in self._choose_units(
            step.product, option.staff, holds, placed, [*taken, *held]
        ):
            yield Placed(step, option, start, units), [*held, *more]

    def _choose_units(self, product, staff, holds, placed, taken):
        """Units for each hold; yields ``(units, taken)``."""
        if not holds:
            yield (), []
            return
        (pool, start, stop), rest = holds[0], holds[1:]
        kept = self._kept(pool, placed)
        if kept:
            # The same unit, and from where the last step left it.
            start = kept[1]
        is_free = False
        for unit in self.pools.get(pool, ()):
            if kept and unit is not kept[0]:
                continue
            if not unit.serves(product, staff):
                continue
            here = []
            if start < stop:
                one = Taken(unit.resource, unit.number, start, stop)
                if not self._covers(unit.free, start, stop) or _is_in(one, taken):
                    continue
                here = [one]
            is_free = True
            for units, more in self._choose_units(
                product, staff, rest, placed, [*taken, *here]
            ):
                yield ((pool, start, stop, unit), *units), [*here, *more]
        if is_free or kept or pool in self.kept or not self.reseat:
            return
        if self.reseat(pool, product, staff, start, stop):
            yield from self._choose_units(product, staff, rest, placed, taken)

    def _kept(self, pool, placed):
        """The unit that the visit holds of a pool all along, and until when."""
        if pool not in self.kept:
            return None
        held = [
            (stop, unit)
            for one in placed
            for known, _start, stop, unit in one.units
            if known == pool
        ]
        return (held[-1][1], max(stop for stop, _unit in held)) if held else None

    def _pads(self, placed: Sequence[Placed]) -> list[tuple[int, Taken]]:
        """What rounding up adds behind the last service of each person.

        Services in which the person has nothing to do herself do not count, nor those
        at an appointed time.
        """
        totals: dict[int, int] = {}
        ends: dict[int, int] = {}
        for one in placed if self.round_minutes > 1 else ():
            staff = one.option.staff
            if not one.option.footprint.staff or one.step.is_appointed:
                continue
            totals[staff] = totals.get(staff, 0) + one.option.footprint.length
            ends[staff] = max(ends.get(staff, 0), _tidied(one))
        return [
            (
                staff,
                Taken(
                    self._person(staff),
                    1,
                    ends[staff],
                    ends[staff] + -total % self.round_minutes,
                ),
            )
            for staff, total in totals.items()
            if total % self.round_minutes
        ]

    def _is_open(self, staff: int, pad: Taken, taken) -> bool:
        free = self.free.get(staff, 0)
        return self._covers(free, pad.start, pad.stop) and not _is_in(pad, taken)

    def _covers(self, mask: int, start: int, stop: int) -> bool:
        horizon = self.horizon
        first = (start - horizon.origin) // horizon.cell
        last = -((horizon.origin - stop) // horizon.cell)
        if first < 0 or last > horizon.size:
            return False
        wanted = (1 << (last - first)) - 1
        return mask >> first & wanted == wanted


class _Following:
    """The steps after the one in question, as cells at which each person can begin."""

    def __init__(
        self, planner: Planner, reached: Sequence[tuple[Option, int]], rule: str
    ):
        self.planner = planner
        self.rule = rule
        self.by_staff: dict[int, list[tuple[Option, int]]] = {}
        for option, mask in reached:
            if mask:
                self.by_staff.setdefault(option.staff, []).append((option, mask))
        united = [
            _union(mask for _option, mask in known) for known in self.by_staff.values()
        ]
        self.united = _union(united)
        self.by_others = dict(zip(self.by_staff, others(united), strict=True))

    def reached_from(self, option: Option) -> int:
        """Cells from which somebody can go on after ``option`` within the wait.

        She herself can go on as soon as she has tidied up, the others as soon as the
        client is ready.
        """
        planner = self.planner
        cells = planner.horizon.cells
        ready = cells(option.footprint.client_stop)
        wait = cells(planner.max_wait)
        reached = 0
        if self.rule != SAME_STAFF or not option.staff:
            masks = self.by_others.get(option.staff, self.united)
            reached |= shifted(spread(masks, wait), ready)
        if self.rule == DIFFERENT_STAFF or not option.staff:
            return reached
        for follower, mask in self.by_staff.get(option.staff, ()):
            for first, more in self._offsets(option.footprint, follower.footprint):
                reached |= shifted(spread(mask, more), first)
        return reached

    def _offsets(self, before: Footprint, after: Footprint) -> list[tuple[int, int]]:
        """When the same person can begin ``after``, in cells from ``before``.

        :return: ``[(first, how many more after it)]``
        """
        planner, cell = self.planner, self.planner.horizon.cell
        ready = planner.horizon.cells(before.client_stop)
        latest = ready + planner.horizon.cells(planner.max_wait)
        tidy = planner.horizon.cells(before.staff_stop - after.staff_start)
        if tidy <= ready:
            return [(ready, latest - ready)]
        # She may prepare where she has nothing to do, not only after tidying up.
        found = [
            (offset, 0)
            for offset in range(ready, min(tidy - 1, latest) + 1)
            if not _clash(before.staff, after.staff, offset * cell)
        ]
        return [*found, (tidy, max(latest - tidy, 0))]


def orders(steps: Sequence[Step], order: str) -> list[list[list[Step]]]:
    """The rows of groups in which these steps may be done.

    ``order`` is a word of ``wishes``. Services of which there are two make no
    difference between themselves; an add-on stays behind its service.
    """
    if order == TOGETHER:
        addons = [[step] for step in steps if step.after is not None]
        return [[[step for step in steps if step.after is None], *addons]]
    if order != ANY_ORDER:
        return [[[step] for step in steps]]
    chains: list[list[Step]] = []
    for step in steps:
        if step.after is not None and chains:
            chains[-1].append(step)
        else:
            chains.append([step])
    found = {}
    for row in permutations(chains):
        row = [step for chain in row for step in chain]
        found.setdefault(tuple(step.product for step in row), row)
    return [[[step] for step in row] for row in found.values()]


def _tidied(placed: Placed) -> int:
    return placed.start + placed.option.footprint.staff_stop


def _clash(first, second, minutes: int) -> bool:
    """Whether stretches meet others that begin so many minutes later."""
    return any(
        start < minutes + end and minutes + begin < stop
        for start, stop in first
        for begin, end in second
    )


def _is_in(wanted: Taken, taken: Sequence[Taken]) -> bool:
    return any(one.clashes(wanted) for one in taken)


def _union(masks) -> int:
    united = 0
    for mask in masks:
        united |= mask
    return united


def _pools_of(footprints: Iterable[Footprint]) -> frozenset:
    return frozenset(
        pool for print_ in footprints for pool, _start, _stop in print_.pools
    )


def _has_overlaps(holds) -> bool:
    return any(
        first[0] == second[0] and first[1] < second[2] and second[1] < first[2]
        for index, first in enumerate(holds)
        for second in holds[index + 1 :]
    )
