"""Whole cents out of recorded amounts that have fractions of one."""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

HALF = Decimal("0.5")


def to_cents(amount: Decimal) -> int:
    """Nearest cent, a half upwards.

    Upwards also below zero: so a whole number of cents more is always exactly that
    many cents more, which ``spread_cents`` stands on.
    """
    return int((amount * 100 + HALF).to_integral_value(ROUND_FLOOR))


def spread_cents(amounts: Iterable[Decimal]) -> list[int]:
    """Cents for each amount, so that any first n of them add up to the nearest cent.

    Old software keeps 1.5365 of tax on a line, while a posted document has cents. To
    round each by itself lets the error grow with the number of rows; here what one
    row loses the next one gets. Each result is less than a cent from its amount, and
    amounts in whole cents come out as they are.
    """
    cents, total, given = [], Decimal(), 0
    for amount in amounts:
        total += amount
        due = to_cents(total)
        cents.append(due - given)
        given = due
    return cents


def unit_price(amount: Decimal, quantity: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and price that multiply to ``amount`` to the cent.

    The price has up to 6 digits after the point. Where not even these do, which takes
    a quantity in the thousands, the line is one piece at the whole amount.
    """
    price = (amount / quantity).quantize(Decimal("0.000001"))
    if to_cents(price * quantity) != to_cents(amount):
        return Decimal(1), amount
    return quantity, price
