"""What the audit log calls each action of this room, for who reads the page."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "code.added": _("A code was added"),
    "code.brought_back": _("A code was brought back"),
    "code.changed": _("A code was changed"),
    "code.moved": _("A code was moved in its list"),
    "code.retired": _("A code was retired"),
    "organisation.added": _("An organisation was added"),
    "organisation.changed": _("An organisation was changed"),
    "team.added": _("A team was added"),
    "team.changed": _("A team was changed"),
    "worker.app_added": _("An authenticator app was added"),
    "worker.app_removed": _("An authenticator app was removed"),
    "worker.changed": _("An account was changed"),
    "worker.closed": _("An account was closed"),
    "worker.invitation_accepted": _("An invitation was accepted"),
    "worker.invited": _("A worker was invited"),
    "worker.invited_again": _("An invitation was sent again"),
    "worker.language_chosen": _("A language was chosen"),
    "worker.opened": _("An account was opened again"),
    "worker.passkey_added": _("A passkey was added"),
    "worker.passkey_removed": _("A passkey was removed"),
    "worker.password_changed": _("A password was changed"),
    "worker.password_reset": _("A password was set anew by a link"),
    "worker.recovery_codes_made": _("Recovery codes were made"),
    "worker.role_changed": _("A role was changed"),
    "worker.second_step_reset": _("A second step was reset"),
    "worker.sessions_ended": _("Sign-ins were ended"),
    "worker.sign_in_changed": _("The way of signing in was changed"),
    "worker.signed_in": _("Somebody signed in"),
}
