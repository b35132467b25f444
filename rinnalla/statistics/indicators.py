"""Every indicator once: what is divided by what, why, and what it must not be used for.

An indicator's number comes from one dictionary of summed figures (`Activity`'s fields;
for splits of people the cells of a published table). Nothing else reckons it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rinnalla.statistics.disclosure import PROTECTED, share

ACTIVITY, PEOPLE = "activity", "people"
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
    )
}
