"""One reading of a review's answer: how it goes on, why, and what each answer asks."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rinnalla.lib import clock
from rinnalla.lib.text_guard import AsksOnceMixin, GuardedTextField
from rinnalla.planning.forms import CardForm, PlaceField, as_day, dress, reason_field
from rinnalla.planning.models import Decision, Site
from rinnalla.statistics.permissions import REVIEW_NEED

HALF_A_YEAR = timedelta(days=182)
LONGEST = timedelta(days=2 * 366)
WHY_LABEL = _("Why it is decided so")
WHY_HELP = _("A sentence or two: what the figures and others say. No names.")


def why_field():
    """Why it was decided so: short, guarded, always asked."""
    return GuardedTextField(
        label=WHY_LABEL,
        help_text=WHY_HELP,
        max_length=280,
        error_messages={"required": _("Write in a few words why.")},
    )


def base_field():
    return forms.IntegerField(
        min_value=0, max_value=100000, widget=forms.HiddenInput, required=False
    )


class AnswerForm(AsksOnceMixin, forms.Form):
    """What every answer asks: why; and of which version of the card it was given."""

    why = why_field()
    base = base_field()

    def __init__(self, *args, site, worker, card, **kwargs):
        super().__init__(*args, **kwargs)
        self.site, self.worker = site, worker
        self.initial["base"] = card.version if card else 0
        self.prepare()
        dress(self)

    def prepare(self):
        """Fill in what the answer's own fields start from."""

    def clean_base(self):
        return self.cleaned_data["base"] or 0


class ReviewDayMixin(forms.Form):
    """By when the need is looked at again."""

    review_due_on = forms.DateField(label=_("The need is looked at again by"))

    def prepare(self):
        super().prepare()
        as_day(self.fields["review_due_on"])
        self.initial["review_due_on"] = clock.today() + HALF_A_YEAR

    def clean_review_due_on(self):
        day = self.cleaned_data["review_due_on"]
        if not clock.today() < day <= clock.today() + LONGEST:
            raise ValidationError(_("Choose a day within two years from tomorrow."))
        return day


class GoOnForm(ReviewDayMixin, AnswerForm):
    """Going on as before."""


class ChangeForm(CardForm):
    """Going on in another way: the card as it is, to be written anew, and why."""

    decided_why = why_field()

    def __init__(self, *args, site, worker, card, **kwargs):
        super().__init__(*args, card=card, **kwargs)


class EndingMixin(forms.Form):
    """The last day, and whether the visits planned after it are called off."""

    last_day = forms.DateField(label=_("The last day here"))
    calls_off = forms.BooleanField(
        label=_("Call off the visits planned after the last day"), required=False
    )

    def prepare(self):
        super().prepare()
        as_day(self.fields["last_day"])
        self.initial["last_day"] = clock.today()
        self.fields["reason"] = reason_field(
            _("Why are they called off"), required=False
        )

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if not clock.today() <= day <= clock.today() + LONGEST:
            raise ValidationError(_("Choose today or a day within two years."))
        return day

    def clean(self):
        cleaned = super().clean()
        lacks = "reason" not in self.errors and not cleaned.get("reason")
        if cleaned.get("calls_off") and lacks:
            self.add_error("reason", _("Choose why they are called off."))
        return cleaned

    @property
    def ending(self):
        """The last day and the reason of what is called off, empty when nothing is."""
        data = self.cleaned_data
        reason = data["reason"] if data["calls_off"] else ""
        return {"last_day": data["last_day"], "reason": reason}


class MoveForm(EndingMixin, ReviewDayMixin, AnswerForm):
    """Going to another place instead: one there is, or a new one by its name."""

    to = forms.ModelChoiceField(
        Site.objects.none(), label=_("Where do we go now"), required=False
    )
    name = PlaceField(
        label=_("Or the name of a new place"),
        help_text=_("It gets the kind, town, people and card of this one."),
        required=False,
        max_length=120,
    )

    def prepare(self):
        super().prepare()
        sites = REVIEW_NEED.limit(Site.objects.in_use(), self.worker)
        self.fields["to"].queryset = sites.exclude(pk=self.site.pk).order_by("name")
        self.fields["to"].empty_label = _("Choose a place")
        self.fields["review_due_on"].label = _("The new place is looked at by")
        self.fields["review_due_on"].help_text = _(
            "A place one goes to already keeps its own day."
        )

    def clean(self):
        cleaned = super().clean()
        if {"to", "name"} & set(self.errors):
            return cleaned
        if not cleaned.get("to") and not cleaned.get("name"):
            self.add_error("to", _("Choose a place or write it below."))
        elif cleaned.get("to") and cleaned.get("name"):
            self.add_error("name", _("Choose a place or write a new one, not both."))
        elif cleaned.get("name"):
            self._look_for_twin(cleaned["name"])
        return cleaned

    def _look_for_twin(self, name):
        """A name of the team's own list is that place; a retired one is asked about."""
        same = {"team": self.site.team_id, "municipality": self.site.municipality_id}
        twin = Site.objects.filter(name=name, is_ad_hoc=False, **same).first()
        if twin and (twin.is_retired or twin.pk == self.site.pk):
            self.add_error(
                "name", _("A retired place, or this one, has that name. Write another.")
            )

    @property
    def target(self):
        """The place one moves to, or the name of a new one."""
        return self.cleaned_data["to"] or self.cleaned_data["name"]


class StopForm(EndingMixin, AnswerForm):
    """Not going any more."""


FORMS = {
    Decision.CONTINUE: GoOnForm,
    Decision.CHANGE: ChangeForm,
    Decision.MOVE: MoveForm,
    Decision.STOP: StopForm,
}


class ChooseForm(forms.Form):
    """Which of the four answers is given."""

    answer = forms.ChoiceField(
        choices=Decision.choices,
        error_messages={
            "required": _("Choose one of the four."),
            "invalid_choice": _("Choose one of the four."),
        },
    )
