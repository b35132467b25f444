"""One reading of what is pressed and typed about getting home."""

import re
import uuid
from collections import Counter
from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rinnalla.access.models import Worker
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.lib.text_guard import (
    AsksOnceMixin,
    GuardedCharField,
    GuardedTextField,
)
from rinnalla.planning import kinds
from rinnalla.planning.forms import FIRST_DAY, OLD_CHOICE, PeopleField
from rinnalla.planning.models import Alarm, Site, Visit
from rinnalla.planning.permissions import SEE_SITES
from rinnalla.planning.safety.reading import reachable

SITE, HOME, OTHER, AT = "site", "home", "other", "at"
LONGEST = timedelta(hours=14)
MINUTE = timedelta(minutes=1)
LENGTHS = [
    ("30", _("30 min")),
    ("60", pgettext_lazy("length", "1 h")),
    ("120", pgettext_lazy("length", "2 h")),
    ("180", pgettext_lazy("length", "3 h")),
    (AT, _("At a time")),
]
NUMBER = re.compile(r"\+?[0-9]{7,15}")


class TimeOfDay(forms.TimeField):
    """A time as one writes it: 14.30, 14:30, 1430 or 14."""

    default_error_messages = {"invalid": _("Write the time like this: 10.30.")}

    def to_python(self, value):
        text = str(value or "").strip().replace(".", ":")
        if re.fullmatch(r"[0-9]{1,2}", text):
            text += ":00"
        elif re.fullmatch(r"[0-9]{3,4}", text):
            text = f"{text[:-2]}:{text[-2:]}"
        return super().to_python(text)


def moment_of(until, time, since=None):
    """The moment that is meant: so many minutes from now, or the next such time.

    `since` is counted from instead of now where it is later. Raises ValidationError
    where the moment is further away than one stays out.
    """
    now = clock.now()
    if until != AT:
        return _whole_minute(max(now, since or now) + int(until) * MINUTE)
    if time is None:
        raise ValidationError(_("Write the time like this: 10.30."))
    today = clock.local(now).date()
    due = clock.at(today, time.hour, time.minute)
    if due <= now:
        due = clock.at(today + timedelta(days=1), time.hour, time.minute)
    if due - now > LONGEST:
        raise ValidationError(_("This time has passed. Choose a later one."))
    return due


def _whole_minute(moment: datetime):
    cut = clock.cut(moment, 1)
    return cut if cut == moment else cut + MINUTE


class WhereChoice(forms.RadioSelect):
    """Places as choices; those that are homes say so, as more is asked for them."""

    homes = frozenset()

    def create_option(self, name, value, *told, **more):
        option = super().create_option(name, value, *told, **more)
        if str(value) in self.homes:
            option["attrs"]["data-home"] = True
        return option


class UntilForm(forms.Form):
    """Until when one stays out, or how much longer."""

    until = forms.ChoiceField(
        label=_("Home by"),
        choices=LENGTHS,
        initial="60",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": OLD_CHOICE},
    )
    time = TimeOfDay(
        label=_("The time"),
        required=False,
        widget=forms.TextInput(
            attrs={"class": "ds-input", "inputmode": "decimal", "autocomplete": "off"}
        ),
    )

    # The moment one was to be home, when one stays longer.
    since = None

    def clean(self):
        cleaned = super().clean()
        if "until" in cleaned and "time" in cleaned:
            told = cleaned["until"], cleaned["time"]
            try:
                cleaned["due_at"] = moment_of(*told, since=self.since)
            except ValidationError as why:
                self.add_error("time", why)
        return cleaned


class LongerForm(UntilForm):
    """How much longer one stays, from the moment agreed before."""

    def __init__(self, data=None, *, since=None):
        super().__init__(data)
        self.since = since


