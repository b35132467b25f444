"""What a page of figures says: units of headline, number, chart, table and meaning.

A report is made for one scope and one period and is read by the page, the files, the
print and the chart drawer alike, so that all say the same.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Sum
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from rinnalla.access.models import Code, Municipality
from rinnalla.lib import charts, clock
from rinnalla.planning.models import Site
from rinnalla.statistics import sentences
from rinnalla.statistics.breaks import breaks
from rinnalla.statistics.counting import month_after, months_before
from rinnalla.statistics.disclosure import (
    NOT_APPLICABLE,
    NOT_COLLECTED,
    PROTECTED,
    SHARE_BASE,
)
from rinnalla.statistics.indicators import INDICATORS, new_share, profile
from rinnalla.statistics.models import (
    ACTIVITY,
    MonthCount,
    MonthTotal,
    PublishedTable,
)
from rinnalla.statistics.published import (
    best_table,
    closes_on,
    guided_now,
    is_late,
    last_closed,
    start_of,
    tables_for,
)
from rinnalla.statistics.rhythm.figures import promised_in
from rinnalla.statistics.sentences import decimal, in_sentence, number
from rinnalla.statistics.tables import MONTHS, ONE_ANSWER

BARS = 8  # so many topics in a chart; the table has all
NO_FIGURES = dict.fromkeys(ACTIVITY, 0) | {"is_revised": False}
# Topic groups of the shipped lists; a county's own group is shown by its code.
GROUPS = {
    "money": gettext_lazy("Money and benefits"),
    "housing": gettext_lazy("Housing"),
    "everyday": gettext_lazy("Everyday life and work"),
    "health": gettext_lazy("Health and substances"),
    "services": gettext_lazy("Services and rights"),
    "people": gettext_lazy("People and safety"),
    "other": gettext_lazy("Other matters"),
}
# Lists that split no people, and what their changes are called.
LIST_NAMES = {
    "phenomenon": gettext_lazy("Phenomena noted"),
    "threshold": gettext_lazy("Thresholds people met"),
    "cancel_reason": gettext_lazy("Reasons for cancelling"),
}
DIMENSIONS = {
    "topic": pgettext_lazy("figures", "Topic"),
    "target_group": gettext_lazy("Target group"),
    "age_band": gettext_lazy("Age band"),
    "familiarity": gettext_lazy("New or returning"),
    "next_step": gettext_lazy("Next step"),
}
LIST_NAMES |= DIMENSIONS


@dataclass(frozen=True)
class Cell:
    """One number as it is said; `mark` is c, x, z, r or empty."""

    text: str
    mark: str = ""
    value: float | None = None

    @property
    def is_protected(self):
        return self.mark == PROTECTED


@dataclass
class Grid:
    """A small table: headers, rows of (label, cells), and a last row."""

    caption: str
    headers: list
    rows: list
    foot: tuple | None = None
    note: str = ""


@dataclass
class Chart:
    """The wide and the narrow drawing of the same figures, and the key under them."""

    wide: dict
    narrow: dict
    now: str = ""
    has_estimates: bool = False
    has_break: bool = False
    has_bars: bool = True
    wide_svg: str = ""
    narrow_svg: str = ""

    def show(self, drawn):
        """Take the drawings there are, by the digest of what they show."""
        self.wide_svg = drawn.get(charts.spec_hash(self.wide), "")
        self.narrow_svg = drawn.get(charts.spec_hash(self.narrow), "")

    @property
    def is_drawn(self):
        return bool(self.wide_svg and self.narrow_svg)

    @property
    def label(self):
        return self.wide["description"]


@dataclass
class Fold:
    """A split that is opened when wanted: a title, a table, what it means."""

    title: str
    grid: Grid
    indicators: list
    notes: list


@dataclass
class Unit:
    """One thing a page says, in its fixed order.

    `grid` holds every number; `short` the few that stand beside the chart.
    """

    key: str
    headline: str
    subtitle: str
    big: str = ""
    caption: str = ""
    second: str = ""
    second_caption: str = ""
    chart: Chart | None = None
    grid: Grid | None = None
    short: Grid | None = None
    empty: str = ""  # what stands where the chart will
    folds: list = field(default_factory=list)
    indicators: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    missing_title: str = ""
    notes: list = field(default_factory=list)
    updated: object = None
    is_live: bool = True

    @property
    def every_indicator(self):
        """The indicators of the unit and of what is folded in it."""
        return self.indicators + [i for fold in self.folds for i in fold.indicators]

    @property
    def every_note(self):
        """What is said of the unit, of its tables and of what is folded in it."""
        grids = [self.grid] + [fold.grid for fold in self.folds]
        folded = [note for fold in self.folds for note in fold.notes]
        return self.notes + folded + [grid.note for grid in grids if grid and grid.note]


@dataclass
class Report:
    """A page's units and what files and prints need to know of them."""

    title: str
    scope: object
    first: date
    last: date
    units: list
    is_waiting: bool = False

    @property
    def charts(self):
        return [unit.chart for unit in self.units if unit.chart]


