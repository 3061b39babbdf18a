"""Who may book a service, and when.

Example: a refill at least 14 and at most 28 days after the last set of nails, which
was on Monday 2 June, can be booked from Monday 16 to Monday 30 June:

    check(rules, facts, start, zone)   why one start is refused, if it is
    allowed(rules, facts, ...)         all starts that no hard rule refuses

Days are days of the calendar of the branch, never "times 24 hours". Between two
midnights, and between two hours at which a test becomes valid or old, nothing changes:
``allowed`` asks ``check`` once for each such stretch, so that the two cannot differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from . import clock, debts
from .intervals import Interval, merge
from .refusals import Refusal

EVERYBODY, NEW_ONLY, RETURNING_ONLY = "all", "new", "returning"
NO_TEST, SOFT_TEST, HARD_TEST = "none", "soft", "hard"
HOUR = 60
DAY = 24 * HOUR
#: Far enough for every booking; in an interval it stands for "without end".
FOREVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may book one service; services are named by their ids.

    0 in a number is "no such limit". ``bases`` are the services counted from by
    ``min_days`` and ``max_days``; empty is the service itself.
    """

    service: int
    clients: str = EVERYBODY
    min_days: int = 0
    max_days: int = 0
    bases: frozenset[int] = frozenset()
    patch: str = NO_TEST
    patch_service: int | None = None
    patch_lead_hours: int = 0
    patch_valid_days: int = 0
    consultation: int | None = None
    consultation_valid_days: int = 0
    min_age: int = 0
    max_age: int = 0
    gender: str | None = None
    needs_package: bool = False
    needs_approval: bool = False

    @property
    def is_open(self) -> bool:
        """Nothing about the client matters."""
        return self == Rules(self.service)

    @property
    def needs_history(self) -> bool:
        """What the client had, or has booked, matters."""
        return bool(
            self.clients != EVERYBODY
            or self.min_days
            or self.max_days
            or self.consultation
            or self.patch != NO_TEST
        )


@dataclass(frozen=True, slots=True)
class Booking:
    """Something the client had or will have; ``start`` is a UTC minute."""

    service: int
    start: int
    is_done: bool
    visit: int | None = None


