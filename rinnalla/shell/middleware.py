"""Pages in the worker's own language, on any device."""

from django.conf import settings
from django.utils import translation


class WorkerLanguage:
    """Where this browser has chosen no language, use the signed-in worker's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
