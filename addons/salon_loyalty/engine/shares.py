"""Dividing whole numbers so that nothing is lost or made."""

from collections.abc import Sequence
from decimal import Decimal
from math import floor


def allocate(total: int, weights: Sequence[Decimal | int]) -> list[int]:
    """Divide a whole number in proportion to weights; the parts add up to it.

    Each part is the difference of two rounded running totals, so no part is off by
    as much as one, and weights may be negative as long as their sum is not zero.
    Weights that add up to nothing count alike.

    >>> allocate(100, [1, 1, 1])
    [33, 33, 34]
    >>> allocate(90, [100, -10])
    [100, -10]
    """
    if not weights:
        return []
    whole = sum(weights)
    if not whole:
        weights = [1] * len(weights)
        whole = len(weights)
    parts, running, given = [], Decimal(0), 0
    for weight in weights:
        running += weight
        reached = floor(total * running / whole)
        parts.append(reached - given)
        given = reached
    return parts


def split_evenly(total: int, count: int) -> list[int]:
    """Divide cents over so many equal things; the first ones take the odd cents.

    >>> split_evenly(10000, 3)
    [3334, 3333, 3333]
    """
    if count <= 0:
        return []
    each, odd = divmod(total, count)
    return [each + 1] * odd + [each] * (count - odd)
