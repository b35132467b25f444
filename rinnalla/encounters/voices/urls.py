from django.urls import path

from rinnalla.encounters.voices import views

urlpatterns = [
    path("boards/", views.board_list, name="boards"),
    path("boards/new", views.board_new, name="board_new"),
    path("boards/<uuid:key>/", views.board, name="board"),
    path("boards/<uuid:key>/link", views.board_link, name="board_link"),
    path("boards/<uuid:key>/group", views.board_group, name="board_group"),
    path("boards/<uuid:key>/take", views.board_take, name="board_take"),
    path("boards/<uuid:key>/file", views.board_file, name="board_file"),
    path("boards/<uuid:key>/print", views.board_print, name="board_print"),
    path("say/<slug:language>/<str:secret>", views.say, name="say"),
    path("<uuid:pk>/talks", views.talks, name="talks"),
]
