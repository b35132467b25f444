from django.urls import path

from rinnalla.planning.calendars import views

urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("open", views.calendar_open, name="calendar_open"),
    path("close", views.calendar_close, name="calendar_close"),
    path("reminders", views.reminders_choose, name="reminders_choose"),
    path("feed/<str:token>.ics", views.feed, name="calendar_feed"),
]
