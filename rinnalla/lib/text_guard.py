"""Keeps people out of free text.

Activity data has no field that can name a person, except where somebody writes.
``refusals`` finds what must never be stored (identity codes, phone numbers, email
addresses); ``warnings`` finds what the writer should look at once more (names,
street addresses). The form fields below refuse before anything is saved or logged.

The guard helps an honest writer. It does not stop one who wants to get past it.
"""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.fi import hetu

from rinnalla.lib.names import FAMILY_NAMES, GIVEN_NAMES, NAMES_THAT_ARE_WORDS

REFUSALS = {
    "identity_code": _(
        "This may contain a personal identity code. Remove it to carry on. "
        "Your text is still here."
    ),
    "phone": _(
        "This may contain a phone number. Remove it to carry on. "
        "Your text is still here."
    ),
    "email": _(
        "This may contain an email address. Remove it to carry on. "
        "Your text is still here."
    ),
}
WARNINGS = {
    "name": _("This may contain somebody's name. Take it out, or tick the box below."),
    "street_address": _(
        "This may contain a street address. Take it out, or tick the box below."
    ),
    "identity_like": _(
        "This looks like a personal identity code. Take it out, or tick the box below."
    ),
}


def refusals(text: str) -> list[str]:
    """What must not be stored: kinds out of identity_code, phone, email."""
    plain = _fold(text)
    found = {
        "identity_code": _has_identity_code(plain),
        "phone": _has_phone(plain),
        "email": bool(_EMAIL.search(plain)),
    }
    return [kind for kind, there in found.items() if there]


def warnings(text: str) -> list[str]:
    """What to look at once more: kinds out of name, street_address, identity_like."""
    seen = unicodedata.normalize("NFC", text)
    found = {
        "name": _has_name(seen),
        "street_address": _has_street_address(seen),
        "identity_like": bool(_IDENTITY_SHAPE.search(_fold(text))),
    }
    return [kind for kind, there in found.items() if there]


def tidy(text: str) -> str:
    """The text in NFC with what no database can store (lone surrogates) replaced."""
    stored = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", stored)


# --- Folding: what looks the same to a reader is made the same ----------------

_SPACE = frozenset("\t\n\r\v\f")


def _fold(text: str) -> str:
    """Plain form to search in: ASCII digits and dashes, no marks, nothing unseen."""
    return "".join(map(_plain, unicodedata.normalize("NFKD", text)))


def _plain(char: str) -> str:
    if char.isascii():
        return char if char >= " " or char in _SPACE else ""
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.digit(char))
    if kind == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    if kind in ("Zs", "Zl", "Zp"):
        return " "
    return "" if kind in ("Mn", "Me", "Cf", "Cc", "Cs") else char


# --- Identity codes ----------------------------------------------------------

_GAP = r"\s{0,3}"
_DIGIT = rf"\d{_GAP}"
_IDENTITY = re.compile(
    # A look-ahead, so that a code right after other digits is found as well.
    rf"(?=((?:{_DIGIT}){{6}}[-+A-FU-Y]{_GAP}(?:{_DIGIT}){{3}}[0-9A-Z]))",
    re.ASCII | re.IGNORECASE,
)
_IDENTITY_SHAPE = re.compile(
    r"(?<![0-9A-Z])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"
    r"[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?![0-9A-Z])",
    re.ASCII | re.IGNORECASE,
)


def _has_identity_code(plain: str) -> bool:
    """Whether a code with a right check character stands anywhere in the text."""
    for match in _IDENTITY.finditer(plain):
        code = re.sub(r"\s", "", match[1])
        if hetu.is_valid(code, allow_temporary=True):
            return True
    return False


# --- Phone numbers -----------------------------------------------------------

_HOUR = r"(?:[01]?\d|2[0-4])"
_DAY_MONTH = r"(?:0?[1-9]|[12]\d|3[01])[./-]\s?(?:0?[1-9]|1[0-2])"
_NOT_A_PHONE = re.compile(
    rf"""
    (?<!\d)(?:
      (?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d          # 2026-03-12
    | {_DAY_MONTH}[./-]\s?(?:(?:19|20)\d\d|\d\d(?!\s?\d))  # 12.3.2026, 12.03.26
    | {_DAY_MONTH}\.                                   # 12.3.
    | {_HOUR}[.:][0-5]\d                               # 10.30
    | {_HOUR}\s?-\s?{_HOUR}(?:\s+{_HOUR}-{_HOUR})*(?!\s?\d)  # 09-12 13-15
    | \d{{7}}-\d                                       # a business identity code
    )(?!\d)
    """,
    re.VERBOSE | re.ASCII,
)
_TAIL = r"(?:[\s\-()./]{0,3}\d)"
_PHONES = (
    re.compile(rf"\+\s?\(?[1-9]{_TAIL}{{6,14}}(?!\d)", re.ASCII),
    re.compile(rf"(?<!\d)(?<!\d[.,])00\s?[1-9]{_TAIL}{{7,13}}(?!\d)", re.ASCII),
    re.compile(rf"(?<!\d)(?<!\d[.,])\(?0[1-9]{_TAIL}{{5,10}}(?!\d)", re.ASCII),
    re.compile(rf"(?<!\d)358\s?-?[1-9]{_TAIL}{{6,9}}(?!\d)", re.ASCII),
)
_COUNTED = re.compile(r"\s{0,2}(?:€|%|eur|kpl|st\b|kr\b|henk|hlö|hl\b|pers)", re.I)


