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


def in_currency(shares: Sequence[int], amount: int) -> list[int]:
    """What of an amount in another currency each share of its value is.

    ``shares`` are parts of the value in the currency of the bill; together they are
    what the amount is worth. The amount is shared out to the last cent, each part
    rounded from the beginning up to its end, so that nothing is lost on the way. Every
    share gets something where there is enough: nobody pays with nothing.

    >>> in_currency([2000, 250], 50)
    [44, 6]
    >>> in_currency([1, 9999], 100)
    [1, 99]
    """
    total, reached, given, parts = sum(shares), 0, 0, []
    for place, share in enumerate(shares):
        reached += share
        after = len(shares) - place - 1
        upto = (2 * amount * reached + total) // (2 * total)
        part = max(min(upto, amount - after) - given, 1 if amount > given else 0)
        parts.append(part)
        given += part
    return parts
