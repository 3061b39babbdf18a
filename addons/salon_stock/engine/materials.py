"""Which material moves make the ledger say what was really used.

A service's consumption is never edited: what was posted stays, and every change
is a further move. So the whole life of a consumption is one question, asked
again after each change: so much is wanted, so much is posted, what is missing?

    >>> posted = [Issue(move_id=7, quantity=3000, returned=0)]
    >>> plan(wanted=3000, issues=posted)
    Plan(issue=0, returns=())
    >>> plan(wanted=4000, issues=posted)
    Plan(issue=1000, returns=())
    >>> plan(wanted=0, issues=posted)
    Plan(issue=0, returns=((7, 3000),))

Quantities are integers: multiples of the smallest quantity the host's precision
can hold. Values are integers of the currency's smallest coin.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecipeLine:
    product_id: int
    uom_id: int
    quantity: float
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """A posted move out of the branch, and how much of it came back since."""

    move_id: int
    quantity: int
    returned: int = 0

    @property
    def open(self) -> int:
        return self.quantity - self.returned


@dataclass(frozen=True, slots=True)
class Plan:
    """Quantity still to take from the shelf, or (move, quantity) pairs to give back."""

    issue: int = 0
    returns: tuple[tuple[int, int], ...] = ()


def expected(lines: Iterable[RecipeLine]) -> dict[int, tuple[int, float]]:
    """Return what the recipe foresees: product → (unit, quantity).

    An optional material is foreseen with nothing: it stands on the list to be
    filled in, and costs only where somebody used it.
    """
    return {
        line.product_id: (line.uom_id, 0.0 if line.is_optional else line.quantity)
        for line in lines
    }


def plan(wanted: int, issues: Sequence[Issue]) -> Plan:
    """Return the moves that bring what is posted to what is wanted.

    :param wanted: quantity the client's service really used, 0 for one undone.
    :param issues: posted moves, oldest first; the newest is given back first, so
        that a correction undoes the correction before it.
    :raises ValueError: for a negative quantity.
    """
    if wanted < 0:
        raise ValueError(f"a quantity of {wanted} cannot have been used")
    surplus = sum(issue.open for issue in issues) - wanted
    if surplus <= 0:
        return Plan(issue=-surplus)
    returns = []
    for issue in reversed(issues):
        taken = min(issue.open, surplus)
        if taken:
            returns.append((issue.move_id, taken))
            surplus -= taken
        if not surplus:
            break
    return Plan(returns=tuple(returns))


def returned_value(
    value: int, quantity: int, returned: int, returned_so_far: int, now: int
) -> int:
    """Return the value of giving back `now` out of an issued quantity.

    Each part is rounded on what has come back in total, and not on itself, so
    that the parts of a fully returned issue always add up to its value.

    :param value: value of the whole issue.
    :param quantity: quantity of the whole issue, above 0.
    :param returned: quantity given back before.
    :param returned_so_far: value given back before.
    :raises ValueError: when more would come back than went out.
    """
    total = returned + now
    if total > quantity:
        raise ValueError(f"{total} cannot come back out of {quantity}")
    return _divide_half_up(value * total, quantity) - returned_so_far


def _divide_half_up(dividend: int, divisor: int) -> int:
    sign = -1 if dividend < 0 else 1
    return sign * ((2 * abs(dividend) + divisor) // (2 * divisor))
