"""A rhythm in the words a worker uses; the rule itself is never shown."""

from functools import lru_cache

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rinnalla.lib import clock
from rinnalla.planning.rhythm import rules, slots

HOME = "home"
# "every week on Mondays"
ON_DAYS = (
    pgettext_lazy("every week", "on Mondays"),
    pgettext_lazy("every week", "on Tuesdays"),
    pgettext_lazy("every week", "on Wednesdays"),
    pgettext_lazy("every week", "on Thursdays"),
    pgettext_lazy("every week", "on Fridays"),
    pgettext_lazy("every week", "on Saturdays"),
    pgettext_lazy("every week", "on Sundays"),
)
# "once a month in the latter half, on a Monday"
ON_A_DAY = (
    pgettext_lazy("once a month", "on a Monday"),
    pgettext_lazy("once a month", "on a Tuesday"),
    pgettext_lazy("once a month", "on a Wednesday"),
    pgettext_lazy("once a month", "on a Thursday"),
    pgettext_lazy("once a month", "on a Friday"),
    pgettext_lazy("once a month", "on a Saturday"),
    pgettext_lazy("once a month", "on a Sunday"),
)
# "The first Monday of the month"
DAY_OF_MONTH = (
    pgettext_lazy("of the month", "Monday"),
    pgettext_lazy("of the month", "Tuesday"),
    pgettext_lazy("of the month", "Wednesday"),
    pgettext_lazy("of the month", "Thursday"),
    pgettext_lazy("of the month", "Friday"),
    pgettext_lazy("of the month", "Saturday"),
    pgettext_lazy("of the month", "Sunday"),
)
OFTEN = {
    "w1": gettext_lazy("Every week"),
    "w2": gettext_lazy("Every second week"),
    "w3": gettext_lazy("Every third week"),
    "w4": gettext_lazy("Every fourth week"),
    "w6": gettext_lazy("Every sixth week"),
    rules.LATTER: gettext_lazy("Once a month, in the latter half"),
    "m1": gettext_lazy("The first one of a month"),
    "m2": gettext_lazy("The second one of a month"),
    "m3": gettext_lazy("The third one of a month"),
    "m4": gettext_lazy("The fourth one of a month"),
    "last": gettext_lazy("The last one of a month"),
    "m13": gettext_lazy("The first and third one of a month"),
    "m24": gettext_lazy("The second and fourth one of a month"),
    "m2last": gettext_lazy("The second and last one of a month"),
    rules.EVENTS: gettext_lazy("Only when there is an event"),
}
# "The first Monday of the month": the weekday follows.
OF_MONTH = {
    "m1": gettext_lazy("The first %(weekday)s of the month"),
    "m2": gettext_lazy("The second %(weekday)s of the month"),
    "m3": gettext_lazy("The third %(weekday)s of the month"),
    "m4": gettext_lazy("The fourth %(weekday)s of the month"),
    "last": gettext_lazy("The last %(weekday)s of the month"),
    "m13": gettext_lazy("The first and third %(weekday)s of the month"),
    "m24": gettext_lazy("The second and fourth %(weekday)s of the month"),
    "m2last": gettext_lazy("The second and last %(weekday)s of the month"),
}


def often_choices():
    """How often, grouped for a select."""
    weekly = [(code, OFTEN[code]) for code in rules.WEEKS]
    monthly = [(code, OFTEN[code]) for code in (rules.LATTER, *rules.MONTHS)]
    return [
        (_("By weeks"), weekly),
        (_("By months"), monthly),
        (rules.EVENTS, OFTEN[rules.EVENTS]),
    ]


def place_name(site):
    """A place as plans name it: a home is a home visit, whosever it is."""
    return _("Home visit") if site.kind == HOME else site.name


def name_in_list(site):
    """A place among others: homes are told apart by number, not by whose they are."""
    return f"{place_name(site)} · {site.pk}" if site.kind == HOME else site.name


def say(rhythm):
    """A rhythm as one sentence without its point: "Every week on Mondays at 9–12"."""
    shape = rules.shape_of(rhythm.rule)
    said = _days(shape)
    if rhythm.starts:
        said += " " + _("at %(hours)s") % {"hours": hours(rhythm.starts, rhythm.ends)}
    season = season_of(rhythm.site)
    return f"{said}, {season}" if season else said


def _days(shape):
    if shape.is_weekly:
        days = get_text_list([str(ON_DAYS[d]) for d in shape.weekdays], _("and"))
        return f"{OFTEN[shape.often]} {days}"
    if shape.often == rules.LATTER:
        return f"{OFTEN[shape.often]}, {ON_A_DAY[shape.weekdays[0]]}"
    if shape.often in OF_MONTH:
        weekday = DAY_OF_MONTH[shape.weekdays[0]]
        return OF_MONTH[shape.often] % {"weekday": weekday}
    return str(OFTEN[rules.EVENTS])


@lru_cache(maxsize=512)
def day(of, language):
    """A day as the month says it, in the language that is on: "ke 8.4."."""
    return f"{date_format(of, 'D')} {date_format(of, 'MONTH_DAY_FORMAT')}"


def hours(starts, ends):
    """Hours as short as people write them: "9–12", "9.30–12", "9"."""
    if starts is None:
        return ""
    return f"{_hour(starts)}–{_hour(ends)}" if ends else _hour(starts)


def _hour(time):
    return str(time.hour) if time.minute == 0 else date_format(time, "TIME_FORMAT")


def season_of(site):
    """The months of a place in season, "May–September"; empty all year."""
    if not site.season_from or not site.season_to:
        return ""
    return f"{MONTHS[site.season_from]}–{MONTHS[site.season_to]}"


def rhythm_of(site):
    """A place's rhythm in words and its next days, or None when it has none."""
    rhythm = site.rhythms.filter(until=None).first()
    if rhythm is None:
        return None
    rhythm.site = site
    return {"said": say(rhythm), "next": slots.next_days(rhythm, clock.today())}
