"""Percentages that rise with the turnover of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .money import CENT, round_money


@dataclass(frozen=True)
class Tier:
    """A percentage from ``start`` up to where the next tier starts."""

    start: Decimal
    percentage: Decimal


def retroactive(
    total: Decimal,
    tiers: Sequence[Tier],
    edge: Literal["lower", "upper"] = "lower",
    step: Decimal = CENT,
) -> Decimal:
    """The percentage of the tier that was reached, on the whole total.

    :param tiers: by rising start; the first one also serves everything below its start
    :param edge: which tier a total belongs to that is exactly where one starts:
        "40 % to 800, 42 % above" is "lower", "25 % below 500, 30 % from it" is "upper"
    """
    reached = _sorted(tiers)[0]
    for tier in _sorted(tiers)[1:]:
        if total > tier.start or (edge == "upper" and total == tier.start):
            reached = tier
    return round_money(total * reached.percentage / 100, step)


def progressive(total: Decimal, tiers: Sequence[Tier], step: Decimal = CENT) -> Decimal:
    """Each tier's percentage on the part of the total that lies in it.

    Nothing is rounded before the end. A negative total (more was given back than was
    sold) counts at the first tier's percentage.
    """
    ordered = _sorted(tiers)
    if total < 0:
        return round_money(total * ordered[0].percentage / 100, step)
    amount = Decimal(0)
    starts = [Decimal(0), *(tier.start for tier in ordered[1:])]
    stops = [*starts[1:], None]
    for tier, start, stop in zip(ordered, starts, stops, strict=True):
        part = (total if stop is None else min(total, stop)) - start
        amount += max(part, Decimal(0)) * tier.percentage / 100
    return round_money(amount, step)


def _sorted(tiers: Sequence[Tier]) -> list[Tier]:
    if not tiers:
        raise ValueError("At least one tier is needed.")
    return sorted(tiers, key=lambda tier: tier.start)
