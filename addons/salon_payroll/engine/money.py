"""Exact money: rounding, and splitting without losing a cent."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_decimal(value: float | int | str | Decimal) -> Decimal:
    """The number a float shows, not the binary fraction behind it."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def round_money(amount: Decimal, step: Decimal = CENT) -> Decimal:
    """Round to the currency's step, halves away from zero."""
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def percent_of(base: Decimal, percentage: Decimal, step: Decimal = CENT) -> Decimal:
    """``percentage`` per cent of ``base``, rounded to the currency's step."""
    return round_money(base * percentage / 100, step)


def split_by_value(
    amount: Decimal, values: Sequence[Decimal], step: Decimal = CENT
) -> list[Decimal]:
    """Split an amount in proportion to values; the parts sum up to it.

    Largest remainder: every part is rounded down to the step, and the steps left over
    go to the parts that lost most, the earlier one first among equals. Without any
    value to go by, all parts are alike.

    :param amount: a multiple of ``step``; a negative one is split like its opposite
    :param values: not negative
    :raises ValueError: when there is nobody to split between, or a value is negative
    """
    if not values:
        raise ValueError("There is nobody to split between.")
    if any(value < 0 for value in values):
        raise ValueError("Only by values of zero or more can an amount be split.")
    if amount < 0:
        return [-part for part in split_by_value(-amount, values, step)]
    if not sum(values):
        values = [Decimal(1)] * len(values)
    steps = int(round_money(amount, step) / step)
    total = sum(values)
    shares = [divmod(steps * value, total) for value in values]
    parts = [int(whole) for whole, _rest in shares]
    order = sorted(range(len(values)), key=lambda index: (-shares[index][1], index))
    for index in order[: steps - sum(parts)]:
        parts[index] += 1
    return [part * step for part in parts]
