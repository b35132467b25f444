"""Who goes, as a form asks it: each with what is known, and a proposal to take.

The visit's form and the month's menu ask alike. A look at who could go sends the form
as it is typed so far; nothing is stored and nothing typed is lost.
"""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from rinnalla.planning.pairs.faces import faces_for, proposed

ASKS = ("look", "take")
LISTS = ("workers", "kit")
# Of a large team this many are shown at once.
FEW = 8
EXPERT = "has_expert_by_experience"


@dataclass(frozen=True)
class Choice:
    """The control of who goes: (option, face) in turn, and who is proposed."""

    rows: list
    proposed: list

    @property
    def near(self):
        """Those one chooses from first: the next in turn and whoever is ticked."""
        if len(self.rows) <= FEW + 2:
            return self.rows
        far = self.rows[FEW:]
        return self.rows[:FEW] + [row for row in far if row[0].data["selected"]]

    @property
    def others(self):
        """The rest of a large team."""
        near = self.near
        return [row for row in self.rows if row not in near]

    @property
    def taken(self):
        """Those who go when the proposal is taken: the ticked and the proposed."""
        ticked = [face.worker for option, face in self.rows if option.data["selected"]]
        return [*ticked, *self.proposed]

    @property
    def names(self):
        """The proposal in words: "Aino and Kaisa"."""
        names = [worker.first_name for worker in self.proposed]
        return get_text_list(names, _("and"))


def asked(request):
    """What the form only wants to know: "look", "take", or nothing when it is sent."""
    what = request.POST.get("pair", "")
    return what if what in ASKS else ""


def begin(request, form_class, *, initial=None, **more):
    """The form as it was sent, or as it is typed so far when only a pair is asked."""
    if asked(request):
        return form_class(initial=_typed(request.POST, form_class), **more)
    return form_class(request.POST or None, initial=initial, **more)


def _typed(post, form_class):
    """What stands in a form that is not sent yet, to begin with."""
    ticks = [
        name
        for name, field in form_class.base_fields.items()
        if isinstance(field, forms.BooleanField)
    ]
    said = {name: post.getlist(name) if name in LISTS else post[name] for name in post}
    none = dict.fromkeys(ticks, False) | {name: [] for name in LISTS}
    return none | said


def choice_of(request, form, visit=None):
    """The control of the form's `workers`, by the place and the hours in the form.

    What the form does not ask is as the visit has it. When the proposal was taken,
    it is ticked.
    """
    then = [_said(form, name, visit) for name in ("site", "day", "starts", "ends")]
    faces = faces_for(list(form.fields["workers"].queryset), *then, visit=visit)
    company = [_said(form, name, visit) for name in ("partner", EXPERT)]
    there = _there(form)
    ahead = proposed(faces, then[0], there, sum(map(bool, company)))
    takes = asked(request) == "take"
    if takes:
        form.initial["workers"] = [*there, *(worker.pk for worker in ahead)]
    options = {str(option.data["value"]): option for option in form["workers"]}
    rows = [(options[str(face.worker.pk)], face) for face in faces]
    return Choice(rows, [] if takes else ahead)


def _said(form, name, visit):
    """What stands in a field, read; None while there is nothing to read."""
    if name not in form.fields:
        return getattr(visit, name, None)
    try:
        return form.fields[name].clean(form[name].value())
    except ValidationError:
        return None


def _there(form):
    """The keys of those who are ticked."""
    field = form.fields["workers"]
    if form.is_bound:
        ticked = form.data.getlist("workers")
    else:
        ticked = form.get_initial_for_field(field, "workers") or []
    keys = {str(getattr(one, "pk", one)) for one in ticked}
    return [worker.pk for worker in field.queryset if str(worker.pk) in keys]
