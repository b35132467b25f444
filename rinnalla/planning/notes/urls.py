from django.urls import path

from rinnalla.planning.notes import views

urlpatterns = [
    path("", views.shift_notes, name="notes"),
    path("<uuid:note>/done", views.note_tick, name="note_tick"),
    path("<uuid:note>/strike", views.note_strike, name="note_strike"),
]
