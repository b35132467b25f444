"""What the worker process keeps: which jobs were started, when it last answered."""

from django.db import models


class JobSlot(models.Model):
    """A job of the schedule that was started for a slot of time: once, whoever asks.

    The unique key is the whole schedule: any number of workers may try to start the
    same night's job, and one of them does.
    """

    job = models.CharField(max_length=40)
    slot = models.CharField(max_length=20)  # "2026-03-12"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "slot"], name="job_once_a_slot")
        ]

    def __str__(self):
        return f"{self.job} {self.slot}"


class Beat(models.Model):
    """When a process last said that it is well."""

    process = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.process


class NightRun(models.Model):
    """What one step of a night did: the proof that time deletes what it should.

    Numbers only. `rows` are the rows deleted, or the alarms of a check; a step that
    could not be done keeps the kind of its fault in `fault` and no more.
    """

    at = models.DateTimeField()
    step = models.CharField(max_length=40)
    rows = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            # The administrator reads the newest first.
            models.Index(fields=["-at", "-id"], name="night_run_newest")
        ]

    def __str__(self):
        return f"{self.step} {self.at:%Y-%m-%d}"
