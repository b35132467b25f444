"""What is done with places and visits: the only code of this room that writes.

Every action is safe to send twice: the second time it changes nothing and gives back
what the first made. An action that no longer fits the visit raises `OutOfStep`.
"""

import uuid
from base64 import urlsafe_b64encode
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.crypto import salted_hmac

from rinnalla.access import audit
from rinnalla.access.models import Team
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.lib.prepared import insert
from rinnalla.planning import familiar, kinds
from rinnalla.planning.models import (
    MISTAKEN,
    GuestLink,
    MadeFile,
    PublicLine,
    Site,
    SiteCard,
    StaleMonth,
    Visit,
    digest_of,
)
from rinnalla.planning.safety.actions import end_passes_soon

Status = Visit.Status
# A print the worker process has not made by then is asked for anew.
ASK_AGAIN_AFTER = timedelta(minutes=2)


class OutOfStep(Exception):
    """The visit has moved on: what was asked cannot be done to it any more."""


class Recorded(Exception):
    """Something was recorded on the visit: was it not held after all?"""


class SoloReasonNeeded(Exception):
    """One goes with too few people to a place that asks why; no reason was given."""


class CardMovedOn(Exception):
    """Somebody saved the card meanwhile; `newest` is the version that holds now."""

    def __init__(self, newest):
        super().__init__(newest.version)
        self.newest = newest


def mark_stale(site, day):
    """Say that a site's figures of this day's month wait for a recount.

    Called inside the transaction of the action that changes a figure.
    """
    insert([StaleMonth(site=site, month=day.replace(day=1))])


# --- Places ------------------------------------------------------------------


@transaction.atomic
def save_site(worker, site, *, responsible):
    """Keep a new or changed place and who looks after it.

    An ad hoc place saved here becomes a real one; its visits stay with it. Two new
    ones of a name at once are one: the second gets the first.
    """
    is_new = site.pk is None
    Team.objects.select_for_update().get(pk=site.team_id)
    twin = _same(site, is_ad_hoc=False).first() if is_new else None
    if twin:
        return twin
    site.is_ad_hoc = False
    site.save()
    site.responsible.set(responsible)
    if site.kind in kinds.all_kinds().homes:
        _take_off_line(worker, site)
    audit.log(worker, "site.made" if is_new else "site.changed", site)
    return site


def _take_off_line(worker, site):
    """A place that turned out to be a home leaves the public pages."""
    line = PublicLine.objects.filter(site=site, is_shown=True).first()
    if line:
        line.is_shown = False
        line.save(update_fields=["is_shown"])
        audit.log(worker, "line.taken_off", line)


def _same(site, **over):
    """Places of the same team, municipality and name."""
    same = {"team": site.team_id, "municipality": site.municipality_id}
    return Site.objects.filter(name=site.name, **same, **over)


@transaction.atomic
def retire_site(worker, site):
    """Stop going to a place; its card and visits stay readable."""
    if not site.is_retired:
        site.retired_on = clock.today()
        site.save(update_fields=["retired_on"])
        audit.log(worker, "site.retired", site)
    return site


@transaction.atomic
def unmake_site(worker, site):
    """Take back a place nobody has been to: it loses its name and leaves every list.

    The row stays, as figures that were published may count it. A place with a visit
    or a card is left as it is.
    """
    if site.visits.exists() or site.cards.exists():
        return site
    site.name, site.area = _neutral_name(site), ""
    site.is_ad_hoc, site.retired_on = True, clock.today()
    site.save(update_fields=["name", "area", "is_ad_hoc", "retired_on"])
    audit.log(worker, "site.unmade", site)
    return site


@transaction.atomic
def bring_back_site(worker, site):
    """Take a retired place into use again."""
    if site.retired_on is not None:
        take_up_rhythm(site)
        site.retired_on = None
        site.save(update_fields=["retired_on"])
        audit.log(worker, "site.brought_back", site)
    return site


def take_up_rhythm(site):
    """Let the rhythm that ended with a place's last day go on again."""
    newest = site.rhythms.order_by("-since", "-pk").first()
    if newest and newest.until and newest.until == site.last_day:
        newest.until = None
        newest.save(update_fields=["until"])


