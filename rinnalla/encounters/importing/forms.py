"""What a coordinator says during an import: the file, its columns, its places."""

from __future__ import annotations

import uuid
from collections import Counter

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rinnalla.access.models import Code, Municipality, Team
from rinnalla.encounters.importing import columns
from rinnalla.encounters.importing.compare import NEW_SITE
from rinnalla.encounters.importing.files import SUFFIXES
from rinnalla.encounters.models import ImportSource
from rinnalla.lib.tables.refusals import MAX_BYTES, SENTENCES
from rinnalla.lib.text_guard import AsksOnceMixin, GuardedCharField
from rinnalla.planning.models import Site


class UploadForm(AsksOnceMixin):
    """The file and the name of where it comes from."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    source = GuardedCharField(
        label=gettext_lazy("Name of the source"),
        help_text=gettext_lazy(
            "For example: Team's own Excel. Use the same name next time."
        ),
        max_length=80,
    )
    team = forms.ModelChoiceField(Team.objects.order_by("name"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX, XLS, ODS or CSV"),
        error_messages={"empty": SENTENCES["empty"]},
    )

    def __init__(self, *args, worker, after=None, **kwargs):
        """``worker`` uploads; ``after`` is the import whose next file this is, if any.

        The own team is suggested, else the source and team of the import before.
        """
        start = {"token": uuid.uuid4(), "team": worker.team_id}
        if after:
            start |= {"team": after.team_id, "source": after.source.name}
        super().__init__(*args, initial=start, **kwargs)
        self.fields["team"].label = _("Team")
        for name in ("source", "team", "file"):
            self.fields[name].widget.attrs["class"] = "ds-input"
        self.fields["source"].widget.attrs["list"] = "known-sources"
        self.fields["file"].widget.attrs["accept"] = ",".join(sorted(SUFFIXES))
        self.known = ImportSource.objects.order_by("name").values_list(
            "name", flat=True
        )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(SENTENCES["too_big"])
        return file


class SheetForm(forms.Form):
    """Which sheet of the file is read; asked only where there are several."""

    sheet = forms.TypedChoiceField(
        coerce=int,
        label=gettext_lazy("Sheet"),
        widget=forms.Select(attrs={"class": "ds-input"}),
    )

    def __init__(self, *args, batch, **kwargs):
        super().__init__(*args, initial={"sheet": batch.sheet}, **kwargs)
        self.fields["sheet"].choices = batch.report.get("sheets", [])


class ColumnsForm(forms.Form):
    """What one row is, and what each column of the file is."""

    shape = forms.ChoiceField(
        label=gettext_lazy("What is one row?"),
        choices=columns.SHAPE_LABELS.items(),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, batch, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = batch.report["columns"]
        self.samples = batch.report["sample_columns"]
        self.book = columns.code_book()
        chosen = {name: target for target, name in batch.mapping.items()}
        self.fields["shape"].initial = batch.shape
        choices = _targets()
        for number, name in enumerate(self.names):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=name,
                choices=choices,
                required=False,
                initial=chosen.get(name, ""),
                widget=_select(),
            )

    def column_fields(self):
        """(bound field, its first values) in the file's order."""
        for number, name in enumerate(self.names):
            yield self[f"column_{number}"], self.samples.get(name, [])

    def clean(self):
        cleaned = super().clean()
        mapping: dict[str, str] = {}
        for number, name in enumerate(self.names):
            target = cleaned.get(f"column_{number}")
            if target in mapping:
                message = _("“%(column)s” was chosen for this already.")
                text = message % {"column": mapping[target]}
                self.add_error(f"column_{number}", text)
            elif target:
                mapping[target] = name
        self._check(mapping)
        cleaned["mapping"] = mapping
        return cleaned

    def _check(self, mapping: dict) -> None:
        shape = self.cleaned_data.get("shape")
        if not shape or self.errors:
            return
        row = [str(name) for name in self.names]
        header = columns.find_header([(1, row)])
        for problem in columns.mapping_problems(shape, mapping, header, self.book):
            self.add_error(None, problem)


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "ds-input"})


def _targets() -> list:
    """The choices for a column: nothing, our fields, single topics and results."""
    groups = [("", _("Not brought in"))]
    groups.append((_("Fields"), list(columns.FIELDS.items())))
    titles = {"topic": _("Number of one topic"), "result": _("Number of one result")}
    for prefix, code_list in columns.CODED.items():
        codes = Code.objects.in_use(code_list)
        choices = [(f"{prefix}:{code.code}", code.label) for code in codes]
        groups.append((titles[prefix], choices))
    return groups


class DecideForm(forms.Form):
    """What becomes of the places nobody knows yet, and of likely doubles."""

    all_new = forms.BooleanField(
        required=False,
        label=gettext_lazy("Make new places of all I did not choose for"),
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        required=False,
        label=gettext_lazy("Municipality of new places"),
        widget=forms.Select(attrs={"class": "ds-input"}),
    )
    kind = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Kind of new places"),
        initial="other",
        widget=forms.Select(attrs={"class": "ds-input"}),
    )
    takes_doubles = forms.BooleanField(
        required=False, label=gettext_lazy("Bring in the likely doubles as well")
    )

    def __init__(self, *args, batch, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = batch.report.get("unknown", [])
        sites = Site.objects.in_use().filter(team=batch.team).order_by("name")
        sites = sites.select_related("municipality")
        self.fields["municipality"].queryset = Municipality.objects.order_by("name_fi")
        self.fields["municipality"].initial = usual_municipality(sites)
        kinds = Code.objects.in_use("site_kind")
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]
        choices = [
            ("", _("Choose")),
            (NEW_SITE, _("A new place")),
            *((str(site.pk), f"{site}, {site.municipality}") for site in sites),
        ]
        for number, place in enumerate(self.places):
            self.fields[f"place_{number}"] = forms.ChoiceField(
                label=place["name"],
                choices=choices,
                required=False,
                widget=_select(),
            )

    def place_fields(self):
        """(bound field, what the file says of the place) of each unknown place."""
        for number, place in enumerate(self.places):
            yield self[f"place_{number}"], place

    def clean(self):
        cleaned = super().clean()
        answers = [cleaned.get(f"place_{n}") for n in range(len(self.places))]
        for number, answer in enumerate(answers):
            if not answer and not cleaned.get("all_new"):
                self.add_error(f"place_{number}", _("Choose what this place is."))
        answers = [answer or NEW_SITE for answer in answers]
        pairs = list(zip(self.places, answers, strict=True))
        lacks = any(a == NEW_SITE and not p["municipality"] for p, a in pairs)
        if lacks and not cleaned.get("municipality"):
            self.add_error("municipality", _("Choose the municipality."))
        cleaned["choices"] = {place["key"]: answer for place, answer in pairs}
        return cleaned

    def as_sites(self) -> dict:
        """The decisions as an import keeps them."""
        chosen = self.cleaned_data
        municipality = chosen.get("municipality")
        return {
            "choices": chosen["choices"],
            "municipality": municipality.code if municipality else "",
            "kind": chosen.get("kind") or "other",
        }


def usual_municipality(sites) -> str | None:
    """Where most of these sites are."""
    codes = Counter(site.municipality_id for site in sites)
    return codes.most_common(1)[0][0] if codes else None
