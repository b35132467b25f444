"""The page a call's link opens, for whoever was called and has no session open.

Looking at it changes nothing: a mail server that follows links takes no alarm. The
first answer uses every link of the alarm up; only its owner's goes on opening it, until
the alarm is closed.
"""

from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rinnalla.lib import clock
from rinnalla.planning.models import AlarmCall
from rinnalla.planning.safety import ladder
from rinnalla.planning.safety.reading import facts_of
from rinnalla.planning.safety.views import alarm_page, answer_alarm

PAGE = "planning/safety/link_over.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """Take an alarm on by the link of a call, see where they are, close it."""
    call = AlarmCall.objects.by_token(token)
    if call is None or not _works_here(call.worker):
        return render(request, PAGE, status=404)
    with translation.override(call.worker.language):
        request.LANGUAGE_CODE = call.worker.language
        return _answer(request, call)


def _works_here(worker):
    return worker.is_active and not worker.organisation.has_ended


def _answer(request, call):
    alarm, worker = call.alarm, call.worker
    is_mine = alarm.owner_id == worker.pk
    is_over = alarm.closed_at is not None
    if is_over or (ladder.is_held(facts_of(alarm), clock.now()) and not is_mine):
        status = 410 if request.method == "POST" else 200
        return render(request, PAGE, {"alarm": alarm}, status=status)
    show = answer_alarm if request.method == "POST" else alarm_page
    return show(request, alarm, worker)
