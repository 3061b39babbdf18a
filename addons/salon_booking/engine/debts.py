"""What clients owe: how much is too much, and what it bars them from.

Amounts are whole cents, days are days of the calendar of the branch.

Example: with a limit of 100.00 somebody who owes 80.00 can leave 20.00 of the next bill
open. With a grace of 14 days, what was due on 1 March bars from booking from 16 March.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: What debts bar a client from: nothing, booking without the salon, booking at all.
NOTHING, ONLINE, ALWAYS = "nothing", "online", "always"
#: Names of the ages of a debt with the last day, counted from the due date, of each.
AGES = (("not_due", 0), ("1_30", 30), ("31_60", 60), ("61_90", 90), ("over_90", None))


@dataclass(frozen=True, slots=True)
class Debt:
    """What one payer owes: in all since the day of the oldest bill, and overdue.

    ``overdue_since`` is the oldest day on which something was due.
    """

    amount: int = 0
    since: date | None = None
    overdue: int = 0
    overdue_since: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How a branch treats debts; ``limit`` None is no limit."""

    limit: int | None = None
    bars: str = NOTHING
    grace_days: int = 0


def is_over(amount: int, limit: int | None) -> bool:
    """Say whether somebody who owes so much is over the limit.

    >>> is_over(100, 100), is_over(101, 100), is_over(10**9, None)
    (False, True, False)
    """
    return limit is not None and amount > limit


def bar(policy: Policy, debt: Debt, limit: int | None, today: date) -> str | None:
    """What the debt bars from now: `ONLINE`, `ALWAYS` or None.

    It does when it is over the limit, or overdue for longer than the grace.
    """
    if policy.bars == NOTHING or debt.amount <= 0:
        return None
    is_late = (
        debt.overdue_since is not None
        and (today - debt.overdue_since).days > policy.grace_days
    )
    return policy.bars if is_late or is_over(debt.amount, limit) else None


def age(days: int) -> str:
    """The age of what is overdue for so many days; not due yet below one.

    >>> age(0), age(1), age(30), age(31), age(400)
    ('not_due', '1_30', '1_30', '31_60', 'over_90')
    """
    for name, last in AGES:
        if last is None or days <= last:
            return name
    raise AssertionError("the last age has no end")


def running(opening: int, changes: Iterable[int]) -> list[int]:
    """The total after each change.

    >>> running(100, [50, -120])
    [150, 30]
    """
    totals = []
    for change in changes:
        opening += change
        totals.append(opening)
    return totals
