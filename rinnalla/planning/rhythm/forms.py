"""One reading of what is chosen about a rhythm and its single days."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rinnalla.lib import clock
from rinnalla.planning.forms import (
    FIRST_DAY,
    LONGEST_AHEAD,
    OLD_CHOICE,
    as_day,
    as_time,
    dress,
    reason_field,
)
from rinnalla.planning.models import Rhythm
from rinnalla.planning.rhythm import rules, slots, words

# What is offered first for a kind of place; others are gone to every week.
USUAL_OFTEN = {
    "food_distribution": rules.LATTER,
    "food_card_event": rules.EVENTS,
    "event": rules.EVENTS,
    "home": rules.EVENTS,
}
USUAL_HOURS = {"day_centre": 3, "street": 3}
DAYS_AHEAD = 24


def usual_often(site):
    """How often one usually goes to a place of this kind."""
    return USUAL_OFTEN.get(site.kind, "w1")


class RhythmForm(forms.Form):
    """How often, on which weekdays, at what hour, from which day on."""

    often = forms.ChoiceField(
        label=_("How often"), error_messages={"invalid_choice": OLD_CHOICE}
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekday"),
        coerce=int,
        choices=list(WEEKDAYS_ABBR.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": OLD_CHOICE},
    )
    starts = forms.TimeField(label=_("Starts"), required=False)
    ends = forms.TimeField(label=_("Ends"), required=False)
    since = forms.DateField(
        label=_("Starting from"),
        help_text=_("When one goes every second week or more seldom, this is week 1."),
    )
    keeps_holidays = forms.BooleanField(
        label=_("One goes on public holidays too"), required=False
    )

    def __init__(self, *args, site, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
        self.fields["often"].choices = words.often_choices()
        as_day(self.fields["since"])
        as_time(self.fields["starts"])
        as_time(self.fields["ends"])
        self.now = site.rhythms.filter(until=None).first()
        self._begin_with(self.now)
        dress(self)

    def _begin_with(self, rhythm):
        self.initial.setdefault("since", clock.today())
        if rhythm is None:
            self.initial.setdefault("often", usual_often(self.site))
            return
        shape = rules.shape_of(rhythm.rule)
        self.initial |= {"often": shape.often, "weekdays": list(shape.weekdays)}
        for name in ("starts", "ends", "keeps_holidays"):
            self.initial[name] = getattr(rhythm, name)
        self.initial["since"] = max(rhythm.since, slots.first_day_for(self.site))

    def clean_since(self):
        day = self.cleaned_data["since"]
        if not FIRST_DAY <= day <= clock.today() + LONGEST_AHEAD:
            raise ValidationError(_("Choose a day at most two years away."))
        return day

    def clean(self):
        cleaned = super().clean()
        often, days = cleaned.get("often"), cleaned.get("weekdays") or []
        if often == rules.EVENTS:
            cleaned |= {"weekdays": [], "starts": None, "ends": None}
        elif often and not days:
            self.add_error("weekdays", _("Choose the weekday."))
        elif often and often not in rules.WEEKS and len(days) > 1:
            self.add_error("weekdays", _("Choose one weekday for a monthly rhythm."))
        self._clean_hours(cleaned)
        if not self.errors and not self._is_as_it_was():
            self._keep_what_was_promised(cleaned["since"])
        return cleaned

    def _is_as_it_was(self):
        """The rhythm that goes on, sent once more: nothing is changed by it."""
        chosen = self.choice.items()
        return self.now and all(getattr(self.now, k) == v for k, v in chosen)

    def _keep_what_was_promised(self, since):
        first, today = slots.first_day_for(self.site), clock.today()
        if first is None:
            yesterday = today - timedelta(days=1)
            if rules.days_of(self.choice["rule"], since, since, yesterday):
                self.add_error("since", _("Choose today or a later day."))
        elif since < first:
            self.ask_later(first)

    def ask_later(self, first):
        """Ask for a day from which on nothing is promised yet."""
        said = _(
            "Days before %(day)s are promised already. Choose that or a later one."
        )
        self.add_error("since", said % {"day": date_format(first, "SHORT_DATE_FORMAT")})

    def _clean_hours(self, cleaned):
        """An end that was left out comes from how long such visits usually take."""
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if ends and not starts and "starts" not in self.errors:
            self.add_error("starts", _("Give the hour it starts, too."))
        elif starts and ends and ends <= starts:
            self.add_error("ends", _("The visit ends before it starts."))
        elif starts and not ends and "ends" not in self.errors:
            hours = USUAL_HOURS.get(self.site.kind, 2)
            at = datetime.combine(clock.today(), starts) + timedelta(hours=hours)
            cleaned["ends"] = at.time() if at.time() > starts else None

    @property
    def choice(self):
        """What set_rhythm needs."""
        data = self.cleaned_data
        shape = rules.Shape(data["often"], tuple(sorted(set(data["weekdays"]))))
        kept = {name: data[name] for name in ("starts", "ends", "since")}
        return {"rule": shape.rule, "keeps_holidays": data["keeps_holidays"], **kept}


class RowForm(RhythmForm):
    """One place's row where many are given a rhythm; an untouched row is passed by."""

    def __init__(self, *args, site, **kwargs):
        super().__init__(*args, site=site, prefix=f"s{site.pk}", **kwargs)
        del self.fields["keeps_holidays"]
        self.fields["since"].widget = forms.HiddenInput()

    def clean_since(self):
        return max(super().clean_since(), clock.today())

    @property
    def place_name(self):
        return words.name_in_list(self.site)

    @property
    def is_bound_here(self):
        """Whether the row was on the page that was sent."""
        return self.add_prefix("often") in self.data

    @property
    def is_untouched(self):
        """Nothing was chosen: no weekday, no hour, and not for events only."""
        named = (self.add_prefix(name) for name in ("weekdays", "starts", "ends"))
        is_bare = not any(self.data.get(name) for name in named)
        return is_bare and self.data.get(self.add_prefix("often")) != rules.EVENTS

    @property
    def choice(self):
        self.cleaned_data["keeps_holidays"] = False
        return super().choice


