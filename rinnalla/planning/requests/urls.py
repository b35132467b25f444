from django.urls import path

from rinnalla.planning.public import feedback
from rinnalla.planning.requests import views

urlpatterns = [
    path("", views.request_list, name="requests"),
    path("new", views.request_new, name="request_new"),
    path("paste", views.request_paste, name="request_paste"),
    path("feedback/", feedback.feedback_list, name="feedback"),
    path("feedback/<uuid:key>", feedback.feedback_page, name="feedback_one"),
    path(
        "feedback/<uuid:key>/discard",
        feedback.feedback_discard,
        name="feedback_discard",
    ),
    path("<uuid:key>/", views.request_page, name="request"),
    path("<uuid:key>/agree", views.request_agree, name="request_agree"),
    path("<uuid:key>/decline", views.request_decline, name="request_decline"),
    path("<uuid:key>/<slug:step>", views.request_step, name="request_step"),
]
