"""Who gets how much of a tip. Amounts are in the smallest unit of the currency."""

from collections.abc import Sequence


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Share ``amount`` out in proportion to ``weights``, to the last cent.

    Largest remainder (Hamilton): everybody gets the whole cents of the exact share,
    the cents left go to the largest remainders, the first one before the later ones.
    Without any weight everybody gets the same.

    >>> split(3000, [5000, 10000])
    [1000, 2000]
    >>> split(100, [0, 0, 0])
    [34, 33, 33]
    """
    if not weights:
        return []
    if not any(weights):
        weights = [1] * len(weights)
    total = sum(weights)
    shares = [amount * weight // total for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda index: -(amount * weights[index] % total)
    )
    for index in by_remainder[: amount - sum(shares)]:
        shares[index] += 1
    return shares
