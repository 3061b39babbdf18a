"""What a card terminal keeps of a payment. Amounts are whole cents."""

from decimal import ROUND_HALF_UP, Decimal


def fee_of(amount: int, percent: Decimal, fixed: int) -> int:
    """The fee of one ticket by the rule of its terminal.

    A share of the amount, rounded half up, and a fixed amount each time. Money that
    goes back to a card brings no fee, and returns none.

    :param amount: of the ticket; below zero when it went back
    :param percent: of the amount, such as ``Decimal("1.5")``
    :param fixed: per ticket

    >>> fee_of(10000, Decimal("0.9"), 10)
    100
    """
    if amount <= 0:
        return 0
    share = (amount * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return int(share) + fixed
