"""What is expected to be never used, and what points are worth when they are given.

All amounts in whole cents; shares are fractions of one.
"""

from decimal import Decimal


def expected_breakage(sold: int, used: int, share: Decimal, left: int) -> int:
    """Return the cents of breakage to have been recognised by now, in proportion.

    IFRS 15 B46: what is expected to be never used is revenue in proportion to the
    pattern of use. Never more than expected in all, nor than what is left.

    >>> expected_breakage(5_000_000, 2_250_000, Decimal("0.10"), 2_750_000)
    250000

    :param sold: of a whole kind of certificates or packages that can still be used
    :param used: of it
    :param share: of what was sold that is expected to be never used
    :param left: sold and not used
    """
    if not 0 < share < 1 or used <= 0:
        return 0
    breakage = Decimal(used) * share / (1 - share)
    return max(0, min(_round(breakage), _round(sold * share), left))


def worth_of_points(revenue: int, points: int) -> int:
    """Return the cents of a bill that are the price of the points given with it.

    IFRS 15 B40: by relative stand-alone prices.

    >>> worth_of_points(10_000_000, 970_000)
    884230

    :param revenue: cents the bill is worth without points
    :param points: cents the points are worth, less what will never be used
    """
    if revenue <= 0 or points <= 0:
        return 0
    return _round(Decimal(revenue) * points / (revenue + points))


def points_still_owed(
    worth: int, used: Decimal, expected: Decimal, left: Decimal
) -> int:
    """Return the cents of points that are still owed.

    >>> points_still_owed(9000, Decimal(4500), Decimal(9700), Decimal(5500))
    4825
    >>> points_still_owed(9000, Decimal(8500), Decimal(9900), Decimal(1500))
    1273

    :param worth: cents put aside for all points that were given
    :param used: points used so far
    :param expected: points that will have been used in the end
    :param left: points that clients have
    """
    if left <= 0 or expected <= 0 or used >= expected:
        return 0
    return worth - _round(worth * max(used, Decimal(0)) / expected)


def _round(amount):
    return int(Decimal(amount).to_integral_value("ROUND_HALF_UP"))
