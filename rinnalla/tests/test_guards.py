"""Every address has somebody at the door."""

from django.db.models import ForeignKey, ManyToManyField

from rinnalla.access.models import Worker
from rinnalla.tests import house

# What anybody may open without signing in, each for a reason one can say.
PUBLIC = {
    "rinnalla.access.views.own.sign_out",  # ends one's own session, if there is one
    "rinnalla.access.views.own.join",  # opened by the sealed link of an invitation
    "rinnalla.encounters.voices.views.say",  # opened by a voice board's secret
    "rinnalla.planning.calendars.views.feed",  # opened by a calendar's secret
    "rinnalla.phone.door.views.guest_sync",  # opened by the secret of a guest link
    "rinnalla.phone.enrolling.enrol",  # opened by a code of ten minutes
    "rinnalla.phone.installing.document",  # the field app itself, without any data
    "rinnalla.phone.installing.manifest",  # likewise
    "rinnalla.phone.installing.worker",  # likewise
    "rinnalla.phone.reference_doors.guest_reference",  # opened by a guest link
    "rinnalla.phone.old_addresses.guest",  # leads to the app, asks nothing
    "rinnalla.phone.old_addresses.moved",  # likewise
    "rinnalla.planning.booking.views.book",  # opened by the host's secret link
    "rinnalla.planning.public.asking.request_form",  # professionals have no account
    "rinnalla.planning.public.asking.request_status",  # opened by a secret link
    "rinnalla.planning.public.pages.accessibility",  # the statement the law asks for
    "rinnalla.planning.public.pages.any_language",  # leads to the start
    "rinnalla.planning.public.feedback.feedback",  # the channel the law asks for
    "rinnalla.planning.public.feedback.feedback_answer",  # opened by a secret link
    "rinnalla.planning.public.pages.start",  # where we are met
    "rinnalla.planning.public.places.place",  # when we come next to one place
    "rinnalla.planning.public.places.place_feed",  # the same days as a feed
    "rinnalla.planning.public.places.place_calendar",  # and for one's own calendar
    "rinnalla.planning.booking.views.booking",  # one booking, by its own link
    "rinnalla.planning.safety.answering.answer",  # opened by the link of an alarm
    "rinnalla.shell.views.health",  # the host's monitoring
    "rinnalla.shell.views.demo_sign_in",  # answers in the demo only
    "rinnalla.shell.views.set_language",  # also on the sign-in page
}
# Rooms of others: sign-in itself is public by nature and guarded by its own library.
LIBRARIES = ("allauth.", "django.views.i18n.")


def names():
    """The views of ours by their full name."""
    for address, name, view in house.views():
        if not name.startswith(LIBRARIES):
            yield address, name, view


def test_every_view_is_guarded_or_on_the_short_list():
    open_doors = [
        f"{address} ({name})"
        for address, name, view in names()
        if not hasattr(view, "permission") and name not in PUBLIC
    ]
    assert open_doors == []


def test_the_short_list_is_true():
    """What is on the list exists and needs to be there."""
    unguarded = {name for _, name, view in names() if not hasattr(view, "permission")}
    assert unguarded == PUBLIC


def test_an_unguarded_view_is_found():
    """The test above can fail: a bare function carries no permission."""

    def bare(request):
        """A view somebody forgot to guard."""

    assert not hasattr(bare, "permission")


def test_a_worker_row_holds_only_what_work_needs():
    """No field for a private address, a telephone at home or a birthday."""
    kept = {field.name for field in Worker._meta.concrete_fields}
    allowed = {
        *("id", "password", "last_login", "email", "name", "role"),
        *("organisation", "team", "language", "is_active"),
    }
    assert kept <= allowed


def test_no_row_of_statistics_knows_a_worker():
    """Figures are by place and time. There is no key to rank anybody by."""
    for model in house.models():
        if house.room_of(model) != "statistics":
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField):
                assert field.related_model is not Worker, f"{model.__name__}.{field}"
