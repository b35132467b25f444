"""How the service is doing: what the host's monitoring and staff pages ask."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import Value
from django_tasks_db.models import DBTaskResult

from rinnalla.lib import clock
from rinnalla.planning.models import Alarm, CheckIn
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


def watch_is_missed():
    """Whether alarms do not go out though somebody is out or an alarm is open."""
    return watch_silent() and _waiting().exists()


def _waiting():
    """Check-ins for which the watch has something to do."""
    return CheckIn.objects.out() | CheckIn.objects.filter(
        alarms__in=Alarm.objects.open()
    )


def fell_silent():
    """Which processes are missed, each with its last beat.

    {"worker": moment, "watch": moment}, asked by every desk page in one query. A
    process that has never beaten is not called silent here: a machine that serves
    pages alone, as when developing, has none. But a watch is missed, since they left,
    when people are out. The pages of getting home say it always (`watch_silent`).
    """
    now = clock.now()
    out = CheckIn.objects.out().values_list(Value("out"), "started_at")
    beats = Beat.objects.filter(pk__in=("worker", "watch")).values_list("pk", "at")
    rows = list(beats.union(out))
    found = {process: at for process, at in rows if process != "out"}
    left = [at for process, at in rows if process == "out"]
    if left:
        found.setdefault("watch", min(left))
    for process, longest in (("worker", SILENT), ("watch", WATCH_SILENT)):
        if process in found and found[process] >= now - longest:
            del found[process]
    if "worker" in found and _has_job_under_way(now):
        del found["worker"]
    return found


def _has_job_under_way(now):
    running = DBTaskResult.objects.running()
    return running.filter(started_at__gt=now - LONGEST_JOB).exists()
