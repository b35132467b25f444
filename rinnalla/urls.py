"""Which room answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("rinnalla.shell.urls")),
    path("", include("rinnalla.phone.urls")),
    path("figures/", include("rinnalla.statistics.urls")),
    path("encounters/", include("rinnalla.encounters.urls")),
    path("planning/", include("rinnalla.planning.urls")),
    path("open/", include("rinnalla.planning.public.urls")),
    path("access/", include("rinnalla.access.urls")),
    path("account/", include("rinnalla.access.sign_in_urls")),
]
