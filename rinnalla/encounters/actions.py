"""What is done with what was met: the only code of this room that writes.

Every action is one transaction: it stores, marks the site's month for a recount and
leaves one line in the audit log. What a phone tells comes as a batch of facts, and
`record_facts` marks and logs once for all of them.
"""

import uuid
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from rinnalla.access import audit
from rinnalla.access.roles import Role
from rinnalla.encounters import tally
from rinnalla.encounters.facts import (
    NOT_STARTED,
    SEALED,
    Fact,
    Refused,
    Shelf,
    new_encounter,
    runs,
)
from rinnalla.encounters.joining import joined, joined_all
from rinnalla.encounters.keeping import raw_before
from rinnalla.encounters.models import (
    NOBODYS_DEVICE,
    Count,
    Encounter,
    Mark,
    Observation,
    WrapUp,
)
from rinnalla.encounters.totals import totals_of, totals_of_all
from rinnalla.lib import clock
from rinnalla.lib.prepared import Prepared, insert
from rinnalla.planning.actions import finish_visit, mark_stale
from rinnalla.planning.models import Visit

DAYS_TO_WRAP_UP = 7
# Kinds that change no figure.
NO_FIGURE = ("mark", "mark_detail")
NOT_AS_MET = {"counts_as_met": False}


def is_sealed(visit):
    """Whether a visit is past correcting.

    Open while under way and until the next day's end; one that nobody has wrapped up
    waits a week for it.
    """
    if visit.status == Visit.Status.UNDER_WAY:
        return False
    today, last = clock.today(), visit.correctable_until
    if today <= last:
        return False
    is_wrapped = WrapUp.objects.filter(visit=visit, is_left_for_tomorrow=False).exists()
    return is_wrapped or today > last + timedelta(days=DAYS_TO_WRAP_UP)


def ask_open(visit, *, is_guest=False):
    """Raise Refused unless the visit has begun and may still be written to.

    A guest may be there alone and starts nothing: a planned visit takes their taps
    on its day.
    """
    is_begun = visit.status in (Visit.Status.UNDER_WAY, Visit.Status.DONE)
    is_planned = visit.status == Visit.Status.PLANNED
    if not is_begun and not (is_guest and is_planned and visit.day <= clock.today()):
        raise Refused(NOT_STARTED)
    if is_sealed(visit):
        raise Refused(SEALED)


# --- What a phone sends ------------------------------------------------------


@transaction.atomic(savepoint=False)
def record_facts(
    by, facts: list[Fact], *, action="encounters.recorded", are_new=False, evens=True
):
    """Store a batch in order and answer for each: None when stored, else why not.

    Marks each site's month once and writes one audit line for each visit touched. A
    guest (no `by`) leaves a line without a worker. `are_new` says that nothing here
    has these ids, `evens` is off when the caller asks for `evened_totals` afterwards.
    """
    refused = _closed({fact.visit.pk: fact.visit for fact in facts}, by is None)
    whys = [_why_not(fact, refused.get(fact.visit.pk)) for fact in facts]
    welcome = [fact for fact, why in zip(facts, whys, strict=True) if why is None]
    stored = iter(_put(welcome, are_new=are_new))
    answers = [next(stored) if why is None else why for why in whys]
    kept = [fact for fact, why in zip(facts, answers, strict=True) if why is None]
    _finish_all(by, kept, action, evens=evens)
    return answers


def _closed(visits, is_guest):
    """Which visits take nothing any more, and why."""
    refused = {}
    for visit in visits.values():
        try:
            ask_open(visit, is_guest=is_guest)
        except Refused as why:
            refused[visit.pk] = why.args[0]
    return refused


def _why_not(fact, refusal):
    """Why a fact is not let in; one that comes late passes a closed visit's door."""
    return None if refusal is SEALED and fact.is_late else refusal


def _put(facts, *, are_new=False):
    """Save facts in order; None for each that was stored, else why it was not."""
    answers = []
    for run in runs(facts):
        shelf = Shelf(run, are_new=are_new)
        answers += [_take(shelf, fact) for fact in run]
        _save(shelf)
    return answers


def _take(shelf, fact):
    try:
        shelf.take(fact)
    except Refused as why:
        return why.args[0]
    return None


