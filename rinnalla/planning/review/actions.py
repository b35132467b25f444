"""What a review of the need decides of a place: go on, change, move or stop.

Each answer is the next version of the place's card, with how it ended and why, and what
follows from it, in one transaction. Raises CardMovedOn when the card has a newer
version than `base`; an answer sent twice gives the first's version.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from rinnalla.lib import clock
from rinnalla.planning.actions import (
    bring_back_site,
    cancel_visit,
    save_card,
    save_site,
    take_up_rhythm,
)
from rinnalla.planning.forms import CardForm
from rinnalla.planning.models import BookableSlot, Decision, Site, SiteCard, Visit


@transaction.atomic
def go_on(worker, site, *, base, why, review_due_on):
    """Go on as before: the card holds, and a day is set to look at it again."""
    said = {"decision": Decision.CONTINUE, "decided_why": why}
    texts = _texts_of(site)
    return _go_there(worker, site, base, texts, review_due_on, said)


@transaction.atomic
def change(worker, site, *, base, why, texts, review_due_on):
    """Go on in another way: `texts` are the headings of the card as they are now."""
    said = {"decision": Decision.CHANGE, "decided_why": why}
    return _go_there(worker, site, base, texts, review_due_on, said)


@transaction.atomic
def move(worker, site, *, base, why, to, last_day, review_due_on, reason=""):
    """Go to another place instead, from the day after `last_day`.

    `to` is a place there is, or the name of a new one, which gets this place's kind,
    town, people and card. Visits after the last day are called off for a listed
    `reason`, or left as they are without one.
    """
    texts = _texts_of(site)
    if isinstance(to, str):
        to = _place_like(worker, site, to)
    said = {"decision": Decision.MOVE, "decided_why": why, "moved_to": to}
    card = save_card(worker, site, base=base, texts=texts, **said)
    if not to.cards.exists():
        save_card(worker, to, base=0, texts=texts, review_due_on=review_due_on)
    _end(worker, site, last_day, reason)
    return card


@transaction.atomic
def stop(worker, site, *, base, why, last_day, reason=""):
    """Stop going after `last_day`; visits after it as in `move`."""
    said = {"decision": Decision.STOP, "decided_why": why}
    card = save_card(worker, site, base=base, texts=_texts_of(site), **said)
    _end(worker, site, last_day, reason)
    return card


def visits_ahead(site):
    """Visits planned from tomorrow on, and on which nothing is recorded."""
    planned = site.visits.seen().filter(status=Visit.Status.PLANNED)
    ahead = planned.filter(day__gt=clock.today())
    recorded = ahead.recorded().values("pk")
    return ahead.exclude(pk__in=recorded).order_by("day", "starts", "pk")


def _go_there(worker, site, base, texts, review_due_on, said):
    """The next version, of a place one goes to whatever was decided before."""
    card = save_card(
        worker, site, base=base, texts=texts, review_due_on=review_due_on, **said
    )
    bring_back_site(worker, Site.objects.get(pk=site.pk))
    return card


def _texts_of(site):
    card = site.cards.newest() or SiteCard()
    return {name: getattr(card, name) for name in CardForm.HEADINGS}


def _place_like(worker, site, name):
    """A place of this name, as the one we leave; one there is already is taken."""
    kept = (
        *("kind", "municipality", "host", "team", "required_staffing"),
        *("season_from", "season_to", "guided_counts_as_met"),
    )
    place = Site(name=name, **{field: getattr(site, field) for field in kept})
    return save_site(worker, place, responsible=site.responsible.all())


def _end(worker, site, last_day, reason):
    """From the day after on the place is retired, its rhythm and free times too."""
    take_up_rhythm(Site.objects.get(pk=site.pk))  # another last day was decided
    Site.objects.filter(pk=site.pk).update(retired_on=last_day + timedelta(days=1))
    goes_on = Q(until=None) | Q(until__gt=last_day)
    site.rhythms.filter(goes_on).update(until=last_day)
    free = BookableSlot.objects.filter(site=site, day__gt=last_day, booked_at=None)
    free.update(is_taken_back=True)
    if reason:
        for visit in visits_ahead(site).filter(day__gt=last_day):
            cancel_visit(worker, visit, reason=reason)
