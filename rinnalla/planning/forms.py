"""One reading of what is typed about places, cards and visits."""

import re
import uuid
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rinnalla.access.models import Municipality, Organisation, Team, Worker
from rinnalla.access.roles import Role
from rinnalla.lib import clock
from rinnalla.lib.text_guard import (
    AsksOnceMixin,
    GuardedCharField,
    GuardedTextField,
)
from rinnalla.planning import kinds
from rinnalla.planning.models import MISTAKEN, Site, Visit
from rinnalla.planning.permissions import SEE_SITES

PLAIN_REQUIRED = forms.Field.default_error_messages["required"]
OLD_CHOICE = _("This choice is no longer in use. Choose again.")
FIRST_DAY = date(2000, 1, 1)
LONGEST_AHEAD = timedelta(days=2 * 366)


class PlaceField(GuardedCharField):
    """The name or address of a place: no identity codes, phones or email in it.

    A street address is what a place is found by, so nothing is asked about it; a
    person's name is asked about, as a home may be written down by whose it is.
    """

    def warnings(self, value):
        return [kind for kind in super().warnings(value) if kind != "street_address"]


class PeopleField(forms.ModelMultipleChoiceField):
    """Some of the people one may choose; a key no row can have is an old choice."""

    widget = forms.CheckboxSelectMultiple

    def _check_values(self, value):
        if not all(re.fullmatch(r"[0-9]{1,18}", key) for key in value):
            raise ValidationError(OLD_CHOICE, code="invalid_choice")
        return super()._check_values(value)


def dress(form):
    """Give every control to write in or to choose from the look of the house."""
    bare = (forms.CheckboxInput, forms.RadioSelect, forms.HiddenInput)
    for field in form.fields.values():
        if not isinstance(field.widget, bare):
            field.widget.attrs.setdefault("class", "ds-input")
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 4
        if field.required and field.error_messages["required"] == PLAIN_REQUIRED:
            field.error_messages["required"] = _("Fill this in.")


def _choose(code_list, label, *, kept="", empty=None, **options):
    """One code of a list, as a native select."""
    first = [] if empty is None else [("", empty)]
    return forms.ChoiceField(
        label=label,
        choices=first + kinds.choices(code_list, {kept}),
        required=empty is None,
        error_messages={"invalid_choice": OLD_CHOICE, "required": _("Choose one.")},
        **options,
    )


def _choose_kit(label, kept):
    """Codes of what one takes along, as chips."""
    return forms.MultipleChoiceField(
        label=label,
        choices=kinds.choices("kit", set(kept)),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": OLD_CHOICE, "invalid_list": OLD_CHOICE},
    )


def reason_field(label, **options):
    """A listed reason as chips: why a day is left out, moved or called off."""
    known = kinds.choices("cancel_reason")
    return forms.ChoiceField(
        label=label,
        choices=[(code, name) for code, name in known if code != MISTAKEN],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": OLD_CHOICE, "required": _("Choose one.")},
        **options,
    )


def _municipalities():
    """All municipalities for a select, our own county's first."""
    rows = sorted(Municipality.objects.all(), key=str)
    own = [(m.code, str(m)) for m in rows if m.county_id == settings.COUNTY_CODE]
    rest = [(m.code, str(m)) for m in rows if m.county_id != settings.COUNTY_CODE]
    groups = [(_("Our county"), own), (_("Elsewhere"), rest)] if own else rest
    return [("", _("Choose a municipality")), *groups]


# A number as one dials it: the country's code, or none, and digits.
PHONE = re.compile(r"\+?[0-9]{3,15}")


def read_phone(text):
    """A telephone number without its gaps; empty stays empty."""
    number = re.sub(r"[\s()-]", "", text)
    if number and not PHONE.fullmatch(number):
        raise ValidationError(_("Write the number like this: +358 40 000 0000."))
    return number


