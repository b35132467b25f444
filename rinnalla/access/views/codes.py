"""Code lists: a county may change labels, add, order and retire; never delete."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from rinnalla.access import actions
from rinnalla.access.code_lists import name_of
from rinnalla.access.forms import CodeForm, NewCodeForm
from rinnalla.access.guards import worker_may
from rinnalla.access.models import Code
from rinnalla.access.permissions import EDIT_CODES
from rinnalla.access.views.once import stored

STEPS = {"up": -1, "down": 1}


@require_safe
@worker_may(EDIT_CODES)
def code_lists(request):
    """Every list with the number of choices in use."""
    counts = Code.objects.values("list").annotate(
        used=Count("pk", filter=Q(is_retired=False)), order=Count("pk")
    )
    lists = [row | {"name": str(name_of(row["list"]))} for row in counts]
    lists.sort(key=lambda row: row["name"])
    return render(request, "access/code_lists.html", {"lists": lists})


@require_safe
@worker_may(EDIT_CODES)
def codes(request, code_list):
    """The choices of one list in their order, retired ones too."""
    rows = list(Code.objects.of(code_list))
    if not rows:
        raise Http404(code_list)
    context = {"codes": rows, "list": code_list, "name": name_of(code_list)}
    return render(request, "access/codes.html", context)


@require_http_methods(["GET", "POST"])
@worker_may(EDIT_CODES)
def code(request, pk):
    """Change how a choice is called; its code stays."""
    row = get_object_or_404(Code, pk=pk)
    form = CodeForm(request.POST or None, instance=row)
    if form.is_valid():
        actions.change_code(request.user, form.instance)
        messages.success(request, _("Saved."))
        return redirect("access:codes", row.list)
    context = {"form": form, "row": row, "name": name_of(row.list)}
    return render(request, "access/code.html", context)


@require_http_methods(["GET", "POST"])
@worker_may(EDIT_CODES)
def new_code(request, code_list):
    """Add a choice at the end of a list."""
    if not Code.objects.of(code_list).exists():
        raise Http404(code_list)
    row = Code(list=code_list)
    form = NewCodeForm(request.POST or None, instance=row)
    if form.is_valid() and stored(actions.add_code, request.user, form.instance):
        messages.success(request, _("Saved."))
        return redirect("access:codes", code_list)
    if _was_just_added(code_list, form.data):
        return redirect("access:codes", code_list)
    context = {"form": form, "row": row, "name": name_of(code_list)}
    return render(request, "access/code.html", context)


def _was_just_added(code_list, data):
    """Whether the same form was sent a moment ago: same code, same label."""
    typed = {field: data.get(field, "").strip() for field in ("code", "label_fi")}
    if not all(typed.values()) or "\0" in "".join(typed.values()):
        return False
    return Code.objects.filter(list=code_list, **typed).exists()


@require_POST
@worker_may(EDIT_CODES)
def move_code(request, pk, way):
    """Move a choice up or down in its list."""
    row = get_object_or_404(Code, pk=pk)
    actions.move_code(request.user, row, STEPS[way])
    return redirect("access:codes", row.list)


@require_POST
@worker_may(EDIT_CODES)
def retire_code(request, pk, way):
    """Take a choice out of use, or back into use."""
    row = get_object_or_404(Code, pk=pk)
    actions.retire_code(request.user, row, retired=way == "retire")
    return redirect("access:codes", row.list)
