"""Which tender pays for what. Amounts are in the smallest unit of the currency."""

from collections.abc import Sequence

#: Place of the tender, place of what it pays, amount.
Share = tuple[int, int, int]


def allocate(tenders: Sequence[int], demands: Sequence[int]) -> list[Share]:
    """Let the tenders pay the demands, both in their order.

    What the tenders do not reach stays open. More than is demanded stays with the last
    tenders and is in no share.

    >>> allocate([30, 20], [35, 10])
    [(0, 0, 30), (1, 0, 5), (1, 1, 10)]
    """
    shares = []
    demand, open_amount = -1, 0
    for tender, left in enumerate(tenders):
        while left > 0:
            if open_amount <= 0:
                demand += 1
                if demand >= len(demands):
                    return shares
                open_amount = demands[demand]
                continue
            amount = min(left, open_amount)
            shares.append((tender, demand, amount))
            left -= amount
            open_amount -= amount
    return shares
