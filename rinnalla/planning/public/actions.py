"""What is done with public pages: the line of a place is shown or taken off."""

import secrets

from django.db import transaction

from rinnalla.access import audit
from rinnalla.planning.models import PublicLine

# Read aloud and typed from a poster: no letter or digit that looks like another.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 7


@transaction.atomic
def show_line(worker, site, *, sign, is_shown, where=""):
    """Show a place's public page, or take it off. The address stays for posters."""
    line, is_new = PublicLine.objects.get_or_create(
        site=site, defaults={"code": _new_code()}
    )
    told = sign, is_shown, where
    if is_new or (line.sign, line.is_shown, line.where) != told:
        line.sign, line.is_shown, line.where = told
        line.save(update_fields=["sign", "is_shown", "where"])
        audit.log(worker, "line.shown" if is_shown else "line.taken_off", line)
    return line


def _new_code():
    """An address nobody has; the odds of drawing a taken one are past reckoning."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