# --- The reports --------------------------------------------------------------


def month_report(scope, month):
    """The month card: met, what was talked about, the month in brief."""
    start = months_before(month, 12)
    months = scope.months(start, month)
    units = [_met_in_month(scope, month, months)]
    if scope.shows_people:
        units.append(_topics(scope, "month", month))
    if scope.has_details:
        units.append(_brief(scope, month, month, months.get(month, NO_FIGURES)))
    title = sentences.month_name(month)
    return Report(title, scope, month, month, units)


def year_report(scope, year):
    """The year report: met by month, topics, and the splits published a year."""
    first, last = date(year, 1, 1), date(year, 12, 1)
    months = scope.months(date(year - 1, 1, 1), last)
    units = [_met_in_year(scope, year, months)]
    now = _sum(months, first, last)
    if scope.shows_people:
        units.append(_topics(scope, "year", _newest(first, last)))
        units += _people(scope, _newest(first, last))
    if scope.has_details:
        codes = ("I1", "I2", "I3", "I4", "I8", "I9")
        units.append(_brief(scope, first, last, now, codes))
    return Report(str(year), scope, first, last, units)


def place_report(scope, year):
    """One place in a year: met by month and, once the year has closed, the topics."""
    first, last = date(year, 1, 1), date(year, 12, 1)
    months = scope.months(date(year - 1, 1, 1), last)
    unit = _met_in_year(scope, year, months)
    unit.headline = f"{scope.site}: {unit.headline[0].lower()}{unit.headline[1:]}"
    units = [unit]
    if scope.shows_people:
        units.append(_topics(scope, "year", _newest(first, last)))
    totals, codes = _sum(months, first, last), ("I1", "I2", "I8")
    if scope.shows_people:
        totals |= promised_in(scope, first, last)
        codes = ("I1", "I2", "I6", "I7", "I8")
    units.append(_brief(scope, first, last, totals, codes))
    return Report(f"{scope.site}, {year}", scope, first, last, units)


def phenomena_report(scope, month):
    """What the street showed in the quarter that holds the month: times noted."""
    first = start_of("quarter", month)
    last = months_before(first, -2)
    when = sentences.span_name("quarter", first)
    units = [
        _noted_unit(scope, name, str(LIST_NAMES[name]), first, last, when)
        for name in ("phenomenon", "threshold")
    ]
    return Report(_("Phenomena, %(when)s") % {"when": when}, scope, first, last, units)


def _newest(first, last):
    """The newest closed month of a span, or its first month when none has closed."""
    return max(first, min(last, last_closed()))


def _sum(months, first, last):
    """The numbers of several months added up."""
    total = dict(NO_FIGURES)
    for month, row in months.items():
        if first <= month <= last:
            for name in ACTIVITY:
                total[name] += row[name]
            total["is_revised"] |= row["is_revised"]
    return total


# --- Met ----------------------------------------------------------------------


def _met_in_month(scope, month, months):
    now = months.get(month, NO_FIGURES)
    earlier = months_before(month, 1)
    before = months.get(earlier)
    is_running = month == clock.today().replace(day=1)
    headline = sentences.met_in_month(
        now["met"], before and before["met"], month, earlier, is_running
    )
    if month not in months and not is_running:
        headline = _("There are no records of %(month)s.") % {
            "month": sentences.month_name(month)
        }
    shown = [months_before(month, back) for back in range(11, -1, -1)]
    subtitle = _("Met by month, %(scope)s, %(first)s – %(last)s") % {
        "scope": scope.name,
        "first": sentences.month_name(shown[0]),
        "last": sentences.month_name(month),
    }
    return _met_unit(scope, headline, subtitle, now, months, shown, month)


