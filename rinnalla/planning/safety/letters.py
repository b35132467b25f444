"""The words of a call: what it is about, first names, where, and the link. No more.

A home is only called a home visit. Nothing stands in the subject that tells of anybody.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from rinnalla.planning.safety.actions import token_of


def link_of(call):
    """The page a call's link opens."""
    path = reverse("planning:safety_answer", args=[token_of(call)])
    return settings.PUBLIC_ADDRESS + path


def mail_of(call):
    """A call as a letter in its reader's language.

    Sent twice it has one number, by which many mailboxes keep one.
    """
    with translation.override(call.worker.language):
        text = render_to_string("planning/safety/email/call.txt", _told(call))
        subject = _("Rinnalla: open this now") if call.kind == "call" else "Rinnalla"
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    headers = {
        "Message-ID": f"<alarm.{token_of(call)[:20]}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Importance": "high",
    }
    return EmailMessage(
        subject, text.strip() + "\n", to=[call.worker.email], headers=headers
    )


def text_of(call):
    """A call as a text message, short."""
    with translation.override(call.worker.language):
        return render_to_string("planning/safety/email/text.txt", _told(call)).strip()


def _told(call):
    check_in = call.alarm.check_in
    people = check_in.people.order_by("name")
    return {
        "call": call,
        "alarm": call.alarm,
        "check_in": check_in,
        "names": names_of(people),
        "owner": call.alarm.owner,
        "link": link_of(call),
    }


def names_of(people):
    """First names as one says them: Aino and Kaisa."""
    names = [person.first_name for person in people]
    if len(names) < 2:
        return "".join(names)
    said = {"others": ", ".join(names[:-1]), "last": names[-1]}
    return _("%(others)s and %(last)s") % said
