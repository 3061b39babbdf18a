"""When a client usually comes again."""

from collections.abc import Iterable
from datetime import date

#: How many of the last visits say what is usual.
LATEST = 6


def usual_days(days: Iterable[date], default: int = 28) -> int:
    """Days between two visits: the median of the last gaps, in whole weeks.

    Whole weeks keep the weekday, which suits most people. Who has come once only is
    expected after ``default`` days. Of two middle gaps the shorter one counts.

    >>> usual_days([date(2031, 1, 1), date(2031, 2, 4), date(2031, 3, 13)])
    35
    >>> usual_days([date(2031, 1, 1)])
    28
    """
    latest = sorted(set(days))[-LATEST:]
    gaps = sorted(
        (after - before).days for before, after in zip(latest, latest[1:], strict=False)
    )
    if not gaps:
        return default
    usual = gaps[(len(gaps) - 1) // 2]
    return max(1, (usual + 3) // 7) * 7
