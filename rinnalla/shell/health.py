"""How the service is doing: what the host's monitoring and staff pages ask."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from rinnalla.lib import clock
from rinnalla.shell.models import Beat

SILENT = timedelta(minutes=2)
# The watch beats every ten seconds; an alarm must not wait for a minute.
WATCH_SILENT = timedelta(seconds=40)
# A long import keeps the worker from saying so, but not for longer than this.
LONGEST_JOB = timedelta(minutes=15)


def database_answers():
    """Whether the database answers a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def age_of(process):
    """Seconds since a process last said it was well; None if it never has."""
    beat = Beat.objects.filter(pk=process).first()
    return beat and round((clock.now() - beat.at).total_seconds())


def watch_silent():
    """Whether alarms do not go out: the watch is silent, or has never been heard.

    A beat from the future is a clock that was set back: nobody knows then.
    """
    now = clock.now()
    heard = Beat.objects.filter(pk="watch", at__gt=now - WATCH_SILENT)
    return not heard.filter(at__lt=now + WATCH_SILENT).exists()


def fell_silent():
    """Which processes ran here and do not any more, each with its last beat.

    {"worker": moment, "watch": moment}, asked by every desk page in one query. A
    process that has never beaten is not called silent here: a machine that serves
    pages alone, as when developing, has none. The pages of getting home say that of
    the watch (`watch_silent`).
    """
    now = clock.now()
    worker = Q(pk="worker", at__lt=now - SILENT)
    watch = Q(pk="watch", at__lt=now - WATCH_SILENT)
    found = dict(Beat.objects.filter(worker | watch).values_list("pk", "at"))
    if "worker" in found and _has_job_under_way(now):
        del found["worker"]
    return found


def _has_job_under_way(now):
    running = DBTaskResult.objects.running()
    return running.filter(started_at__gt=now - LONGEST_JOB).exists()