@transaction.atomic
def place_for(*, team, municipality, kind, name, by=None):
    """The team's place of this name for an unplanned visit; made ad hoc if unknown.

    A real site of the same name and municipality wins, so that one corner does not
    become two; an ad hoc one that was retired is taken into use again.
    """
    same = Site.objects.not_retired().filter(
        team=team, municipality=municipality, name=name
    )
    found = same.order_by("is_ad_hoc", "pk").first()
    if found:
        return found
    site, _ = Site.objects.get_or_create(
        team=team,
        municipality=municipality,
        name=name,
        is_ad_hoc=True,
        defaults={"kind": kind, "required_staffing": 1},
    )
    return bring_back_site(by, site)


@transaction.atomic
def save_card(worker, site, *, base, texts, review_due_on=None, **decided):
    """Write the next version of a site's card and return it.

    `base` is the version the writer started from (0 for none), `texts` the five
    headings and the safety note by field name; `decided` is how a review of the need
    ended: decision, decided_why, moved_to. Raises CardMovedOn when somebody else saved
    meanwhile; the same save sent twice gives the first's version.
    """
    Site.objects.select_for_update().get(pk=site.pk)
    newest = site.cards.newest()
    version = newest.version if newest else 0
    written = {**texts, "review_due_on": review_due_on, **decided}
    is_same = newest and all(getattr(newest, k) == v for k, v in written.items())
    if is_same and (version == base + 1 or newest.reviewed_on == clock.today()):
        return newest
    if version != base:
        raise CardMovedOn(newest)
    card = SiteCard.objects.create(
        site=site,
        version=version + 1,
        reviewed_on=clock.today(),
        written_by=worker,
        **written,
    )
    audit.log(worker, "card.reviewed" if decided else "card.saved", card)
    return card


# --- Visits ------------------------------------------------------------------


@transaction.atomic
def plan_visit(worker, *, key, site, day, workers, **details):
    """Plan a visit to a site. `key` is born with the form: sent twice, one visit.

    `details` are fields of Visit by name. Raises SoloReasonNeeded.
    """
    made = Visit.objects.filter(pk=key, team=site.team).first()
    if made:
        return made
    _ask_why_alone(Visit(site=site, **details), len(workers))
    visit, is_new = _born(worker, key, site, day=day, **details)
    if not is_new:
        return visit
    visit.workers.set(workers)
    mark_stale(site, day)
    audit.log(worker, "visit.planned", visit)
    return visit


@transaction.atomic
def change_visit(worker, visit, *, workers, **details):
    """Change what was planned; an ended visit is reopened first. Raises OutOfStep."""
    visit = _locked(visit)
    if visit.status not in (Status.PLANNED, Status.UNDER_WAY):
        raise OutOfStep
    _mark(visit)
    if details.get("site", visit.site) != visit.site:
        # Another place promised nothing.
        visit.rhythm, visit.slot, visit.move_reason = None, None, ""
        details.pop("move_reason", None)
    for field, value in details.items():
        setattr(visit, field, value)
    _ask_why_alone(visit, len(workers))
    visit.team = visit.site.team
    visit.save()
    visit.workers.set(workers)
    _mark(visit)
    audit.log(worker, "visit.changed", visit)
    return visit


@transaction.atomic
def move_visit(worker, visit, *, day, reason="", **hours):
    """Move a planned visit to another day, and hour when `starts`, `ends` are given.

    The day its rhythm promised (`slot`) stays, so that what was kept can be told from
    what was moved. Sent twice, moved once. Raises OutOfStep when it is not planned.
    """
    visit = _locked(visit)
    if visit.status != Status.PLANNED:
        raise OutOfStep
    changes = {"day": day, **hours}
    if all(getattr(visit, field) == value for field, value in changes.items()):
        return visit
    _mark(visit)
    for field, value in changes.items():
        setattr(visit, field, value)
    visit.move_reason = reason
    visit.save(update_fields=[*changes, "move_reason"])
    _mark(visit)
    audit.log(worker, "visit.moved", visit)
    return visit


