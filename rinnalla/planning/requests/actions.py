"""What is done with requests for outreach, from the first word to the last mail."""

from django.db import transaction

from rinnalla.access import audit
from rinnalla.lib import clock, links, sealing
from rinnalla.lib.working_time import add_working_days
from rinnalla.planning import actions as planning
from rinnalla.planning.models import OutreachRequest

PURPOSE = "planning.request"
ANSWER_IN_DAYS = 2  # working days
Status = OutreachRequest.Status


class OutOfStep(Exception):
    """The request has moved on: what was asked cannot be done to it any more."""


def secret_of(request):
    """The secret of the sender's link; worked out anew, never stored."""
    return links.secret_for(PURPOSE, str(request.pk))


def found_by(secret):
    """The request this secret opens, or None."""
    rows = OutreachRequest.objects.select_related("visit__site", "municipality")
    return rows.filter(digest=links.digest_of(PURPOSE, secret)).first()


@transaction.atomic
def receive(*, key, kept, channel, language, email="", is_held=False, by=None):
    """Keep a new request. `key` is born with the form: sent twice, one request.

    `kept` are its fields by name. `email` is sealed; with it the sender gets mails
    without content. What a worker writes down has been answered by that.
    """
    now = clock.cut(clock.now())
    secret = links.secret_for(PURPOSE, str(key))
    request, is_new = OutreachRequest.objects.get_or_create(
        pk=key,
        defaults={
            **kept,
            "received_at": now,
            "answer_due_at": add_working_days(now, ANSWER_IN_DAYS),
            "channel": channel,
            "language": language,
            "is_held": is_held,
            "contact": sealing.seal(email, PURPOSE) if email else None,
            "digest": links.digest_of(PURPOSE, secret),
        },
    )
    if is_new:
        audit.log(by, "request.received", request)
    return request


@transaction.atomic
def release(worker, request):
    """A held request is a real one: it joins the others."""
    request = _locked(request)
    if request.is_held:
        request.is_held = False
        request.save(update_fields=["is_held"])
        audit.log(worker, "request.released", request)
    return request


@transaction.atomic
def discard(worker, request):
    """Throw away a held request that is no request; sent twice, gone once."""
    rows = OutreachRequest.objects.filter(pk=request.pk, is_held=True)
    if rows.exists():
        audit.log(worker, "request.discarded", request)
        rows.delete()


@transaction.atomic
def acknowledge(worker, request):
    """Tell the sender that somebody has read it and will answer."""
    request = _locked(request)
    if request.status != Status.NEW:
        return request
    _move(request, Status.ACKNOWLEDGED, team=worker.team)
    audit.log(worker, "request.acknowledged", request)
    return request


@transaction.atomic
def agree(worker, request, *, key, site, day, workers, **details):
    """Agree on a day and a pair: the visit is planned, the sender is told.

    Sent twice, one visit. A visit that was called off gives way to the new one.
    Raises OutOfStep when the request has ended or has a day, and what planning a
    visit raises.
    """
    request = _locked(request)
    if request.status == Status.AGREED and str(request.visit_id) == str(key):
        return request
    if request.is_ended or _has_day(request):
        raise OutOfStep
    visit = planning.plan_visit(
        worker, key=key, site=site, day=day, workers=workers, **details
    )
    request.visit, request.agreed_at = visit, clock.cut(clock.now())
    request.told = ""  # another day than the one told is told too
    _move(request, Status.AGREED, team=visit.team)
    audit.log(worker, "request.agreed", request)
    return request


@transaction.atomic
def decline(worker, request, *, reason):
    """Say that we cannot come, with a listed reason. Raises OutOfStep when agreed."""
    request = _locked(request)
    if request.status == Status.DECLINED:
        return request
    if _has_day(request) or request.status == Status.CLOSED:
        raise OutOfStep
    request.decline_reason = reason
    _end(request, Status.DECLINED)
    audit.log(worker, "request.declined", request)
    return request


@transaction.atomic
def close(worker, request):
    """The matter is done: we have been there, or it was settled otherwise."""
    request = _locked(request)
    if request.status == Status.CLOSED:
        return request
    if request.status == Status.DECLINED:
        raise OutOfStep
    _end(request, Status.CLOSED)
    audit.log(worker, "request.closed", request)
    return request


@transaction.atomic
def reopen(worker, request):
    """Take up an ended request again: it waits for a day, or has the one it had."""
    request = _locked(request)
    if not request.is_ended:
        return request
    request.closed_at, request.decline_reason = None, ""
    _move(request, Status.AGREED if request.visit_id else Status.ACKNOWLEDGED)
    audit.log(worker, "request.reopened", request)
    return request


def _locked(request):
    """The request as it stands now, held for this transaction."""
    return OutreachRequest.objects.select_for_update().get(pk=request.pk)


def _has_day(request):
    """Whether a day is agreed on and stands."""
    return request.status == Status.AGREED and not request.has_lost_day


def _end(request, status):
    request.closed_at = clock.cut(clock.now())
    _move(request, status)


def _move(request, status, team=None):
    request.status = status
    request.is_held = False
    request.team = team or request.team
    request.first_response_at = request.first_response_at or clock.cut(clock.now())
    request.save()


# --- Mails --------------------------------------------------------------------


def owed():
    """Requests whose sender waits for a mail: the standing is not the one told."""
    rows = OutreachRequest.objects.exclude(contact=None).filter(is_held=False)
    rows = rows.select_related("visit").order_by("received_at")
    return [row for row in rows if row.told != row.standing]


def address_of(request):
    """The sender's address, or None when it cannot be opened (another installation)."""
    return sealing.unseal(request.contact, PURPOSE)


@transaction.atomic
def note_told(request):
    """The sender knows this standing now; with the last one the address goes."""
    row = OutreachRequest.objects.select_for_update().get(pk=request.pk)
    row.told = request.standing
    if row.is_ended and row.told == row.status:
        row.contact = None
    row.save(update_fields=["told", "contact"])


def drop_contact(request):
    """Forget an address that takes no mail."""
    OutreachRequest.objects.filter(pk=request.pk).update(contact=None)


# --- What time deletes --------------------------------------------------------


def forget_contacts(before, *, dry_run=False):
    """Forget addresses of requests ended, or received long, before this day."""
    moment = clock.at(before)
    held = OutreachRequest.objects.exclude(contact=None)
    rows = held.filter(closed_at__lt=moment)
    return rows.count() if dry_run else rows.update(contact=None)


def forget_words(before, *, dry_run=False):
    """Empty the words of requests received before this day; what is coded stays."""
    old = OutreachRequest.objects.filter(received_at__lt=clock.at(before))
    rows = old.exclude(why="", wish="", place="–", contact=None)
    if dry_run:
        return rows.count()
    return rows.update(why="", wish="", place="–", contact=None)


def forget_held(before, *, dry_run=False):
    """Throw away what was held and nobody took for a request."""
    rows = OutreachRequest.objects.filter(
        is_held=True, received_at__lt=clock.at(before)
    )
    return rows.count() if dry_run else rows.delete()[0]
