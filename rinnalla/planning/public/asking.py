"""The public form for requests, and its status page by link."""

from django.conf import settings
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from rinnalla.planning import kinds
from rinnalla.planning.models import OutreachRequest
from rinnalla.planning.public.doors import language_here, open_page, show
from rinnalla.planning.public.stamps import is_crowded
from rinnalla.planning.requests import actions, mails
from rinnalla.planning.requests.forms import OpenRequestForm

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@open_page
def request_form(request):
    """Ask us to come: for professionals, without an account."""
    form = OpenRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = _receive(form)
        mails.ask()
        return redirect("open:request_status", language_here(), actions.secret_of(row))
    context = {"form": form, "duty_phone": settings.DUTY_LINE_PHONE}
    return show(request, "planning/open/request.html", context)


def _receive(form):
    stamp = form.read
    by_form = OutreachRequest.objects.filter(channel="form")
    return actions.receive(
        key=stamp.key,
        kept=form.kept,
        channel=OutreachRequest.Channel.FORM,
        language=language_here(),
        email=form.cleaned_data["email"],
        is_held=stamp.is_odd or is_crowded(by_form),
    )


@require_safe
@open_page
def request_status(request, secret):
    """How a request goes, to who holds its link."""
    row = actions.found_by(secret)
    if row is None:
        return show(request, "planning/open/gone.html", status=404)
    reasons = kinds.words("decline_reason")["decline_reason"]
    context = {
        "row": row,
        "reason": reasons.get(row.decline_reason, ""),
        "link": request.build_absolute_uri(),
        "has_mail": row.contact is not None,
    }
    return show(request, "planning/open/request_status.html", context, is_secret=True)
