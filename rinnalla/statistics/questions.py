"""Figures asked for with words: from which day, to which, split by what.

The same figures and the same protection as on the pages. Activity may be asked for any
days. Splits of people are put together from published tables of whole closed periods,
coarsest first; a sum with a protected part is protected.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.utils.translation import gettext as _

from rinnalla.lib import clock
from rinnalla.planning.models import Site
from rinnalla.statistics.counting import month_after
from rinnalla.statistics.disclosure import PROTECTED
from rinnalla.statistics.models import ACTIVITY, Correction, DayCount, PublishedTable
from rinnalla.statistics.published import closes_on
from rinnalla.statistics.report import DIMENSIONS
from rinnalla.statistics.tables import MONTHS, OFFERED

PERIODS = ("year", "quarter", "month")
PLACES = ("site", "municipality", "kind")
GROUPINGS = (*PERIODS, *PLACES, *DIMENSIONS)
SUMS = (
    *("planned", "visits", "cancelled", "nobody_reached"),
    *("met", "met_estimated", "declined", "attended", "guided", "matter_opened"),
)


class CannotAnswer(ValueError):
    """What was asked is refused; the text says why and what can be asked."""


def ask(first, last, by):
    """Rows of figures from `first` to `last` (both included) split by `by`.

    Each row is a dictionary: the values of `by`, then numbers. Raises CannotAnswer.
    """
    unknown = [name for name in by if name not in GROUPINGS]
    if unknown:
        raise CannotAnswer(
            _("There is no split by %(name)s. Choose from: %(all)s.")
            % {"name": ", ".join(unknown), "all": ", ".join(GROUPINGS)}
        )
    if last < first:
        raise CannotAnswer(_("The last day is before the first."))
    people = [name for name in by if name in DIMENSIONS]
    if not people:
        return _activity(first, last, by)
    if len(people) > 1:
        raise CannotAnswer(_("People are split by one thing at a time."))
    return _people(first, last, people[0], [name for name in by if name != people[0]])


def period_name(span, day):
    """A period as a short word that sorts: 2026, 2026-Q1, 2026-03."""
    if span == "year":
        return str(day.year)
    if span == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return f"{day:%Y-%m}"


# --- Activity -----------------------------------------------------------------


def _activity(first, last, by):
    """Sums over days; read by site and day, so that any days can be asked for."""
    sites = _sites() if set(by) & set(PLACES) else {}
    fields = [
        *(["site"] if sites else []),
        *(["day"] if set(by) & set(PERIODS) else []),
    ]
    groups = defaultdict(lambda: dict.fromkeys(ACTIVITY, 0))
    revised = set()
    for model in (DayCount, Correction):
        rows = model.objects.filter(day__gte=first, day__lte=last)
        for row in rows.summed(*fields):
            key = tuple(_value(name, row, sites) for name in by)
            for name in ACTIVITY:
                groups[key][name] += row[name]
            if model is Correction and any(row[name] for name in ACTIVITY):
                revised.add(key)
    return [
        _named(by, key)
        | _numbers(groups[key])
        | {"mark": "r" if key in revised else ""}
        for key in sorted(groups)
    ]


def _sites():
    rows = Site.objects.values_list("pk", "name", "municipality_id", "kind")
    return {
        pk: {"site": (name, pk), "municipality": town, "kind": kind}
        for pk, name, town, kind in rows
    }


def _value(name, row, sites):
    if name in PERIODS:
        return period_name(name, row["day"])
    return sites[row["site"]][name]


def _named(by, key):
    """The values of `by` with their names; a site also with its number."""
    row = {}
    for name, value in zip(by, key, strict=True):
        if name == "site":
            row |= {"site": value[0], "site_id": value[1]}
        else:
            row[name] = value
    return row


def _numbers(sums):
    """The sums people ask for, and what each visit held on average."""
    visits = sums["visits"]
    return {name: sums[name] for name in SUMS} | {
        "hours": round(sums["minutes"] / 60, 1),
        "met_per_visit": round(sums["met"] / visits, 1) if visits > 0 else None,
        "guided_per_visit": round(sums["guided"] / visits, 1) if visits > 0 else None,
    }


# --- Splits of people ----------------------------------------------------------


def _people(first, last, dimension, by):
    level, span = _table_kind(dimension, by)
    pieces = _whole_periods(first, last, dimension, level, span)
    sites = _sites() if level == "site" else {}
    tables = defaultdict(list)
    for piece_span, starts in pieces:
        rows = PublishedTable.objects.filter(
            dimension=dimension, level=level, span=piece_span, starts=starts
        )
        for row in rows:
            place = sites[int(row.place)]["site"] if sites else row.place
            period = period_name(span, starts) if span else ""
            key = tuple(period if name in PERIODS else place for name in by)
            tables[key].append(row)
    return [
        _named(by, key) | {dimension: code} | _said(number)
        for key, rows in sorted(tables.items(), key=lambda item: item[0])
        for code, number in sorted(_combined(rows).items())
    ]


def _table_kind(dimension, by):
    """Which of the offered tables answers; anything else is refused with a sentence."""
    places = [name for name in by if name in PLACES]
    periods = [name for name in by if name in PERIODS]
    level = places[0] if places else "county"
    span = periods[-1] if periods else None
    wanted = [s for lv, s in OFFERED[dimension] if lv == level]
    if len(places) > 1 or len(periods) > 1 or (span and span not in wanted):
        wanted = []
    if not wanted:
        raise CannotAnswer(
            _("People are split by %(dimension)s only in these tables: %(tables)s.")
            % {
                "dimension": dimension,
                "tables": ", ".join(f"{lv} × {s}" for lv, s in OFFERED[dimension]),
            }
        )
    return level, span


def _whole_periods(first, last, dimension, level, span):
    """Cover the days with whole closed periods that have tables, coarsest first."""
    spans = [s for lv, s in OFFERED[dimension] if lv == level]
    spans = [s for s in PERIODS if s in spans and (span is None or s == span)]
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        raise CannotAnswer(_whole_only(spans))
    end, pieces = month_after(last.replace(day=1)), []
    while first < end:
        fits = [s for s in spans if _starts_and_fits(s, first, end)]
        if not fits:
            raise CannotAnswer(_whole_only(spans))
        pieces.append((fits[0], first))
        first = _after(fits[0], first)
    newest = date(end.year - (end.month == 1), (end.month - 2) % 12 + 1, 1)
    if closes_on(newest) > clock.today():
        raise CannotAnswer(
            _("%(month)s closes on %(day)s; until then people are not split.")
            % {"month": f"{newest:%Y-%m}", "day": closes_on(newest).isoformat()}
        )
    return pieces


def _whole_only(spans):
    return _(
        "People are split only for whole closed periods (%(spans)s), so that small "
        "numbers stay protected. Choose the first and last day of such periods."
    ) % {"spans": ", ".join(spans)}


def _starts_and_fits(span, first, end):
    return (first.month - 1) % MONTHS[span] == 0 and _after(span, first) <= end


def _after(span, first):
    for _step in range(MONTHS[span]):
        first = month_after(first)
    return first


def _combined(rows):
    """The cells of several tables added up, in the coarsest detail among them.

    What is protected anywhere is protected in the sum; a table that was left out
    leaves nothing to say ("*").
    """
    if any(row.detail not in ("code", "group") for row in rows):
        return {"*": PROTECTED}
    groups = {}
    for row in rows:
        groups |= row.groups if row.detail == "group" else {}
    cells = {}
    for row in rows:
        for code, number in row.cells.items():
            is_code = groups and row.detail == "code"
            name = groups.get(code, code) if is_code else code
            _add(cells, f"group:{name}" if groups else name, number)
    return cells


def _add(cells, name, number):
    if PROTECTED in (number, cells.get(name)):
        cells[name] = PROTECTED
    else:
        cells[name] = cells.get(name, 0) + number


def _said(number):
    """A number of people as it is said: null with the mark c when protected."""
    if number == PROTECTED:
        return {"guided": None, "mark": PROTECTED}
    return {"guided": number, "mark": ""}