def _met_in_year(scope, year, months):
    first, last = date(year, 1, 1), date(year, 12, 1)
    now = _sum(months, first, last)
    has_before = any(month.year < year for month in months)
    before = _sum(months, date(year - 1, 1, 1), date(year - 1, 12, 1))
    running = clock.today().year == year
    headline = sentences.met_in_year(
        now["met"], before["met"] if has_before else None, year, running
    )
    if not running and not any(first <= month <= last for month in months):
        headline = _("There are no records of %(month)s.") % {"month": year}
    subtitle = _("Met by month, %(scope)s, %(year)d") % {
        "scope": scope.name,
        "year": year,
    }
    until = clock.today().month if running else 12
    shown = [date(year, number, 1) for number in range(1, until + 1)]
    return _met_unit(scope, headline, subtitle, now, months, shown, None)


def _met_unit(scope, headline, subtitle, now, months, shown, current):
    silent = [] if current else [month for month in shown if month not in months]
    unrecorded = _missing(scope, current or shown[0], shown[-1])
    missing = _silent_months(silent) + unrecorded
    changed = breaks_of(_MET, shown[0], shown[-1])
    broken = {one.day.replace(day=1) for one in changed}
    return Unit(
        key="met",
        headline=headline,
        subtitle=subtitle,
        big=number(now["met"]),
        caption=sentences.met_on_visits(now["visits"], now["met_estimated"]),
        second=number(now["guided"]),
        second_caption=_("guided one by one"),
        chart=_month_chart(headline, months, shown, current, broken),
        grid=_month_grid(subtitle, months, shown, broken),
        indicators=[INDICATORS[code] for code in _MET],
        missing=missing,
        missing_title=missing_title(silent, unrecorded),
        notes=[one.sentence for one in changed] + _revised_note(months, shown),
        updated=clock.now(),
    )


_MET = ("T1", "T2")


def breaks_of(names, first, last):
    """The breaks from a first month to the end of a last one, in figures by name."""
    named = {
        name: INDICATORS[name].name if name in INDICATORS else LIST_NAMES[name]
        for name in names
    }
    return breaks(named, first, month_after(last))


def _month_chart(headline, months, shown, current, broken):
    bars = [
        charts.MonthBar(
            str(sentences.MONTHS_SHORT[month.month - 1]),
            months.get(month, NO_FIGURES)["met"],
            max(months.get(month, NO_FIGURES)["met_estimated"], 0),
            month == current or (current is None),
            month in broken,
            month not in months,
        )
        for month in shown
    ]
    label = _("Bar chart, met by month. %(headline)s") % {"headline": headline}
    return Chart(
        charts.month_bars(bars, label),
        charts.month_bars(bars, label, narrow=True),
        now=formats.date_format(current, "F") if current else "",
        has_estimates=any(bar.estimated for bar in bars),
        has_break=bool(broken),
        has_bars=any(months.get(month, NO_FIGURES)["met"] for month in shown),
    )


def _month_grid(caption, months, shown, broken):
    is_one_year = shown[0].year == shown[-1].year  # the caption says which
    rows = [
        (
            (
                formats.date_format(month, "F")
                if is_one_year
                else sentences.month_name(month)
            )
            + (" [b]" if month in broken else ""),
            _month_cells(months, month),
        )
        for month in shown
    ]
    silent = any(month not in months for month in shown)
    return Grid(
        caption,
        [_("Month"), _("Met"), _("of which estimated"), _("Guided"), _("Visits")],
        rows,
        note=_("[x] = not collected: the month has no records.") if silent else "",
    )


def _month_cells(months, month):
    row = months.get(month)
    if row is None:
        return [Cell(f"[{NOT_COLLECTED}]", NOT_COLLECTED)] * 4
    mark = "r" if row["is_revised"] else ""
    names = ("met", "met_estimated", "guided", "visits")
    return [count(row[name], mark) for name in names]


def count(n, mark=""):
    """A whole number as a cell."""
    return Cell(number(n), mark, n)


def _revised_note(months, shown):
    if any(months.get(month, NO_FIGURES)["is_revised"] for month in shown):
        return [_("r = revised: records that came late have been added.")]
    return []