@transaction.atomic
def change_hands(worker, visit, *, workers):
    """Change who goes on a planned visit. Raises OutOfStep when it is not planned."""
    visit = _locked(visit)
    if visit.status != Status.PLANNED:
        raise OutOfStep
    if set(visit.workers.all()) != set(workers):
        visit.workers.set(workers)
        _mark(visit)
        audit.log(worker, "visit.hands_changed", visit)
    return visit


@transaction.atomic
def start_visit(worker, visit, *, solo_reason="", at=None):
    """Begin: the starter is one of those who are there. Sent twice, begun once.

    `at` is given when it began already, out of the network: nobody could be asked.
    Else raises SoloReasonNeeded when the place asks why one goes alone; OutOfStep
    when the visit has ended or was cancelled.
    """
    visit = _locked(visit)
    if visit.status == Status.UNDER_WAY:
        return visit
    if visit.status != Status.PLANNED:
        raise OutOfStep
    visit.workers.add(worker)
    visit.solo_reason = solo_reason or visit.solo_reason
    if at is None:
        _ask_why_alone(visit, visit.workers.count())
    visit.status = Status.UNDER_WAY
    visit.started_at = at or clock.cut(clock.now())
    visit.save(update_fields=["status", "started_at", "solo_reason"])
    _mark(visit)
    audit.log(worker, "visit.started", visit)
    return visit


@transaction.atomic
def street_visit(worker, *, key, site, type="planned", at=None):
    """A visit that begins at once, unplanned, by one tap. Sent twice, begun once.

    Nobody is asked why they are alone before the first person is met: the reason
    can be given in the wrap-up (`note_solo_reason`). `at` is given when it began
    already, out of the network.
    """
    at = at or clock.cut(clock.now())
    visit, is_new = _born(
        worker,
        key,
        site,
        day=clock.local(at).date(),
        type=type,
        was_planned=False,
        status=Status.UNDER_WAY,
        started_at=at,
    )
    if not is_new:
        return visit
    visit.workers.add(worker)
    mark_stale(site, visit.day)
    audit.log(worker, "visit.started", visit)
    return visit


@transaction.atomic
def take_back_start(worker, visit):
    """Undo a start made by mistake: the visit waits again as it was planned.

    One that was begun on the spot has no plan to return to: it is called off with the
    listed reason. Sent twice, taken back once. Raises OutOfStep when the visit has
    ended or anything has been recorded on it.
    """
    visit = _locked(visit)
    if visit.status == Status.PLANNED or visit.cancel_reason == MISTAKEN:
        return visit
    if visit.status != Status.UNDER_WAY or visit.is_recorded:
        raise OutOfStep
    visit.status = Status.PLANNED if visit.was_planned else Status.CANCELLED
    visit.cancel_reason = "" if visit.was_planned else MISTAKEN
    visit.started_at = None
    visit.save(update_fields=["status", "cancel_reason", "started_at"])
    _mark(visit)
    audit.log(worker, "visit.start_taken_back", visit)
    return visit


@transaction.atomic
def note_solo_reason(worker, visit, *, reason):
    """Say afterwards why one went alone."""
    visit = _locked(visit)
    if visit.solo_reason != reason:
        visit.solo_reason = reason
        visit.save(update_fields=["solo_reason"])
        audit.log(worker, "visit.changed", visit)
    return visit


@transaction.atomic
def finish_visit(worker, visit, *, minutes=None, at=None):
    """End a visit: time on the spot and how many of us were there are kept.

    A planned visit may be ended without a start (recorded afterwards). `minutes` is
    given when somebody knows better than the clock, `at` when it ended earlier, out
    of the network. Raises OutOfStep when cancelled.
    """
    visit = _locked(visit)
    if visit.status == Status.DONE:
        return visit
    if visit.status == Status.CANCELLED:
        raise OutOfStep
    visit.ended_at = visit.ended_at or at or clock.cut(clock.now())
    visit.minutes = _minutes(visit) if minutes is None else minutes
    there = visit.workers.count()
    # Once names are forgotten, what was kept of an old visit stays.
    if there or visit.staff is None:
        visit.staff = max(1, there)
        visit.is_familiar = familiar.on_visit(visit)
    visit.status = Status.DONE
    kept = ("status", "ended_at", "minutes", "staff", "is_familiar")
    visit.save(update_fields=kept)
    end_passes_soon(visit.workers.all())
    _mark(visit)
    audit.log(worker, "visit.finished", visit)
    return visit


