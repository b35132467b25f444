"""How the service is doing: what the host's monitoring and staff pages ask."""

from datetime import timedelta

from django.db import DatabaseError, connection

from rinnalla.lib import clock
from rinnalla.shell.models import Beat

SILENT = timedelta(minutes=2)


def database_answers():
    """Whether the database answers a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def worker_age():
    """Seconds since the worker process last said it was well; None if it never has."""
    beat = Beat.objects.filter(pk="worker").first()
    return beat and round((clock.now() - beat.at).total_seconds())


def silent_since():
    """When the worker process fell silent, if over two minutes ago; else None.

    One that has never beaten is not called silent: a machine that serves pages alone,
    as when developing, has none.
    """
    beat = Beat.objects.filter(pk="worker", at__lt=clock.now() - SILENT).first()
    return beat and beat.at
