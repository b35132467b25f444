"""The pages anybody may open. The language is part of the address: no cookie."""

from django.urls import path

from rinnalla.planning.booking import views as booking
from rinnalla.planning.public import asking, feedback, pages, places

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
    path("<slug:language>/book/<str:secret>", booking.book, name="book"),
    path("<slug:language>/booking/<str:secret>", booking.booking, name="booking"),
    path("<slug:language>/feedback", feedback.feedback, name="feedback"),
    path(
        "<slug:language>/feedback/<str:secret>", feedback.feedback_answer, name="answer"
    ),
    path("<slug:language>/places/<slug:code>", places.place, name="place"),
    path(
        "<slug:language>/places/<slug:code>/feed", places.place_feed, name="place_feed"
    ),
    path(
        "<slug:language>/places/<slug:code>/days.ics",
        places.place_calendar,
        name="place_calendar",
    ),
]
