"""The door of pages anybody may open: the language stands in the address, and nothing
is kept in the browser. No session, so there is none a stranger's page could misuse."""

from functools import wraps

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache

POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
OWN_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def open_page(view):
    """Open to anybody, in the language of the address; no script, no cookie."""

    @wraps(view)
    def opened(request, language, *args, **kwargs):
        if language not in dict(settings.LANGUAGES):
            raise Http404
        with translation.override(language):
            response = view(request, *args, **kwargs)
        response["Content-Language"] = language
        # A secret link is told to nobody, not even to our own next page.
        response["Referrer-Policy"] = "no-referrer"
        return response

    # There is no session to misuse: a form's stamp stands for what a cookie would.
    opened.csrf_exempt = True
    return csp(POLICY["DIRECTIVES"])(never_cache(opened))


def show(request, template, context=None, *, status=200, is_secret=False):
    """A public page with its addresses in the other languages."""
    page = {"languages_here": _languages(request), **(context or {})}
    response = render(request, template, page, status=status)
    if is_secret or status != 200:
        response["X-Robots-Tag"] = "noindex"
    return response


def _languages(request):
    """This page in each language; not where something typed would be lost."""
    if request.method == "POST":
        return []
    here = request.resolver_match
    return [
        (
            code,
            OWN_NAMES[code],
            reverse(here.view_name, kwargs=here.kwargs | {"language": code}),
        )
        for code in OWN_NAMES
    ]


def language_here():
    """The language of this page, as the address says it."""
    return translation.get_language()[:2]