def _save(shelf):
    """Save what a batch came to: new rows, changed fields, marks that are gone."""
    for rows in shelf.made.values():
        insert(list(rows.values()))
    for (model, names), rows in shelf.changed.items():
        model.objects.bulk_update(rows.values(), names)
    if shelf.gone:
        Mark.objects.filter(pk__in=shelf.gone).delete()


def _finish_all(by, facts, action, *, evens):
    """What `_finish` does, for all visits of a batch at once."""
    touched = Counter(fact.visit for fact in facts)
    figures = {fact.visit for fact in facts if fact.kind not in NO_FIGURE}
    for visit in _sharing_a_queue(figures) if evens else ():
        even_out(visit)
    for site, month in {(v.site, v.day.replace(day=1)) for v in figures}:
        mark_stale(site, month)
    for visit, count in touched.items():
        audit.log(by, action, visit, count=count)


def _sharing_a_queue(visits):
    """Of these visits the ones where two phones were told to count one queue."""
    if not visits:
        return []
    rows = Count.objects.filter(visit__in=visits, kind=Count.Kind.SAME_QUEUE)
    shared = set(rows.values_list("visit", flat=True))
    return [visit for visit in visits if visit.pk in shared]


# --- The end of a visit ------------------------------------------------------


@transaction.atomic
def wrap_up(by, visit, said, *, shown=None, is_left=False):
    """Keep what the pair says when a visit ends; sent again, it corrects.

    `said` is a cleaned WrapUpForm; what it does not hold stays as it is. Its `…_more`
    numbers become rows of their own, so that a partner's taps meanwhile stay. With
    `shown`, what the sender saw, its other fields are joined to what stands now.
    `is_left` leaves the visit waiting for tomorrow, unless it was wrapped up already.
    """
    ask_open(visit)
    before = said_of(visit)
    said = before | (said if shown is None else joined_all(before, shown, said))
    said["how"] = said["how"] or before["how"]
    _correct(visit, said, said["how"])
    if any(said[name] != before[name] for name in SEEN):
        _observe(visit, {name: said[name] for name in SEEN})
    kept = _keep_wrap_up(visit, said, is_left)
    _finish(by, visit, "encounters.wrapped_up")
    return kept


SEEN = ("phenomena", "thresholds", "text")
SAID = ("how", "atmosphere", "safety", "is_nobody_reached")


def said_of(visit):
    """What has been said of a visit's end so far, by the names of the form."""
    kept = WrapUp.objects.filter(visit=visit).first() or WrapUp()
    return {name: getattr(kept, name) for name in SAID} | seen_of(visit)


def seen_of(visit):
    """What a visit's observation says so far: choices and own words, or nothing."""
    seen = _observation_of(visit)
    return {name: getattr(seen, name) for name in SEEN}


def note(by, visit, *, text, shown=""):
    """Keep a visit's own words, which came alone; the choices beside them stay.

    `shown` is what the writer saw there: untouched, a partner's newer words stay.
    """
    # A refusal must not take the caller's transaction down, so it comes before.
    ask_open(visit)
    with transaction.atomic(savepoint=False):
        seen = _observation_of(visit)
        seen.text = joined(seen.text, shown, text)
        _keep_observation(seen)
        _finish(by, visit, "encounters.noted", is_figure=False)


def _correct(visit, said, how):
    """Add what the typed totals say is missing, or take out what is too much."""
    _say_how(visit, how)
    for kind in (Count.Kind.MET, Count.Kind.DECLINED, Count.Kind.ATTENDED):
        more = said.get(f"{kind}_more") or 0
        if more:
            Count.objects.create(visit=visit, kind=kind, number=more, how=how)
    for _number in range(said.get("guided_more") or 0):
        new_encounter(visit, uuid.uuid4(), None, None, NOT_AS_MET).save(
            force_insert=True
        )


def _say_how(visit, how):
    """Let the whole number of people met stand as counted, estimated or told.

    Rows are never changed: what stands otherwise is moved over by rows of its own.
    """
    met = Count.objects.filter(visit=visit, kind=Count.Kind.MET).exclude(how=how)
    sums = met.order_by().values_list("how").annotate(n=Sum("number"))
    moved = [(other, -number) for other, number in sums if number]
    if moved:
        moved.append((how, -sum(number for _other, number in moved)))
    Count.objects.bulk_create(
        Count(visit=visit, kind=Count.Kind.MET, number=number, how=other)
        for other, number in moved
    )


