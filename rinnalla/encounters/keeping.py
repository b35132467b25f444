"""How long this room keeps what, as days; the deleting itself is in actions."""

from calendar import monthrange

from django.conf import settings

DEVICE_DAYS = 90


def texts_before(today):
    """The first day whose own words are kept: so many months back, to the day."""
    months = today.year * 12 + today.month - 1 - settings.RAW_MONTHS
    year, month = months // 12, months % 12 + 1
    last = monthrange(year, month)[1]
    return today.replace(year=year, month=month, day=min(today.day, last))


def raw_before(today):
    """The first day of the oldest month whose single records are kept.

    Months are sealed whole, so a record lives up to one month longer than a text.
    """
    return texts_before(today).replace(day=1)
