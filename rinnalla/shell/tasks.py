"""Jobs of the worker process that belong to no single room."""

from django_tasks import task

from rinnalla.shell.nightly import run_night


@task()
def night():
    """Run the nightly list."""
    run_night()
