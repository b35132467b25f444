"""What is done with feedback on the pages: kept, answered within 14 days, deleted."""

from datetime import timedelta

from django.db import transaction

from rinnalla.access import audit
from rinnalla.lib import clock, links, sealing
from rinnalla.planning.models import PageFeedback

PURPOSE = "planning.feedback"
ANSWER_IN = timedelta(days=14)  # the time the law gives


def secret_of(feedback):
    """The secret of the sender's link; worked out anew, never stored."""
    return links.secret_for(PURPOSE, str(feedback.pk))


def found_by(secret):
    """The feedback this secret opens, or None."""
    digest = links.digest_of(PURPOSE, secret)
    return PageFeedback.objects.filter(digest=digest).first()


@transaction.atomic
def give(*, key, text, language, email="", is_held=False):
    """Keep what somebody says of our pages. `key` is born with the form."""
    secret = links.secret_for(PURPOSE, str(key))
    feedback, is_new = PageFeedback.objects.get_or_create(
        pk=key,
        defaults={
            "received_at": clock.cut(clock.now()),
            "answer_due_on": clock.today() + ANSWER_IN,
            "language": language,
            "is_held": is_held,
            "text": text,
            "contact": sealing.seal(email, PURPOSE) if email else None,
            "digest": links.digest_of(PURPOSE, secret),
        },
    )
    if is_new:
        audit.log(None, "feedback.received", feedback)
    return feedback


@transaction.atomic
def answer(worker, feedback, *, answer):
    """Answer; a later answer takes the earlier one's place."""
    feedback = PageFeedback.objects.select_for_update().get(pk=feedback.pk)
    if feedback.answer == answer:
        return feedback
    feedback.answer, feedback.is_held = answer, False
    feedback.answered_at = feedback.answered_at or clock.cut(clock.now())
    feedback.save(update_fields=["answer", "is_held", "answered_at"])
    audit.log(worker, "feedback.answered", feedback)
    return feedback


@transaction.atomic
def discard(worker, feedback):
    """Throw away a held piece that is no feedback; sent twice, gone once."""
    rows = PageFeedback.objects.filter(pk=feedback.pk, is_held=True)
    if rows.exists():
        audit.log(worker, "feedback.discarded", feedback)
        rows.delete()


def owed():
    """Answers whose sender waits for the mail."""
    rows = PageFeedback.objects.exclude(contact=None).exclude(answered_at=None)
    return list(rows.order_by("answered_at"))


def address_of(feedback):
    """The sender's address, or None when it cannot be opened."""
    return sealing.unseal(feedback.contact, PURPOSE)


def note_told(feedback):
    """The mail has left: the address goes."""
    rows = PageFeedback.objects.filter(pk=feedback.pk)
    rows.update(is_told=True, contact=None)


def drop_contact(feedback):
    """Forget an address that takes no mail."""
    PageFeedback.objects.filter(pk=feedback.pk).update(contact=None)


def forget(before, *, dry_run=False):
    """Delete what was answered before this day, and what was held and left so."""
    moment = clock.at(before)
    rows = PageFeedback.objects.filter(answered_at__lt=moment)
    rows |= PageFeedback.objects.filter(is_held=True, received_at__lt=moment)
    return rows.count() if dry_run else rows.delete()[0]
