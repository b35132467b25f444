from django.urls import include, path

from rinnalla.phone import app_urls, doors, practice, views

app_name = "phone"
field = [
    path("", views.today, name="today"),
    path("facts", doors.facts, name="facts"),
    path("street", views.street, name="street"),
    path("place", views.place, name="place"),
    path("practice", practice.practice, name="practice"),
    path("visits/<uuid:pk>", views.counter, name="counter"),
    path("visits/<uuid:pk>/start", views.start, name="start"),
    path("visits/<uuid:pk>/tap", views.tap, name="tap"),
    path("visits/<uuid:pk>/totals", doors.totals, name="totals"),
    path("visits/<uuid:pk>/meetings/<uuid:meeting>", views.detail, name="detail"),
    path("visits/<uuid:pk>/finish", views.finish, name="finish"),
    path("visits/<uuid:pk>/wrap-up", views.wrap_up, name="wrap_up"),
    path("guest/<str:token>", views.guest, name="guest"),
    path("guest/<str:token>/facts", doors.guest_facts, name="guest_facts"),
    path("guest/<str:token>/totals", doors.guest_totals, name="guest_totals"),
]
urlpatterns = [
    path("field/", include(field)),
    path("phone/", include(app_urls)),
]
