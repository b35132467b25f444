from django.urls import include, path

from rinnalla.planning.booking import views as booking
from rinnalla.planning.duty import views as duty
from rinnalla.planning.notes import views as notes
from rinnalla.planning.public import places
from rinnalla.planning.views import sites, visits

app_name = "planning"
urlpatterns = [
    path("places/", sites.site_list, name="sites"),
    path("places/new", sites.site_new, name="site_new"),
    path("places/<int:pk>/", sites.site_card, name="site"),
    path("places/<int:pk>/edit", sites.site_edit, name="site_edit"),
    path("places/<int:pk>/retire", sites.site_retire, name="site_retire"),
    path("places/<int:pk>/bring-back", sites.site_bring_back, name="site_bring_back"),
    path("places/<int:pk>/card", sites.card_edit, name="site_card_edit"),
    path("places/<int:pk>/print", sites.card_print, name="site_print"),
    path("places/<int:pk>/notes", notes.site_notes, name="site_notes"),
    path("places/<int:pk>/public", places.line_edit, name="public_line"),
    path("places/<int:pk>/poster", places.line_poster, name="public_poster"),
    path("places/<int:pk>/times", booking.times, name="times"),
    path("places/<int:pk>/times/link", booking.link, name="host_link"),
    path("places/<int:pk>/times/<int:slot>", booking.take_back, name="time_back"),
    path("places/<int:pk>/versions/", sites.card_versions, name="site_versions"),
    path(
        "places/<int:pk>/versions/<int:version>",
        sites.card_version,
        name="site_version",
    ),
    path("places/", include("rinnalla.planning.rhythm.urls")),
    path("duty/", duty.duty, name="duty"),
    path("duty/back", duty.call_back, name="call_back"),
    path("duty/turns", duty.turn_set, name="turn_set"),
    path("duty/turns/<int:pk>", duty.turn_drop, name="turn_drop"),
    path("notes/", include("rinnalla.planning.notes.urls")),
    path("requests/", include("rinnalla.planning.requests.urls")),
    path("calendars/", include("rinnalla.planning.calendars.urls")),
    path("safety/", include("rinnalla.planning.safety.urls")),
    path("month/", include("rinnalla.planning.month.urls")),
    path("events/", include("rinnalla.planning.events.urls")),
    path("visits/", visits.visit_list, name="visits"),
    path("visits/new", visits.visit_new, name="visit_new"),
    path("visits/<uuid:pk>/", visits.visit_page, name="visit"),
    path("visits/<uuid:pk>/edit", visits.visit_edit, name="visit_edit"),
    path("visits/", include("rinnalla.planning.pairs.urls")),
    path("visits/<uuid:pk>/start", visits.visit_start, name="visit_start"),
    path("visits/<uuid:pk>/take-back", visits.visit_take_back, name="visit_take_back"),
    path("visits/<uuid:pk>/finish", visits.visit_finish, name="visit_finish"),
    path("visits/<uuid:pk>/cancel", visits.visit_cancel, name="visit_cancel"),
    path("visits/<uuid:pk>/reopen", visits.visit_reopen, name="visit_reopen"),
    path("visits/<uuid:pk>/guest", visits.guest_link, name="visit_guest"),
    path(
        "visits/<uuid:pk>/guest/<int:link>/revoke",
        visits.guest_revoke,
        name="visit_guest_revoke",
    ),
]
