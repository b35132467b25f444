"""A place's coming days as an Atom feed."""

import uuid

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.planning.rhythm.words import hours
from rinnalla.planning.templatetags.days import day_words


def atom(site, line, address):
    """The feed's text: an entry a coming day. `address` is the place's own page."""
    today = clock.at(clock.today())
    made = Atom1Feed(
        title=site.name,
        link=address,
        description=None,
        language=get_language(),
        feed_url=f"{address}/feed",
        feed_guid=_guid(address),
    )
    for visit in filter(None, [line.next, *line.later]):
        made.add_item(
            title=_said(visit),
            link=address,
            description=site.name,
            unique_id=_guid(f"{address} {visit.day} {visit.starts}"),
            updateddate=today,
        )
    if line.fell_through:
        title = _("We do not come on %(day)s") % {"day": day_words(line.fell_through)}
        made.add_item(
            title=title,
            link=address,
            description=site.name,
            unique_id=_guid(f"{address} {line.fell_through} off"),
            updateddate=today,
        )
    return made.writeString("utf-8")


def _said(visit):
    if not visit.starts:
        return day_words(visit.day)
    said = {"day": day_words(visit.day), "hours": hours(visit.starts, visit.ends)}
    return _("%(day)s at %(hours)s") % said


def _guid(text):
    return uuid.uuid5(uuid.NAMESPACE_URL, text).urn
