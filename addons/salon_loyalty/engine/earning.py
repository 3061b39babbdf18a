"""What the lines of a paid bill earn for the clients they were for.

Money is ``Decimal``, points are whole hundredths. A discount that was given on the
whole bill lowers the lines it was given on, so nobody earns on what he did not pay.

>>> cut = BillLine("cut", "Anna", Decimal(100), Decimal(120), Decimal(1), {"services"})
>>> oil = BillLine("oil", "Anna", Decimal(50), Decimal(60), Decimal(1), {"products"})
>>> earned = points_of_bill([cut, oil], [
...     EarningRule("services", "money", Decimal(1)),
...     EarningRule("products", "money", Decimal(2)),
... ])
>>> earned == {"cut": 10000, "oil": 10000}
True
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import floor

from .shares import allocate

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class BillLine:
    """One thing sold to one client, or a discount on what was sold.

    ``rules`` are the keys of the rules whose product filter the line passes.
    """

    key: Hashable
    client: Hashable
    net: Decimal
    gross: Decimal
    quantity: Decimal = Decimal(1)
    rules: Collection[Hashable] = field(default_factory=frozenset)
    is_discount: bool = False


@dataclass(frozen=True, slots=True)
class EarningRule:
    """So many points per ``money`` unit, per ``unit`` sold or per ``order``."""

    key: Hashable
    mode: str
    points: Decimal
    with_tax: bool = False
    minimum_quantity: Decimal = Decimal(0)
    minimum_amount: Decimal = Decimal(0)
    minimum_with_tax: bool = True


def points_of_bill(
    lines: Iterable[BillLine], rules: Sequence[EarningRule]
) -> dict[Hashable, int]:
    """Return the hundredths of points each line earns for its client.

    A rule is judged on all lines of one client together (its minimum, and one reward
    per order), then its points are divided over those lines. Points of several rules
    add up. Lines that earn nothing are left out.
    """
    by_client = defaultdict(list)
    for line in spread_discounts(lines):
        by_client[line.client].append(line)
    earned: dict[Hashable, int] = defaultdict(int)
    for own in by_client.values():
        for rule in rules:
            for line, points in _points_of_rule(own, rule):
                earned[line.key] += points
    return {key: points for key, points in earned.items() if points}


def spread_discounts(lines: Iterable[BillLine]) -> list[BillLine]:
    """Take discounts off the lines they were given on, in proportion to their price.

    A discount given to one client lowers that client's lines, one given to nobody in
    particular (or to somebody who bought nothing) lowers all.
    """
    lines = list(lines)
    sold = [line for line in lines if not line.is_discount]
    for discount in lines:
        if not discount.is_discount:
            continue
        within = [i for i, line in enumerate(sold) if line.net > 0]
        own = [i for i in within if sold[i].client == discount.client]
        within = own or within
        for amount in ("net", "gross"):
            weights = [getattr(sold[i], amount) for i in within]
            cents = round(getattr(discount, amount) * HUNDRED)
            for i, share in zip(within, allocate(cents, weights), strict=True):
                lowered = getattr(sold[i], amount) + Decimal(share) / HUNDRED
                sold[i] = replace(sold[i], **{amount: lowered})
    return sold


def _points_of_rule(lines, rule):
    """The lines a rule applies to, each with its hundredths of points."""
    matched = [line for line in lines if rule.key in line.rules and line.net]
    quantity = sum(line.quantity for line in matched)
    spent = sum(line.gross if rule.minimum_with_tax else line.net for line in matched)
    if not matched or quantity < rule.minimum_quantity or spent < rule.minimum_amount:
        return []
    if rule.mode == "money":
        weights = [line.gross if rule.with_tax else line.net for line in matched]
        measure = sum(weights)
    elif rule.mode == "unit":
        weights = [line.quantity for line in matched]
        measure = sum(weights)
    else:
        weights = [line.net for line in matched]
        measure = Decimal(1) if sum(weights) > 0 else Decimal(0)
    total = floor(rule.points * measure * HUNDRED)
    if total <= 0:
        return []
    return zip(matched, allocate(total, weights), strict=True)
