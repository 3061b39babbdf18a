"""Which percentage somebody earns on what was sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Scheme:
    """Percentages: one for services, one for products, exceptions by category."""

    service_percentage: Decimal
    product_percentage: Decimal
    category_percentages: Mapping[int, Decimal] = field(default_factory=dict)


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
