from django.urls import path

from rinnalla.encounters.voices import views

urlpatterns = [
    path("boards/", views.board_list, name="boards"),
    path("boards/new", views.board_new, name="board_new"),
    path("boards/<uuid:pk>/", views.board, name="board"),
    path("boards/<uuid:pk>/link", views.board_link, name="board_link"),
    path("boards/<uuid:pk>/group", views.board_group, name="board_group"),
    path("boards/<uuid:pk>/take", views.board_take, name="board_take"),
    path("boards/<uuid:pk>/file", views.board_file, name="board_file"),
    path("boards/<uuid:pk>/print", views.board_print, name="board_print"),
    path("say/<slug:language>/<str:secret>", views.say, name="say"),
    path("<uuid:pk>/talks", views.talks, name="talks"),
]