class SearchForm(forms.Form):
    """What to show in the list of places."""

    SHOWN = {
        "own": _("Own team"),
        "all": _("All teams"),
        "once": _("Unplanned places"),
        "retired": _("Retired"),
    }
    q = forms.CharField(
        label=_("Search by name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "class": "ds-input"}),
    )
    show = forms.ChoiceField(choices=SHOWN.items(), required=False)


class SiteForm(AsksOnceMixin, forms.ModelForm):
    """A place: what it is, where, whose, and how one goes there."""

    SEASON = [("", _("All year")), *MONTHS.items()]

    class Meta:
        model = Site
        fields = [
            *("name", "kind", "municipality", "area", "host", "host_phone", "team"),
            "responsible",
            *("required_staffing", "season_from", "season_to", "guided_counts_as_met"),
            *("host_gives_pair", "needs_car", "needed_kit"),
        ]
        field_classes = {"area": PlaceField, "responsible": PeopleField}

    name = PlaceField(label=_("Name"), max_length=120)
    required_staffing = forms.TypedChoiceField(
        label=_("How one goes there"), coerce=int, widget=forms.RadioSelect
    )
    season_from = forms.TypedChoiceField(
        label=_("Season starts"),
        choices=SEASON,
        coerce=int,
        empty_value=None,
        required=False,
    )
    season_to = forms.TypedChoiceField(
        label=_("Season ends"),
        choices=SEASON,
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args, worker, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"] = _choose(
            "site_kind",
            _("Kind"),
            kept=self.instance.kind,
            empty=None if self.instance.pk else _("Choose a kind"),
        )
        self.fields["kind"].required = True
        self.fields["municipality"] = forms.ChoiceField(
            label=_("Municipality"),
            choices=_municipalities(),
            error_messages={"required": _("Choose one."), "invalid_choice": OLD_CHOICE},
        )
        self.fields["required_staffing"].choices = self._staffing()
        self.fields["needed_kit"] = _choose_kit(
            _("What one needs along"), self.instance.needed_kit
        )
        self._name_fields(worker)
        dress(self)

    def _name_fields(self, worker):
        fields = self.fields
        fields["area"].label = _("Area or part of town")
        fields["host"].label = _("Host")
        fields["host"].queryset = Organisation.objects.order_by("name")
        fields["host"].empty_label = _("No host")
        fields["host_phone"].label = _("Telephone of the place or its host at work")
        fields["host_phone"].widget.attrs["type"] = "tel"
        fields["team"].label = _("Team")
        fields["team"].queryset = Team.objects.order_by("name")
        fields["team"].empty_label = None
        team = self.instance.team_id or worker.team_id
        self.initial["team"] = team
        fields["responsible"].label = _("Who looks after the place")
        fields["responsible"].queryset = workers_of(team=team)
        fields["host_gives_pair"].label = _("The host gives a pair when needed")
        fields["needs_car"].label = _("A car is needed")
        fields["guided_counts_as_met"].label = _("Guided counts as met too")
        fields["guided_counts_as_met"].help_text = _(
            "Leave out where the queue is counted first and people come to talk after."
        )

    def _staffing(self):
        known = {1: _("One may go alone"), 2: _("In pairs"), 3: _("Three together")}
        kept = self.instance.required_staffing
        return list((known | {kept: known.get(kept, str(kept))}).items())

    def clean_host_phone(self):
        return read_phone(self.cleaned_data["host_phone"])

    def clean_municipality(self):
        return Municipality.objects.get(pk=self.cleaned_data["municipality"])

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("season_from"), cleaned.get("season_to")
        if bool(first) != bool(last):
            field = "season_to" if first else "season_from"
            self.add_error(field, _("Give both months, or leave both out."))
        self._look_for_twin(cleaned)
        return cleaned

    def _look_for_twin(self, cleaned):
        """The same name again is a second press of the button, or a double."""
        self.twin = None
        if not {"name", "municipality", "team"} <= set(cleaned):
            return
        same = {field: cleaned[field] for field in ("name", "municipality", "team")}
        others = Site.objects.filter(**same, is_ad_hoc=False)
        twin = others.exclude(pk=self.instance.pk).first()
        compared = [name for name in self._meta.fields if name != "responsible"]
        if twin and not self.instance.pk:
            is_same = all(getattr(twin, f) == cleaned.get(f) for f in compared)
            self.twin = twin if is_same else None
        if twin and not self.twin:
            self.add_error("name", _("Your team already has a place of this name."))


def workers_of(*, team=None, organisation=None):
    """People of a team, or of a partner, whom one may choose; by name."""
    workers = Worker.objects.filter(is_active=True).order_by("name")
    if team:
        return workers.filter(team=team)
    return workers.filter(organisation=organisation, team=None)


class CardForm(AsksOnceMixin, forms.Form):
    """The five headings of a site card and the note before leaving."""

    HEADINGS = ["why", "when", "where", "resources", "features", "safety_note"]
    MOST = 2000
    # Shown under a heading nobody has written yet.
    HINTS = {
        "safety_note": _(
            "What one must remember at the door: how one goes, who is told."
        ),
        "why": _("Who comes here, and what outreach gives them."),
        "when": _("Days and hours, and when it is best to be there."),
        "where": _("Entrance, parking, where one stands, how one gets away."),
        "resources": _("How many go, car, kit, who of the host helps."),
        "features": _("What is particular here: customs, languages, what to avoid."),
    }

    safety_note = GuardedTextField(
        label=_("Before you leave"), required=False, max_length=280
    )
    why = GuardedTextField(label=_("Why"), required=False, max_length=MOST)
    when = GuardedTextField(label=_("When"), required=False, max_length=MOST)
    where = PlaceField(
        label=_("Where"), required=False, max_length=MOST, widget=forms.Textarea
    )
    resources = GuardedTextField(label=_("Resources"), required=False, max_length=MOST)
    features = GuardedTextField(
        label=_("Special features"), required=False, max_length=MOST
    )
    review_due_on = forms.DateField(label=_("Look at the card again by"))
    base = forms.IntegerField(
        min_value=0, max_value=100000, widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args, card=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.card = card
        for name in (*self.HEADINGS, "review_due_on"):
            self.initial.setdefault(name, getattr(card, name, ""))
            if not self.initial[name] and name in self.HINTS:
                self.fields[name].help_text = self.HINTS[name]
        self.initial["base"] = card.version if card else 0
        as_day(self.fields["review_due_on"])
        if not self.initial["review_due_on"] or card.is_review_due:
            self.initial["review_due_on"] = clock.today() + timedelta(days=182)
        dress(self)

    def clean_base(self):
        return self.cleaned_data["base"] or 0

    def clean_review_due_on(self):
        day = self.cleaned_data["review_due_on"]
        if not clock.today() < day <= clock.today() + LONGEST_AHEAD:
            raise ValidationError(_("Choose a day within two years from tomorrow."))
        return day

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in self.HEADINGS) and not self.errors:
            self.add_error("why", _("Write at least one of the headings."))
        return cleaned

    @property
    def texts(self):
        """The written headings by field name."""
        return {name: self.cleaned_data[name] for name in self.HEADINGS}


def as_day(field):
    """Ask for a day with the phone's and browser's own calendar."""
    field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    field.error_messages["invalid"] = _("Write the day like this: 12.3.2026.")


def as_time(field):
    field.widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    field.error_messages["invalid"] = _("Write the time like this: 10.30.")


class VisitForm(AsksOnceMixin, forms.Form):
    """A visit to plan or to change: where, when, who, with what."""

    DETAILS = [
        *("starts", "ends", "arrive_before_minutes", "type", "is_outreach"),
        *("partner", "has_expert_by_experience", "has_student", "has_volunteer"),
        *("identifier", "has_car", "kit", "is_group", "solo_reason"),
    ]
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    site = forms.ModelChoiceField(Site.objects.none(), required=False, label=_("Place"))
    place_name = PlaceField(
        label=_("Name of the place or channel"), required=False, max_length=120
    )
    day = forms.DateField(label=_("Day"))
    starts = forms.TimeField(label=_("Starts"), required=False)
    ends = forms.TimeField(label=_("Ends"), required=False)
    arrive_before_minutes = forms.IntegerField(
        label=_("Arrive before, minutes"), required=False, min_value=0, max_value=180
    )
    workers = PeopleField(
        Worker.objects.none(),
        label=_("Who goes"),
        error_messages={"required": _("Choose at least one.")},
    )
    partner = forms.ModelChoiceField(
        Organisation.objects.order_by("name"),
        label=_("Partner along"),
        required=False,
        empty_label=_("No partner"),
    )
    has_expert_by_experience = forms.BooleanField(
        label=_("Expert by experience"), required=False
    )
    has_student = forms.BooleanField(label=_("Student"), required=False)
    has_volunteer = forms.BooleanField(label=_("Volunteer"), required=False)
    is_outreach = forms.BooleanField(label=_("This is outreach"), required=False)
    is_group = forms.BooleanField(label=_("Group session"), required=False)
    has_car = forms.BooleanField(label=_("Car"), required=False)

    def __init__(self, *args, worker, visit=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.worker, self.visit = worker, visit
        self._add_codes(visit or Visit())
        self._add_place(worker, visit)
        workers = workers_of(team=worker.team_id, organisation=worker.organisation_id)
        if visit:
            there = visit.workers.values("pk")
            workers = Worker.objects.filter(pk__in=there) | workers
        self.fields["workers"].queryset = workers.distinct().order_by("name")
        as_day(self.fields["day"])
        as_time(self.fields["starts"])
        as_time(self.fields["ends"])
        if visit and visit.slot:
            self.fields["move_reason"] = reason_field(
                _("Why is it moved"), required=False
            )
        self._begin_with(visit)
        dress(self)

    def _add_codes(self, row):
        chips = forms.RadioSelect
        self.fields["type"] = _choose(
            "visit_type", _("Type"), kept=row.type, widget=chips
        )
        self.fields["identifier"] = _choose(
            "identifier", _("Known by"), kept=row.identifier, empty=_("Not decided")
        )
        self.fields["kit"] = _choose_kit(_("Kit"), row.kit)
        self.fields["solo_reason"] = _choose(
            "solo_reason", _("Why with so few"), kept=row.solo_reason, empty=_("Choose")
        )
        if not row.solo_reason and not self.data.get(self.add_prefix("solo_reason")):
            self.fields["solo_reason"].widget = forms.HiddenInput()

    def _add_place(self, worker, visit):
        sites = SEE_SITES.limit(Site.objects.in_use(), worker)
        if worker.team_id:
            sites = sites.filter(team=worker.team_id)
        if visit:
            sites = sites | Site.objects.filter(pk=visit.site_id)
        field = self.fields["site"]
        field.queryset = sites.order_by("name")
        field.empty_label = _("Choose a place")
        self.may_add_place = bool(worker.team_id) and not visit
        if not self.may_add_place:
            field.required = True
            del self.fields["place_name"]
            return
        self.fields["place_kind"] = _choose(
            "site_kind", _("Kind"), empty=_("Choose a kind")
        )
        self.fields["place_municipality"] = forms.ChoiceField(
            label=_("Municipality"), choices=_municipalities(), required=False
        )

    def _begin_with(self, visit):
        if visit is None:
            self.initial.setdefault("key", uuid.uuid4())
            self.initial.setdefault("type", "planned")
            self.initial.setdefault("is_outreach", True)
            goes = self.worker.role != Role.COORDINATOR
            self.initial.setdefault("workers", [self.worker.pk] if goes else [])
            self.initial.setdefault("arrive_before_minutes", 0)
            return
        for name in ("site", "day", "workers", *self.DETAILS):
            value = getattr(visit, name)
            self.initial.setdefault(name, value.all() if name == "workers" else value)

    def clean_key(self):
        return self.cleaned_data["key"] or uuid.uuid4()

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= clock.today() + LONGEST_AHEAD:
            raise ValidationError(_("Choose a day at most two years away."))
        return day

    def clean_arrive_before_minutes(self):
        return self.cleaned_data["arrive_before_minutes"] or 0

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The visit ends before it starts."))
        if self.may_add_place and not cleaned.get("site"):
            self._clean_place(cleaned)
        self._keep_within(cleaned.get("site"), cleaned.get("day"))
        if self._is_moved(cleaned) and not cleaned.get("move_reason"):
            self.add_error("move_reason", _("This day was promised. Say why it moves."))
        self._ask_why_alone(cleaned)
        return cleaned

    def _keep_within(self, site, day):
        """No new day after the last one that was decided for a place."""
        is_kept = self.visit and self.visit.day == day
        if site and site.retired_on and day and day > site.last_day and not is_kept:
            last = date_format(site.last_day, "SHORT_DATE_FORMAT")
            self.add_error("day", _("The last day here is %(day)s.") % {"day": last})

    def _is_moved(self, cleaned):
        """Whether a visit leaves the day that was promised to its place."""
        if "move_reason" not in self.fields:
            return False
        is_here = cleaned.get("site") == self.visit.site
        days = (None, self.visit.day, self.visit.slot)
        return is_here and cleaned.get("day") not in days

    def _clean_place(self, cleaned):
        if "site" in self.errors:
            return
        if not cleaned.get("place_name") and "place_name" not in self.errors:
            self.add_error("site", _("Choose a place or write it below."))
            return
        for name in ("place_kind", "place_municipality"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Choose one."))

    def _ask_why_alone(self, cleaned):
        """Ask for the reason where the place asks why one goes with so few."""
        workers = cleaned.get("workers")
        if self.errors or workers is None or cleaned.get("solo_reason"):
            return
        site = cleaned.get("site") or self._unplanned(cleaned)
        company = Visit(**self.details).company
        if not site.asks_why_alone(len(workers), company):
            return
        self.fields["solo_reason"].widget = forms.Select(
            {"class": "ds-input"}, choices=self.fields["solo_reason"].choices
        )
        self.add_error("solo_reason", asks_why(site))

    def _unplanned(self, cleaned):
        """The place as it is or would be made for an unplanned visit."""
        same = {"name": cleaned["place_name"], "team": self.worker.team_id}
        where = cleaned["place_municipality"]
        found = Site.objects.not_retired().filter(**same, municipality=where)
        return found.order_by("is_ad_hoc", "pk").first() or Site(
            name=cleaned["place_name"],
            kind=cleaned["place_kind"],
            required_staffing=1,
        )

    @property
    def details(self):
        """The fields of the visit that are kept as they are."""
        return {name: self.cleaned_data[name] for name in self.DETAILS}

    @property
    def changes(self):
        """The details, the day, and why it left the promised one when it does."""
        data = self.cleaned_data
        changes = {"site": data["site"], "day": data["day"], **self.details}
        if self.visit.slot and data["day"] != self.visit.day:
            changes["move_reason"] = data["move_reason"]
        return changes

    @property
    def place(self):
        """What place_for needs for a place that is not on the list."""
        return {
            "team": self.worker.team,
            "municipality": Municipality.objects.get(
                pk=self.cleaned_data["place_municipality"]
            ),
            "kind": self.cleaned_data["place_kind"],
            "name": self.cleaned_data["place_name"],
        }


def asks_why(site):
    """The sentence that asks why one goes with so few."""
    if site.needs_pair:
        return _("One goes here in pairs. Say why there are fewer this time.")
    return _("Nobody has been here yet. Say why one goes alone.")


class StartForm(forms.Form):
    """Beginning a visit: asks why alone only where the place asks."""

    def __init__(self, *args, visit, worker, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["solo_reason"] = _choose(
            "solo_reason", _("Why with so few"), empty=_("Choose")
        )
        there = set(visit.workers.values_list("pk", flat=True)) | {worker.pk}
        asks = visit.asks_why_alone(len(there))
        field = self.fields["solo_reason"]
        field.required = asks
        field.error_messages["required"] = asks_why(visit.site)
        if not asks:
            field.widget = forms.HiddenInput()
        dress(self)


class CancelForm(forms.Form):
    """Calling a visit off, with a listed reason; asks twice when it was counted."""

    leaves_records = forms.BooleanField(
        label=_("It was not held. Leave what was recorded out of the figures."),
        required=False,
        error_messages={"required": _("Was the visit held? Then end it instead.")},
    )

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = _choose(
            "cancel_reason", _("Why is it called off"), widget=forms.RadioSelect
        )
        self.is_recorded = visit.is_recorded
        asks = self.is_recorded and visit.status == Visit.Status.PLANNED
        self.fields["leaves_records"].required = asks
        if not asks:
            self.fields["leaves_records"].widget = forms.HiddenInput()
