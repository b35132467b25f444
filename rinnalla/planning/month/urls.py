from django.urls import path

from rinnalla.planning.month import views

urlpatterns = [
    path("", views.month_now, name="month"),
    path("visit/<uuid:pk>/", views.visit_menu, name="month_visit"),
    path("visit/<uuid:pk>/move", views.visit_move, name="month_visit_move"),
    path("visit/<uuid:pk>/hands", views.visit_hands, name="month_visit_hands"),
    path("visit/<uuid:pk>/off", views.visit_off, name="month_visit_off"),
    path("<str:month>/", views.month_page, name="month_of"),
    path("<str:month>/day/<int:day>", views.month_day, name="month_day"),
    path("<str:month>/plan", views.month_plan, name="month_plan"),
    path("<str:month>/rhythms", views.month_rhythms, name="month_rhythms"),
    path("<str:month>/room", views.month_capacity, name="month_capacity"),
    path("<str:month>/print", views.month_print, name="month_print"),
]
