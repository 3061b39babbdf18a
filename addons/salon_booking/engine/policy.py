"""When a service may be booked: lead time, horizon, grid, gaps, caps.

Example: a web policy of two hours lead and 90 days horizon, asked on Monday 10:00,
allows starts from Monday 12:00 until the end of the 90th day after that Monday.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

from . import clock
from .refusals import Refusal

FIXED, REANCHORED = "fixed", "reanchored"
#: From the most generous to the strictest; a visit of several services uses the last.
GAP_STRATEGIES = ("mark", "money", "no_rest", "min_hole", "edges")
#: Who of those that can do a service is offered first, and what decides a tie.
CHOICES = ("rank", "least_busy", "fewest_holes", "least_recent")
GRID_FROM, GRID_TO = 5, 60


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one service in one branch for one channel.

    Numbers are whole; 0 is "no limit" for ``horizon_days`` and the caps, "always" for
    ``edges_days`` and "not rounded" for ``round_minutes``. ``daily_cap`` counts the
    bookings of one service per branch and day, ``staff_daily_cap`` those of one person.
    """

    lead_minutes: int = 0
    horizon_days: int = 365
    grid_minutes: int = 15
    grid_mode: str = FIXED
    gap_strategy: str = "mark"
    min_hole_minutes: int = 0
    edges_days: int = 0
    daily_cap: int = 0
    staff_daily_cap: int = 0
    same_day_only: bool = False
    hold_minutes: int = 10
    choice: tuple[str, ...] = CHOICES
    round_minutes: int = 0
    max_wait_minutes: int = 15

    def __post_init__(self):
        if self.grid_minutes < 1:
            raise ValueError("The grid is at least one minute.")
        if self.gap_strategy not in GAP_STRATEGIES:
            raise ValueError(f"There is no gap strategy {self.gap_strategy!r}.")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a record of the policies is for; None is everything.

    ``key`` names the record.
    """

    key: int
    branch: int | None = None
    service: int | None = None
    category: int | None = None
    channel: str | None = None


def choice_order(first: str) -> tuple[str, ...]:
    """``first`` decides, the others break ties in their usual order.

    >>> choice_order("least_busy")
    ('least_busy', 'rank', 'fewest_holes', 'least_recent')
    """
    return (first, *(name for name in CHOICES if name != first))


def most_specific(
    scopes: Iterable[Scope],
    branch: int,
    service: int,
    categories: tuple[int, ...],
    channel: str,
) -> Scope | None:
    """The one record that applies, as a whole.

    A record for the service goes before one for its category, a nearer category
    before a farther one, then one for the branch before one for all, then one for the
    channel. ``categories`` are those of the service, the nearest first.
    """

    def rank(scope: Scope) -> tuple[bool, int, bool, bool]:
        nearness = (
            len(categories) - categories.index(scope.category) if scope.category else 0
        )
        return (
            scope.service is not None,
            nearness,
            scope.branch is not None,
            scope.channel is not None,
        )

    fitting = [
        scope
        for scope in scopes
        if scope.branch in (None, branch)
        and scope.service in (None, service)
        and (scope.category is None or scope.category in categories)
        and scope.channel in (None, channel)
    ]
    return max(fitting, key=rank, default=None)


def merge(policies: Iterable[Policy]) -> Policy:
    """One policy for a visit of several services: the strictest of each rule.

    The caps count bookings of one service, so ask the policy of each service for them;
    here the smallest one is kept. Raises ValueError when there is nothing to merge.
    """
    policies = tuple(policies)
    if not policies:
        raise ValueError("There is no policy to merge.")
    return reduce(_stricter, policies)


def _stricter(one: Policy, other: Policy) -> Policy:
    if one == other:
        return one
    coarse = max(one, other, key=lambda policy: policy.grid_minutes)
    return Policy(
        lead_minutes=max(one.lead_minutes, other.lead_minutes),
        horizon_days=_limit(one.horizon_days, other.horizon_days),
        grid_minutes=coarse.grid_minutes,
        grid_mode=coarse.grid_mode,
        gap_strategy=max(
            one.gap_strategy, other.gap_strategy, key=GAP_STRATEGIES.index
        ),
        min_hole_minutes=max(one.min_hole_minutes, other.min_hole_minutes),
        edges_days=_edges_days(one, other),
        daily_cap=_limit(one.daily_cap, other.daily_cap),
        staff_daily_cap=_limit(one.staff_daily_cap, other.staff_daily_cap),
        same_day_only=one.same_day_only or other.same_day_only,
        hold_minutes=min(one.hold_minutes, other.hold_minutes),
        choice=one.choice,
        round_minutes=max(one.round_minutes, other.round_minutes),
        max_wait_minutes=min(one.max_wait_minutes, other.max_wait_minutes),
    )


def any_minute(policy: Policy) -> Policy:
    """The same rules for a minute chosen by hand: no grid, no matter of gaps."""
    return replace(policy, grid_minutes=1, grid_mode=FIXED, gap_strategy="mark")


def _limit(one: int, other: int) -> int:
    """The smaller of two limits, of which 0 is none."""
    return min(one, other) if one and other else one or other


def _edges_days(one: Policy, other: Policy) -> int:
    """For as long as either wants edges only; 0 is always."""
    wanted = [
        policy.edges_days for policy in (one, other) if policy.gap_strategy == "edges"
    ]
    return 0 if 0 in wanted else max(wanted, default=0)


def date_span(policy: Policy, now: int, zone: str) -> tuple[date, date | None]:
    """First and last local day on which may be booked; no last one without horizon.

    ``now`` is a UTC minute.
    """
    today = clock.local(now, zone).date()
    first = clock.local(now + policy.lead_minutes, zone).date()
    if policy.same_day_only:
        return first, today
    if policy.horizon_days:
        return first, today + timedelta(days=policy.horizon_days)
    return first, None


def start_span(policy: Policy, now: int, zone: str) -> tuple[int, int | None]:
    """Allowed starts as UTC minutes ``[earliest, end)``; no end without horizon.

    Empty (``earliest >= end``) when the lead time of a same-day service has passed.
    """
    _first, last = date_span(policy, now, zone)
    end = last and clock.day_bounds(last, zone)[1]
    return now + policy.lead_minutes, end


def check_start(policy: Policy, start: int, now: int, zone: str) -> list[Refusal]:
    """Why a start (UTC minute) is too near or too far, if it is."""
    if start < now:
        return [Refusal("past", until=now)]
    earliest, end = start_span(policy, now, zone)
    if start < earliest:
        return [Refusal("lead_time", {"minutes": policy.lead_minutes}, until=earliest)]
    if end is None or start < end:
        return []
    if policy.same_day_only:
        return [Refusal("same_day")]
    last = date_span(policy, now, zone)[1]
    return [Refusal("horizon", {"days": policy.horizon_days, "last": last})]


def uses_edges(policy: Policy, day: date, today: date) -> bool:
    """Say whether only times touching something are offered on ``day``."""
    if policy.gap_strategy != "edges":
        return False
    return not policy.edges_days or (day - today).days < policy.edges_days


def round_up(policy: Policy, minutes: int) -> int:
    """The services of one person in a visit, summed, rounded up once.

    >>> round_up(Policy(round_minutes=15), 20 + 22)
    45
    """
    step = policy.round_minutes
    return -(-minutes // step) * step if step else minutes
