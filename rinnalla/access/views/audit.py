"""The audit: who did what to which row and when. No content, no view by worker."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rinnalla.access.audit import word_of
from rinnalla.access.forms import AuditForm
from rinnalla.access.guards import worker_may
from rinnalla.access.models import Worker
from rinnalla.access.permissions import READ_AUDIT

PAGE = 100


@require_safe
@worker_may(READ_AUDIT)
def audit(request):
    """Events newest first, by day, kind of action or one row's id."""
    form = AuditForm(request.GET)
    page = Paginator(form.found(), PAGE).get_page(request.GET.get("page"))
    ids = {event.worker_id for event in page}
    names = dict(Worker.objects.filter(pk__in=ids).values_list("pk", "name"))
    for event in page:
        event.worker = names.get(event.worker_id, "")
        event.said = word_of(event.action)
    context = {"form": form, "page": page}
    query = request.GET.copy()
    query.pop("page", None)
    return render(request, "access/audit.html", context | {"query": query.urlencode()})
