"""Parts that are what the whole is. Amounts are in a currency's smallest unit."""

from collections.abc import Sequence


def fit(parts: Sequence[int], total: int) -> list[int]:
    """Parts of a document that add up to its total.

    Taxes are rounded for the document and not line by line, so the amounts of lines may
    miss its total by some cents: the largest part, the first of several, takes them.

    >>> fit([3163, 3163, 9201], 15526)
    [3163, 3163, 9200]
    """
    fitted = list(parts)
    if fitted:
        largest = max(range(len(fitted)), key=lambda index: abs(fitted[index]))
        fitted[largest] += total - sum(fitted)
    return fitted


def settle(left: Sequence[int]) -> list[int]:
    """What is left of parts, none of them below nothing, the sum as it is.

    A cent too much taken from one part was not taken from another.

    >>> settle([10, -1, 0])
    [9, 0, 0]
    """
    settled = list(left)
    for index, amount in enumerate(settled):
        while amount < 0 and (most := max(settled)) > 0:
            taken = min(most, -amount)
            settled[settled.index(most)] -= taken
            amount += taken
            settled[index] = amount
    return settled