def _keep_wrap_up(visit, said, is_left):
    told = {name: said[name] for name in SAID}
    wrapped = WrapUp.objects.filter(visit=visit, is_left_for_tomorrow=False)
    told["is_left_for_tomorrow"] = is_left and not wrapped.exists()
    return WrapUp.objects.update_or_create(visit=visit, defaults=told)[0]


def _observe(visit, seen):
    """Replace what a visit showed."""
    observation = _observation_of(visit)
    for name, value in seen.items():
        setattr(observation, name, value)
    _keep_observation(observation)


def _keep_observation(observation):
    """One observation a visit: made, replaced, or taken away when empty."""
    if any(getattr(observation, name) for name in SEEN):
        observation.save()
    else:
        Observation.objects.filter(visit=observation.visit_id).delete()


def _observation_of(visit):
    """What a visit showed, as it stands; not yet saved when nothing was said."""
    for row in OBSERVED([visit.pk]):
        return Observation.from_db("default", OBSERVATION, row)
    return Observation(visit=visit, site=visit.site, day=visit.day)


OBSERVATION = [field.attname for field in Observation._meta.concrete_fields]
OBSERVED = Prepared(
    lambda visits: (
        Observation.objects.filter(visit__in=visits)
        .order_by("pk")
        .values_list(*OBSERVATION)
    )
)


def _finish(by, visit, action, *, count=1, is_figure=True):
    """Even out a shared queue, mark the month, leave one line in the log."""
    if is_figure:
        even_out(visit)
        mark_stale(visit.site, visit.day)
    audit.log(by, action, visit, count=count)


def evened_totals(visits):
    """The totals of these visits, {key: Totals}, a shared queue counted once.

    Where it was counted twice a moment ago, the row that evens it out is added.
    """
    found = totals_of_all([visit.pk for visit in visits])
    for visit in visits:
        if found[visit.pk].should_even != found[visit.pk].evened:
            even_out(visit)
            found[visit.pk] = totals_of(visit)
    return found


def even_out(visit):
    """Keep one shared queue counted once: add the row that makes the sum right.

    While two phones count the same queue, the greater figure is the visit's; the row
    belongs to nobody's phone. Switched off, it is taken back. The visit is held, as
    two phones would else even out from the same old sum.
    """
    switches = Count.objects.filter(visit=visit, kind=Count.Kind.SAME_QUEUE)
    if switches.aggregate(n=Sum("number"))["n"] is None:
        return
    Visit.objects.select_for_update().get(pk=visit.pk)
    totals = totals_of(visit)
    more = totals.should_even - totals.evened
    if more:
        Count.objects.create(
            visit=visit, device=NOBODYS_DEVICE, kind=Count.Kind.MET, number=more
        )


# --- From the desk: the paper tally, struck texts, what time deletes ----------


CALLED_OFF = _("This visit was called off. Reopen it in the plan first.")
TOO_EARLY = _("This visit is still to come. Enter its numbers when it is over.")
PURGED = _("The single records of this visit have been deleted by rule.")


class Changed(Exception):
    """Somebody recorded on the visit after the page was opened."""


def why_no_tally(worker, visit):
    """Why this person cannot enter the visit's numbers now, in words; None if they can.

    A coordinator may correct as long as the single records are kept.
    """
    if visit.status == Visit.Status.CANCELLED:
        return CALLED_OFF
    if visit.day > clock.today():
        return TOO_EARLY
    if visit.day < raw_before(clock.today()):
        return PURGED
    return SEALED if is_sealed(visit) and worker.role != Role.COORDINATOR else None


@transaction.atomic
def enter_tally(worker, visit, *, numbers, how, minutes, is_nobody_reached, seen):
    """Enter a visit's totals from paper: what differs becomes rows of its own.

    `numbers` is {(kind, code): total}, `minutes` the time on the spot or None, `seen`
    the digest of the totals the writer saw. The same totals again add nothing.
    Raises Changed when the totals have moved on and these are not the ones they
    moved to, Refused when the visit takes no more. The visit is done after this.
    """
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if why := why_no_tally(worker, visit):
        raise Refused(why)
    sums = tally.recorded(visit)
    rows = [
        Count(visit=visit, kind=kind, code=code, number=number - sums[kind, code])
        for (kind, code), number in numbers.items()
        if number != sums[kind, code]
    ]
    if rows and tally.digest(sums) != seen:
        raise Changed
    for row in rows:
        row.how = how
    Count.objects.bulk_create(rows)
    WrapUp.objects.update_or_create(
        visit=visit, defaults={"how": how, "is_nobody_reached": is_nobody_reached}
    )
    is_longer = _end_by_paper(worker, visit, minutes)
    if rows or is_longer:
        mark_stale(visit.site, visit.day)
        audit.log(worker, "tally.entered", visit, count=max(len(rows), 1))
    return len(rows)