def _missing(scope, first, last):
    """Visits that were to be but have no number yet: the place and the day."""
    until = min(_end_of(last), clock.today())
    rows = scope.days().filter(unrecorded__gt=0, day__gte=first, day__lt=until)
    rows = rows.select_related("site").order_by("-day", "pk")
    return [
        _("%(place)s %(day)s has no number yet.")
        % {"place": row.site, "day": formats.date_format(row.day, "MONTH_DAY_FORMAT")}
        for row in rows[:50]
    ]


def _end_of(month):
    return (month + timedelta(days=31)).replace(day=1)


def _silent_months(silent):
    """The months of a year that nobody recorded anything in, in one sentence."""
    names = ", ".join(formats.date_format(month, "F") for month in silent)
    return [_("No records of: %(months)s.") % {"months": names}] if silent else []


def missing_title(silent, missing):
    """What is missing in a few words: months without records, visits not recorded."""
    if silent and not missing:
        return _("What is missing: some months have no records")
    if not missing:
        return _("What is missing: nothing we know of")
    return ngettext(
        "What is missing: %(n)s visit is not recorded",
        "What is missing: %(n)s visits are not recorded",
        len(missing),
    ) % {"n": number(len(missing))}


# --- Topics and other splits --------------------------------------------------


def _topics(scope, span, month):
    """The split by topic for the newest closed period that fits."""
    level, place = scope.level
    asked = month
    month = min(month, last_closed()) if span == "month" else month
    town = scope.site.municipality_id if scope.site else ""
    row = best_table("topic", level, place, span, month, town)
    if row is None:
        return _not_yet(scope, span, asked)
    unit = _split_unit(row, "topic", _is_wider(scope, row))
    unit.notes = _width_notes(scope, row, span, asked) + unit.notes
    return unit


def _split_breaks(row):
    """What changed in the list within a table's span or the year before it."""
    names = [row.dimension, *_INDICATOR_OF.get(row.dimension, ())]
    last = months_before(row.starts, 1 - MONTHS[row.span])
    changed = breaks_of(names, months_before(row.starts, 12), last)
    return [one.sentence for one in changed]


def _is_wider(scope, row):
    """Whether a table covers more than the page: a team has none of its own."""
    is_teams = scope.team and not scope.site and not scope.municipality
    return row.level != scope.level[0] or bool(is_teams)


def _not_yet(scope, span, month):
    closes = closes_on(month.replace(month=12) if span == "year" else month)
    if closes > clock.today():
        day = formats.date_format(closes, "DATE_FORMAT")
        note = (_YEAR_CLOSES if span == "year" else _MONTH_CLOSES) % {"day": day}
    else:
        note = _why_no_topics(month.year)
    where = sentences.span_name(span, month)
    return Unit(
        key="topic",
        headline=_("Topics are not shown yet"),
        subtitle=_("Topics of guidance, %(scope)s, %(when)s")
        % {"scope": scope.name, "when": where},
        notes=[note],
        is_live=False,
    )


_MONTH_CLOSES = gettext_lazy(
    "Topics are published when the period has closed, on %(day)s."
)
_YEAR_CLOSES = gettext_lazy(
    "The topics of the whole year are published when it has closed, on %(day)s. "
    "Those of its closed months are on the pages of the months."
)


def _why_no_topics(year):
    """Why a closed year has no topics to show anywhere."""
    guided = MonthTotal.objects.filter(month__year=year, guided__gt=0)
    tables = PublishedTable.objects.filter(dimension="topic", starts__year=year)
    if not guided.exists():
        return _("Nobody's guidance was recorded in this time.")
    if not tables.exists():
        return _("Topics are being counted. They are here in a moment.")
    return _(
        "So few people were guided that topics could tell of one person. They are "
        "not shown."
    )


def _people(scope, month):
    """The other splits, folded; the share of new people says the headline."""
    rows = _newest_tables(scope, month)
    if not rows:
        return []
    first, headline = rows[0], _split_headline(rows[0], rows[0].dimension)
    is_wider = _is_wider(scope, first)
    if is_wider:
        headline = f"{capfirst(_place_name(first))}: {in_sentence(headline)}"
    return [
        Unit(
            key="people",
            headline=headline,
            subtitle=_("People guided, %(scope)s") % {"scope": _place_name(first)},
            folds=[_fold(row) for row in rows],
            notes=[_team_note()] if is_wider else [],
            updated=first.made_at,
            is_live=False,
        )
    ]


_FOLDED = ("familiarity", "age_band", "target_group", "next_step")


