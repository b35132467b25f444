"""The page of the rhythm of work: was what was promised kept, and how soon we came.

Figures of the work, of no worker and of nobody met; the same parts as on every page of
figures.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from rinnalla.lib import charts, clock
from rinnalla.planning.models import Visit
from rinnalla.planning.rhythm.words import name_in_list
from rinnalla.statistics.counting import CALLED_OFF, MOVED, UNSAID
from rinnalla.statistics.disclosure import NOT_APPLICABLE, NOT_COLLECTED, share
from rinnalla.statistics.indicators import INDICATORS, nine_tenths
from rinnalla.statistics.published import start_of
from rinnalla.statistics.report import (
    Cell,
    Chart,
    Fold,
    Grid,
    Report,
    Unit,
    breaks_of,
    count,
    labels_of,
    missing_title,
    no_figure,
    said,
)
from rinnalla.statistics.rhythm import figures, sentences
from rinnalla.statistics.sentences import MONTHS_SHORT, decimal, number, span_name

CODES = ("I6", "I7", "I10", "I17", "I18", "I19")
CLOSED_YEARS = 3  # so many years of prisons' requests stand beside each other


def rhythm_report(scope, year):
    """Promised days, familiar faces, coming home and requests in a year."""
    first, last = date(year, 1, 1), date(year, 12, 1)
    months = figures.by_month(scope, first, last)
    units = [
        _promised(scope, year, months),
        _faces(scope, year, months),
    ]
    if not scope.municipality:  # nobody keeps where one came home from
        units.append(_home(scope, year))
    asked = figures.asked_by(_quarter, scope, first, last)
    quarters = Quarters(scope, year, asked)
    units += [_answers(quarters), _visits(quarters)]
    for change in breaks_of(CODES, first, last):
        for unit in units:
            if INDICATORS[change.about] in unit.every_indicator:
                unit.notes.append(change.sentence)
    title = _("The rhythm of the work %(year)d") % {"year": year}
    return Report(title, scope, first, last, units)


# --- Promised days ------------------------------------------------------------


def _promised(scope, year, months):
    whole = _whole(months.values())
    headline = sentences.kept_in_year(
        whole["kept"], whole["promised"], year, clock.today().year == year
    )
    part = INDICATORS["I7"].figure(whole)
    subtitle = _("Promised days by month, %(scope)s, %(year)d") % {
        "scope": scope.name,
        "year": year,
    }
    shown = _months_of(year)
    waiting = _not_ended(scope, year)
    return Unit(
        key="rhythm",
        headline=headline,
        subtitle=subtitle,
        big=number(whole["kept"]) if part is None else _per_cent(part).text,
        caption=_of_promised(whole["promised"]),
        second=number(whole["moved"] + whole["cancelled"]),
        second_caption=_("moved or called off"),
        chart=_month_chart(headline, months, shown),
        empty=_("The chart comes here when the first promised day has come."),
        grid=_month_grid(subtitle, months, shown, whole),
        folds=_why(scope, year),
        indicators=[INDICATORS["I7"]],
        missing=waiting,
        missing_title=missing_title([], waiting),
        notes=_not_promised(whole),
        updated=clock.now(),
    )


def _whole(rows):
    """The numbers of all months added up."""
    whole = Counter()
    for row in rows:
        whole.update(row)
    return whole


def _months_of(year):
    """The months of a year that have begun."""
    until = clock.today().month if clock.today().year == year else 12
    return [date(year, number, 1) for number in range(1, until + 1)]


def _of_promised(promised):
    return ngettext(
        "kept of %(n)s promised day.", "kept of %(n)s promised days.", promised
    ) % {"n": number(promised)}


def _month_chart(headline, months, shown):
    bars = [
        charts.MonthBar(
            str(MONTHS_SHORT[month.month - 1]),
            months.get(month, {}).get("kept", 0),
            is_current=True,
            is_silent=not months.get(month, {}).get("promised"),
        )
        for month in shown
    ]
    label = _("Bar chart, promised days kept by month. %(headline)s") % {
        "headline": headline
    }
    return Chart(
        charts.month_bars(bars, label),
        charts.month_bars(bars, label, narrow=True),
        has_bars=any(bar.number for bar in bars),
    )


_HOW = {
    "promised": gettext_lazy("Promised"),
    "kept": gettext_lazy("Kept"),
    "moved": gettext_lazy("Moved"),
    "cancelled": gettext_lazy("Called off"),
    "rest": pgettext_lazy("promised day", "Open"),
}


def _month_grid(caption, months, shown, whole):
    rows = [
        (formats.date_format(month, "F"), _month_cells(months.get(month, {})))
        for month in shown
    ]
    has_silent = any(not months.get(month, {}).get("promised") for month in shown)
    return Grid(
        caption,
        [_("Month"), *map(str, _HOW.values())],
        rows,
        (_("The year"), _month_cells(whole)),
        _("[x] = not collected: no rhythm promised a day.") if has_silent else "",
    )


def _month_cells(row):
    if not row.get("promised"):
        return [Cell(f"[{NOT_COLLECTED}]", NOT_COLLECTED)] * len(_HOW)
    rest = {"rest": row.get("open", 0) + row.get("none", 0)}
    return [count({**row, **rest}.get(name, 0)) for name in _HOW]


def _why(scope, year):
    """Why days were moved or called off, folded; nothing when none was."""
    found = figures.reasons(scope, date(year, 1, 1), date(year, 12, 1))
    names = labels_of("cancel_reason") | {UNSAID: _("No reason was given")}
    rows = [
        (f"{what}: {in_words}", [count(n)])
        for what, why in ((_HOW["moved"], MOVED), (_HOW["cancelled"], CALLED_OFF))
        for in_words, n in sorted((names.get(c, c), n) for c, n in found[why].items())
    ]
    title = _("Why days were moved or called off")
    grid = Grid(title, [_("Reason"), _("Days")], rows)
    return [Fold(title, grid, [], [])] if rows else []


def _not_promised(whole):
    """What the rhythm gave and nobody had promised, and what is not known."""
    notes = []
    if whole["holiday"]:
        notes.append(
            ngettext(
                "Not promised: %(n)s day that was a public holiday.",
                "Not promised: %(n)s days that were public holidays.",
                whole["holiday"],
            )
            % {"n": number(whole["holiday"])}
        )
    if whole["agreed"]:
        notes.append(
            ngettext(
                "Not promised: %(n)s day left out or moved beforehand with a reason.",
                "Not promised: %(n)s days left out or moved beforehand with a reason.",
                whole["agreed"],
            )
            % {"n": number(whole["agreed"])}
        )
    if whole["open"] or whole["none"]:
        notes.append(
            _(
                "Open: on %(none)s promised days no visit was planned, on %(open)s "
                "nobody has ended it."
            )
            % {"none": number(whole["none"]), "open": number(whole["open"])}
        )
    return notes


def _not_ended(scope, year):
    """Visits of promised days that nobody has ended: the place and the day."""
    rows = Visit.objects.seen().filter(
        site__in=scope.sites,
        slot__year=year,
        slot__lt=clock.today(),
        day__lt=clock.today(),
        status__in=(Visit.Status.PLANNED, Visit.Status.UNDER_WAY),
    )
    rows = rows.select_related("site").order_by("-day", "pk")
    return [
        _("%(place)s %(day)s has not been ended.")
        % {
            "place": name_in_list(row.site),
            "day": formats.date_format(row.day, "MONTH_DAY_FORMAT"),
        }
        for row in rows[:50]
    ]


# --- Quarters -----------------------------------------------------------------


@dataclass(frozen=True)
class Quarters:
    """Numbers of a year by the first day of a quarter; under None the whole year's."""

    scope: object
    year: int
    rows: dict

    @classmethod
    def of(cls, scope, year, months):
        """Numbers by month put together."""
        rows = defaultdict(Counter)
        for month, numbers in months.items():
            for period in (_quarter(month), None):
                rows[period].update(numbers)
        return cls(scope, year, rows)

    @property
    def whole(self):
        return self.rows[None]