@transaction.atomic
def cancel_visit(worker, visit, *, reason, leaves_records=False):
    """Call a planned visit off with a listed reason.

    One that has begun is ended, not called off: what was tapped on it stands, and
    what a phone still holds finds its place. Raises OutOfStep for these. Raises
    Recorded when a guest has counted on it, unless it is said that these records
    shall stay out of the figures (they come back when it is opened again).
    """
    visit = _locked(visit)
    if visit.status == Status.CANCELLED:
        return visit
    if visit.status != Status.PLANNED:
        raise OutOfStep
    if visit.is_recorded and not leaves_records:
        raise Recorded
    visit.status = Status.CANCELLED
    visit.cancel_reason = reason
    visit.save(update_fields=["status", "cancel_reason"])
    _mark(visit)
    audit.log(worker, "visit.cancelled", visit)
    return visit


@transaction.atomic
def reopen_visit(worker, visit):
    """Open an ended or cancelled visit for correcting, at the latest the next day.

    A coordinator may do so later too. Raises OutOfStep when it is too late.
    """
    visit = _locked(visit)
    if visit.status in (Status.PLANNED, Status.UNDER_WAY):
        return visit
    if not may_reopen(worker, visit):
        raise OutOfStep
    was_done = visit.status == Status.DONE
    visit.status = Status.UNDER_WAY if was_done else Status.PLANNED
    visit.cancel_reason = ""
    visit.save(update_fields=["status", "cancel_reason"])
    _mark(visit)
    audit.log(worker, "visit.reopened", visit)
    return visit


def may_reopen(worker, visit):
    """Whether this person may still correct an ended visit."""
    is_early = clock.today() <= visit.correctable_until
    return is_early or worker.role == Role.COORDINATOR


@transaction.atomic
def note_familiar():
    """Say of ended visits whether a familiar face went, where nobody has; how many."""
    found = familiar.unsaid_visits()
    visits = Visit.objects.in_bulk(list(found))
    for key, visit in visits.items():
        visit.is_familiar = found[key]
    Visit.objects.bulk_update(visits.values(), ["is_familiar"], batch_size=200)
    months = {(visit.site_id, visit.day.replace(day=1)) for visit in visits.values()}
    StaleMonth.objects.bulk_create(StaleMonth(site_id=s, month=m) for s, m in months)
    return len(visits)


def _mark(visit):
    """Mark the month of a visit and, when it was moved out of it, of its slot."""
    mark_stale(visit.site, visit.day)
    slot = visit.slot or visit.day
    if (slot.year, slot.month) != (visit.day.year, visit.day.month):
        mark_stale(visit.site, slot)


def _locked(visit):
    """The visit as it stands now, held for this transaction."""
    visits = Visit.objects.select_related("site", "team")
    return visits.select_for_update(of=("self",)).get(pk=visit.pk)


def _born(worker, key, site, **fields):
    """The visit of this key, and whether it was made now; two at once make one.

    A key another team's visit already has is left alone: a new one is drawn.
    """
    if Visit.objects.filter(pk=key).exclude(team=site.team).exists():
        key = uuid.uuid4()
    whose = {"site": site, "team": site.team, "organisation": worker.organisation}
    return Visit.objects.get_or_create(pk=key, defaults=whose | fields)


def _ask_why_alone(visit, workers):
    if visit.asks_why_alone(workers):
        raise SoloReasonNeeded


