from django.urls import path

from rinnalla.statistics.review import views

urlpatterns = [
    path("", views.due, name="reviews"),
    path("<int:site>/", views.review, name="review"),
    path("<int:site>/<str:answer>", views.answer, name="review_answer"),
]
