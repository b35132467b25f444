"""Headline sentences from fixed templates: what, when, how many, more or fewer.

Never a cause. Each template is whole in each language, so grammar is right in each.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

# As in "in March": Finnish bends the name (maaliskuussa).
MONTHS_IN = (
    pgettext_lazy("in a month", "January"),
    pgettext_lazy("in a month", "February"),
    pgettext_lazy("in a month", "March"),
    pgettext_lazy("in a month", "April"),
    pgettext_lazy("in a month", "May"),
    pgettext_lazy("in a month", "June"),
    pgettext_lazy("in a month", "July"),
    pgettext_lazy("in a month", "August"),
    pgettext_lazy("in a month", "September"),
    pgettext_lazy("in a month", "October"),
    pgettext_lazy("in a month", "November"),
    pgettext_lazy("in a month", "December"),
)
# Under a bar: as short as can be read.
MONTHS_SHORT = (
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
)
_QUARTERS = (
    gettext_lazy("January–March %(year)d"),
    gettext_lazy("April–June %(year)d"),
    gettext_lazy("July–September %(year)d"),
    gettext_lazy("October–December %(year)d"),
)


def number(value):
    """A whole number with spaces between thousands."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def decimal(value):
    """A number with one decimal, in the reader's way."""
    # Halves go up, as readers reckon: 3.25 is 3,3 and not the even 3,2.
    rounded = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return formats.number_format(rounded, 1)


def in_sentence(label):
    """A label within a sentence: small first letter, but Kela stays Kela."""
    is_name = label.startswith(("Kela", "FPA"))
    return label if is_name else label[:1].lower() + label[1:]


def month_name(month):
    """Month and year: maaliskuu 2026."""
    return formats.date_format(month, "YEAR_MONTH_FORMAT")


def span_name(span, starts):
    """A period in words: March 2026, January–March 2026, 2026."""
    if span == "month":
        return month_name(starts)
    if span == "quarter":
        return _QUARTERS[(starts.month - 1) // 3] % {"year": starts.year}
    return str(starts.year)


def month_in(month):
    """The month as in "in March"."""
    return str(MONTHS_IN[month.month - 1])


def met_in_month(met, before, month, earlier, is_running):
    """The month card's headline; `before` is None when the month before had nothing."""
    values = {"times": number(met), "month": month_in(month)}
    if is_running:
        return (
            ngettext(
                "So far in %(month)s, people have been met %(times)s time.",
                "So far in %(month)s, people have been met %(times)s times.",
                met,
            )
            % values
        )
    if before is None:
        return (
            ngettext(
                "People were met %(times)s time in %(month)s.",
                "People were met %(times)s times in %(month)s.",
                met,
            )
            % values
        )
    values |= {"change": number(abs(met - before)), "earlier": month_in(earlier)}
    return _by_direction(met, before, _MORE_IN_MONTH) % values


def met_in_year(met, before, year, is_running):
    """The year's headline."""
    values = {"times": number(met), "year": year, "earlier": year - 1}
    if is_running:
        return (
            ngettext(
                "So far in %(year)d, people have been met %(times)s time.",
                "So far in %(year)d, people have been met %(times)s times.",
                met,
            )
            % values
        )
    if before is None:
        return (
            ngettext(
                "People were met %(times)s time in %(year)d.",
                "People were met %(times)s times in %(year)d.",
                met,
            )
            % values
        )
    values["change"] = number(abs(met - before))
    return _by_direction(met, before, _MORE_IN_YEAR) % values


def _by_direction(now, before, templates):
    return templates[(now > before) - (now < before)](now)


_MORE_IN_MONTH = {
    1: lambda n: ngettext(
        "People were met %(times)s time in %(month)s, %(change)s more than in "
        "%(earlier)s.",
        "People were met %(times)s times in %(month)s, %(change)s more than in "
        "%(earlier)s.",
        n,
    ),
    -1: lambda n: ngettext(
        "People were met %(times)s time in %(month)s, %(change)s fewer than in "
        "%(earlier)s.",
        "People were met %(times)s times in %(month)s, %(change)s fewer than in "
        "%(earlier)s.",
        n,
    ),
    0: lambda n: ngettext(
        "People were met %(times)s time in %(month)s, as many as in %(earlier)s.",
        "People were met %(times)s times in %(month)s, as many as in %(earlier)s.",
        n,
    ),
}
_MORE_IN_YEAR = {
    1: lambda n: ngettext(
        "People were met %(times)s time in %(year)d, %(change)s more than in "
        "%(earlier)d.",
        "People were met %(times)s times in %(year)d, %(change)s more than in "
        "%(earlier)d.",
        n,
    ),
    -1: lambda n: ngettext(
        "People were met %(times)s time in %(year)d, %(change)s fewer than in "
        "%(earlier)d.",
        "People were met %(times)s times in %(year)d, %(change)s fewer than in "
        "%(earlier)d.",
        n,
    ),
    0: lambda n: ngettext(
        "People were met %(times)s time in %(year)d, as many as in %(earlier)d.",
        "People were met %(times)s times in %(year)d, as many as in %(earlier)d.",
        n,
    ),
}


def met_on_visits(visits, estimated):
    """What stands under the big number: on how many visits, and how much is guessed."""
    on = ngettext("met on %(visits)s visit.", "met on %(visits)s visits.", visits) % {
        "visits": number(visits)
    }
    if estimated <= 0:
        return on
    of_these = ngettext(
        "%(estimated)s of these is an estimate.",
        "%(estimated)s of these are estimates.",
        estimated,
    ) % {"estimated": number(estimated)}
    return f"{on} {of_these}"


def most_asked(guided, label, times, is_partly_hidden=False):
    """How many were guided in all, and what came up most among what is shown."""
    whole = ngettext(
        "People were guided %(guided)s time.",
        "People were guided %(guided)s times.",
        guided,
    ) % {"guided": number(guided)}
    if not label:
        return whole
    said = {"label": in_sentence(label), "times": number(times)}
    return f"{whole} {_most(times, is_partly_hidden) % said}"


def _most(times, is_partly_hidden):
    """A protected number may be the largest: then only the shown are spoken of."""
    if is_partly_hidden:
        return ngettext(
            "Of the topics shown, the most common was %(label)s, %(times)s time.",
            "Of the topics shown, the most common was %(label)s, %(times)s times.",
            times,
        )
    return ngettext(
        "The most common topic was %(label)s, %(times)s time.",
        "The most common topic was %(label)s, %(times)s times.",
        times,
    )
