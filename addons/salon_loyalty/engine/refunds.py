"""Which part of a bill was refunded, and how many points go back with it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from .shares import allocate

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Traced:
    """A line of a bill or of its credit notes; ``trace`` is what both have in common.

    The trace is the sold thing (its order line, or the appointment and product).
    """

    key: Hashable
    client: Hashable
    trace: Hashable
    amount: Decimal


def refunded_amounts(
    billed: Iterable[Traced], credited: Iterable[Traced]
) -> dict[Hashable, Decimal]:
    """Return how much of each billed line all credit notes together gave back.

    A credited line gives back the billed lines of its own trace first, none more than
    it cost. What is left (a goodwill refund of something not on the bill) is divided
    over what remains of that client's lines, or of the whole bill.
    """
    billed = [line for line in billed if line.amount > 0]
    remaining = {line.key: line.amount for line in billed}
    by_trace = defaultdict(list)
    for line in billed:
        by_trace[line.trace].append(line)
    loose: dict[Hashable, Decimal] = defaultdict(Decimal)
    for line in credited:
        left = line.amount
        for target in by_trace.get(line.trace, ()):
            taken = min(left, remaining[target.key])
            remaining[target.key] -= taken
            left -= taken
        loose[line.client] += left
    for client, amount in loose.items():
        own = [line for line in billed if line.client == client]
        _take(amount, own or billed, remaining)
    return {line.key: line.amount - remaining[line.key] for line in billed}


def _take(amount, lines, remaining):
    """Lower what remains of these lines, in proportion, by at most all of it."""
    lines = [line for line in lines if remaining[line.key] > 0]
    whole = sum(remaining[line.key] for line in lines)
    cents = round(min(amount, whole) * HUNDRED)
    if cents <= 0:
        return
    weights = [remaining[line.key] for line in lines]
    for line, share in zip(lines, allocate(cents, weights), strict=True):
        remaining[line.key] -= min(Decimal(share) / HUNDRED, remaining[line.key])


def part_of(granted: int, amount: Decimal, refunded: Decimal) -> int:
    """Return the hundredths of points to take back of those granted.

    The answer is a running target, not a step: after any number of partial refunds
    that make up the whole, exactly what was granted has been taken back.
    """
    if amount <= 0 or refunded <= 0:
        return 0
    if refunded >= amount:
        return granted
    return int((granted * refunded / amount).to_integral_value("ROUND_HALF_UP"))