def _fold(row):
    rows = split_rows(row, labels_of(row.dimension, row.detail))
    return Fold(
        _split_subtitle(row),
        _split_grid(row, row.dimension, rows),
        _indicators_of(row.dimension),
        [*_split_breaks(row), *_split_notes(row)],
    )


def _newest_tables(scope, month):
    """The year's tables, or the newest quarter's while the year is open."""
    level, place = scope.level
    found = {}
    for quarter in (month.replace(month=n) for n in range(1, month.month + 1, 3)):
        found |= tables_for(_FOLDED, level, place, "quarter", quarter)
    found |= tables_for(_FOLDED, level, place, "year", month)
    return [found[name] for name in _FOLDED if name in found]


def split_rows(row, labels):
    """A published table's rows as (code, label, number or "c"): largest first.

    Protected rows follow in the order of the list, zeros come last.
    """
    order = {code: at for at, code in enumerate(labels)}
    rows = [(code, labels.get(code, code), n) for code, n in row.cells.items()]

    def place(item):
        code, _label, n = item
        shown = n if n != PROTECTED else 0.5
        return -shown, order.get(code, len(order)), code

    return sorted(rows, key=place)


def labels_of(dimension, detail="code"):
    """What the codes of a dimension are called, in the county's order."""
    if detail == "group":
        return {code: str(label) for code, label in GROUPS.items()}
    return {code.code: code.label for code in Code.objects.of(dimension)}


def _split_unit(row, dimension, names_place):
    rows = split_rows(row, labels_of(dimension, row.detail))
    held = [item for item in rows if item[2]]
    top = held[0] if held and held[0][2] != PROTECTED else None
    headline = _split_headline(row, dimension, top, names_place)
    return Unit(
        key=dimension,
        headline=headline,
        subtitle=_split_subtitle(row),
        chart=_split_chart(headline, held) if held else None,
        grid=_split_grid(row, dimension, rows),
        short=_short_grid(row, dimension, held),
        indicators=_indicators_of(dimension),
        notes=[*_late_note(row), *_split_breaks(row), *_split_notes(row)],
        updated=row.made_at,
        is_live=False,
    )


def _split_subtitle(row):
    is_topic = row.dimension == "topic"
    return _("%(what)s, %(scope)s, %(when)s") % {
        "what": INDICATORS["I11"].name if is_topic else DIMENSIONS[row.dimension],
        "scope": _place_name(row),
        "when": sentences.span_name(row.span, row.starts),
    }


def _indicators_of(dimension):
    return [INDICATORS[code] for code in _INDICATOR_OF.get(dimension, ())]


_INDICATOR_OF = {"topic": ["I11"], "target_group": ["I12"], "familiarity": ["I5"]}


def _split_headline(row, dimension, top=None, names_place=False):
    if dimension == "topic":
        label, times = top[1:] if top else ("", 0)
        hidden = PROTECTED in row.cells.values()
        when = sentences.span_name(row.span, row.starts)
        if names_place:
            when = f"{_place_name(row)}, {when}"
        said = sentences.most_asked(row.guided, label, times, hidden)
        # The newest closed period may stand on the page of a running month.
        return f"{capfirst(when)}. {said}"
    if dimension == "familiarity":
        part = new_share(row.cells)
        if part is None:
            return _("New and returning people")
        return _("%(share)s %% of the people were new.") % {"share": decimal(part)}
    return str(DIMENSIONS[dimension])


def _place_name(row):
    if row.level == "county":
        return _("the whole area")
    model = Municipality if row.level == "municipality" else Site
    return str(model.objects.get(pk=row.place))


def _split_chart(headline, held):
    hidden = _("protected [c]")
    bars = [
        charts.TopicBar(label, None, hidden)
        if n == PROTECTED
        else charts.TopicBar(label, n, number(n))
        for _code, label, n in held[:BARS]
    ]
    label = _("Bar chart of the table beside it. %(headline)s") % {"headline": headline}
    return Chart(
        charts.topic_bars(bars, label), charts.topic_bars(bars, label, narrow=True)
    )


def _short_grid(row, dimension, held):
    """The same rows as in the chart, and how many were guided in all."""
    return Grid(
        _("The same figures as a table"),
        [str(DIMENSIONS[dimension]), _("Times")],
        [(label, [said(n)]) for _code, label, n in held[:BARS]],
        (_("Guided in all"), [count(row.guided)]),
    )


