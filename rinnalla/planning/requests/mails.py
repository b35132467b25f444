"""Mails to those who asked us to come. A mail that did not leave is owed still."""

from datetime import timedelta
from functools import partial

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from rinnalla.lib import clock
from rinnalla.planning.public.letters import Letter, ask_once, post_all
from rinnalla.planning.requests import actions

AGAIN_IN = timedelta(minutes=5)


def ask():
    """Ask the worker process to send what is owed; no page waits for a mail server."""
    ask_once(send_owed)


@task()
def send_owed():
    """Send every mail that is owed; what did not leave is tried again later."""
    if not post_all(_letter(request) for request in actions.owed()):
        ask_once(send_owed, run_after=clock.now() + AGAIN_IN)


def _letter(request):
    is_new = request.status == request.Status.NEW
    return Letter(
        address=actions.address_of(request),
        language=request.language,
        subject=_("Your request has arrived")
        if is_new
        else _("Your request has moved on"),
        page="open:request_status",
        secret=actions.secret_of(request),
        sent=partial(actions.note_told, request),
        drop=partial(actions.drop_contact, request),
    )
