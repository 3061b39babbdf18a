"""What a client asks for, and what can be offered."""

from dataclasses import dataclass

#: Services of one visit: one after the other as given, in whatever order fits, or all
#: at once by several people (four hands).
GIVEN, ANY_ORDER, TOGETHER = "given", "any", "together"
#: Who does the services of one visit.
ANY_STAFF, SAME_STAFF, DIFFERENT_STAFF = "any", "same", "different"
CHANNELS = ("desk", "web", "api")


@dataclass(frozen=True, slots=True)
class ServiceWish:
    """One service of a visit.

    ``product`` and ``staff`` are database ids. ``staff`` None is anybody who can do
    it; ``minutes`` None is what the person needs for this client. ``level`` is the id
    of a staff level and ``gender`` the host's word for it. ``after`` is the product of
    the service before it in the wish that this one is an add-on of: it follows without
    a wait, by the same person.
    """

    product: int
    staff: tuple[int, ...] | None = None
    minutes: int | None = None
    level: int | None = None
    gender: str | None = None
    is_requested: bool = False
    after: int | None = None


@dataclass(frozen=True, slots=True)
class VisitWish:
    """A visit that somebody would like to have.

    ``max_wait`` is the longest wait between two services, in minutes. With
    ``is_override`` the rules about the client are not asked; booking it is a right.
    With ``is_any_minute`` neither the grid nor rules about gaps are kept: somebody at
    the desk has chosen the minute.
    """

    branch: int
    services: tuple[ServiceWish, ...]
    client: int | None = None
    channel: str = "desk"
    order: str = GIVEN
    staff_rule: str = ANY_STAFF
    max_wait: int = 15
    is_override: bool = False
    is_any_minute: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One service of an offer: UTC minutes, ``[start, stop)``."""

    product: int
    staff: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A visit that can be had. ``cost`` is what the holes it leaves would cost."""

    start: int
    stop: int
    parts: tuple[Part, ...]
    cost: float = 0.0
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class PartyOffer:
    """Visits of several guests that can be had together, in the order of the wishes."""

    start: int
    stop: int
    offers: tuple[Offer, ...]
