"""What changed from one version of a site card to the next, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from rinnalla.planning.forms import CardForm
from rinnalla.planning.models import SiteCard

WORD = re.compile(r"\s+|\S+")


# Below this share of words in common, old and new are read better one after another.
MOSTLY_SAME = 0.5


@dataclass(frozen=True)
class Change:
    """One heading that changed: pieces of text, each kept, added or taken out."""

    heading: str
    pieces: list  # of (what, text); what is "same", "added" or "gone"


def compare(before, after):
    """The headings that differ between two versions; `before` may be None."""
    changes = []
    for name in CardForm.HEADINGS:
        old, new = getattr(before, name, ""), getattr(after, name)
        if old != new:
            heading = SiteCard._meta.get_field(name).verbose_name
            changes.append(Change(heading, _pieces(old, new)))
    return changes


def _shared(match):
    """The share of words in common; blanks between words say nothing."""
    common = sum(
        1
        for block in match.get_matching_blocks()
        for word in match.a[block.a : block.a + block.size]
        if word.strip()
    )
    return 2 * common / sum(1 for word in match.a + match.b if word.strip())


def _pieces(old, new):
    a, b = WORD.findall(old), WORD.findall(new)
    match = SequenceMatcher(None, a, b, autojunk=False)
    if old and new and _shared(match) < MOSTLY_SAME:
        return [("gone", old), ("same", "\n"), ("added", new)]
    pieces = []
    for what, i, j, k, m in match.get_opcodes():
        if what == "equal":
            pieces.append(("same", "".join(a[i:j])))
            continue
        pieces += [
            (w, "".join(t)) for w, t in (("gone", a[i:j]), ("added", b[k:m])) if t
        ]
    return pieces
