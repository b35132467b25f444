"""Every indicator once: what is divided by what, why, and what it must not be used for.

An indicator's number comes from one dictionary of summed figures (`Activity`'s fields;
for splits of people the cells of a published table). Nothing else reckons it.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rinnalla.statistics.disclosure import PROTECTED, SHARE_BASE, share

ACTIVITY, PEOPLE = "activity", "people"
LEAST_FOR_MIDDLE = 5  # of fewer the middle one is somebody's own
_FOOD_LINE = "”kohtasimme yhteensä 2017 ihmistä 26 käynnin aikana” (Päijät-Häme 2025)"


_GUIDED_LINE = (
    "”41 kävijää sai henkilökohtaista ohjausta ja neuvontaa” (Päijät-Häme 2025)"
)


@dataclass(frozen=True)
class Indicator:
    """One indicator: `figure(totals)` gives its number, or None when it has none."""

    code: str
    name: str
    numerator: str
    denominator: str
    unit: str
    meaning: str
    not_for: str
    source: str
    kind: str
    figure: Callable
    version: int = 1

    @property
    def reckoning(self):
        """What is counted, and by what it is divided, if by anything."""
        parts = [str(self.numerator), str(self.denominator)]
        return " / ".join(part for part in parts if part)


def _per(upper, lower, factor=1):
    def figure(totals):
        return totals[upper] * factor / totals[lower] if totals[lower] > 0 else None

    return figure


def _sum_of(name):
    return lambda totals: totals[name]


def _share_of(upper, lower):
    return lambda totals: share(totals[upper], totals[lower])


def middle(values):
    """The median; None of fewer than five."""
    return statistics.median(values) if len(values) >= LEAST_FOR_MIDDLE else None


def nine_tenths(values):
    """What nine tenths of the values at least do not exceed; None of fewer than 20.

    The 90th percentile by nearest rank: always one of the values.
    """
    if len(values) < SHARE_BASE:
        return None
    return sorted(values)[ceil(len(values) * 9 / 10) - 1]


def _middle_of(name):
    return lambda totals: middle(totals[name])


def new_share(cells):
    """Per cent of new among new and returning; None when protected or under 20."""
    new, returning = cells.get("new", 0), cells.get("returning", 0)
    if PROTECTED in (new, returning):
        return None
    return share(new, new + returning)


def profile(cells):
    """Each category's per cent of all answers in a table, largest first.

    A protected cell has no share; neither has any when some cell is protected, as the
    base would tell it, nor when the base is under 20.
    """
    shown = {code: n for code, n in cells.items() if n != PROTECTED}
    if len(shown) < len(cells):
        return {}
    base = sum(shown.values())
    if share(0, base) is None:
        return {}
    return {code: share(n, base) for code, n in shown.items() if n}


def prison_share(totals):
    """Per cent of prisons' requests answered in 48 hours; None when protected."""
    if PROTECTED in (totals["prison"], totals["prison_in_time"]):
        return None
    return share(totals["prison_in_time"], totals["prison"])


