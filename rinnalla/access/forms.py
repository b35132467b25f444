"""One reading of what is typed about people, organisations, teams and code lists."""

from datetime import date, timedelta
from operator import itemgetter

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core import validators
from django.utils.translation import gettext_lazy as _

from rinnalla.access.audit import word_of
from rinnalla.access.models import AuditEvent, Code, Organisation, Team, Worker
from rinnalla.access.permissions import BELOW_COORDINATOR, MANAGE_WORKERS
from rinnalla.access.roles import Reach, Role
from rinnalla.lib import clock

CHOOSE = _("Choose")
IN_TEAM = (Role.WORKER, Role.COORDINATOR)
TAKEN = _("This is in use already. Choose another one.")


class WorkerForm(forms.ModelForm):
    """A worker's row; a coordinator sees only what a coordinator may set."""

    class Meta:
        model = Worker
        fields = ["name", "email", "role", "organisation", "team", "language"]
        labels = {
            "name": _("Name at work"),
            "email": _("Work email"),
            "role": _("Role"),
            "organisation": _("Organisation"),
            "team": _("Team"),
            "language": _("Language"),
        }
        error_messages = {"email": {"unique": TAKEN}}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["organisation"].queryset = Organisation.objects.order_by("name")
        self.fields["organisation"].empty_label = CHOOSE
        self.fields["role"].choices = [("", CHOOSE), *Role.choices]
        self.fields["language"] = forms.ChoiceField(
            choices=settings.LANGUAGES, label=_("Language")
        )
        if MANAGE_WORKERS.reach_of(by) == Reach.TEAM:
            self._narrow_to_own_team()
        else:
            self.fields["team"].queryset = Team.objects.order_by("name")
            self.fields["team"].empty_label = _("No team")

    def _narrow_to_own_team(self):
        del self.fields["team"]
        self.instance.team = self.by.team
        roles = [(role.value, role.label) for role in BELOW_COORDINATOR]
        self.fields["role"].choices = [("", CHOOSE), *roles]
        if self.instance.pk and self.instance.has_usable_password():
            # A changed address could fetch a new password to another mailbox.
            self.fields["email"].disabled = True

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        same = Worker.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(TAKEN)
        return email

    def clean(self):
        data = super().clean()
        team = data.get("team") or self.instance.team
        role, organisation = data.get("role"), data.get("organisation")
        if "team" not in self.fields and team is None:
            self.add_error(None, _("You have no team yet. Ask an administrator."))
        elif role in IN_TEAM and team is None:
            self.add_error("team", _("Choose a team: the work is seen by the team."))
        elif role in IN_TEAM and organisation and organisation != team.organisation:
            text = _("The team belongs to another organisation. Choose %(name)s.")
            name = {"name": team.organisation.name}
            self.add_error("organisation", forms.ValidationError(text, params=name))
        if role == Role.PARTNER and organisation and organisation.team_set.exists():
            text = _("A partner worker comes from a partner organisation.")
            self.add_error("organisation", text)
        return data


class AdministratorForm(forms.Form):
    """What the command line says of a new administrator."""

    name = forms.CharField(max_length=80)
    email = forms.EmailField(max_length=254)
    organisation = forms.CharField(max_length=120)
    language = forms.ChoiceField(choices=settings.LANGUAGES)

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if Worker.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(TAKEN)
        return email


class PasswordForm(forms.Form):
    """The first password, typed twice."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same again"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, worker, **kwargs):
        super().__init__(*args, **kwargs)
        self.worker = worker

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.worker)
        return password

    def clean(self):
        data = super().clean()
        if data.get("password") and data.get("again") != data["password"]:
            self.add_error("again", _("These two differ. Type the password again."))
        return data


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "sector", "agreed_on", "ends_on"]
        labels = {
            "name": _("Name"),
            "sector": _("Sector"),
            "agreed_on": _("Agreement made on"),
            "ends_on": _("Ends on"),
        }
        help_texts = {
            "agreed_on": _("Without a date its partner workers see only counts."),
            "ends_on": _("After this day its people no longer get in."),
        }
        error_messages = {"name": {"unique": TAKEN}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", CHOOSE), *Organisation.Sector.choices]
        self.fields["sector"].choices = choices

    def clean(self):
        data = super().clean()
        starts, ends = data.get("agreed_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The end is before the agreement."))
        elif ends and ends < clock.today() and self._has_administrators():
            text = _("Its people run the system: an end in the past would shut it.")
            self.add_error("ends_on", text)
        return data

    def _has_administrators(self):
        people = Worker.objects.filter(is_active=True, role=Role.ADMINISTRATOR)
        return people.filter(organisation_id=self.instance.pk).exists()


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "organisation"]
        labels = {"name": _("Name"), "organisation": _("Organisation")}
        error_messages = {"name": {"unique": TAKEN}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.order_by("name")
        self.fields["organisation"].empty_label = CHOOSE


LABELS = {
    "label_fi": _("In Finnish"),
    "label_sv": _("In Swedish"),
    "label_en": _("In English"),
    "short_fi": _("Short, in Finnish"),
    "short_sv": _("Short, in Swedish"),
    "short_en": _("Short, in English"),
}


class CodeForm(forms.ModelForm):
    """The labels of a choice; its code never changes."""

    class Meta:
        model = Code
        fields = list(LABELS)
        labels = LABELS
        help_texts = {
            "short_fi": _("On the phone's buttons, at most 20 characters."),
        }


class NewCodeForm(CodeForm):
    """A new choice of a list, with the code it is kept under for good."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        label=_("Code"),
        max_length=40,
        help_text=_("Small letters a–z, digits and _. It can not be changed later."),
        error_messages={"invalid": _("Use only letters a–z, digits and _.")},
    )

    class Meta(CodeForm.Meta):
        fields = ["code", *LABELS]

    def clean_code(self):
        code = self.cleaned_data["code"]
        if Code.objects.filter(list=self.instance.list, code=code).exists():
            raise forms.ValidationError(TAKEN)
        return code


class AuditForm(forms.Form):
    """What to look for in the audit: a day, a kind of action, one row. Never a worker.

    When people sign in is kept for a formal request only and shown on no page: a list
    of sign-ins would be a list of working hours.
    """

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        validators=[
            validators.MinValueValidator(date(2020, 1, 1)),
            validators.MaxValueValidator(date(2100, 1, 1)),
        ],
    )
    action = forms.ChoiceField(
        label=_("Action"),
        required=False,
        error_messages={"invalid_choice": _("Choose an action from the list.")},
    )
    object_id = forms.CharField(label=_("Id of a row"), required=False, max_length=40)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept = self.shown().values_list("action", flat=True).distinct()
        said = sorted(((action, word_of(action)) for action in kept), key=itemgetter(1))
        self.fields["action"].choices = [("", _("All")), *said]

    @staticmethod
    def shown():
        """The events a page may show."""
        return AuditEvent.objects.exclude(action="worker.signed_in")

    def found(self):
        """The events asked for, newest first; none when the question is not clear."""
        events = self.shown().order_by("-at", "-id")
        if not self.is_valid():
            return events.none()
        asked = self.cleaned_data
        if asked["day"]:
            first = clock.at(asked["day"])
            next_day = clock.at(asked["day"] + timedelta(days=1))
            events = events.filter(at__gte=first, at__lt=next_day)
        for field in ("action", "object_id"):
            if asked[field]:
                events = events.filter(**{field: asked[field]})
        return events
