"""The worker process: one loop that runs jobs, recounts figures and starts nights."""

import logging
import threading
from datetime import time

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker as JobRunner
from django_tasks_db.models import DBTaskResult

from rinnalla.lib import clock
from rinnalla.planning.calendars import tasks as reminders
from rinnalla.shell import actions
from rinnalla.shell.tasks import night
from rinnalla.statistics.actions import refresh

log = logging.getLogger(__name__)
# job: (after this time of the Finnish day, what is started once a day)
SCHEDULE = {
    "night": (time(2, 30), night),
    "reminders_morning": (time(7), reminders.remind_of_today),
    "reminders_pairs": (time(8), reminders.remind_of_missing_pairs),
    "reminders_evening": (time(17), reminders.remind_of_tomorrow),
}
SECONDS_BETWEEN = 1.0
SECONDS_AFTER_FAULT = 10.0


class Loop:
    """Goes round until it is asked to stop; a job under way is done to its end."""

    def __init__(self, name):
        self.name = name
        self.stopping = threading.Event()
        self.runner = None

    def stop(self, *_signal):
        """End after the job that is under way."""
        self.stopping.set()
        if self.runner:
            self.runner.running = False

    def run(self):
        """Go round; a fault is logged and waited out, never the end of the loop."""
        while not self.stopping.is_set():
            wait = SECONDS_BETWEEN
            try:
                self.turn()
            # A database that is restarted, a room's bug: the next turn tries again.
            except Exception:
                log.exception("worker")
                wait = SECONDS_AFTER_FAULT
            close_old_connections()
            self.stopping.wait(wait)

    def turn(self):
        """One round: say that all is well, start what is due, do what waits."""
        actions.beat("worker")
        start_due()
        if DBTaskResult.objects.ready().exists():
            self.runner = job_runner(self.name)
            self.runner.run()
        if not self.stopping.is_set():
            refresh(in_turns=True)


def start_due():
    """Start each job of the schedule whose time today has come, once a day."""
    now = clock.local(clock.now())
    for job, (after, task) in SCHEDULE.items():
        if now.time() >= after:
            actions.start_once(job, now.date().isoformat(), task)


def job_runner(name):
    """A runner that does every waiting job and returns."""
    return JobRunner(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
