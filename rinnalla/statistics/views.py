"""Pages of figures: month, year, places, definitions, and the same as files."""

import io
import re
from datetime import date
from itertools import chain

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rinnalla.access.guards import worker_may
from rinnalla.access.models import Municipality, Team
from rinnalla.access.roles import Reach
from rinnalla.lib import clock
from rinnalla.lib.tables import stream_csv
from rinnalla.planning.prints import answer as answer_print
from rinnalla.statistics import actions, files, prints, sentences
from rinnalla.statistics.counting import month_after, months_before
from rinnalla.statistics.indicators import INDICATORS
from rinnalla.statistics.models import MonthTotal
from rinnalla.statistics.permissions import EXPORT_DAYS, SEE_FIGURES, SEE_PLACES
from rinnalla.statistics.published import start_of
from rinnalla.statistics.report import (
    month_report,
    phenomena_report,
    place_report,
    year_report,
)
from rinnalla.statistics.rhythm.report import rhythm_report
from rinnalla.statistics.scope import scope_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@require_safe
@worker_may(SEE_FIGURES)
def month(request, month=""):
    """The month card; without a month, the running one."""
    scope = _scope(request)
    first = _month(month) if month else clock.today().replace(day=1)
    report = _caught_up(month_report, scope, first, since=months_before(first, 12))
    return _page(request, report, _month_links(report))


@require_safe
@worker_may(SEE_FIGURES)
def year(request, year):
    """The year report."""
    scope = _scope(request)
    first = date(_year(year), 1, 1)
    report = _caught_up(year_report, scope, first.year, since=months_before(first, 12))
    return _page(request, report, _year_links(scope, first.year))


@require_safe
@worker_may(SEE_PLACES)
def place(request, site, year=""):
    """One place in a year; without a year, the running one."""
    scope = scope_of(request.user, site=site, permission=SEE_PLACES)
    number = _year(year) if year else clock.today().year
    report = _caught_up(place_report, scope, number, since=date(number - 1, 1, 1))
    return _page(request, report, _place_links(scope, number))


@require_safe
@worker_may(SEE_PLACES)
def places(request):
    """The places that have figures, by name; never by size."""
    scope = _scope(request, SEE_PLACES)
    if not scope.has_details:
        raise Http404
    held = MonthTotal.objects.values("site")
    sites = scope.sites.filter(pk__in=held).select_related("municipality")
    pages = Paginator(sites.order_by("name", "pk"), 50)
    page = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "statistics/places.html",
        {"page": page, "scope": scope, "choices": _choices(request, scope)},
    )


@require_safe
@worker_may(SEE_PLACES)
def phenomena(request, month=""):
    """What the street showed in a quarter; without a month, in the running one."""
    scope = _scope(request, SEE_PLACES)
    if not scope.shows_people:
        raise Http404
    first = start_of("quarter", _month(month) if month else clock.today())
    report = _caught_up(phenomena_report, scope, first, since=first)
    return _page(request, report, _quarter_links(scope, first))


@require_safe
@worker_may(SEE_PLACES)
def rhythm(request, year=""):
    """Whether what was promised was kept, in a year; without one, the running one."""
    scope = _scope(request, SEE_PLACES)
    if not scope.shows_people:
        raise Http404
    number = _year(year) if year else clock.today().year
    months = [date(number, month, 1) for month in range(1, 13)]
    waiting = actions.catch_up(scope.sites, months)
    report = rhythm_report(scope, number)
    report.is_waiting = waiting
    return _page(request, report, _rhythm_links(scope, number))


@require_safe
@worker_may(SEE_FIGURES)
def definitions(request):
    """Every indicator: what is divided by what, and what it is not for."""
    return render(
        request, "statistics/definitions.html", {"indicators": INDICATORS.values()}
    )


