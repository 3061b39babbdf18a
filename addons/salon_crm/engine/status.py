"""Where a client stands with the salon, from the dates of visits alone.

The figures are those of the suite's list of figures: the personal interval is the
median of days between the last five visits; a client is overdue more than
``overdue_grace_days`` after it with nothing booked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

POTENTIAL = "potential"
NEW = "new"
REGULAR = "regular"
ACTIVE = "active"
LOST = "lost"

#: How many of the last visits make the personal interval.
INTERVAL_VISITS = 5


@dataclass(frozen=True)
class Policy:
    """An owner's thresholds, all in days unless said otherwise."""

    new_days: int = 90
    regular_visits: int = 3
    lost_days: int = 90
    #: Measure absence in personal intervals instead of ``lost_days``.
    is_lost_by_interval: bool = False
    lost_intervals: int = 2
    default_interval_days: int = 30
    overdue_grace_days: int = 7


@dataclass(frozen=True)
class History:
    """What is known of a client: counted visits and the next booking."""

    visit_count: int = 0
    first_visit: date | None = None
    last_visit: date | None = None
    interval_days: float | None = None
    next_visit: date | None = None


@dataclass(frozen=True)
class Standing:
    """The result: the status, and the last day on which it can be trusted."""

    status: str
    is_overdue: bool
    #: First day on which time alone may change any of it; None when it cannot.
    review_on: date | None


def personal_interval(
    visit_days: Sequence[date], default_days: float | None = None
) -> float | None:
    """Median days between the last visits; ``default_days`` below two visits.

    ``visit_days`` in any order; visits on one day are one visit.
    """
    days = sorted(set(visit_days))[-INTERVAL_VISITS:]
    if len(days) < 2:
        return default_days
    return float(
        median((later - day).days for day, later in zip(days, days[1:], strict=False))
    )


def overdue_after(history: History, policy: Policy) -> date | None:
    """The last day on which the client is not overdue; None without a visit."""
    if not history.last_visit:
        return None
    interval = history.interval_days or policy.default_interval_days
    return history.last_visit + timedelta(
        days=int(interval + policy.overdue_grace_days)
    )


def lost_after(history: History, policy: Policy) -> date | None:
    """The last day on which the client is not lost; None without a visit."""
    if not history.last_visit:
        return None
    days = policy.lost_days
    if policy.is_lost_by_interval:
        interval = history.interval_days or policy.default_interval_days
        days = int(policy.lost_intervals * interval)
    return history.last_visit + timedelta(days=days)


def standing(history: History, today: date, policy: Policy | None = None) -> Standing:
    """Say where a client stands on ``today``.

    The first that fits is it: potential (never came), new (first visit within
    ``new_days``), regular (enough visits and not overdue), lost (away for too long
    and nothing booked), otherwise active. Nobody with a booking ahead is overdue or
    lost: whoever is coming needs no winning back.
    """
    policy = policy or Policy()
    if not history.visit_count or not history.first_visit:
        return Standing(POTENTIAL, False, None)
    is_booked = bool(history.next_visit and history.next_visit >= today)
    new_until = history.first_visit + timedelta(days=policy.new_days)
    due_until = overdue_after(history, policy)
    seen_until = lost_after(history, policy)
    is_overdue = not is_booked and today > due_until
    if today <= new_until:
        status = NEW
    elif history.visit_count >= policy.regular_visits and not is_overdue:
        status = REGULAR
    elif not is_booked and today > seen_until:
        status = LOST
    else:
        status = ACTIVE
    ends = [new_until, due_until, seen_until, history.next_visit]
    ahead = [end for end in ends if end and end >= today]
    review_on = min(ahead) + timedelta(days=1) if ahead else None
    return Standing(status, is_overdue, review_on)
