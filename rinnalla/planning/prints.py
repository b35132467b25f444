"""Prints that take a moment: asked for by a page, made by the worker process.

The web process never loads the typesetter. A page that offers a print calls::

    file = prints.ask("tally_sheet", f"{visit.pk}.{language}",
                      make="rinnalla.encounters.sheets.make_pdf",
                      visit=str(visit.pk), language=language)
    return prints.answer(request, file, name="tally.pdf", back=visit_url)

`make` names a function of the asking room that takes the same arguments by name
(plain JSON values) and returns the bytes; it runs in the worker process only and may
import `rinnalla.lib.typst` inside. `key` must change when what is printed changes:
a file once made is served as it is, for thirty days. The asking view guards who may
read it.
"""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django_tasks import task

from rinnalla.planning.actions import ASK_AGAIN_AFTER, ask_print, keep_print

__all__ = ["ASK_AGAIN_AFTER", "answer", "ask", "make_file"]


@transaction.atomic
def ask(kind, key, *, make, **arguments):
    """The made file of this kind and key; asks the worker process when it is missing.

    `content` of the answer is None until the file is ready.
    """
    file, is_to_be_made = ask_print(kind, key)
    if is_to_be_made:
        make_file.enqueue(file=file.pk, make=make, arguments=arguments)
    return file


@task()
def make_file(*, file, make, arguments):
    """Make one print in the worker process."""
    keep_print(file, import_string(make)(**arguments))


def answer(request, file, *, name, back):
    """The print itself as PDF, or a page that waits for it by itself."""
    if file.content is None:
        return render(request, "planning/print_wait.html", {"back": back})
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