@require_safe
@worker_may(EXPORT_DAYS)
def days(request):
    """Every site and day within reach as CSV, sent while it is read."""
    scope = _scope(request, EXPORT_DAYS)
    rows = files.day_rows(scope.days())
    pieces = stream_csv(rows, files.day_header())
    answer = StreamingHttpResponse(
        chain([next(pieces)], pieces), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="days.csv"'
    return answer


# --- What was asked -----------------------------------------------------------


def _scope(request, permission=SEE_FIGURES):
    return scope_of(
        request.user,
        team=request.GET.get("team", ""),
        municipality=request.GET.get("municipality", ""),
        permission=permission,
    )


def _month(text):
    """The first day of a month written 2026-03; 404 for anything else."""
    match = MONTH.fullmatch(text)
    if not match:
        raise Http404
    return date(int(match[1]), int(match[2]), 1)


def _year(number):
    if not 2000 <= int(number) <= 2099:
        raise Http404
    return int(number)


def _caught_up(make, scope, period, since):
    """Make a report after recounting the little that is marked for it."""
    months, month = [], since
    while month <= clock.today():
        months.append(month)
        month = month_after(month)
    waiting = actions.catch_up(scope.sites, months)
    actions.note_read(*_years_read(period))
    report = make(scope, period)
    report.is_waiting = waiting
    return report


def _years_read(period):
    """The years whose splits a page may show; a month's shows the newest closed one."""
    if isinstance(period, int):
        return {period}
    return {period.year, months_before(period, 2).year}


# --- The answers --------------------------------------------------------------


def _page(request, report, links):
    """The page itself, or the file that the address asks for."""
    kind = request.GET.get("file", "")
    name = re.sub(r"[^\w-]+", "-", report.title).strip("-")
    if kind == "csv":
        return _download(files.as_csv(report), "text/csv; charset=utf-8", f"{name}.csv")
    if kind == "xlsx":
        return _download(files.as_xlsx(report), XLSX, f"{name}.xlsx")
    if kind == "about":
        answer = JsonResponse(
            files.about(report), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
        answer["Content-Disposition"] = f'attachment; filename="{_ascii(name)}.json"'
        return answer
    if kind == "pdf":
        return _print(request, report, name)
    drawn = actions.order_drawings(report.charts)
    for chart in report.charts:
        chart.show(drawn)
    values = {
        "report": report,
        "scope": report.scope,
        "links": links,
        "sizes": files.sizes(report),
        "choices": _choices(request, report.scope),
        "is_drawing": not all(chart.is_drawn for chart in report.charts),
    }
    return render(request, "statistics/report.html", values)


def _print(request, report, name):
    """The page's print; its address keeps the mark of what was asked for first."""
    asked = request.GET.get("mark", "")
    file, mark = prints.ask(report, asked)
    here = f"{request.path}{report.scope.query}"
    if mark != asked:
        return redirect(f"{here}{'&' if '?' in here else '?'}file=pdf&mark={mark}")
    return answer_print(request, file, name=f"{_ascii(name)}.pdf", back=here)


def _download(content, content_type, name):
    answer = HttpResponse(io.BytesIO(content), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{_ascii(name)}"'
    return answer


def _ascii(name):
    return name.encode("ascii", "ignore").decode() or "figures"


def _month_links(report):
    scope, month = report.scope, report.first
    today = clock.today().replace(day=1)
    later = month_after(month)
    return {
        "before": _link("statistics:month", months_before(month, 1), scope),
        "after": _link("statistics:month", later, scope) if later <= today else None,
        "here": sentences.month_name(month),
        "wider": {
            "label": str(month.year),
            "url": reverse("statistics:year", args=[month.year]) + scope.query,
        },
    }


def _link(view, month, scope):
    key = month.isoformat()[:7]
    return {
        "label": sentences.month_name(month),
        "url": reverse(view, args=[key]) + scope.query,
    }


def _year_links(scope, year):
    return _steps(
        year, lambda y: reverse("statistics:year", args=[y]) + scope.query
    ) | {
        "wider": {
            "label": sentences.month_name(_newest_month(year)),
            "url": reverse(
                "statistics:month", args=[_newest_month(year).isoformat()[:7]]
            )
            + scope.query,
        }
    }


def _newest_month(year):
    return min(date(year, 12, 1), clock.today().replace(day=1))


def _place_links(scope, year):
    return _steps(
        year, lambda y: reverse("statistics:place", args=[scope.site.pk, y])
    ) | {"wider": {"label": _("All places"), "url": reverse("statistics:places")}}


def _rhythm_links(scope, year):
    def of(year):
        return reverse("statistics:rhythm_of", args=[year]) + scope.query

    return _steps(year, of) | {
        "wider": {
            "label": _("People met %(year)d") % {"year": year},
            "url": reverse("statistics:year", args=[year]) + scope.query,
        }
    }


def _quarter_links(scope, first):
    links = {"here": sentences.span_name("quarter", first)}
    for name, other in (
        ("before", months_before(first, 3)),
        ("after", months_before(first, -3)),
    ):
        if other <= clock.today():
            links[name] = _link("statistics:phenomena_of", other, scope) | {
                "label": sentences.span_name("quarter", other)
            }
    return links


def _steps(year, url):
    later = year + 1
    links = {"here": str(year)}
    if year > 2000:
        links["before"] = {"label": str(year - 1), "url": url(year - 1)}
    if later <= clock.today().year:
        links["after"] = {"label": str(later), "url": url(later)}
    return links


def _choices(request, scope):
    """Links that narrow the page: teams and municipalities that have places."""
    if scope.site or scope.organisation:
        return []
    path = request.path
    teams = Team.objects.filter(site__isnull=False).distinct().order_by("name")
    towns = Municipality.objects.filter(site__isnull=False).distinct()
    whole = scope.reach == Reach.ALL
    choices = [
        {
            "label": _("The whole area") if whole else str(scope.team),
            "url": path,
            "is_on": not scope.municipality and not (whole and scope.team),
        }
    ]
    if whole and len(teams) > 1:
        choices += [
            {
                "label": str(team),
                "url": f"{path}?team={team.pk}",
                "is_on": team == scope.team and not scope.municipality,
            }
            for team in teams
        ]
    return choices + [
        {
            "label": str(town),
            "url": f"{path}?municipality={town.pk}",
            "is_on": town == scope.municipality,
            "is_town": True,
        }
        for town in sorted(towns, key=str)
    ]
