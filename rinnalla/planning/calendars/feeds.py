"""Visits as a calendar others can read (RFC 5545): where and when, nothing else.

A home visit is called just that, and an unplanned place goes by its kind: a calendar
may lie on a phone or a service we know nothing of.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.planning import kinds
from rinnalla.planning.models import ONLINE, CalendarFeed, Visit

HOME = "home"
DAYS_BACK = 31
DAYS_AHEAD = 184
PRODUCT = "-//Rinnalla//FI"
# Written out: the European Union's rule, good for any year. What the library works out
# by itself begins summer time an hour late.
TIME_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Helsinki
BEGIN:DAYLIGHT
DTSTART:19970330T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
TZNAME:EEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
TZNAME:EET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Said:
    """What is told of one visit."""

    visit: Visit
    name: str
    where: str

    @property
    def checksum(self):
        """Changes when what is told changes, and never with the reader's language."""
        visit, site = self.visit, self.visit.site
        is_named = site.kind != HOME and not site.is_ad_hoc
        place = f"{site.name}|{site.area}" if is_named else site.kind
        told = (visit.day, visit.starts, visit.ends, is_cancelled(visit), place)
        return sha256(repr((*told, site.municipality_id)).encode()).hexdigest()


def is_cancelled(visit):
    """Whether the calendar strikes the visit through."""
    return visit.status == Visit.Status.CANCELLED


def visits_of(worker, kind):
    """The visits of a calendar: a month back, half a year ahead; by day."""
    today = clock.today()
    visits = Visit.objects.visible_to(worker).filter(
        day__gte=today - timedelta(days=DAYS_BACK),
        day__lte=today + timedelta(days=DAYS_AHEAD),
    )
    if kind == CalendarFeed.Kind.OWN:
        visits = visits.filter(workers=worker)
    visits = visits.select_related("site__municipality", "calendar_entry")
    return visits.order_by("day", "starts", "pk")


def said_of(visits):
    """What is told of each visit, in the reader's language."""
    known = kinds.all_kinds()
    return [Said(visit, name_of(visit, known), _where(visit)) for visit in visits]


def name_of(visit, known):
    """What a place is called outside the house; `known` are the kinds of places."""
    site = visit.site
    if site.kind == HOME:
        return _("Home visit")
    return known[site.kind].label if site.is_ad_hoc else site.name


def _where(visit):
    site = visit.site
    if site.kind in (HOME, ONLINE):
        return ""
    area = "" if site.is_ad_hoc else site.area
    return ", ".join(filter(None, [area, str(site.municipality)]))


def title_of(worker, kind):
    """What the calendar is called in the reader's list."""
    if kind == CalendarFeed.Kind.OWN:
        return _("Rinnalla: my visits")
    whose = worker.team or worker.organisation
    return _("Rinnalla: %(team)s") % {"team": whose.name}


def tag_of(title, told, entries):
    """A mark of the whole calendar, for a reader that asks whether it has changed."""
    parts = [get_language(), title]
    parts += [f"{said.name}{said.where}" for said in told]
    parts += [f"{e.visit_id}{e.sequence}{e.checksum}" for e in entries]
    return f'"{sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def write(title, told, entries, *, is_public=False):
    """The calendar as bytes; `entries` are the kept entries in the order of `told`.

    A public one is a place's own; a private one somebody's.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, title)
    calendar.add("x-wr-timezone", "Europe/Helsinki")
    calendar.add("refresh-interval", timedelta(hours=1), parameters=_DURATION)
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_time_zone())
    for said, entry in zip(told, entries, strict=True):
        calendar.add_component(_event(said, entry, is_public))
    return calendar.to_ical()


_DURATION = {"VALUE": "DURATION"}


@cache
def _time_zone():
    from icalendar import Timezone

    return Timezone.from_ical(TIME_ZONE.replace("\n", "\r\n"))


def _event(said, entry, is_public):
    from icalendar import Event

    visit, event = said.visit, Event()
    event.add("uid", str(visit.pk))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("summary", said.name)
    if said.where:
        event.add("location", said.where)
    for name, moment in _span(visit):
        event.add(name, moment)
    event.add("status", "CANCELLED" if is_cancelled(visit) else "CONFIRMED")
    event.add("class", "PUBLIC" if is_public else "PRIVATE")
    return event


def _span(visit):
    """When it begins and ends; a visit without an hour is an entry of the whole day."""
    if visit.starts is None:
        return [("dtstart", visit.day)]
    span = [("dtstart", _at(visit.day, visit.starts))]
    if visit.ends:
        is_over_midnight = visit.ends <= visit.starts
        day = visit.day + timedelta(days=1) if is_over_midnight else visit.day
        span.append(("dtend", _at(day, visit.ends)))
    return span


def _at(day, hour):
    """The moment; in UTC for an hour the clock has twice or not at all.

    Readers differ about those, so nothing is left for them to choose.
    """
    moment = datetime.combine(day, hour, tzinfo=clock.HELSINKI)
    is_sure = moment.utcoffset() == moment.replace(fold=1).utcoffset()
    return moment if is_sure else moment.astimezone(UTC)
