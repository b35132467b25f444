"""The web process: granian serves this in WSGI mode."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rinnalla.settings")
application = get_wsgi_application()
# The views are loaded before the first request asks. What stands now stands as long as
# the process: going through it again and again for garbage would hold some requests up
# for a tenth of a second.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