INDICATORS = {
    indicator.code: indicator
    for indicator in (
        Indicator(
            "T1",
            pgettext_lazy("definition", "Met"),
            _("Times people were met, on all visits together"),
            "",
            pgettext_lazy("unit", "times"),
            _(
                "Met means a meeting, not a person: the same person may be in the "
                "number many times. Counted, estimated and organisers' numbers are in."
            ),
            _("Not a count of unique persons."),
            _FOOD_LINE,
            ACTIVITY,
            _sum_of("met"),
        ),
        Indicator(
            "T2",
            pgettext_lazy("definition", "Guided"),
            _("People guided one by one, on all visits together"),
            "",
            pgettext_lazy("unit", "people"),
            _("Guided means individual guidance: advice given to one person's matter."),
            _("Not a count of unique persons."),
            _GUIDED_LINE,
            ACTIVITY,
            _sum_of("guided"),
        ),
        Indicator(
            "I1",
            _("Met per visit"),
            _("Times people were met"),
            _("Outreach visits done"),
            _("times a visit"),
            _("How many meetings, not persons, one visit held on average."),
            _("Not for ranking places: a queue and a day centre differ by design."),
            _FOOD_LINE,
            ACTIVITY,
            _per("met", "visits"),
        ),
        Indicator(
            "I2",
            _("Guided per visit"),
            _("People guided one by one"),
            _("Outreach visits done"),
            _("people a visit"),
            _("How many people got individual guidance on one visit on average."),
            _("Not for comparing workers or places."),
            _GUIDED_LINE,
            ACTIVITY,
            _per("guided", "visits"),
        ),
        Indicator(
            "I3",
            _("Share guided"),
            _("People guided one by one"),
            _("Times people were met"),
            "%",
            _("How many of the meetings became individual guidance."),
            _("Not a target: a short word in a queue is work too."),
            _GUIDED_LINE,
            ACTIVITY,
            _share_of("guided", "met"),
        ),
        Indicator(
            "I4",
            _("Guided per field hour"),
            _("People guided on visits whose time is known"),
            _("Hours on the spot times workers, over the same visits"),
            _("people an hour of work"),
            _("Travel is not in the hours. Visits without a known time are left out."),
            _("Not for timing the work: trust takes its time."),
            "”Ajallinen resursointi ja koettu hyöty eivät kohdanneet” (Vasso 2018)",
            ACTIVITY,
            _per("timed_guided", "minutes", 60),
        ),
        Indicator(
            "I5",
            _("Share of new people"),
            _("New people"),
            _("New and returning people"),
            "%",
            _("The worker's judgement of whether the person was met before."),
            _("Not a count of unique persons."),
            "”181 uutta asiakasta, 1960 vanhaa” (Päijät-Häme 2025)",
            PEOPLE,
            new_share,
        ),
        Indicator(
            "I6",
            _("A familiar face"),
            _("Visits where one of those who went had been there three times before"),
            _("Outreach visits done, known who went"),
            "%",
            _(
                "Whether people meet somebody they know by sight. It is told of the "
                "visit as a whole when it ends, by earlier visits to the same place. "
                "Later it cannot be told who went."
            ),
            _("Not for judging workers or pairs: somebody is new at first."),
            "”Samat työntekijät tuttuuden vuoksi” (Pohjois-Savo 2023)",
            ACTIVITY,
            _share_of("familiar", "faces_known"),
        ),
        Indicator(
            "I7",
            _("Rhythm kept"),
            _("Visits done on the day their place's rhythm promised"),
            _("Promised days that have come"),
            "%",
            _(
                "What was promised is written down the night after and does not "
                "change when the rhythm does. Public holidays, and days left out or "
                "moved beforehand with a reason, were not promised. A visit moved "
                "or called off is not kept; it is shown with its reason."
            ),
            _("Not for ranking places or judging workers: the reasons tell more."),
            "”aina samaan aikaan ja samassa paikassa” (Vasso 2018)",
            ACTIVITY,
            _share_of("kept", "promised"),
        ),
        Indicator(
            "I8",
            _("Cancelled visits by reason"),
            _("Visits cancelled"),
            _("Visits planned"),
            "%",
            _(
                "All visits that were to be are planned, the cancelled ones too. In a "
                "running month those still to come are not counted yet."
            ),
            _("Not for judging workers: the reasons tell what the work lacks."),
            "”Kadulle … mikäli resurssit sen mahdollistavat” (Pohjois-Savo 2023)",
            ACTIVITY,
            _share_of("cancelled", "planned"),
        ),
        Indicator(
            "I9",
            _("Pair where a pair is needed"),
            _("Visits with two: own, a partner's or an expert by experience"),
            _("Visits done at places that require a pair, staff known"),
            "%",
            _("Whether people went in pairs to the places where safety asks for it."),
            _("Not for judging workers: a missing pair is a matter of resources."),
            "”Työpari … huomioiden työturvallisuus, toiminnan tehokkuus ja ajan "
            "antaminen” (Pohjois-Savo 2023)",
            ACTIVITY,
            _share_of("pair_kept", "pair_required"),
        ),
        Indicator(
            "I10",
            _("Home by the agreed time"),
            _("Check-ins that ended by the agreed time, without an alarm"),
            _("Check-ins that ended, without a call for help"),
            "%",
            _(
                "More time may be asked for before it has run out. Only the team, "
                "the month and whether it was in time are kept: no person, no place."
            ),
            _("Not for judging workers: a forgotten press is no fault of work."),
            "”kerrotaan missä ollaan” (Vasso 2018)",
            ACTIVITY,
            _share_of("on_time", "returns"),
        ),
        Indicator(
            "I11",
            _("Topics of guiding"),
            _("Times the topic came up in guiding"),
            _("Times any topic came up"),
            "%",
            _("One person can have several topics, each is counted once."),
            _("Not a count of persons, and not a picture of the whole population."),
            "”etuuksiin, taloudelliseen tilanteeseen, asumisen ongelmiin, kotona "
            "pärjäämiseen, mielenterveyteen ja asiointiin” (Päijät-Häme 2025)",
            PEOPLE,
            profile,
        ),
        Indicator(
            "I12",
            _("Target groups reached"),
            _("Times somebody of the group was guided"),
            _("Times somebody of any group was guided"),
            "%",
            _("The worker's judgement; one person can belong to several groups."),
            _("Not a label for a person. 0 means that the group was not met."),
            "”Tavoitettiinko suunniteltu kohderyhmä?” (Vasso 2018)",
            PEOPLE,
            profile,
        ),
        Indicator(
            "I17",
            _("From request to first answer"),
            _("Working hours from receiving a request to its first answer, median"),
            "",
            _("working hours"),
            _(
                "Half of the answered requests were answered within this time, nine "
                "tenths within the longer one. Working hours are Monday to Friday "
                "8–16, no public holidays. Those that still wait are counted apart."
            ),
            _("Not for judging workers. Half is told of five, nine tenths of twenty."),
            "”Yhteydenottojen vastaanotto ja niihin reagointi” (Pohjois-Savo 2023)",
            ACTIVITY,
            _middle_of("answer_hours"),
        ),
        Indicator(
            "I18",
            _("From request to visit"),
            _("Days from receiving a request to the visit done, median"),
            "",
            _("days"),
            _(
                "The share within 14 days is of requests received over 14 days ago "
                "that were neither declined nor closed without a visit."
            ),
            _("Not for judging workers: the wished day may lie far ahead."),
            "”Jalkautumispyynnöt” (Pohjois-Savo 2023)",
            ACTIVITY,
            _middle_of("visit_days"),
        ),
        Indicator(
            "I19",
            _("Prison's requests answered in 48 hours"),
            _("Requests from prisons and probation first answered within 48 hours"),
            _("All requests from them"),
            "%",
            _(
                "Hours of the clock, not working hours. Given for whole closed years "
                "and the whole area; fewer than five requests are protected."
            ),
            _("Not a count of people who were released."),
            "”kriittisin hetki 48 tunnin aika vapautumisesta” (Päijät-Häme 2025)",
            PEOPLE,
            prison_share,
        ),
    )
}
