"""The feedback channel: the public form, its answer by link, and the desk's list."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django_tasks import task

from rinnalla.access.guards import worker_may
from rinnalla.lib import clock
from rinnalla.planning.models import PageFeedback
from rinnalla.planning.permissions import ANSWER_FEEDBACK
from rinnalla.planning.public import feedback_actions as actions
from rinnalla.planning.public.doors import language_here, open_page, show
from rinnalla.planning.public.forms import AnswerForm, FeedbackForm
from rinnalla.planning.public.letters import Letter, ask_once, post_all
from rinnalla.planning.public.stamps import is_crowded

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 30
AGAIN_IN = timedelta(minutes=5)


@form_page
@open_page
def feedback(request):
    """Say what does not work on our pages."""
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stamp = form.read
        row = actions.give(
            key=stamp.key,
            text=form.cleaned_data["text"],
            language=language_here(),
            email=form.cleaned_data["email"],
            is_held=stamp.is_odd or is_crowded(PageFeedback.objects.all()),
        )
        return redirect("open:answer", language_here(), actions.secret_of(row))
    return show(request, "planning/open/feedback.html", {"form": form})


@require_safe
@open_page
def feedback_answer(request, secret):
    """The answer to a piece of feedback, to who holds its link."""
    row = actions.found_by(secret)
    if row is None:
        return show(request, "planning/open/gone.html", status=404)
    context = {"row": row, "link": request.build_absolute_uri()}
    return show(request, "planning/open/answer.html", context, is_secret=True)


@require_safe
@worker_may(ANSWER_FEEDBACK)
def feedback_list(request):
    """Feedback on the pages: unanswered first, the one soonest due on top."""
    rows = PageFeedback.objects.order_by("answered_at", "answer_due_on", "pk")
    waiting = rows.waiting()
    if request.GET.get("show") == "answered":
        waiting = rows.exclude(answered_at=None).order_by("-answered_at", "pk")
    context = {
        "page": Paginator(waiting, PAGE).get_page(request.GET.get("page")),
        "is_answered": request.GET.get("show") == "answered",
    }
    return render(request, "planning/requests/feedback_list.html", context)


@form_page
@worker_may(ANSWER_FEEDBACK)
def feedback_page(request, key):
    """One piece of feedback and its answer."""
    row = get_object_or_404(PageFeedback, pk=key)
    form = AnswerForm(request.POST or None, initial={"answer": row.answer})
    if request.method == "POST" and form.is_valid():
        actions.answer(request.user, row, answer=form.cleaned_data["answer"])
        ask_once(send_answers)
        messages.success(request, _("The answer is stored; the sender sees it."))
        return redirect("planning:feedback")
    return render(
        request, "planning/requests/feedback.html", {"row": row, "form": form}
    )


@require_POST
@worker_may(ANSWER_FEEDBACK)
def feedback_discard(request, key):
    """Throw away what is no feedback."""
    actions.discard(request.user, get_object_or_404(PageFeedback, pk=key))
    return redirect("planning:feedback")


@task()
def send_answers():
    """Tell each sender that the answer is there; what did not leave is owed still."""
    if not post_all(_letter(row) for row in actions.owed()):
        ask_once(send_answers, run_after=clock.now() + AGAIN_IN)


def _letter(row):
    return Letter(
        address=actions.address_of(row),
        language=row.language,
        subject=gettext_lazy("Your feedback has an answer"),
        page="open:answer",
        secret=actions.secret_of(row),
        sent=partial(actions.note_told, row),
        drop=partial(actions.drop_contact, row),
    )
