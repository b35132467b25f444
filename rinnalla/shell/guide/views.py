"""The guide's one page: a role's steps, one's own first."""

from pathlib import Path

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from rinnalla.access.guards import signed_in
from rinnalla.access.roles import Role
from rinnalla.shell.guide.steps import GUIDE
from rinnalla.shell.navigation import MENU, Item

KNOWN = {item.url_name: item for item in MENU}
PICTURES = Path(__file__).resolve().parent.parent / "static" / "shell" / "guide"


@require_safe
@signed_in
def guide(request, role=""):
    """The steps of one's own role; those of the others can be read too."""
    role = role or request.user.role
    if role not in Role.values:
        raise Http404
    language = (get_language() or "fi")[:2]
    context = {
        "roles": [(other, other.label) for other in Role],
        "role": Role(role),
        "steps": [_shown(step, request.user, language) for step in GUIDE[Role(role)]],
    }
    return render(request, "shell/guide.html", context)


def _shown(step, worker, language):
    """A step with its picture in this language and an address the reader may open."""
    name = f"shell/guide/{language}/{step.picture}.webp"
    has_picture = (PICTURES / language / f"{step.picture}.webp").exists()
    return {
        "step": step,
        "picture": name if has_picture else "",
        "address": _address(step.url_name, worker),
    }


def _address(url_name, worker):
    """The page of a step, where this person may open it."""
    if not url_name:
        return ""
    item = KNOWN.get(url_name) or Item("", url_name)
    return item.url if item.opens_for(worker) else ""
