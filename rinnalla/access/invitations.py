"""The link that lets a new worker set the first password. It names nobody."""

import hashlib
import logging
import smtplib

from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from rinnalla.access.models import Worker

SALT = "invitation"
VALID_SECONDS = 7 * 24 * 60 * 60


def path_to(worker):
    """The page where this worker sets a password, from /; valid 7 days, once."""
    seal = signing.dumps([worker.pk, _print(worker)], salt=SALT)
    return reverse("access:join", args=[seal])


def worker_of(seal):
    """The invited worker a link belongs to, or None when it is used, old or altered."""
    try:
        pk, made_for = signing.loads(seal, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    worker = Worker.objects.filter(pk=pk, is_active=True).first()
    fresh = worker and not worker.has_usable_password()
    return worker if fresh and made_for == _print(worker) else None


def send(worker, link):
    """Send the link in the worker's language; False when the mail did not go."""
    with translation.override(worker.language):
        text = render_to_string("access/email/invitation.txt", {"link": link})
        message = EmailMessage("Rinnalla", text.strip() + "\n", to=[worker.email])
    try:
        return bool(message.send())
    except (OSError, smtplib.SMTPException) as fault:
        logging.getLogger(__name__).error("mail not sent: %s", type(fault).__name__)
        return False


def _print(worker):
    """A fingerprint of the unset password: a new invitation makes old links void."""
    return hashlib.sha256(worker.password.encode()).hexdigest()[:16]
