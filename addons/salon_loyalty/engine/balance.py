"""A balance that is never negative: what it cannot give becomes a debt."""


def move_balance(points: int, owed: int, change: int) -> tuple[int, int]:
    """Return balance and debt, in hundredths, after a change of either sign.

    Whatever comes in pays the debt first.

    >>> move_balance(2000, 0, -10000)
    (0, 8000)
    >>> move_balance(0, 8000, 5000)
    (0, 3000)
    >>> move_balance(0, 3000, 5000)
    (2000, 0)
    """
    net = points - owed + change
    return max(net, 0), max(-net, 0)
