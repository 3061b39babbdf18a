"""What a client pays who cancels late or does not come.

Amounts are whole cents, notices are minutes before the start.

Example: a ladder of 50 % below 24 hours, 100 % below 4 hours and 100 % for a no-show,
with the first time in 180 days forgiven.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from .deposits import share_of

#: Instead of a notice: nobody came.
NO_SHOW = None


@dataclass(frozen=True, slots=True)
class Step:
    """``share`` of the price, or ``fixed`` if that is more, for less notice than this.

    ``below`` are minutes; None: for whoever does not come at all.
    """

    below: int | None
    share: Fraction = Fraction(0)
    fixed: int = 0

    def __post_init__(self):
        if self.fixed < 0 or not 0 <= self.share <= 1:
            raise ValueError("A fee is an amount, or a share between none and all.")
        if self.below is not None and self.below <= 0:
            raise ValueError("A notice is at least one minute.")

    def asks(self, price: int) -> int:
        return min(price, max(self.fixed, share_of(price, self.share)))


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a salon, and whom it forgives.

    ``forgiven`` times within ``forgiven_days`` days cost nothing.
    """

    steps: tuple[Step, ...] = ()
    forgiven: int = 0
    forgiven_days: int = 0

    def step(self, notice: int | None) -> Step | None:
        """The step for a notice; a no-show without a step of its own is the lowest.

        >>> Ladder((Step(60, fixed=1000), Step(1440, fixed=500))).step(30).fixed
        1000
        """
        if notice is NO_SHOW:
            for step in self.steps:
                if step.below is None:
                    return step
            notice = 0
        reached = [
            step
            for step in self.steps
            if step.below is not None and notice < step.below
        ]
        return min(reached, key=lambda step: step.below, default=None)


@dataclass(frozen=True, slots=True)
class Fee:
    """What is asked, and whether it would have been more without forgiveness."""

    amount: int = 0
    step: Step | None = None
    is_forgiven: bool = False


def fee(
    ladder: Ladder,
    price: int,
    notice: int | None,
    today: date,
    earlier: Iterable[date] = (),
) -> Fee:
    """What somebody pays for a visit of that price.

    :param notice: minutes between the cancellation and the start, or `NO_SHOW`;
        below zero when it had begun
    :param earlier: days of the other visits that the client cancelled late or did not
        come to, whether it was forgiven or not; those in the window before ``today``
        count, and those still to come
    """
    step = ladder.step(notice)
    amount = step.asks(price) if step else 0
    if not amount:
        return Fee(0, step)
    since = today - timedelta(days=ladder.forgiven_days)
    times = sum(since < day for day in earlier)
    if times < ladder.forgiven:
        return Fee(0, step, is_forgiven=True)
    return Fee(amount, step)
