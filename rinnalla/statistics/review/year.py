"""One place's last twelve closed months, in parts of three and as a whole.

Only what was done is in it (visits, time, met, guided in all): figures that split
nobody and are live. Nothing here is compared with another place.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rinnalla.lib import clock
from rinnalla.statistics import sentences
from rinnalla.statistics.counting import month_after, months_before
from rinnalla.statistics.disclosure import NOT_APPLICABLE
from rinnalla.statistics.indicators import INDICATORS
from rinnalla.statistics.models import ACTIVITY
from rinnalla.statistics.published import last_closed
from rinnalla.statistics.report import NO_FIGURES, Cell, Chart, Grid, Report, Unit
from rinnalla.statistics.review.drawing import RateLine, rate_lines
from rinnalla.statistics.review.interval import Interval, dispersion_of, rate_of
from rinnalla.statistics.sentences import decimal, number

PART = 3
USED = ("I4", "T1", "T2")


@dataclass
class Part:
    """Some months of the year: their label, their numbers, and what these say."""

    label: str
    totals: dict
    guided: Interval | None

    @property
    def hours(self):
        """Hours on the spot times workers, where the time is known."""
        return self.totals["minutes"] / 60

    @property
    def range(self):
        """The limits in words: 0,9–1,6."""
        return self.guided and f"{decimal(self.guided.low)}–{decimal(self.guided.high)}"


def months_reviewed():
    """The first and the last of the twelve newest closed months."""
    last = last_closed()
    return months_before(last, 11), last


@dataclass
class Year:
    """A place's year: the whole of it, and the report that page and files read."""

    whole: Part
    report: Report

    @property
    def unit(self):
        return self.report.units[0]

    @property
    def visits(self):
        return number(self.whole.totals["visits"])

    @property
    def hours(self):
        return decimal(self.whole.hours)

    @property
    def met(self):
        return number(self.whole.totals["met"])

    @property
    def guided(self):
        return number(self.whole.totals["guided"])


def year_of(scope):
    """The twelve months of the place of this scope."""
    first, last = months_reviewed()
    months = scope.months(first, last)
    spread = _spread(scope, first, last)
    whole = _part(_("12 months"), months, first, 12, spread)
    parts = [
        _part(_label(start), months, start, PART, spread)
        for start in (months_before(first, -back) for back in range(0, 12, PART))
    ]
    title = _("Review of the need, %(place)s") % {"place": scope.site}
    unit = _unit(scope, whole, parts, first, last)
    return Year(whole, Report(title, scope, first, last, [unit]))


def _label(start):
    """Three months by their short names: Nov–Jan."""
    names = (start.month, months_before(start, 1 - PART).month)
    return "–".join(str(sentences.MONTHS_SHORT[month - 1]) for month in names)


def _spread(scope, first, last):
    """How many times more the year's days differ than chance explains."""
    rows = scope.days().filter(day__gte=first, day__lt=month_after(last))
    return dispersion_of(rows.values_list("timed_guided", "minutes"))


def _part(label, months, start, length, spread):
    totals = dict(NO_FIGURES)
    for back in range(length):
        row = months.get(months_before(start, -back), NO_FIGURES)
        for name in ACTIVITY:
            totals[name] += row[name]
        totals["is_revised"] |= row["is_revised"]
    guided = rate_of(totals["timed_guided"], totals["minutes"] / 60, spread)
    return Part(label, totals, guided)


def _unit(scope, whole, parts, first, last):
    headline = _headline(whole)
    return Unit(
        key="need",
        headline=headline,
        subtitle=_("Guided per field hour, %(scope)s, %(first)s – %(last)s")
        % {
            "scope": scope.name,
            "first": sentences.month_name(first),
            "last": sentences.month_name(last),
        },
        chart=_chart(headline, [*parts, whole]),
        grid=_grid(whole, parts),
        indicators=[INDICATORS[code] for code in USED],
        notes=_notes(whole),
        updated=clock.now(),
    )


def _headline(whole):
    if whole.guided is None:
        return _("Nothing can be said of guidance in an hour: no time is known.")
    return _(
        "%(rate)s guided in a field hour; the data lets us say %(low)s–%(high)s."
    ) % {
        "rate": decimal(INDICATORS["I4"].figure(whole.totals)),
        "low": decimal(whole.guided.low),
        "high": decimal(whole.guided.high),
    }


def _chart(headline, rows):
    lines = [
        RateLine(row.label, f"{decimal(row.guided.rate)} ({row.range})", *row.guided)
        if row.guided
        else RateLine(row.label, f"[{NOT_APPLICABLE}]")
        for row in rows
    ]
    lines[-1] = lines[-1]._replace(is_whole=True)
    label = _("Dots with lines, guided per field hour. %(headline)s") % {
        "headline": headline
    }
    return Chart(rate_lines(lines, label), rate_lines(lines, label, narrow=True))


def _grid(whole, parts):
    headers = [
        *(_("Months"), _("Visits"), _("Field hours"), _("Met"), _("Guided")),
        *(_("Per hour"), _("at least"), _("at most")),
    ]
    return Grid(
        _("The year in parts"),
        headers,
        [(part.label, _cells(part)) for part in parts],
        (whole.label, _cells(whole)),
        _no_time() if any(row.guided is None for row in parts) else "",
    )


def _no_time():
    return _("[z] = no figure: there is no known time to divide by.")


def _cells(part):
    mark = "r" if part.totals["is_revised"] else ""
    counted = [
        Cell(number(part.totals[name]), mark, part.totals[name])
        for name in ("met", "guided")
    ]
    visits = part.totals["visits"]
    hours = Cell(decimal(part.hours), mark, round(part.hours, 2))
    return [Cell(number(visits), mark, visits), hours, *counted, *_rates(part.guided)]


def _rates(guided):
    if guided is None:
        return [Cell(f"[{NOT_APPLICABLE}]", NOT_APPLICABLE)] * 3
    return [Cell(decimal(value), "", round(value, 3)) for value in guided]


def _notes(whole):
    notes = [
        _(
            "Chance moves a number like this. The limits are reckoned so that 95 times "
            "of 100 the true number is within them; they are wider where visits differ "
            "much from each other."
        )
    ]
    untimed = whole.totals["visits"] - whole.totals["timed_visits"]
    if untimed > 0:
        sentence = ngettext(
            "The time of %(n)s visit is not known; it is left out of this.",
            "The time of %(n)s visits is not known; they are left out of this.",
            untimed,
        )
        notes.append(sentence % {"n": number(untimed)})
    return notes
