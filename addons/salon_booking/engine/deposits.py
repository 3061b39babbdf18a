"""What is asked in advance for a visit, and until when it is given back.

Amounts are whole numbers of the currency's smallest unit (cents), shares are
`fractions.Fraction`s of one, moments are minutes as of `clock`.

Example: a rule "30 % or 20.00, whichever is more, for clients with fewer than two
visits within a year" asks 45.00 for a colour of 150.00 from somebody new, and nothing
from a regular.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction


def share_of(amount: int, share: Fraction) -> int:
    """A part of an amount of cents, halves rounded up, as a price list would.

    >>> share_of(1005, Fraction(1, 2))
    503
    """
    return (2 * amount * share.numerator + share.denominator) // (2 * share.denominator)


@dataclass(frozen=True, slots=True)
class Client:
    """What the salon knows of whom it asks.

    ``visits`` are those done, ``no_shows`` and ``late_cancellations`` those missed
    within the last twelve months; ``missed_last`` says that it was so the last time.
    """

    visits: int = 0
    no_shows: int = 0
    late_cancellations: int = 0
    missed_last: bool = False
    is_exempt: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One service of the wished visit: its price in cents and its length."""

    service: int
    categories: tuple[int, ...]
    price: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a salon asks for what.

    A rule asks ``fixed`` or ``share`` of the price, whichever is more, for each service
    it is for (``services`` and ``categories``; neither: for all), or with ``per_visit``
    once for all of them. It counts when every condition that is set is met:
    ``channels``, ``fewer_visits`` than so many, one of the histories (``no_shows`` or
    ``late_cancellations`` at least so many, ``missed_last``), ``least_price`` and
    ``least_minutes`` of what it is for, all together.

    ``refund_notice`` are minutes before the start until which the money is given back;
    None: never.
    """

    key: int
    fixed: int = 0
    share: Fraction = Fraction(0)
    per_visit: bool = False
    services: frozenset[int] = field(default_factory=frozenset)
    categories: frozenset[int] = field(default_factory=frozenset)
    channels: frozenset[str] = field(default_factory=frozenset)
    fewer_visits: int = 0
    no_shows: int = 0
    late_cancellations: int = 0
    missed_last: bool = False
    least_price: int = 0
    least_minutes: int = 0
    refund_notice: int | None = 24 * 60

    def __post_init__(self):
        if self.fixed < 0 or not 0 <= self.share <= 1:
            raise ValueError("A deposit is an amount, or a share between none and all.")

    @property
    def looks_back(self) -> bool:
        """Whether anything that the client did before matters."""
        return bool(
            self.fewer_visits
            or self.no_shows
            or self.late_cancellations
            or self.missed_last
        )

    def covers(self, line: Line) -> bool:
        """Say whether the rule is for this service."""
        if not self.services and not self.categories:
            return True
        return line.service in self.services or not self.categories.isdisjoint(
            line.categories
        )

    def is_met_by(self, client: Client, channel: str) -> bool:
        """Say whether the rule is for this client on this channel."""
        if self.channels and channel not in self.channels:
            return False
        if self.fewer_visits and client.visits >= self.fewer_visits:
            return False
        histories = [
            (self.no_shows, client.no_shows >= self.no_shows),
            (
                self.late_cancellations,
                client.late_cancellations >= self.late_cancellations,
            ),
            (self.missed_last, client.missed_last),
        ]
        wanted = [is_so for is_set, is_so in histories if is_set]
        return not wanted or any(wanted)

    def asks(self, price: int) -> int:
        """Cents for a price, never more than it."""
        return min(price, max(self.fixed, share_of(price, self.share)))


@dataclass(frozen=True, slots=True)
class Deposit:
    """What is asked: in all, by whose rules, and until when it is given back.

    ``refund_notice`` are minutes before the start; None: it is never given back.
    """

    amount: int = 0
    rules: tuple[int, ...] = ()
    refund_notice: int | None = 0


def ask(
    lines: Sequence[Line], client: Client, channel: str, rules: Iterable[Rule]
) -> Deposit:
    """The deposit for a visit.

    Each service asks what the strictest of its rules wants; a rule for the whole visit
    that wants more than all of them together replaces them. The strictest notice of the
    rules that count decides until when the money is given back. Nobody pays more in
    advance than the price.

    :param lines: the services of the wished visit
    """
    if client.is_exempt or not lines:
        return Deposit()
    by_line: dict[int, tuple[int, Rule]] = {}
    whole: tuple[int, Rule] | None = None
    for rule in rules:
        if not rule.is_met_by(client, channel):
            continue
        covered = [number for number, line in enumerate(lines) if rule.covers(line)]
        price = sum(lines[number].price for number in covered)
        minutes = sum(lines[number].minutes for number in covered)
        if not covered or price < rule.least_price or minutes < rule.least_minutes:
            continue
        if rule.per_visit:
            whole = _stricter(whole, (rule.asks(price), rule))
            continue
        for number in covered:
            asked = rule.asks(lines[number].price), rule
            by_line[number] = _stricter(by_line.get(number), asked)
    counted = list(by_line.values())
    if whole and whole[0] > sum(amount for amount, _rule in counted):
        counted = [whole]
    counted = [(amount, rule) for amount, rule in counted if amount]
    notices = [rule.refund_notice for _amount, rule in counted]
    return Deposit(
        sum(amount for amount, _rule in counted),
        tuple(dict.fromkeys(rule.key for _amount, rule in counted)),
        None if None in notices else max(notices, default=0),
    )


def _stricter(
    known: tuple[int, Rule] | None, other: tuple[int, Rule]
) -> tuple[int, Rule]:
    """Whoever asks more; the earlier rule of two that ask the same."""
    return other if known is None or other[0] > known[0] else known


def is_given_back(deposit: Deposit, notice: int) -> bool:
    """Say whether somebody who cancels so many minutes before gets the money back."""
    return deposit.refund_notice is not None and notice >= deposit.refund_notice
