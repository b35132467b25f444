from django.urls import path

from rinnalla.planning.pairs import views

urlpatterns = [
    path("<uuid:pk>/join", views.visit_join, name="visit_join"),
    path("<uuid:pk>/kit", views.visit_kit, name="visit_kit"),
]
