from django.urls import path

from rinnalla.planning.rhythm import views

urlpatterns = [
    path("<int:pk>/rhythm", views.rhythm_edit, name="rhythm"),
    path("<int:pk>/rhythm/day", views.day_change, name="rhythm_day"),
    path("<int:pk>/rhythm/keep/<int:change>", views.day_keep, name="rhythm_keep"),
]