def _has_phone(plain: str) -> bool:
    """Whether a Finnish or foreign phone number stands in the text."""
    rest = _NOT_A_PHONE.sub("|", plain)
    return any(
        not _COUNTED.match(rest, match.end())
        for phone in _PHONES
        for match in phone.finditer(rest)
    )


# --- Email -------------------------------------------------------------------

_DOT = r"(?:\s?\.\s?|\s?[(\[]\s?(?:dot|piste|punkt)\s?[)\]]\s?|\s(?:dot|piste|punkt)\s)"
_EMAIL = re.compile(
    # Counted repeats only: an open one would be slow on a long line of letters.
    rf"""
    [\w.+-]\s?@\s?[\w-]{{1,63}}{_DOT}[a-z]
  | \w\s?[(\[{{]\s?(?:at|a|@|miu|snabel-?a)\s?[)\]}}]\s?[\w-]{{1,63}}{_DOT}[a-z]
  | \w\.\w{{1,40}}\s(?:at|miu)\s[\w-]{{1,63}}{_DOT}[a-z]
  | \w\s(?:at|miu)\s[\w-]{{1,63}}\s(?:dot|piste|punkt)\s[a-z]
    """,
    re.VERBOSE | re.IGNORECASE,
)


# --- Names and addresses, only warned about ----------------------------------

_CASE = re.compile("(?:n|lla|llä|lle|lta|ltä|ssa|ssä|sta|stä)$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_NUMBERED = re.compile(r"([^\W\d_]{4,60})\s{1,3}\d{1,4}\b")
_ROAD = re.compile(
    r"""
    [^\W\d_]{2,}
      (?:katu|kadu|tie|polku|polu|kuja|kaari|kaare|raitti|raiti|väylä|tori
        |aukio|rinne|rintee|bulevardi|puistikko|puistiko|penger|penkere|esplanadi
        |gata|gatan|väg|vägen|gränd|gränden|stig|stigen|torg|torget|båge|bågen
        |allé|allén|stråk|stråket)
      (?:n|s|ssa|ssä|lla|llä|lle|lta|ltä|t)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HIGHWAY = re.compile(r"(?:valta|kanta|seutu|yhdys|moottori)tie|riksväg", re.I)


def _has_street_address(text: str) -> bool:
    words = (match[1] for match in _NUMBERED.finditer(text))
    return any(_ROAD.fullmatch(word) and not _HIGHWAY.match(word) for word in words)


def _has_name(text: str) -> bool:
    """Whether a given name, or a given and a family name side by side, is there."""
    words = _WORD.findall(text)
    if any(_is_given(word) for word in words):
        return True
    pairs = zip(words, words[1:], strict=False)
    return any(_is_full_name(first, second) for first, second in pairs)


def _is_given(word: str) -> bool:
    """A listed given name with its capital, also declined (Annan, Villelle)."""
    if not word[0].isupper():
        return False
    small = _first_part(word)
    return small in GIVEN_NAMES or _CASE.sub("", small) in GIVEN_NAMES


def _is_full_name(first: str, second: str) -> bool:
    """A given name in any letter case and a family name, in either order."""
    return (_may_be_given(first) and _is_family(second)) or (
        _is_family(first) and _may_be_given(second)
    )


def _may_be_given(word: str) -> bool:
    return _first_part(word) in GIVEN_NAMES | NAMES_THAT_ARE_WORDS


def _first_part(word: str) -> str:
    return word.partition("-")[0].lower()


def _is_family(word: str) -> bool:
    """A listed family name, also declined (Virtasen, Virtaselle)."""
    small = word.lower()
    bases = (small, re.sub(r"s(?:en|elle|elta|ella|ta|essa|een|ia)$", "nen", small))
    return any(base in FAMILY_NAMES for base in bases)


# --- Form fields -------------------------------------------------------------


class _Guarded:
    """What both guarded fields share: tidy first, then refuse."""

    def to_python(self, value):
        return tidy(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        kinds = refusals(value)
        if kinds:
            raise forms.ValidationError(
                [forms.ValidationError(REFUSALS[kind], code=kind) for kind in kinds]
            )

    def warnings(self, value):
        """What the writer is asked to look at once more in this field."""
        return warnings(value)


class GuardedCharField(_Guarded, forms.CharField):
    """One line of free text that refuses identity codes, phones and email."""


class GuardedTextField(_Guarded, forms.CharField):
    """Several lines of free text that refuse identity codes, phones and email."""

    widget = forms.Textarea


class AsksOnceMixin(forms.Form):
    """A form that asks once when a guarded text may name somebody.

    The tick is hidden until a warning is shown; ticked, the text is taken.
    """

    text_confirmed = forms.BooleanField(
        required=False,
        widget=forms.HiddenInput,
        label=_("Nobody can be recognised from the text"),
    )

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        found = {
            name: kinds
            for name, field in self.fields.items()
            if isinstance(field, _Guarded)
            and (kinds := field.warnings(cleaned.get(name) or ""))
        }
        if found:
            self.fields["text_confirmed"].widget = forms.CheckboxInput()
        if found and not cleaned.get("text_confirmed"):
            self._ask(found)
        return cleaned

    def _ask(self, found: dict[str, list[str]]) -> None:
        for name, kinds in found.items():
            for kind in kinds:
                self.add_error(name, forms.ValidationError(WARNINGS[kind], code=kind))