class DayForm(forms.Form):
    """One coming day of a rhythm that is left out or moved."""

    day = forms.TypedChoiceField(
        label=_("Which day"),
        coerce=lambda text: datetime.strptime(text, "%Y-%m-%d").date(),
        error_messages={"invalid_choice": OLD_CHOICE, "required": _("Choose one.")},
    )
    moved_to = forms.DateField(label=_("Moves to, if it moves"), required=False)

    def __init__(self, *args, rhythm, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].choices = [
            (f"{day:%Y-%m-%d}", _day_words(day)) for day in coming_days(rhythm)
        ]
        self.fields["reason"] = reason_field(_("Why"))
        as_day(self.fields["moved_to"])
        dress(self)

    def clean_moved_to(self):
        day = self.cleaned_data["moved_to"]
        if day and not clock.today() <= day <= clock.today() + LONGEST_AHEAD:
            raise ValidationError(_("Choose a day at most two years away."))
        return day

    def clean(self):
        cleaned = super().clean()
        day, moved_to = cleaned.get("day"), cleaned.get("moved_to")
        if day and moved_to and abs(moved_to - day) > slots.LONGEST_MOVE:
            self.add_error("moved_to", _("Choose a day within two months."))
        return cleaned


def coming_days(rhythm):
    """The days a rhythm gives from today on, those already changed left out."""
    if rhythm.pk is None or rhythm.is_only_events:
        return []
    today = clock.today()
    rows = Rhythm.objects.filter(pk=rhythm.pk)
    coming = slots.between(rows, today, today + timedelta(days=366))
    return [slot.day for slot in coming if not slot.is_skipped][:DAYS_AHEAD]


def _day_words(day):
    return f"{date_format(day, 'D')} {date_format(day, 'SHORT_DATE_FORMAT')}"
