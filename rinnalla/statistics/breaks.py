"""When the way of counting changed: a definition's version, or the codes of a list.

The worker process compares what is in force with what was last noted and keeps the day
of each difference (`MethodChange`). Pages show it as a break, so that nobody reads a
new way of counting as a change on the street.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils import formats
from django.utils.translation import gettext as _

from rinnalla.access.models import Code
from rinnalla.statistics.counting import PEOPLE
from rinnalla.statistics.indicators import INDICATORS
from rinnalla.statistics.models import MethodChange

LISTS = (*PEOPLE, "phenomenon", "threshold", "cancel_reason")


@dataclass(frozen=True)
class Break:
    """What is counted another way from a day on, and a sentence about it."""

    about: str
    day: date
    sentence: str


def in_force():
    """What figures are made of today: each list's codes with groups, each version."""
    known = {
        code: {"version": indicator.version} for code, indicator in INDICATORS.items()
    } | {name: {} for name in LISTS}
    codes = Code.objects.filter(list__in=LISTS, is_retired=False)
    for name, code, group in codes.values_list("list", "code", "group"):
        known[name][code] = group
    return known


def breaks(names, first, before):
    """The breaks of these lists (name: what it is called) and indicators in the days
    from `first` until `before`, oldest first."""
    rows = MethodChange.objects.filter(about__in=names, day__lt=before)
    found = []
    for older, newer in pairwise(rows.order_by("about", "day")):
        if older.about == newer.about and newer.day >= first:
            said = _sentence(names[newer.about], older, newer)
            found.append(Break(newer.about, newer.day, said))
    return sorted(found, key=lambda one: one.day)


def _sentence(name, older, newer):
    day = formats.date_format(newer.day, "DATE_FORMAT")
    said = _("[b] %(what)s: counted in another way from %(day)s.") % {
        "what": name,
        "day": day,
    }
    parts = [said, *_differences(older, newer)]
    parts.append(_("Numbers before and after it are not fully comparable."))
    return " ".join(parts)


def _differences(older, newer):
    """What came and what went, in words; a new version needs none."""
    old, new = older.known, newer.known
    if "version" in new:
        return []
    labels = {code.code: code.label for code in Code.objects.of(newer.about)}
    pairs = (
        (_("New in the list: %(codes)s."), [c for c in new if c not in old]),
        (_("No longer in use: %(codes)s."), [c for c in old if c not in new]),
        (
            _("In another group: %(codes)s."),
            [c for c in new if c in old and new[c] != old[c]],
        ),
    )
    return [
        text % {"codes": ", ".join(labels.get(code, code) for code in codes)}
        for text, codes in pairs
        if codes
    ]
