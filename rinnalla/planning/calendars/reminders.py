"""Reminders by mail: which day, where, what hour; never a word more.

The evening before, the same morning, and a week before when the pair is missing. Each
letter is claimed before it leaves, so that it is sent at most once whatever stops the
worker process; before a mail server answers at all, nothing is claimed.
"""

import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Worker
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.calendars import actions
from rinnalla.planning.calendars.feeds import name_of
from rinnalla.planning.models import ReminderChoice, SentReminder, Visit
from rinnalla.planning.permissions import SEE_VISITS
from rinnalla.planning.public.letters import code_of

Kind = SentReminder.Kind
AHEAD = {
    Kind.EVENING_BEFORE: timedelta(days=1),
    Kind.SAME_MORNING: timedelta(0),
    Kind.MISSING_PAIR: timedelta(days=7),
}
SUBJECTS = {
    Kind.EVENING_BEFORE: _("Rinnalla: tomorrow"),
    Kind.SAME_MORNING: _("Rinnalla: today"),
    Kind.MISSING_PAIR: _("Rinnalla: a pair is missing"),
}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """One mail to one person: the visits of one day."""

    worker: Worker
    kind: str
    visits: list

    def message(self, connection):
        """The mail in its reader's language."""
        with translation.override(self.worker.language):
            known = kinds.all_kinds()
            lines = [(visit, name_of(visit, known)) for visit in self.visits]
            context = {"kind": self.kind, "day": self.visits[0].day, "lines": lines}
            text = render_to_string("planning/email/reminder.txt", context)
            return EmailMessage(
                str(SUBJECTS[self.kind]),
                text.strip() + "\n",
                to=[self.worker.email],
                connection=connection,
            )


def letters(kind):
    """The mails of this kind that are due now and not sent yet."""
    day = clock.today() + AHEAD[kind]
    sent = SentReminder.objects.filter(kind=kind, day=day).values("worker")
    chosen = ReminderChoice.objects.filter(**{kind: True}, worker__is_active=True)
    chosen = chosen.exclude(worker__in=sent).order_by("pk")
    visits = _coming(kind, day)
    return [
        Letter(worker, kind, theirs)
        for worker in Worker.objects.filter(pk__in=chosen.values("worker"))
        if (theirs := [visit for visit in visits if _is_of(visit, worker, kind)])
    ]


def _coming(kind, day):
    """The day's planned visits that have not begun, by hour."""
    visits = Visit.objects.on(day).filter(status=Visit.Status.PLANNED)
    visits = visits.select_related("site").prefetch_related("workers")
    now = clock.local(clock.now())
    ahead = [
        visit
        for visit in visits.order_by("starts", "pk")
        if day > now.date() or visit.starts is None or visit.starts > now.time()
    ]
    if kind == Kind.MISSING_PAIR:
        return [visit for visit in ahead if visit.lacks_pair]
    return ahead


def _is_of(visit, worker, kind):
    """One's own visits; a coordinator hears of every missing pair of the team."""
    if worker.organisation.has_ended or SEE_VISITS.reach_of(worker) is None:
        return False
    if worker in visit.workers.all():
        return True
    leads = worker.role == Role.COORDINATOR and visit.team_id == worker.team_id
    return kind == Kind.MISSING_PAIR and leads


def send(kind):
    """Send what is due; False when the mail server asks to be tried again."""
    due = letters(kind)
    if not due:
        return True
    connection = get_connection()
    try:
        connection.open()
        taken = [_send(letter, connection) for letter in due]
        return all(taken)
    except (OSError, smtplib.SMTPException) as fault:
        log.error("reminders not sent: %s", type(fault).__name__)
        return False
    finally:
        _close(connection)


def _send(letter, connection):
    """Send one letter; False when the server did not take it now.

    A connection that breaks is raised: the letter under way may have arrived, so its
    claim stays; those after it are tried again.
    """
    day = letter.visits[0].day
    claim = actions.claim_reminder(letter.worker, letter.kind, day)
    if claim is None:
        return True
    try:
        letter.message(connection).send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
        code = code_of(refusal)
        log.error("reminder refused by the mail server: %s", code)
        if 400 <= code < 500:
            actions.give_back(claim)
            return False
    return True


def _close(connection):
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        log.info("the mail server closed first")