def _quarter(day):
    return start_of("quarter", day)


def _quarter_unit(code, headline, headers, cells_of, quarters):
    """An indicator by quarter: those that have begun, and the year below them."""
    year = quarters.year
    subtitle = _("%(what)s, %(scope)s, %(year)d") % {
        "what": INDICATORS[code].name,
        "scope": quarters.scope.name,
        "year": year,
    }
    begun = [month for month in _months_of(year) if month.month % 3 == 1]
    rows = [(_name_of(at), cells_of(quarters.rows[at])) for at in begun]
    foot = (_("The year"), cells_of(quarters.whole))
    return Unit(
        key=code.lower(),
        headline=headline,
        subtitle=subtitle,
        grid=Grid(
            subtitle, [_("Quarter"), *headers], rows, foot, no_figure([*rows, foot])
        ),
        indicators=[INDICATORS[code]],
        updated=clock.now(),
    )


def _name_of(quarter):
    """A quarter without its year, which stands above the table: January–March."""
    return span_name("quarter", quarter).removesuffix(f" {quarter.year}")


def _said(figure):
    if figure is None:
        return Cell(f"[{NOT_APPLICABLE}]", NOT_APPLICABLE)
    return Cell(decimal(figure), "", round(figure, 2))


def _days(middle):
    """Days in the middle: whole ones, or a half where two share the middle."""
    if middle is None:
        return _said(None)
    return Cell(sentences.days(middle), "", middle)