@dataclass(frozen=True, slots=True)
class PatchTest:
    """``tested`` is a UTC minute, ``valid_until`` the last day it is good for."""

    service: int
    tested: int
    has_reacted: bool = False
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a client; the default is somebody who left no name.

    ``packages`` are the services that a package of the client covers, ``debt_bar`` is
    what `debts.bar` says of what the client owes.
    """

    block_reason: str | None = None
    needs_approval: bool = False
    birth: date | None = None
    gender: str | None = None
    bookings: Sequence[Booking] = ()
    tests: Sequence[PatchTest] = ()
    packages: frozenset[int] = field(default_factory=frozenset)
    debt_bar: str | None = None


def check(
    rules: Rules,
    facts: Facts,
    start: int,
    zone: str,
    *,
    channel: str = "desk",
    beside: Iterable[int] = (),
    without: Iterable[int] = (),
) -> list[Refusal]:
    """Why this client cannot have the service at ``start`` (UTC minute).

    :param beside: other services of the same visit; a consultation among them counts
    :param without: visits that do not count as history, such as the one being moved
    """
    if rules.is_open:
        return _check_client(rules, facts, channel)
    without = frozenset(without)
    bookings = [booking for booking in facts.bookings if booking.visit not in without]
    refusals: list[Refusal] = []
    refusals += _check_client(rules, facts, channel)
    refusals += _check_newness(rules, bookings, start)
    refusals += _check_distance(rules, bookings, start, zone)
    refusals += _check_patch(rules, facts, bookings, start, zone)
    refusals += _check_consultation(rules, bookings, start, zone, frozenset(beside))
    refusals += _check_person(rules, facts, start, zone)
    return refusals


def allowed(
    rules: Sequence[Rules],
    facts: Facts,
    first: int,
    last: int,
    zone: str,
    *,
    channel: str = "desk",
    without: Iterable[int] = (),
) -> list[Interval]:
    """Starts in ``[first, last)`` at which no hard rule refuses any of the services."""
    services = {rule.service for rule in rules}
    moments = {first, last}
    for rule in rules:
        moments |= _turning_points(rule, facts, zone, first)
    moments = sorted(moment for moment in moments if moment <= last)
    return merge(
        (moment, following)
        for moment, following in zip(moments, moments[1:], strict=False)
        if not any(
            refusal.is_hard
            for rule in rules
            for refusal in check(
                rule,
                facts,
                moment,
                zone,
                channel=channel,
                beside=services - {rule.service},
                without=without,
            )
        )
    )


def _check_client(rules: Rules, facts: Facts, channel: str) -> list[Refusal]:
    refusals = []
    if facts.block_reason:
        refusals.append(Refusal("client_blocked", {"reason": facts.block_reason}))
    # The desk is where one is sent to ask; it only has to be told.
    is_hard = channel != "desk"
    if facts.debt_bar == debts.ALWAYS or facts.debt_bar and is_hard:
        refusals.append(Refusal("client_debt"))
    if facts.needs_approval:
        refusals.append(Refusal("client_approval", is_hard=is_hard))
    if rules.needs_approval:
        refusals.append(
            Refusal("service_approval", {"service": rules.service}, is_hard=is_hard)
        )
    if rules.needs_package and rules.service not in facts.packages:
        refusals.append(Refusal("package_missing", {"service": rules.service}))
    return refusals


def _check_newness(
    rules: Rules, bookings: Sequence[Booking], start: int
) -> list[Refusal]:
    """Who has booked is not new any more; who has been served has come back."""
    before = [booking for booking in bookings if booking.start < start]
    values = {"service": rules.service}
    if rules.clients == NEW_ONLY and before:
        return [Refusal("new_only", values)]
    has_been_here = any(booking.is_done for booking in before)
    if rules.clients == RETURNING_ONLY and not has_been_here:
        return [Refusal("returning_only", values)]
    return []


def _check_distance(
    rules: Rules, bookings: Sequence[Booking], start: int, zone: str
) -> list[Refusal]:
    if not rules.min_days and not rules.max_days:
        return []
    bases = rules.bases or {rules.service}
    last = _latest(bookings, bases, start)
    if last is None:
        if not rules.bases or not rules.max_days:
            # Nothing to be too near to, and the first time of a service is no refill.
            return []
        return [Refusal("base_missing", {"service": rules.service, "bases": bases})]
    last_day = clock.local(last, zone).date()
    days = (clock.local(start, zone).date() - last_day).days
    values = {"service": rules.service, "last": last_day}
    if days < rules.min_days:
        earliest = _midnight(last_day, rules.min_days, zone)
        return [Refusal("too_soon", {**values, "days": rules.min_days}, until=earliest)]
    if rules.max_days and days > rules.max_days:
        return [Refusal("too_late", {**values, "days": rules.max_days})]
    return []


def _check_patch(
    rules: Rules, facts: Facts, bookings: Sequence[Booking], start: int, zone: str
) -> list[Refusal]:
    """A test is good when it was early enough, is not old and nothing was seen.

    A test that is only booked counts as well: who books both at once keeps the order.
    """
    if rules.patch == NO_TEST or not rules.patch_service:
        return []
    is_hard = rules.patch == HARD_TEST
    values = {"service": rules.service, "test": rules.patch_service}
    tests = sorted(
        (
            test
            for test in facts.tests
            if test.service == rules.patch_service and test.tested <= start
        ),
        key=lambda test: test.tested,
    )
    if tests and tests[-1].has_reacted:
        # No softness here: a reaction is what the test is for.
        return [Refusal("patch_reaction", values)]
    tests += [
        PatchTest(booking.service, booking.start)
        for booking in bookings
        if booking.service == rules.patch_service
        and not booking.is_done
        and booking.start <= start
    ]
    tests = [test for test in tests if not test.has_reacted]
    if not tests:
        return [Refusal("patch_missing", values, is_hard)]
    day = clock.local(start, zone).date()
    fresh = [test for test in tests if day <= _patch_last_day(rules, test, zone)]
    if not fresh:
        latest = max(_patch_last_day(rules, test, zone) for test in tests)
        return [Refusal("patch_expired", {**values, "last": latest}, is_hard)]
    ready = min(test.tested for test in fresh) + rules.patch_lead_hours * HOUR
    if start < ready:
        values["hours"] = rules.patch_lead_hours
        return [Refusal("patch_too_fresh", values, is_hard, until=ready)]
    return []


def _patch_last_day(rules: Rules, test: PatchTest, zone: str) -> date:
    last = test.valid_until or date.max
    if rules.patch_valid_days:
        tested = clock.local(test.tested, zone).date()
        last = min(last, tested + timedelta(days=rules.patch_valid_days))
    return last


def _check_consultation(
    rules: Rules,
    bookings: Sequence[Booking],
    start: int,
    zone: str,
    beside: frozenset[int],
) -> list[Refusal]:
    if not rules.consultation or rules.consultation in beside:
        return []
    values = {"service": rules.service, "consultation": rules.consultation}
    last = _latest(bookings, {rules.consultation}, start)
    if last is None:
        return [Refusal("consultation_missing", values)]
    valid = rules.consultation_valid_days
    last_day = clock.local(last, zone).date()
    if valid and (clock.local(start, zone).date() - last_day).days > valid:
        return [Refusal("consultation_expired", {**values, "last": last_day})]
    return []


def _check_person(rules: Rules, facts: Facts, start: int, zone: str) -> list[Refusal]:
    """Age and gender; what is not known is asked, not refused."""
    refusals = []
    values = {"service": rules.service}
    if rules.gender and facts.gender != rules.gender:
        code = "client_gender" if facts.gender else "gender_unknown"
        refusals.append(
            Refusal(code, {**values, "gender": rules.gender}, bool(facts.gender))
        )
    if not rules.min_age and not rules.max_age:
        return refusals
    if facts.birth is None:
        return [*refusals, Refusal("age_unknown", values, is_hard=False)]
    age = age_on(facts.birth, clock.local(start, zone).date())
    if age < rules.min_age:
        birthday = _birthday(facts.birth, rules.min_age)
        refusals.append(
            Refusal(
                "too_young",
                {**values, "age": rules.min_age},
                until=_midnight(birthday, 0, zone),
            )
        )
    elif rules.max_age and age > rules.max_age:
        refusals.append(Refusal("too_old", {**values, "age": rules.max_age}))
    return refusals


def age_on(birth: date, day: date) -> int:
    """Full years on ``day``; who was born on 29 February ages on 1 March otherwise."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _birthday(birth: date, age: int) -> date:
    """The first day of that age."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def _latest(
    bookings: Sequence[Booking], services: Iterable[int], start: int
) -> int | None:
    return max(
        (
            booking.start
            for booking in bookings
            if booking.service in services and booking.start < start
        ),
        default=None,
    )


def _midnight(day: date, days: int, zone: str) -> int:
    return clock.day_bounds(day + timedelta(days=days), zone)[0]


def _turning_points(rules: Rules, facts: Facts, zone: str, first: int) -> set[int]:
    """Every minute from ``first`` on at which an answer of ``check`` may change.

    What was too long ago to matter any more is passed over: a regular client has had
    hundreds of services.
    """
    points = set()
    counted = {*(rules.bases or {rules.service}), rules.consultation}
    counted.add(rules.patch_service)
    spans = (
        rules.min_days,
        rules.max_days + 1,
        rules.consultation_valid_days + 1,
    )
    for booking in facts.bookings:
        # From the next minute on it lies before the start; a test counts at once.
        points |= {booking.start, booking.start + 1}
        if booking.service not in counted:
            continue
        if booking.start + (max(spans) + 2) * DAY < first:
            continue
        day = clock.local(booking.start, zone).date()
        points |= {_midnight(day, days, zone) for days in spans}
    tested = [(test.tested, test.valid_until) for test in facts.tests]
    tested += [
        (booking.start, None)
        for booking in facts.bookings
        if booking.service == rules.patch_service and not booking.is_done
    ]
    for moment, valid_until in tested:
        day = clock.local(moment, zone).date()
        points |= {moment, moment + rules.patch_lead_hours * HOUR}
        points.add(_midnight(day, rules.patch_valid_days + 1, zone))
        if valid_until:
            points.add(_midnight(valid_until, 1, zone))
    if facts.birth and (rules.min_age or rules.max_age):
        points |= {
            _midnight(_birthday(facts.birth, age), 0, zone)
            for age in (rules.min_age, rules.max_age + 1)
        }
    return {point for point in points if point >= first}


def flatten(by_service: Mapping[int, Iterable[Refusal]]) -> list[Refusal]:
    """Refusals of several services, each once, hard ones first."""
    seen: list[Refusal] = []
    for refusals in by_service.values():
        seen += (refusal for refusal in refusals if refusal not in seen)
    return sorted(seen, key=lambda refusal: not refusal.is_hard)
