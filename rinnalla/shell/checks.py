"""What is looked at before real use: `manage.py check --deploy`."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Warning

THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def check_public_address(app_configs, **kwargs):
    """Links in letters must lead to the pages people use, not to this machine."""
    here = urlsplit(settings.PUBLIC_ADDRESS).hostname
    if not settings.HTTPS or here not in THIS_MACHINE:
        return []
    said = "PUBLIC_ADDRESS is this machine: links of alarms and letters lead nowhere."
    hint = "Set PUBLIC_ADDRESS to the https address people open."
    return [Warning(said, hint=hint, id="shell.W001")]