def _per_cent(part):
    if part is None:
        return _said(None)
    return Cell(sentences.per_cent(part), "", round(part, 2))


def _faces(scope, year, months):
    quarters = Quarters.of(scope, year, months)
    part = INDICATORS["I6"].figure

    def cells(row):
        known = count(row["faces_known"]), count(row["familiar"])
        return [*known, _per_cent(part(row))]

    headline = sentences.faces_in_year(part(quarters.whole), year)
    headers = [_("Visits"), _("Known face"), _("Share")]
    return _quarter_unit("I6", headline, headers, cells, quarters)


def _home(scope, year):
    months = figures.returns_by_month(scope, date(year, 1, 1), date(year, 12, 1))
    quarters = Quarters.of(scope, year, months)
    part = INDICATORS["I10"].figure

    def cells(row):
        return [count(row["returns"]), _per_cent(part(row))]

    headline = sentences.home_in_year(part(quarters.whole), year)
    headers = [_("Check-ins ended"), _("By the agreed time")]
    return _quarter_unit("I10", headline, headers, cells, quarters)


# --- Requests -----------------------------------------------------------------


def _answers(quarters):
    def cells(asked):
        half, most = _answered_in(asked)
        return [count(asked.requests), count(asked.waiting), _said(half), _said(most)]

    headline = sentences.answered_in_year(*_answered_in(quarters.whole), quarters.year)
    headers = [_("Requests"), _("Waiting"), _("Half in, h"), _("Nine tenths in, h")]
    unit = _quarter_unit("I17", headline, headers, cells, quarters)
    unit.folds = _prisons(quarters.scope, quarters.year)
    unit.notes = _team_note(quarters.scope) + unit.notes
    return unit


def _answered_in(asked):
    """Working hours in which half, and nine tenths, of the requests were answered."""
    return INDICATORS["I17"].figure(asked), nine_tenths(asked.answer_hours)


def _team_note(scope):
    if not scope.team:
        return []
    return [_("A request is a team's once the team has taken it up.")]


def _visits(quarters):
    half = INDICATORS["I18"].figure

    def cells(asked):
        ended = count(len(asked.visit_days)), count(asked.unvisited)
        soon = _per_cent(share(asked.soon, asked.due))
        return [*ended, _days(half(asked)), soon]

    headline = sentences.visited_in_year(half(quarters.whole), quarters.year)
    headers = [_("Visited"), _("Ended without"), _("Half in, days"), _("In 14 days")]
    return _quarter_unit("I18", headline, headers, cells, quarters)


# --- From prisons: protected --------------------------------------------------


def _prisons(scope, year):
    """Requests for people about to be released; of the whole area only."""
    if scope.team or scope.municipality:
        return []
    found = figures.from_prisons(range(year, year - CLOSED_YEARS, -1))
    rows = [
        (str(one), _prison_cells(row))
        for one, row in found.items()
        if row["prison"] or one == year
    ]
    title = str(INDICATORS["I19"].name)
    headers = [_("Year"), _("Requests"), _("In 48 hours"), _("Share")]
    notes = []
    if year not in found:
        day = formats.date_format(figures.prison_closes_on(year), "DATE_FORMAT")
        notes.append(_("%(year)d is given on %(day)s.") % {"year": year, "day": day})
    if any(cells[0].is_protected for _label, cells in rows):
        notes.append(_PROTECTED % {"k": settings.DISCLOSURE_K})
    grid = Grid(title, headers, rows, note=no_figure(rows))
    return [Fold(title, grid, [INDICATORS["I19"]], notes)]


_PROTECTED = gettext_lazy(
    "[c] = protected: there were fewer than %(k)d requests, and so few could tell of "
    "one person's release."
)


def _prison_cells(row):
    part = INDICATORS["I19"].figure(row)
    return [said(row["prison"]), said(row["prison_in_time"]), _per_cent(part)]
