"""Headlines of the rhythm of work, from whole templates; never a cause."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rinnalla.statistics.sentences import decimal, number


def per_cent(part):
    """A share that never parts from its sign at the end of a line."""
    return f"{decimal(part)}\N{NO-BREAK SPACE}%"


def days(middle):
    """A median of days: whole, or with its half."""
    return number(int(middle)) if middle == int(middle) else decimal(middle)


def kept_in_year(kept, promised, year, is_running):
    """How many of the promised days were kept."""
    values = {"kept": number(kept), "promised": number(promised), "year": year}
    if not promised:
        return _("No day was promised by a rhythm in %(year)d.") % values
    if is_running:
        template = ngettext(
            "So far in %(year)d, %(kept)s of %(promised)s promised day was kept.",
            "So far in %(year)d, %(kept)s of %(promised)s promised days were kept.",
            promised,
        )
    else:
        template = ngettext(
            "In %(year)d, %(kept)s of %(promised)s promised day was kept.",
            "In %(year)d, %(kept)s of %(promised)s promised days were kept.",
            promised,
        )
    return template % values


def faces_in_year(part, year):
    """How often somebody known by sight went; `part` in per cent, or None."""
    if part is None:
        template = _("Too few visits in %(year)d to say how often a known face went.")
        return template % {"year": year}
    template = _("A known face went on %(share)s of the visits in %(year)d.")
    return template % {"share": per_cent(part), "year": year}


def home_in_year(part, year):
    """How often home was reached by the agreed time."""
    if part is None:
        template = _("Too few check-ins in %(year)d to say how many ended in time.")
        return template % {"year": year}
    template = _("%(share)s of the check-ins of %(year)d ended by the agreed time.")
    return template % {"share": per_cent(part), "year": year}


def answered_in_year(half, most, year):
    """Within how many working hours requests were answered; `most` may be None."""
    if half is None:
        template = _("Too few answered requests in %(year)d to say how soon.")
        return template % {"year": year}
    values = {"half": decimal(half), "most": most and decimal(most), "year": year}
    if most is None:
        template = _(
            "In %(year)d, half of the requests were answered in %(half)s working hours."
        )
    else:
        template = _(
            "In %(year)d, half of the requests were answered in %(half)s working "
            "hours, nine tenths in %(most)s."
        )
    return template % values


def visited_in_year(middle, year):
    """In how many days half of the requests led to a visit; `middle` may be None."""
    if middle is None:
        template = _("Too few requests of %(year)d led to a visit to say how soon.")
        return template % {"year": year}
    template = _("Half of the visits asked for in %(year)d were made in %(days)s days.")
    return template % {"days": days(middle), "year": year}
