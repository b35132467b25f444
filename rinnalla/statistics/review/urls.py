from django.urls import path

from rinnalla.planning.models import Decision
from rinnalla.statistics.review import views

urlpatterns = [
    path("", views.due, name="reviews"),
    path("<int:site>/", views.review, name="review"),
    *(
        path(f"<int:site>/{one}", views.answer, {"answer": one}, name=f"review_{one}")
        for one in Decision.values
    ),
]
