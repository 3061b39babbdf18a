"""Which period another one is compared with."""

from datetime import date, timedelta

DAY = timedelta(days=1)


def period_before(start: date, stop: date) -> tuple[date, date]:
    """The period of the same kind that ends the day before.

    Whole months are followed by as many whole months, anything else by as many days.

    >>> period_before(date(2026, 3, 1), date(2026, 3, 31))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    last = start - DAY
    if start.day == 1 and (stop + DAY).day == 1:
        end = stop + DAY
        months = (end.year - start.year) * 12 + end.month - start.month
        whole = start.year * 12 + start.month - 1 - months
        return date(whole // 12, whole % 12 + 1, 1), last
    return last - (stop - start), last


def year_before(start: date, stop: date) -> tuple[date, date]:
    """The same days a year ago; whole months stay whole.

    >>> year_before(date(2025, 2, 1), date(2025, 2, 28))
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    if (stop + DAY).day == 1:
        end = stop + DAY
        return _a_year_ago(start), end.replace(year=end.year - 1) - DAY
    return _a_year_ago(start), _a_year_ago(stop)


def _a_year_ago(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day -= DAY
    return day.replace(year=day.year - 1)
