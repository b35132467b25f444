"""The guide's one page: a role's steps, one's own first."""

from pathlib import Path

from django.http import Http404
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from rinnalla.access.guards import signed_in
from rinnalla.access.roles import Role
from rinnalla.shell.guide.steps import GUIDE

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
    if not url_name:
        return ""
    address = reverse(url_name)
    permission = getattr(resolve(address).func, "permission", signed_in)
    may_open = permission is signed_in or permission.reach_of(worker) is not None
    return address if may_open else ""
