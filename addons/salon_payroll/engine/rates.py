"""Which percentage somebody earns on what was sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Scheme:
    """Percentages: one for services, one for products, exceptions by category.

    ``fixed_amounts`` are those of single services (by template), whatever they cost;
    ``pays_fees`` gives a share in what clients pay who do not come; on bills since
    ``card_fees_from`` percentages are of what card terminals left.
    """

    service_percentage: Decimal
    product_percentage: Decimal
    category_percentages: Mapping[int, Decimal] = field(default_factory=dict)
    fixed_amounts: Mapping[int, Decimal] = field(default_factory=dict)
    pays_fees: bool = False
    card_fees_from: date | None = None

    def bears_card_fees(self, day: date) -> bool:
        """Say whether the person bears a part of the card fee of a bill of this day."""
        return self.card_fees_from is not None and day >= self.card_fees_from


def percentage_for(
    scheme: Scheme, category_path: Sequence[int], is_service: bool
) -> Decimal:
    """The percentage of the nearest category that has one, else the general one.

    :param category_path: ids of the categories from the root down to the product's own
    """
    for category in reversed(category_path):
        if category in scheme.category_percentages:
            return scheme.category_percentages[category]
    return scheme.service_percentage if is_service else scheme.product_percentage
