"""What is done with calendars and reminders: the only code of this area that writes."""

import uuid

from django.db import IntegrityError, transaction

from rinnalla.access import audit
from rinnalla.lib import clock
from rinnalla.planning.models import (
    CalendarEntry,
    CalendarFeed,
    ReminderChoice,
    SentReminder,
    feed_digest,
)

CHOICES = ("evening_before", "same_morning", "missing_pair")


@transaction.atomic
def make_feed(worker, kind):
    """Open somebody's calendar of this kind; asked twice, it is the same address."""
    feed = CalendarFeed(
        id=uuid.uuid4(), worker=worker, kind=kind, made_on=clock.today()
    )
    fields = {"id": feed.pk, "digest": feed_digest(feed.token), "made_on": feed.made_on}
    feed, is_new = CalendarFeed.objects.get_or_create(
        worker=worker, kind=kind, defaults=fields
    )
    if is_new:
        audit.log(worker, "calendar.opened", feed)
    return feed


@transaction.atomic
def close_feed(by, worker, kind):
    """Close somebody's calendar of this kind: the address opens no more.

    `by` is the worker, or nobody when the administrator does it by command.
    """
    feed = CalendarFeed.objects.filter(worker=worker, kind=kind).first()
    if feed is None:
        return False
    audit.log(by, "calendar.closed", feed)
    feed.delete()
    return True


def keep_entries(told):
    """Note what calendars are told of each visit; the entries in the same order.

    A visit of which something else is told than last time gets the next number. Two
    readers at once work out the same, so nothing is written twice over.
    """
    now = clock.cut(clock.now())
    entries = [_entry(said, now) for said in told]
    changed = [entry for entry, is_changed in entries if is_changed]
    if changed:
        CalendarEntry.objects.bulk_create(
            changed,
            batch_size=200,
            update_conflicts=True,
            unique_fields=["visit"],
            update_fields=["checksum", "sequence", "changed_at"],
        )
    return [entry for entry, _is_changed in entries]


def _entry(said, now):
    """The entry of a visit, and whether it differs from the kept one."""
    kept = getattr(said.visit, "calendar_entry", None)
    checksum = said.checksum
    if kept and kept.checksum == checksum:
        return kept, False
    number = kept.sequence + 1 if kept else 0
    return (
        CalendarEntry(
            visit=said.visit, checksum=checksum, sequence=number, changed_at=now
        ),
        True,
    )


@transaction.atomic
def choose_reminders(worker, **chosen):
    """Keep which reminders somebody wants; none is the same as no row."""
    wanted = {name: bool(chosen.get(name)) for name in CHOICES}
    kept, _is_new = ReminderChoice.objects.update_or_create(
        worker=worker, defaults=wanted
    )
    audit.log(worker, "reminders.chosen", kept)
    return kept


def claim_reminder(worker, kind, day):
    """Take the right to send this reminder; None when it was taken before."""
    try:
        with transaction.atomic():
            return SentReminder.objects.create(worker=worker, kind=kind, day=day)
    except IntegrityError:
        return None


def give_back(claim):
    """The mail server said not now: the reminder may be tried again."""
    claim.delete()


def delete_entries(before, *, dry_run=False):
    """Delete what calendars were told of visits before this day; how many."""
    return _delete(CalendarEntry.objects.filter(visit__day__lt=before), dry_run)


def delete_sent(before, *, dry_run=False):
    """Delete the notes of reminders for days before this one; how many."""
    return _delete(SentReminder.objects.filter(day__lt=before), dry_run)


def _delete(rows, dry_run):
    number = rows.count()
    if not dry_run:
        rows.delete()
    return number
