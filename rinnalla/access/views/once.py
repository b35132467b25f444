"""Two presses of one button at the same moment."""

from django.db import IntegrityError


def stored(act, *arguments):
    """Do it; False when another press stored the same name a moment before."""
    try:
        act(*arguments)
    except IntegrityError:
        return False
    return True