class CheckInForm(UntilForm):
    """Where one goes, with whom, until when; of a home, the question before it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    where = forms.ChoiceField(
        label=pgettext_lazy("safety", "Where"),
        widget=WhereChoice,
        error_messages={"required": _("Choose one."), "invalid_choice": OLD_CHOICE},
    )
    site = forms.ModelChoiceField(
        Site.objects.none(),
        label=_("Which place"),
        required=False,
        empty_label=_("Choose a place"),
        widget=forms.Select(attrs={"class": "ds-input"}),
        error_messages={"invalid_choice": OLD_CHOICE},
    )
    place = GuardedCharField(
        label=_("Where to, in your own words"),
        required=False,
        max_length=120,
        help_text=_(
            "Sealed. Opened only if an alarm is raised, deleted when you are home."
        ),
        widget=forms.TextInput(attrs={"class": "ds-input", "autocomplete": "off"}),
    )
    others = forms.ChoiceField(
        label=_("Are there others in the home?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("no", _("No")),
            ("yes", _("Yes")),
            ("unknown", _("I do not know")),
        ],
    )
    goes_anyway = forms.BooleanField(
        label=_("We have agreed how I get away, I go alone"),
        required=False,
    )
    people = PeopleField(
        Worker.objects.none(),
        label=_("With me"),
        required=False,
        error_messages={"invalid_choice": OLD_CHOICE},
    )
    pair = forms.ModelChoiceField(
        Worker.objects.none(),
        label=_("Who is called first"),
        required=False,
        empty_label=_("The team's named person"),
        widget=forms.Select(attrs={"class": "ds-input"}),
        error_messages={"invalid_choice": OLD_CHOICE},
    )
    may_locate = forms.BooleanField(
        label=_("My location may be sent with an alarm"), required=False
    )

    def __init__(self, data=None, *, worker, visits):
        self.worker = worker
        self.visits = {f"visit:{visit.pk}": visit for visit in visits}
        first = next(iter(self.visits.values()), None)
        super().__init__(data, initial=_proposal(worker, first))
        self.fields["where"].choices = [
            *self._named_visits(),
            (SITE, _("Another of our places")),
            (HOME, _("Home visit")),
            (OTHER, _("Somewhere else")),
        ]
        homes = (key for key in self.visits if self._is_home(key))
        self.fields["where"].widget.homes = frozenset(homes)
        sites = SEE_SITES.limit(Site.objects.in_use().exclude(kind=HOME), worker)
        if worker.team_id:
            sites = sites.filter(team=worker.team_id)
        self.fields["site"].queryset = sites.order_by("name")
        mates = mates_of(worker, visits)
        self.fields["people"].queryset = mates
        self.fields["pair"].queryset = mates
        for name in ("people", "pair"):
            self.fields[name].label_from_instance = lambda mate: mate.name

    def _named_visits(self):
        """Each visit with its name; two of one name are numbered."""
        names = {key: self._name_of(key) for key in self.visits}
        seen, of_a_name = Counter(), Counter(names.values())
        for key, name in names.items():
            seen[name] += 1
            yield key, f"{name} ({seen[name]})" if of_a_name[name] > 1 else name

    def _name_of(self, key):
        """A visit's place by name; a home is only called that."""
        visit = self.visits[key]
        hour = time_format(visit.starts, "TIME_FORMAT") if visit.starts else ""
        name = _("Home visit") if self._is_home(key) else visit.site.name
        return f"{name} {hour}".strip()

    def clean(self):
        cleaned = super().clean()
        where = cleaned.get("where")
        if where == SITE and not cleaned.get("site") and "site" not in self.errors:
            self.add_error("site", _("Choose a place."))
        if self._is_home(where):
            self._ask_about_home(cleaned)
        elif where == OTHER and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", _("Say where you are going."))
        if cleaned.get("pair") in list(cleaned.get("people") or []):
            self.add_error("pair", _("This one goes with you. Choose who stays."))
        return cleaned

    def _is_home(self, where):
        visit = self.visits.get(where)
        return where == HOME or bool(visit and visit.site.kind == HOME)

    def _ask_about_home(self, cleaned):
        """The question before a home visit: its answer is not kept, it directs."""
        if not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", _("Say where the home is. It is sealed."))
        others, is_alone = cleaned.get("others"), not cleaned.get("people")
        if not others:
            self.add_error("others", _("Answer this before you go in."))
        elif others != "no" and is_alone and not cleaned.get("goes_anyway"):
            why = _("Is it safe? Go as a pair, or agree first how you get away.")
            self.add_error("goes_anyway", why)

    @property
    def details(self):
        """What the action takes, by name."""
        told = self.cleaned_data
        visit = self.visits.get(told["where"])
        is_home = self._is_home(told["where"])
        site = visit.site if visit else told["site"]
        has_words = told["where"] in (HOME, OTHER) or is_home
        return {
            "key": told["key"],
            "due_at": told["due_at"],
            "people": list(told["people"]),
            "pair": told["pair"],
            "may_locate": told["may_locate"],
            "visit": visit,
            "site": None if has_words else site,
            "is_home_visit": is_home,
            "place": told["place"] if has_words else "",
        }


def _proposal(worker, visit):
    """What is filled in: the next visit, who goes along, an hour."""
    told = {"key": uuid.uuid4(), "where": "", "until": "60"}
    if visit is None:
        return told
    others = [one.pk for one in visit.workers.all() if one.pk != worker.pk]
    told |= {"where": f"visit:{visit.pk}", "people": others}
    if visit.ends:
        end = clock.at(visit.day, visit.ends.hour, visit.ends.minute)
        if clock.now() < end:
            told |= {"until": AT, "time": visit.ends.strftime("%H.%M")}
    return told


