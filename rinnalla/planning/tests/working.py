"""What the worker process would do now, inside the test's own transaction."""

from django_tasks_db.models import DBTaskResult


def run_jobs():
    """Run every job that waits; a job that fails is noted as the worker would."""
    for job in DBTaskResult.objects.ready():
        job.claim("test")
        try:
            job.set_successful(job.task.call(**job.args_kwargs["kwargs"]))
        except ValueError as fault:
            job.set_failed(fault)
