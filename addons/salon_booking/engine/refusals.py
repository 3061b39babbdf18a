"""Why a wish cannot be fulfilled, in words that are chosen later."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that speaks against a wish.

    ``code`` names the rule, ``values`` what its sentence needs. A hard one refuses; a
    soft one warns and may be overridden with a reason by whoever has the right.
    ``until`` is the UTC minute from which on it would not refuse, when known.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_hard: bool = True
    until: int | None = None