def mates_of(worker, visits=()):
    """The people one goes out with: the team, or a partner's own and who is along."""
    own = {"team": worker.team_id} if worker.team_id else {}
    mates = Worker.objects.filter(is_active=True, **own)
    if not own:
        mates = mates.filter(organisation=worker.organisation_id)
    along = Worker.objects.filter(visits__in=visits, is_active=True)
    keys = {*mates.values_list("pk", flat=True), *along.values_list("pk", flat=True)}
    on_duty = (Role.WORKER, Role.COORDINATOR, Role.PARTNER)
    found = Worker.objects.filter(pk__in=keys - {worker.pk}, role__in=on_duty)
    return found.order_by("name")


def visits_of(worker):
    """Today's visits of this person that one may set out for, the next first."""
    open_ones = [Visit.Status.PLANNED, Visit.Status.UNDER_WAY]
    mine = Visit.objects.on(clock.today()).filter(workers=worker, status__in=open_ones)
    mine = mine.select_related("site", "team").prefetch_related("workers")
    return list(mine.order_by("-status", "starts", "pk"))


class CloseForm(forms.Form):
    """How an alarm ended."""

    how = forms.ChoiceField(
        label=_("How it ended"),
        choices=Alarm.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": OLD_CHOICE},
    )


class SpotForm(forms.Form):
    """Where a phone says it is."""

    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)
    metres = forms.FloatField(min_value=0, max_value=1_000_000)


class NumberForm(forms.Form):
    """One's own work phone for alarms."""

    number = forms.CharField(
        label=_("My work phone"),
        required=False,
        max_length=24,
        widget=forms.TextInput(
            attrs={"class": "ds-input", "type": "tel", "autocomplete": "tel"}
        ),
    )

    def clean_number(self):
        number = re.sub(r"[\s()-]", "", self.cleaned_data["number"])
        if number and not NUMBER.fullmatch(number):
            raise ValidationError(_("Write the number like this: +358 40 000 0000."))
        return number


class LadderForm(forms.Form):
    """Who is called after the pair: the named person, then the next ones."""

    LABELS = [_("The named person"), _("The next"), _("And then")]

    def __init__(self, data=None, *, team):
        super().__init__(data)
        mates = reachable().exclude(role=Role.PARTNER)
        now = list(team.contacts.order_by("order").values_list("worker_id", flat=True))
        for number, label in enumerate(self.LABELS):
            self.fields[f"step{number}"] = forms.ModelChoiceField(
                mates.order_by("name"),
                label=label,
                required=False,
                empty_label=_("Nobody"),
                initial=now[number] if number < len(now) else None,
                widget=forms.Select(attrs={"class": "ds-input"}),
                error_messages={"invalid_choice": OLD_CHOICE},
            )

    @property
    def workers(self):
        """The chosen people in order, each once."""
        steps = [self.cleaned_data[f"step{i}"] for i in range(len(self.LABELS))]
        return list(dict.fromkeys(one for one in steps if one))


class IncidentForm(AsksOnceMixin, forms.Form):
    """What endangered somebody at work, without anybody met in it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label=_("What kind"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": OLD_CHOICE},
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"class": "ds-input", "type": "date"}
        ),
    )
    site = forms.ModelChoiceField(
        Site.objects.none(),
        label=_("Which place"),
        required=False,
        empty_label=_("No place of ours"),
        widget=forms.Select(attrs={"class": "ds-input"}),
        error_messages={"invalid_choice": OLD_CHOICE},
    )
    text = GuardedTextField(
        label=_("What happened to you"),
        max_length=1000,
        help_text=_("About the work, not about the people you met."),
        widget=forms.Textarea(attrs={"class": "ds-input", "rows": 5}),
    )

    def __init__(self, data=None, *, worker):
        super().__init__(data, initial={"day": clock.today()})
        self.fields["kind"].choices = kinds.choices("incident_kind")
        sites = SEE_SITES.limit(Site.objects.in_use(), worker)
        if worker.team_id:
            sites = sites.filter(team=worker.team_id)
        self.fields["site"].queryset = sites.order_by("name")

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= clock.today():
            raise ValidationError(_("Choose a day that has been."))
        # Kept for a year from its day: an older one would be gone the next night.
        if day < clock.today() - timedelta(days=180):
            raise ValidationError(_("Choose a day of the last six months."))
        return day

    @property
    def told(self):
        """What the action takes, by name."""
        names = ("kind", "day", "site", "text")
        return {name: self.cleaned_data[name] for name in names}


class PassOnForm(forms.Form):
    """The number a note got in the county's own system."""

    reference = GuardedCharField(
        label=_("Its number there"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "ds-input", "autocomplete": "off"}),
    )
