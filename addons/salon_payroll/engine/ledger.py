"""What has to be added to the ledger when a bill is paid, refunded or unpaid again.

Rows are only ever added. The rows of one bill line and one person begin with a grant
(PAID); refunds take parts of it back; UNPAID takes back what is left and closes it, so
that the next payment grants anew. ``follow_up`` compares the rows that are there with
what should be true now and returns what is missing: called twice it adds nothing.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .money import CENT, percent_of, round_money

PAID = "paid"
REFUND = "refund"
REFUND_UNDONE = "refund_undone"
UNPAID = "unpaid"
CARD_FEE = "card_fee"
#: What a card terminal kept takes back like a credit note, in whose place this stands.
CARD = 0

ZERO = Decimal(0)


@dataclass(frozen=True)
class Row:
    """A row of the ledger.

    ``refund_id`` is the credit note line that caused it, or `CARD`.
    """

    cause: str
    base: Decimal
    amount: Decimal
    refund_id: int | None = None


@dataclass(frozen=True)
class Grant:
    """What a paid bill line brings to a person.

    ``fixed`` is an amount that no percentage of the base is.
    """

    base: Decimal
    percentage: Decimal
    fixed: Decimal | None = None

    def amount(self, step: Decimal = CENT) -> Decimal:
        if self.fixed is not None:
            return round_money(self.fixed, step)
        return percent_of(self.base, self.percentage, step)


@dataclass(frozen=True)
class BillLine:
    """A line of a bill or a credit note, as far as refunds are concerned.

    ``keys`` tell which lines belong together, the most telling one first. ``base`` of a
    credit note line has the opposite sign of what it takes back.
    """

    id: int
    base: Decimal
    keys: tuple[Hashable, ...]


def live_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows since the last grant that still stands; none when nothing does."""
    start = 0
    for index, row in enumerate(rows):
        if row.cause == UNPAID:
            start = index + 1
    return list(rows[start:])


def follow_up(
    rows: Sequence[Row],
    grant: Grant | None,
    refunds: Mapping[int, Decimal],
    step: Decimal = CENT,
    card_fee: Decimal = ZERO,
) -> list[Row]:
    """The rows to add so that the ledger says what is true now.

    :param rows: all rows of one bill line and one person, oldest first
    :param grant: what the line brings now, None when its bill is not paid; while a
        grant stands its percentage stays what it was
    :param refunds: the part of the base each credit note line takes back, with the
        sign of the base
    :param card_fee: what card terminals kept of the line, where that lowers the base
    """
    live = live_rows(rows)
    if grant is None or not grant.base:
        return [_closing(live)] if live else []
    added = []
    if live and live[0].base != grant.base:
        added.append(_closing(live))
        live = []
    if not live:
        first = Row(PAID, grant.base, grant.amount(step))
        live = [first]
        added.append(first)
    if card_fee or any(row.cause == CARD_FEE for row in live):
        # What went back to the client earns nothing that a fee could lower.
        left = grant.base - sum(refunds.values(), ZERO)
        refunds = {**refunds, CARD: round_money(card_fee * left / grant.base, step)}
    return [*added, *_refund_rows(live, refunds, step)]


def _closing(live: Sequence[Row]) -> Row:
    return Row(
        UNPAID,
        -sum((row.base for row in live), ZERO),
        -sum((row.amount for row in live), ZERO),
    )


def _refund_rows(
    live: Sequence[Row], refunds: Mapping[int, Decimal], step: Decimal
) -> list[Row]:
    """Bring the refunded part of a grant to ``refunds``, each by its own rows.

    The amount that stays is computed from the base that stays, so that roundings do
    not add up: a line refunded in three parts ends at zero.
    """
    granted = live[0]
    taken: dict[int, Decimal] = {}
    for row in live[1:]:
        taken[row.refund_id] = taken.get(row.refund_id, ZERO) - row.base
    base = sum((row.base for row in live), ZERO)
    amount = sum((row.amount for row in live), ZERO)
    added = []
    changes = {
        refund_id: refunds.get(refund_id, ZERO) - taken.get(refund_id, ZERO)
        for refund_id in taken.keys() | refunds.keys()
    }
    # What is given back comes first, or a refund would find nothing left to take.
    for is_refund, refund_id in sorted(
        ((change > 0) == (granted.base > 0), refund_id)
        for refund_id, change in changes.items()
        if change
    ):
        base -= changes[refund_id]
        left = round_money(granted.amount * base / granted.base, step)
        cause = REFUND if is_refund else REFUND_UNDONE
        if refund_id == CARD:
            cause = CARD_FEE
        added.append(Row(cause, -changes[refund_id], left - amount, refund_id))
        amount = left
    return added


def allocate_refunds(
    lines: Sequence[BillLine], refunds: Sequence[BillLine]
) -> dict[int, dict[int, Decimal]]:
    """Which part of each bill line is taken back by which credit note line.

    Credit note lines look for bill lines with the same key, the most telling key
    first, and never take more than is left; what finds no line is left out.

    :returns: {bill line id: {credit note line id: base, with the bill line's sign}}
    """
    left = {line.id: line.base for line in lines}
    open_refunds = {refund.id: -refund.base for refund in refunds}
    taken: dict[int, dict[int, Decimal]] = {line.id: {} for line in lines}
    by_key: dict[Hashable, list[BillLine]] = {}
    for line in lines:
        for key in line.keys:
            by_key.setdefault(key, []).append(line)
    levels = max((len(refund.keys) for refund in refunds), default=0)
    for level in range(levels):
        for refund in refunds:
            if level >= len(refund.keys):
                continue
            for line in by_key.get(refund.keys[level], ()):
                part = _smaller(left[line.id], open_refunds[refund.id])
                if part:
                    left[line.id] -= part
                    open_refunds[refund.id] -= part
                    parts = taken[line.id]
                    parts[refund.id] = parts.get(refund.id, ZERO) + part
    return taken


def _smaller(one: Decimal, other: Decimal) -> Decimal:
    """The one nearer to zero of two amounts of the same sign, else zero."""
    if (one > 0) != (other > 0):
        return ZERO
    return min(one, other, key=abs)
