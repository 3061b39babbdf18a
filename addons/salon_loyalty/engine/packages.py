"""What one use of a package is worth, and how much of a package was not paid yet.

Money is whole cents. A package is paid in advance for a number of uses; each use is
revenue, the last one takes the rest that rounding left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor


@dataclass(frozen=True, slots=True)
class Pool:
    """Uses of one kind that are left in a package; ``price`` is what one costs."""

    uses: int
    price: Decimal


def value_of_use(left: int, pools: Sequence[Pool], place: int) -> int:
    """Return the cents that the next use of the pool at ``place`` is worth.

    What is left of the price is shared over what is left to use, by single prices.

    >>> value_of_use(37500, [Pool(6, Decimal(75))], 0)
    6250
    >>> [value_of_use(10000, [Pool(3, Decimal(40))], 0),
    ...  value_of_use(6667, [Pool(2, Decimal(40))], 0),
    ...  value_of_use(3334, [Pool(1, Decimal(40))], 0)]
    [3333, 3333, 3334]
    >>> value_of_use(26000, [Pool(3, Decimal(75)), Pool(2, Decimal(50))], 1)
    4000

    :param left: cents of the package that are not used
    :raises ValueError: nothing is left in this pool
    """
    if pools[place].uses <= 0:
        raise ValueError("Nothing is left to use.")
    if sum(pool.uses for pool in pools) == 1:
        return left
    weights = [pool.price for pool in pools]
    if not sum(pool.price * pool.uses for pool in pools):
        weights = [Decimal(1)] * len(pools)
    whole = sum(w * pool.uses for w, pool in zip(weights, pools, strict=True))
    return floor(left * weights[place] / whole)


def part_not_paid(net: int, gross: int, others: int, residual: int) -> int:
    """Return the cents without tax of a sold package that are still to be paid.

    What is open on a bill is open on all of its lines alike.

    >>> [part_not_paid(100, 100, 0, open) for open in (80, 50, 0)]
    [80, 50, 0]

    :param net: of the package, without tax
    :param gross: the same with tax
    :param others: the other lines, discounts below zero, with tax
    :param residual: open on the bill
    """
    if gross <= 0 or residual <= 0:
        return 0
    if residual >= gross + others:
        return net
    share = Decimal(residual) * gross / (gross + others)
    return int((net * share / gross).to_integral_value("ROUND_HALF_UP"))