def _minutes(visit):
    """Minutes on the spot: what was kept, the clock's, the plan's, or None.

    A visit left open over midnight says nothing by the clock; then the plan does.
    """
    if visit.minutes is not None:
        return visit.minutes
    if visit.started_at:
        spent = visit.ended_at - visit.started_at
        if clock.local(visit.ended_at).date() == visit.day:
            return max(5, int(spent.total_seconds()) // 60)
    if visit.starts and visit.ends:
        start, end = (t.hour * 60 + t.minute for t in (visit.starts, visit.ends))
        return max(0, end - start)
    return None


# --- Guests ------------------------------------------------------------------


@transaction.atomic
def make_guest_link(worker, visit, *, nonce):
    """Make a link for a guest of one visit; return the link and its secret.

    `nonce` is born with the form: the same form sent twice gives the same link. The
    secret (256 bits) is known to the server's own key only, its digest is stored.
    """
    seed = f"{visit.pk}.{worker.pk}.{nonce}"
    secret = salted_hmac("planning.guest_secret", seed, algorithm="sha256").digest()
    token = urlsafe_b64encode(secret).decode().rstrip("=")
    link, is_new = GuestLink.objects.get_or_create(
        digest=digest_of(token),
        defaults={
            "visit": visit,
            "made_by": worker,
            "expires_at": clock.at(visit.day + timedelta(days=1), 2),
        },
    )
    if is_new:
        audit.log(worker, "guest_link.made", link)
    return link, token


@transaction.atomic
def revoke_guest_link(worker, link):
    """Close a guest's link at once."""
    if not link.is_revoked:
        link.is_revoked = True
        link.save(update_fields=["is_revoked"])
        audit.log(worker, "guest_link.revoked", link)
    return link


# --- Prints ------------------------------------------------------------------


@transaction.atomic
def ask_print(kind, key):
    """The file of a print, and whether it is to be made: new, or lost on the way."""
    now = clock.now()
    file, is_first = MadeFile.objects.get_or_create(
        kind=kind, key=key, defaults={"asked_at": now}
    )
    is_lost = file.content is None and file.asked_at < now - ASK_AGAIN_AFTER
    if is_lost:
        MadeFile.objects.filter(pk=file.pk).update(asked_at=now)
    return file, is_first or is_lost


def keep_print(key, content):
    """Keep what the worker process made of a print."""
    MadeFile.objects.filter(pk=key).update(content=content, made_at=clock.now())


def drop_prints(kind, key):
    """Throw away the made prints of one thing, whatever mark follows its key."""
    MadeFile.objects.filter(kind=kind, key__startswith=f"{key}.").delete()


# --- What time deletes -------------------------------------------------------


def delete_prints(before, *, dry_run=False):
    """Delete prints asked for before this day; how many."""
    return _delete(MadeFile.objects.filter(asked_at__lt=clock.at(before)), dry_run)


def delete_links(before, *, dry_run=False):
    """Delete guests' links that stopped opening before this day; how many."""
    return _delete(GuestLink.objects.filter(expires_at__lt=clock.at(before)), dry_run)


@transaction.atomic
def forget_place_names(before, *, dry_run=False):
    """Take the names from ad hoc places nobody has been to since this day; how many.

    A name typed for one visit may tell of somebody's home. The place and its visits
    stay; it is called by its municipality and number.
    """
    used = Visit.objects.filter(site=OuterRef("pk"), day__gte=before)
    sites = Site.objects.filter(~Exists(used), is_ad_hoc=True)
    named = [site for site in sites.select_related("municipality") if _is_named(site)]
    if dry_run:
        return len(named)
    for site in named:
        site.name, site.area = _neutral_name(site), ""
        if _same(site, is_ad_hoc=True).exists():
            site.name += f" · {site.pk}"
        site.save(update_fields=["name", "area"])
        audit.log(None, "site.name_forgotten", site)
    return len(named)


@transaction.atomic
def forget_workers(before, *, dry_run=False):
    """Forget who went on visits before this day; how many times somebody did.

    How many went stays on the visit (`staff`), as the figures need it.
    """
    went = Visit.workers.through.objects.filter(visit__day__lt=before)
    count = went.count()
    if not dry_run:
        went.delete()
    return count


def _is_named(site):
    return not site.name.startswith(_neutral_name(site))


def _neutral_name(site):
    return f"{site.municipality.name_fi} · {site.pk}"


def _delete(rows, dry_run):
    return rows.count() if dry_run else rows.delete()[0]
