"""One reading of who joins a visit, and of what is along."""

from django import forms

from rinnalla.access.models import Worker
from rinnalla.planning import kinds
from rinnalla.planning.forms import workers_of
from rinnalla.planning.pairs.kit import CAR


class JoinForm(forms.Form):
    """Somebody of one's own who comes along; anybody else is nobody's choice."""

    worker = forms.ModelChoiceField(Worker.objects.none())

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = workers_of(team=by.team_id, organisation=by.organisation_id)
        self.fields["worker"].queryset = own


class KitForm(forms.Form):
    """The car or one thing of the kit, and whether it is there."""

    code = forms.ChoiceField()
    is_there = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = kinds.words("kit")["kit"]
        self.fields["code"].choices = [(CAR, CAR), *known.items()]