def _split_grid(row, dimension, rows):
    shares = profile(row.cells)
    body = [
        (label, [said(n), *_share_cell(shares, code)]) for code, label, n in rows if n
    ]
    zeros = [label for _code, label, n in rows if n == 0]
    if zeros:
        body.append((", ".join(zeros), [count(0)] * (2 if shares else 1)))
    headers = [str(DIMENSIONS[dimension]), _("Times")]
    foot = (_("Guided in all"), [count(row.guided)])
    if shares:
        headers.append(_share_header(dimension))
        foot[1].append(Cell(f"[{NOT_APPLICABLE}]", NOT_APPLICABLE))
    note = _share_note(row, dimension) if shares else ""
    return Grid(_("Every row"), headers, body, foot, note)


def _share_header(dimension):
    return _("% of the known") if dimension in ONE_ANSWER else _("% of mentions")


def _share_note(row, dimension):
    """Of what the per cents are shares, as the guided in all stand under them."""
    values = {"n": number(sum(row.cells.values())), "guided": number(row.guided)}
    if dimension in ONE_ANSWER:
        return (
            _(
                "The per cents are shares of the %(n)s of whom it is known, not of the "
                "%(guided)s guided: [z] = not applicable."
            )
            % values
        )
    return (
        _(
            "One person can be behind several mentions. The per cents are shares of "
            "the %(n)s mentions, not of the %(guided)s guided: [z] = not applicable."
        )
        % values
    )


def _share_cell(shares, code):
    if not shares:
        return []
    part = shares.get(code)
    if part is None:
        return [Cell(f"[{NOT_APPLICABLE}]", NOT_APPLICABLE)]
    return [Cell(number(round(part)), "", round(part, 1))]


def said(n):
    """A published number as a cell."""
    return Cell("[c]", PROTECTED) if n == PROTECTED else count(n)


def _late_note(row):
    """How many were guided after the table was published; it holds what it held."""
    late = guided_now(row) - row.guided
    if late <= 0:
        return []
    sentence = ngettext(
        "%(n)s guidance was recorded after this was published. A published "
        "table does not change.",
        "%(n)s guidances were recorded after this was published. A published "
        "table does not change.",
        late,
    )
    return [sentence % {"n": number(late)}]


def _split_notes(row):
    notes = []
    if PROTECTED in row.cells.values():
        notes.append(
            _(
                "[c] = protected: the number is under %(k)d, or a smaller one could be "
                "reckoned from it. A small number could reveal a person, so it is not "
                "shown anywhere."
            )
            % {"k": settings.DISCLOSURE_K}
        )
    if row.detail == "group":
        notes.append(
            _("Topics are in groups here, because over a third would be protected.")
        )
    return notes


def _width_notes(scope, row, span, asked):
    """Why the table is wider than the page, said in words."""
    notes = []
    if span == "month" and row.starts < asked and row.span == "month":
        day = formats.date_format(closes_on(asked), "DATE_FORMAT")
        notes.append(
            _("The topics of %(month)s are published on %(day)s.")
            % {"month": sentences.month_name(asked), "day": day}
        )
    if row.level != scope.level[0]:
        notes.append(
            _("The numbers of %(place)s alone are too small, so a wider area is shown.")
            % {"place": scope.name}
        )
    elif _is_wider(scope, row):
        notes.append(_team_note())
    if row.span != span and scope.level[0] == "county" and is_late(asked):
        notes.append(
            _(
                "The records of %(month)s came after the tables of its year had been "
                "read. They are in the numbers met and guided, but in no topics."
            )
            % {"month": sentences.month_name(asked)}
        )
    elif row.span != span and scope.level[0] == "county":
        notes.append(
            _("The numbers of one month are too small, so a longer time is shown.")
        )
    return notes


def _team_note():
    return _(
        "These cover the whole area, not this team alone: splits of people are "
        "published for the whole area and by municipality, so that small numbers stay "
        "protected."
    )


# --- In brief -----------------------------------------------------------------


