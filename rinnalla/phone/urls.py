from django.urls import include, path

from rinnalla.phone import app_urls, old_addresses

app_name = "phone"
urlpatterns = [
    path("phone/", include(app_urls)),
    # Where the field pages were before the app.
    path("field/", old_addresses.moved, name="before"),
    path("field/guest/<str:token>", old_addresses.guest, name="guest"),
    path("field/<path:rest>", old_addresses.moved, name="before_of"),
]
