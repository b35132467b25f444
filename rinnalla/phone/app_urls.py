"""The addresses of the field app, under /phone/."""

from django.urls import path

from rinnalla.phone import (
    devices,
    enrolling,
    installing,
    quarantine,
    reference_doors,
    safety,
)
from rinnalla.phone.door import views as door

urlpatterns = [
    path("", installing.document, name="app"),
    path("sw.js", installing.worker, name="worker"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("enrol", enrolling.enrol, name="enrol"),
    path("sync", door.sync, name="sync"),
    path("guest/<str:token>/sync", door.guest_sync, name="guest_sync"),
    path("reference", reference_doors.reference, name="reference"),
    path(
        "guest/<str:token>/reference",
        reference_doors.guest_reference,
        name="guest_reference",
    ),
    path("safety", safety.safety_pass, name="safety"),
    path("devices/", devices.devices, name="devices"),
    path("devices/new", enrolling.device_new, name="device_new"),
    path(
        "devices/<uuid:device>/revoke",
        devices.device_revoke,
        name="device_revoke",
    ),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path(
        "quarantine/store",
        quarantine.quarantine_store_all,
        name="quarantine_store_all",
    ),
    path(
        "quarantine/<uuid:row>",
        quarantine.quarantine_one,
        name="quarantine_one",
    ),
    path(
        "quarantine/<uuid:row>/store",
        quarantine.quarantine_store,
        name="quarantine_store",
    ),
    path(
        "quarantine/<uuid:row>/delete",
        quarantine.quarantine_delete,
        name="quarantine_delete",
    ),
    path(
        "quarantine/<uuid:row>/text",
        quarantine.quarantine_text,
        name="quarantine_text",
    ),
    path("notices/seen", devices.notice_seen, name="notice_seen"),
    path("notices/put-away", devices.put_away, name="put_away"),
]
