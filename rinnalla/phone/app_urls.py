"""The addresses of the field app, under /phone/."""

from django.urls import path

from rinnalla.phone import devices, enrolling, reference_doors

urlpatterns = [
    path("enrol", enrolling.enrol, name="enrol"),
    path("reference", reference_doors.reference, name="reference"),
    path(
        "guest/<str:token>/reference",
        reference_doors.guest_reference,
        name="guest_reference",
    ),
    path("devices/", devices.devices, name="devices"),
    path("devices/new", enrolling.device_new, name="device_new"),
    path(
        "devices/<uuid:device>/revoke",
        devices.device_revoke,
        name="device_revoke",
    ),
    path("notices/put-away", devices.put_away, name="put_away"),
]
