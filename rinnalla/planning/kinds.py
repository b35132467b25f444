"""The codes of this room in words, and the icon each kind of place goes by."""

from dataclasses import dataclass

from rinnalla.access.models import Code

# Kinds are told apart by icon and word, never by colour. Those people often plan side
# by side have an icon of their own; the others go by the group of the code.
OWN_ICONS = {
    "shopping_centre": "shop",
    "library": "library",
    "residents_space": "residents",
    "health_centre": "health",
    "hospital_ward": "health",
    "health_counselling": "health",
    "detox_unit": "health",
}
ICONS = {
    "food": "food",
    "indoors": "daycentre",
    "outdoors": "street",
    "event": "event",
    "home": "home",
    "online": "chat",
}


@dataclass(frozen=True)
class Kind:
    """A kind of place: its code, its word in the reader's language, its icon."""

    code: str
    label: str
    icon: str = "place"


class Kinds(dict):
    """Every kind by its code, retired ones too; an unknown code says itself."""

    def __missing__(self, code):
        return Kind(code, code)

    @property
    def homes(self):
        """The codes of the kinds that are somebody's home."""
        return [code for code, kind in self.items() if kind.icon == "home"]


def all_kinds():
    """The kinds of places in the county's order, in one query."""
    return Kinds(
        (code.code, Kind(code.code, code.label, _icon_of(code)))
        for code in Code.objects.of("site_kind")
    )


def _icon_of(code):
    return OWN_ICONS.get(code.code) or ICONS.get(code.group, "place")


def words(*code_lists):
    """The labels of some code lists: {list: {code: label}}, in one query."""
    found = {name: {} for name in code_lists}
    codes = Code.objects.filter(list__in=code_lists).order_by("order", "code")
    for code in codes:
        found[code.list][code.code] = code.label
    return found


def choices(code_list, kept=()):
    """What one may choose from a list; a retired code already on the row stays."""
    codes = Code.objects.of(code_list)
    return [
        (code.code, code.label)
        for code in codes
        if not code.is_retired or code.code in kept
    ]
