"""Rules beyond a plain percentage. Each is one sentence of a pay agreement."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .money import CENT, percent_of, round_money

HALF = Decimal("0.5")


def after_charge(
    base: Decimal,
    percentage: Decimal,
    charge: Decimal,
    taken: Literal["before", "after"],
    step: Decimal = CENT,
) -> Decimal:
    """Commission with a product charge taken off the base or off the commission."""
    if taken == "before":
        return percent_of(base - charge, percentage, step)
    return round_money(base * percentage / 100 - charge, step)


def fixed_share(
    fixed: Decimal, full_price: Decimal, paid: Decimal, step: Decimal = CENT
) -> Decimal:
    """The part of a fixed commission that belongs to the part of the price paid.

    So a no-show fee of a quarter of the price brings a quarter of the commission. A
    service without a price brings the whole of it.
    """
    if not full_price:
        return round_money(fixed, step)
    return round_money(fixed * paid / full_price, step)


@dataclass(frozen=True)
class Missed:
    """A service to which the client did not come, and what it would have brought."""

    price: Decimal
    percentage: Decimal
    fixed: Decimal | None = None


def share_of_fee(
    missed: Iterable[Missed],
    fee: Decimal,
    base: Decimal,
    full_price: Decimal,
    step: Decimal = CENT,
) -> Decimal:
    """What one person earns on a fee: as much less as the fee is less than the price.

    :param missed: the services of this person
    :param fee: what the client pays, as prices are told
    :param base: the same net of tax, of which percentages are taken
    :param full_price: of all services that were missed, of all people
    """
    if not full_price:
        return Decimal(0)
    earned = sum(
        (
            service.fixed * fee
            if service.fixed is not None
            else base * service.price * service.percentage / 100
            for service in missed
        ),
        Decimal(0),
    )
    return round_money(earned / full_price, step)


@dataclass(frozen=True)
class AssistantRule:
    """Percentages of who leads a service, and the assistant's fixed amount."""

    alone: Decimal
    assisted: Decimal
    assistant_fixed: Decimal


def shares_with_assistant(
    base: Decimal, rule: AssistantRule, has_assistant: bool, step: Decimal = CENT
) -> tuple[Decimal, Decimal]:
    """What the one who leads and the assistant earn on a service."""
    if not has_assistant:
        return percent_of(base, rule.alone, step), Decimal(0)
    return (
        percent_of(base, rule.assisted, step),
        round_money(rule.assistant_fixed, step),
    )


def pay_with_overtime(
    hours: Decimal,
    overtime_hours: Decimal,
    hourly_rate: Decimal,
    commission: Decimal,
    step: Decimal = CENT,
) -> Decimal:
    """Hourly wage and commission, with the half premium where it is due.

    When both together reach one and a half times the hourly rate for all hours, no
    premium is due; otherwise each overtime hour brings half of the average hour.
    """
    pay = hours * hourly_rate + commission
    if hours and overtime_hours and pay < hours * hourly_rate * (1 + HALF):
        pay += overtime_hours * (pay / hours) * HALF
    return round_money(pay, step)


def greater_of(
    days: Iterable[tuple[Decimal, Decimal]],
    per: Literal["day", "period"],
    step: Decimal = CENT,
) -> Decimal:
    """Hourly pay or commission, whichever is more, per day or over the period.

    :param days: (hourly pay, commission) of each day
    """
    days = list(days)
    if per == "period":
        days = [
            (
                sum((hourly for hourly, _earned in days), Decimal(0)),
                sum((earned for _hourly, earned in days), Decimal(0)),
            )
        ]
    return round_money(
        sum((max(hourly, earned) for hourly, earned in days), Decimal(0)), step
    )
