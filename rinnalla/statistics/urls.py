from django.urls import include, path

from rinnalla.statistics import views

app_name = "statistics"
urlpatterns = [
    path("", views.month, name="now"),
    path("month/<str:month>/", views.month, name="month"),
    path("year/<int:year>/", views.year, name="year"),
    path("places/", views.places, name="places"),
    path("places/<int:site>/", views.place, name="place_now"),
    path("places/<int:site>/<int:year>/", views.place, name="place"),
    path("phenomena/", views.phenomena, name="phenomena"),
    path("phenomena/<str:month>/", views.phenomena, name="phenomena_of"),
    path("rhythm/", views.rhythm, name="rhythm"),
    path("rhythm/<int:year>/", views.rhythm, name="rhythm_of"),
    path("review/", include("rinnalla.statistics.review.urls")),
    path("definitions/", views.definitions, name="definitions"),
    path("days.csv", views.days, name="days"),
]