def _brief(scope, first, last, totals, codes=("I1", "I2", "I8", "I9")):
    """A few indicators as a table with their meanings."""
    totals = _so_far(scope, first, last, totals)
    rows = []
    for code in codes:
        rows.append((str(INDICATORS[code].name), [_figure_cell(code, totals)]))
        if code == "I8" and totals["cancelled"]:
            reasons = _cancel_reasons(scope, first, last)
            rows += [(f"– {label}", [count(n)]) for label, n in reasons]
    return Unit(
        key="brief",
        headline=_("In brief"),
        subtitle=_("Indicators of the work, %(scope)s") % {"scope": scope.name},
        grid=Grid(
            _("Indicators"), [_("Indicator"), _("Figure")], rows, note=no_figure(rows)
        ),
        indicators=[INDICATORS[code] for code in codes],
        notes=[
            one.sentence for one in breaks_of([*codes, "cancel_reason"], first, last)
        ],
        updated=clock.now(),
    )


def _so_far(scope, first, last, totals):
    """The numbers of a span; in a running one a visit to come is not planned yet."""
    if _end_of(last) <= clock.today():
        return totals
    rows = scope.days().filter(day__gt=clock.today(), day__lt=_end_of(last))
    ahead = rows.aggregate(planned=Sum("planned"), cancelled=Sum("cancelled"))
    to_come = (ahead["planned"] or 0) - (ahead["cancelled"] or 0)
    return totals | {"planned": totals["planned"] - to_come}


def no_figure(rows):
    """What [z] means, where it stands."""
    if not any(cell.mark == NOT_APPLICABLE for _label, cells in rows for cell in cells):
        return ""
    return _(
        "[z] = no figure: there is nothing to divide by, or a share would be of fewer "
        "than %(base)d."
    ) % {"base": SHARE_BASE}


def _figure_cell(code, totals):
    indicator = INDICATORS[code]
    figure = indicator.figure(totals)
    if figure is None:
        return Cell(f"[{NOT_APPLICABLE}]", NOT_APPLICABLE)
    unit = "\N{NO-BREAK SPACE}%" if indicator.unit == "%" else f" {indicator.unit}"
    mark = "r" if totals["is_revised"] else ""
    return Cell(f"{decimal(figure)}{unit}", mark, round(figure, 2))


def _cancel_reasons(scope, first, last):
    """How many visits were cancelled for each reason; activity, not people."""
    if not scope.shows_people:
        return []
    return sorted(_category_sums(scope, "cancel_reason", first, last))


def _category_sums(scope, dimension, first, last):
    """(label, times) of each category of an activity dimension."""
    rows = MonthCount.objects.filter(
        dimension=dimension, month__gte=first, month__lte=last, **scope.limits
    )
    sums = rows.order_by().values_list("category").annotate(n=Sum("value"))
    labels = labels_of(dimension, "code")
    return [(labels.get(code, code), n) for code, n in sums]


# --- Phenomena ----------------------------------------------------------------


def _noted_unit(scope, dimension, title, first, last, when):
    """How many times each phenomenon or threshold was noted, most often first."""
    sums = _category_sums(scope, dimension, first, last)
    rows = sorted(sums, key=lambda row: (-row[1], row[0]))
    headline = title
    if rows:
        headline = ngettext(
            "%(title)s: most often %(label)s, %(times)s time.",
            "%(title)s: most often %(label)s, %(times)s times.",
            rows[0][1],
        ) % {
            "title": title,
            "label": sentences.in_sentence(rows[0][0]),
            "times": number(rows[0][1]),
        }
    grid = Grid(
        _("Every row"), [title, _("Times")], [(name, [count(n)]) for name, n in rows]
    )
    return Unit(
        key=dimension,
        headline=headline,
        subtitle=_("%(what)s, %(scope)s, %(when)s")
        % {"what": title, "scope": scope.name, "when": when},
        chart=_noted_chart(headline, rows) if rows else None,
        grid=grid,
        short=Grid(_("The same figures as a table"), grid.headers, grid.rows[:BARS]),
        notes=[
            *(one.sentence for one in breaks_of([dimension], first, last)),
            _NOTED if rows else _("Nothing has been noted in this time."),
        ],
        updated=clock.now(),
    )


_NOTED = gettext_lazy(
    "Workers note what the street shows. These are times noted, not people, so small "
    "numbers are shown too."
)


def _noted_chart(headline, rows):
    bars = [charts.TopicBar(name, n, number(n)) for name, n in rows[:BARS]]
    label = _("Bar chart of the table beside it. %(headline)s") % {"headline": headline}
    return Chart(
        charts.topic_bars(bars, label), charts.topic_bars(bars, label, narrow=True)
    )
