from django.urls import path

from rinnalla.planning.events import views

urlpatterns = [
    path("", views.event_list, name="events"),
    path("new", views.event_new, name="event_new"),
    path("file", views.events_file, name="events_file"),
    path("take", views.events_take, name="events_take"),
    path("<int:pk>/", views.event_page, name="event"),
    path("<int:pk>/edit", views.event_edit, name="event_edit"),
    path("<int:pk>/go", views.event_go, name="event_go"),
    path("<int:pk>/state", views.event_state, name="event_state"),
    path("<int:pk>/materials", views.event_materials, name="event_materials"),
    path(
        "<int:pk>/materials/<int:material>",
        views.event_material,
        name="event_material",
    ),
]
