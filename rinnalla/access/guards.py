"""The door of every view: who may come in at all."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied


def worker_may(permission):
    """Let in signed-in people whose role has this permission; others get a 403.

    The role is asked here; the reach (whose rows) is set by `permission.limit`.
    """

    def guard(view):
        @wraps(view)
        @login_required
        def guarded(request, *args, **kwargs):
            if permission.reach_of(request.user) is None:
                raise PermissionDenied(permission.name)
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return guard


def signed_in(view):
    """Let in anybody who has signed in, whatever the role."""
    guarded = login_required(view)
    guarded.permission = signed_in
    return guarded
