from django.urls import include, path

from rinnalla.encounters import views
from rinnalla.encounters.sixty.views import sixty

app_name = "encounters"
urlpatterns = [
    path("texts", views.texts, name="texts"),
    path("texts/notes/<uuid:note>/strike", views.strike_note, name="strike_note"),
    path("texts/<int:pk>/strike", views.strike_text, name="strike_text"),
    path("places/<int:pk>", sixty, name="sixty"),
    path("imports/", include("rinnalla.encounters.importing.urls")),
    path("", include("rinnalla.encounters.voices.urls")),
    path("<uuid:pk>", views.visit, name="visit"),
    path("<uuid:pk>/tally", views.tally, name="tally"),
    path("<uuid:pk>/seen", views.seen, name="seen"),
    path("<uuid:pk>/sheet", views.sheet, name="sheet"),
    path("<uuid:pk>/<uuid:meeting>/take-back", views.take_back, name="take_back"),
]
