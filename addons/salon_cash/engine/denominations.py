"""Which notes and coins a currency has, the largest first, for counting a till.

Notes and coins in use according to the central banks; smaller coins that are still
legal tender but hardly seen are left out, as a clerk can add a line of any value.
"""

from decimal import Decimal

_KNOWN = {
    "AZN": "500 200 100 50 20 10 5 1 0.50 0.20 0.10 0.05 0.03 0.01",
    "EUR": "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "GBP": "50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "KZT": "20000 10000 5000 2000 1000 500 200 100 50 20 10 5 2 1",
    "RUB": "5000 2000 1000 500 200 100 50 10 5 2 1 0.50 0.10",
    "TRY": "200 100 50 20 10 5 1 0.50 0.25 0.10 0.05",
    "UAH": "1000 500 200 100 50 20 10 5 2 1 0.50 0.10",
    "USD": "100 50 20 10 5 2 1 0.50 0.25 0.10 0.05 0.01",
}


def denominations(currency: str, decimals: int = 2) -> list[Decimal]:
    """The values to count by; a currency not known here gets 1-2-5 steps.

    :param decimals: digits after the point of the currency; the smallest value is one
        of its smallest units, the largest five hundred times a hundred of them
    """
    if currency in _KNOWN:
        return [Decimal(value) for value in _KNOWN[currency].split()]
    smallest = Decimal(1).scaleb(-decimals)
    steps = [smallest * digit * 10**power for power in range(5) for digit in (1, 2, 5)]
    return sorted(steps, reverse=True)
