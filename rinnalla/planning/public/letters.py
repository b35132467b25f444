"""Mails to people outside: that something has moved, and a link. Nothing more."""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

log = logging.getLogger(__name__)
# What a mail server says of one letter; anything else it says of all of them.
REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
)


@dataclass(frozen=True)
class Letter:
    """One mail: to whom, in which language, its subject and the page it leads to.

    `sent` is called when it has left, `drop` when the address takes no mail.
    """

    address: str | None
    language: str
    subject: str
    page: str
    secret: str
    sent: Callable
    drop: Callable


def ask_once(task, run_after=None):
    """Ask the worker process for a task, unless the same one waits already."""
    same = DBTaskResult.objects.filter(task_path=task.module_path)
    waiting = same.filter(status=TaskResultStatus.READY)
    if not waiting.exists():
        task.using(run_after=run_after).enqueue()


def post_all(letters):
    """Send each; False when the mail server did not take one: then try again later.

    A refused letter keeps no other one back; a server that does not answer does.
    """
    is_done = True
    for letter in letters:
        try:
            _post(letter)
        except REFUSALS as refusal:
            is_done &= _is_settled(letter, refusal)
        except (OSError, smtplib.SMTPException) as fault:
            log.error("mail not sent: %s", type(fault).__name__)
            return False
    return is_done


def _is_settled(letter, refusal):
    """Whether a refusal is the last word: then the address is forgotten.

    A 4xx asks to try again later (greylisting); a refused sender is our own fault.
    """
    code = code_of(refusal)
    log.error("mail refused by the mail server: %s", code)
    is_final = code >= 500 and not isinstance(refusal, smtplib.SMTPSenderRefused)
    if is_final:
        letter.drop()
    return is_final


def code_of(refusal):
    """The number a mail server said no with."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return next(iter(refusal.recipients.values()))[0]
    return refusal.smtp_code


def _post(letter):
    """Sent first, noted after: twice beats never."""
    if letter.address is None:
        return letter.drop()
    with translation.override(letter.language):
        subject = str(letter.subject)
        send_mail(subject, _text(letter, subject), None, [letter.address])
    letter.sent()


def _text(letter, subject):
    path = reverse(letter.page, args=[letter.language, letter.secret])
    told = [
        f"{subject}.",
        _("You see how it goes here:"),
        settings.PUBLIC_ADDRESS + path,
        _("This mail says nothing of the matter. The link opens it: keep it safe."),
    ]
    return "\n\n".join(told) + "\n"
