"""The rhythm of work asked for with words: whole months, by year, quarter or month."""

from collections import Counter, defaultdict
from datetime import timedelta

from django.utils.translation import gettext as _

from rinnalla.statistics.indicators import INDICATORS, nine_tenths
from rinnalla.statistics.questions import PERIODS, CannotAnswer, period_name
from rinnalla.statistics.rhythm import figures
from rinnalla.statistics.scope import Scope

COUNTED = ("promised", *figures.PROMISED, "agreed", "holiday", "familiar", "returns")
SHARES = {"kept_percent": "I7", "familiar_percent": "I6", "on_time_percent": "I10"}


def ask(first, last, by):
    """Rows of figures of the whole months from `first` to `last`, split by a period.

    The same figures as on the page, with its least bases; requests by the day they
    came. Raises CannotAnswer.
    """
    if len(by) > 1 or set(by) - set(PERIODS):
        raise CannotAnswer(
            _("The rhythm is split by one of these: %(all)s.")
            % {"all": ", ".join(PERIODS)}
        )
    if last < first or first.day != 1 or (last + timedelta(days=1)).day != 1:
        raise CannotAnswer(_("The rhythm is told of whole months."))
    span = by[0] if by else None

    def period(day):
        return period_name(span, day) if span else ""

    numbers, asked = _read(period, first, last.replace(day=1))
    keys = sorted({*numbers, *asked} - {None})
    return [
        ({span: key} if span else {}) | _said(numbers[key], asked[key]) for key in keys
    ]


def _read(period, first, last):
    """Numbers and requests by period."""
    numbers, scope = defaultdict(Counter), Scope()
    for read in (figures.by_month, figures.returns_by_month):
        for month, row in read(scope, first, last).items():
            numbers[period(month)].update(row)
    return numbers, figures.asked_by(period, scope, first, last)


def _said(row, asked):
    """One period's numbers, and null where a base is too small."""
    shares = {name: INDICATORS[code].figure(row) for name, code in SHARES.items()}
    middles = {
        "answer_hours_half": INDICATORS["I17"].figure(asked),
        "answer_hours_nine_tenths": nine_tenths(asked.answer_hours),
        "visit_days_half": INDICATORS["I18"].figure(asked),
    }
    rounded = {
        name: value if value is None else round(value, 1)
        for name, value in (shares | middles).items()
    }
    return {name: row[name] for name in COUNTED} | {
        "requests": asked.requests,
        "waiting": asked.waiting,
        "visited": len(asked.visit_days),
        **rounded,
    }
