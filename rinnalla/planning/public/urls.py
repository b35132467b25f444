"""The pages anybody may open. The language is part of the address: no cookie."""

from django.urls import path

from rinnalla.planning.public import asking, pages

app_name = "open"
urlpatterns = [
    path("", pages.any_language, name="any"),
    path("<slug:language>/", pages.start, name="start"),
    path("<slug:language>/request", asking.request_form, name="request"),
    path(
        "<slug:language>/request/<str:secret>",
        asking.request_status,
        name="request_status",
    ),
    path("<slug:language>/accessibility", pages.accessibility, name="accessibility"),
    path("<slug:language>/feedback", pages.feedback, name="feedback"),
]