def _end_by_paper(worker, visit, minutes):
    """Make the visit done and this long; says whether a done visit's length changed."""
    if visit.status != Visit.Status.DONE:
        finish_visit(worker, visit, minutes=minutes)
        return False
    is_longer = visit.minutes != minutes
    if is_longer:
        visit.minutes = minutes
        visit.save(update_fields=["minutes"])
    return is_longer


@transaction.atomic
def take_back(worker, encounter):
    """Take back a meeting from the desk; sent again, it changes nothing.

    Raises Refused when the visit takes no more corrections.
    """
    visit = encounter.visit
    if why := why_no_tally(worker, visit):
        raise Refused(why)
    if Encounter.objects.kept().filter(pk=encounter.pk).update(is_undone=True):
        _finish(worker, visit, "encounters.undone")


def why_no_words(worker, visit):
    """Why this person cannot write what a visit showed now; None if they can."""
    if visit.status == Visit.Status.PLANNED:
        return NOT_STARTED
    return why_no_tally(worker, visit)


@transaction.atomic
def say_seen(worker, visit, told, *, shown):
    """Keep what a visit showed, written at a desk; the wrap-up itself stays as it is.

    `shown` is what the page showed: untouched, what the pair said meanwhile stays.
    Raises Refused when the visit takes no more.
    """
    if why := why_no_words(worker, visit):
        raise Refused(why)
    _observe(visit, joined_all(seen_of(visit), shown, told))
    _finish(worker, visit, "encounters.observed")


@transaction.atomic
def strike_text(worker, observation):
    """Take away an observation's own words for good; its codes stay.

    Returns whether there still was something to take away.
    """
    struck = Observation.objects.filter(pk=observation.pk).exclude(text="")
    if not struck.update(text=""):
        return False
    audit.log(worker, "text.struck", observation)
    return True


@transaction.atomic
def keep_text(worker, visit, text):
    """Keep a visit's own words that a coordinator has freed of what named somebody.

    Also when the visit takes no more corrections; the observation's codes stay.
    """
    observation = _observation_of(visit)
    observation.text = text
    observation.save()
    mark_stale(visit.site, visit.day)
    audit.log(worker, "text.kept", observation)
    return observation


def delete_texts(before, *, dry_run=False):
    """Empty the own words of observations made before this day; the number."""
    old = Observation.objects.filter(day__lt=before).exclude(text="")
    return old.count() if dry_run else old.update(text="")


def drop_devices(before, *, dry_run=False):
    """Forget which phone recorded what on visits before this day; the number."""
    known = {"device__isnull": False}
    if dry_run:
        old = {"visit__day__lt": before, **known}
        return sum(model.objects.filter(**old).count() for model in RAW)
    return _in_steps(before, lambda rows: rows.update(device=None), **known)


def purge_raw(before):
    """Delete the meetings, marks and taps of visits before this day; the number.

    To be called when these months are sealed: their figures live on in the sealed
    counts only.
    """
    return _in_steps(before, lambda rows: rows.delete()[0])


RAW = (Count, Encounter, Mark)


def raw_visits(**which):
    """Visits that still hold single records."""
    holds = [
        Exists(model.objects.filter(visit=OuterRef("pk"), **which)) for model in RAW
    ]
    return Visit.objects.filter(holds[0] | holds[1] | holds[2])


def _in_steps(before, change, **which):
    """Change the single records of old visits; the number of rows.

    A hundred visits at a time, so that a phone never waits long for its turn.
    """
    old = Visit.objects.filter(day__lt=before, pk__in=raw_visits(**which))
    visits, changed = list(old.order_by("day").values_list("pk", flat=True)), 0
    for first in range(0, len(visits), 100):
        some = visits[first : first + 100]
        with transaction.atomic():
            for model in RAW:
                changed += change(model.objects.filter(visit__in=some, **which))
    return changed
