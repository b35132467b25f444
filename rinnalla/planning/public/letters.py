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

log = logging.getLogger(__name__)


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


def post_all(letters):
    """Send each; False when the mail server did not take one: then try again later."""
    for letter in letters:
        try:
            _post(letter)
        except smtplib.SMTPRecipientsRefused:
            letter.drop()
        except (OSError, smtplib.SMTPException) as fault:
            log.error("mail not sent: %s", type(fault).__name__)
            return False
    return True


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
