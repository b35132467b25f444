"""Times we could come, opened by the team and booked by a place's host by a link."""

from datetime import timedelta

from django.db import transaction

from rinnalla.access import audit
from rinnalla.lib import clock, links
from rinnalla.planning.actions import cancel_visit, mark_stale
from rinnalla.planning.models import BookableSlot, HostLink, Visit
from rinnalla.planning.public.lines import may_be_public, was_public

PURPOSE = "planning.host_link"
BOOKING = "booking of a time"
CANCELLED = Visit.Status.CANCELLED


class Taken(Exception):
    """The time can no longer be booked: it was taken back, or its day has passed."""


@transaction.atomic
def open_times(worker, site, *, day, starts, ends, weeks):
    """Open a time of so many weeks, the same weekday; one opened before stays one."""
    opened = 0
    for number in range(weeks):
        slot, is_new = BookableSlot.objects.get_or_create(
            site=site,
            day=day + timedelta(weeks=number),
            starts=starts,
            defaults={"ends": ends, "opened_by": worker},
        )
        if slot.is_taken_back:
            slot.is_taken_back, slot.ends = False, ends
            slot.save(update_fields=["is_taken_back", "ends"])
        opened += is_new
    audit.log(worker, "slot.opened", slot, count=weeks)
    return opened


@transaction.atomic
def take_back(worker, slot):
    """Close a time nobody has booked; a booked one stays. Whether it is closed."""
    slot = BookableSlot.objects.select_for_update().get(pk=slot.pk)
    if slot.booked_at:
        return False
    if not slot.is_taken_back:
        slot.is_taken_back = True
        slot.save(update_fields=["is_taken_back"])
        audit.log(worker, "slot.taken_back", slot)
    return True


@transaction.atomic
def make_link(worker, site, *, nonce):
    """Give a place's host a new link, and close the earlier one; the secret.

    `nonce` is born with the form: the same form sent twice gives the same link.
    """
    secret = links.secret_for(PURPOSE, f"{site.pk}.{nonce}")
    digest = links.digest_of(PURPOSE, secret)
    link, _is_new = HostLink.objects.get_or_create(
        site=site, defaults={"digest": digest, "made_on": clock.today()}
    )
    if _is_new or link.digest != digest:
        link.digest, link.made_on = digest, clock.today()
        link.save(update_fields=["digest", "made_on"])
        audit.log(worker, "host_link.made", link)
    return secret


def site_of(secret):
    """The place this secret opens, or None; never a home."""
    rows = HostLink.objects.select_related("site__municipality", "site__team")
    digest = links.digest_of(PURPOSE, secret)
    link = rows.filter(digest=digest).first()
    return link.site if link and may_be_public(link.site) else None


def secret_of_booking(slot, nonce):
    """The secret by which whoever books may give the time up; never stored.

    `nonce` is born with the form: the same form sent twice has the same secret.
    """
    return links.secret_for(BOOKING, f"{slot.pk}.{nonce}")


def booked_by(secret):
    """The time booked by this secret, given up or not, or None; never of a home."""
    digest = links.digest_of(BOOKING, secret)
    rows = BookableSlot.objects.select_related("site__municipality", "visit")
    slot = rows.filter(digest=digest).first()
    return slot if slot and was_public(slot.site) else None


@transaction.atomic
def book(site, slot, *, nonce=""):
    """Book a time for a place: a visit is planned, its pair is chosen by the team.

    Sent twice, booked once. Raises Taken.
    """
    slot = BookableSlot.objects.select_for_update().get(pk=slot.pk, site=site)
    if slot.booked_at:
        return slot
    if slot.is_taken_back or slot.day < clock.today():
        raise Taken
    slot.booked_at = clock.cut(clock.now())
    slot.digest = links.digest_of(BOOKING, secret_of_booking(slot, nonce))
    slot.visit = _visit_for(slot)
    slot.save(update_fields=["booked_at", "digest", "visit"])
    mark_stale(site, slot.day)
    audit.log(None, "slot.booked", slot)
    return slot


def _visit_for(slot):
    return Visit.objects.create(
        site=slot.site,
        team=slot.site.team,
        organisation=slot.site.team.organisation,
        day=slot.day,
        starts=slot.starts,
        ends=slot.ends,
        type="on_request",
    )


@transaction.atomic
def give_up(slot):
    """The host needs the time no more: its visit is called off, the time is free.

    Sent twice, given up once. A visit the team has called off or moved stays as the
    team left it, and its time is not opened anew. Raises OutOfStep when the visit has
    begun, Recorded when somebody has counted on it.
    """
    slot = BookableSlot.objects.select_for_update().get(pk=slot.pk)
    visit, is_past = slot.visit, slot.day < clock.today()
    if slot.booked_at is None or is_past or (visit and visit.status == CANCELLED):
        return slot
    if visit:
        cancel_visit(None, visit, reason="host_cancelled")
        is_moved = (visit.day, visit.starts) != (slot.day, slot.starts)
        slot.is_taken_back = slot.is_taken_back or is_moved
    retired_on = slot.site.retired_on
    if retired_on and slot.day >= retired_on:
        slot.is_taken_back = True
    slot.booked_at, slot.visit = None, None
    slot.save(update_fields=["booked_at", "visit", "is_taken_back"])
    audit.log(None, "slot.given_up", slot)
    return slot


def forget_old(before, *, dry_run=False):
    """Delete times whose day was before this one; their visits stay."""
    rows = BookableSlot.objects.filter(day__lt=before)
    return rows.count() if dry_run else rows.delete()[0]
