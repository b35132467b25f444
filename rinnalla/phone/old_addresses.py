"""Addresses of before the app: bookmarks and the links of guests still lead there."""

import re
from urllib.parse import quote

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

OF_A_VISIT = re.compile(r"^visits/([0-9a-f-]{36})(/wrap-up)?")


@require_safe
def moved(request, rest=""):
    """The same screen in the app."""
    visit = OF_A_VISIT.match(rest)
    end = f"#/visit/{visit[1]}{visit[2] or ''}" if visit else ""
    return HttpResponseRedirect(reverse("phone:app") + end)


@require_safe
def guest(request, token):
    """A guest's link: the app opens in the guest's way; what follows # stays there."""
    return HttpResponseRedirect(f"{reverse('phone:app')}#guest={quote(token, safe='')}")
