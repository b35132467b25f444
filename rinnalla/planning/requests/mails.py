"""Mails to senders: that something has moved, and the link. Never what or where.

A mail that did not leave is owed still; it is tried again every few minutes, and the
pages never wait for a mail server.
"""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from rinnalla.lib import clock
from rinnalla.planning.requests import actions

AGAIN_IN = timedelta(minutes=5)
log = logging.getLogger(__name__)


def ask():
    """Ask the worker process to send what is owed."""
    send_owed.enqueue()


@task()
def send_owed():
    """Send every mail that is owed; what did not leave is tried again later."""
    for request in actions.owed():
        try:
            _send(request)
        except smtplib.SMTPRecipientsRefused:
            actions.drop_contact(request)
        except (OSError, smtplib.SMTPException) as fault:
            log.error("mail not sent: %s", type(fault).__name__)
            send_owed.using(run_after=clock.now() + AGAIN_IN).enqueue()
            return


def _send(request):
    """One mail in the sender's language. Sent first, noted after: twice beats never."""
    address = actions.address_of(request)
    if address is None:
        return actions.drop_contact(request)
    with translation.override(request.language):
        send_mail(_subject(request), _text(request), None, [address])
    actions.note_told(request)


def _subject(request):
    if request.status == request.Status.NEW:
        return _("Your request has arrived")
    return _("Your request has moved on")


def _text(request):
    link = [request.language, actions.secret_of(request)]
    told = [
        _subject(request) + ".",
        _("You see how it goes here:"),
        settings.PUBLIC_ADDRESS + reverse("open:request_status", args=link),
        _("This mail holds nothing of the request. The link opens it: keep it safe."),
    ]
    return "\n\n".join(told) + "\n"
