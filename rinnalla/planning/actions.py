"""What is done with places and visits: the only code of this room that writes."""

from rinnalla.planning.models import StaleMonth


def mark_stale(site, day):
    """Say that a site's figures of this day's month wait for a recount.

    Called inside the transaction of the action that changes a figure.
    """
    StaleMonth.objects.create(site=site, month=day.replace(day=1))
