from django.urls import path

from rinnalla.shell import views
from rinnalla.shell.guide import views as guide

app_name = "shell"
urlpatterns = [
    path("", views.home, name="home"),
    path("nights", views.nights, name="nights"),
    path("guide", guide.guide, name="guide"),
    path("guide/<slug:role>", guide.guide, name="guide_of"),
    path("health", views.health, name="health"),
    path("demo", views.demo_sign_in, name="demo_sign_in"),
    path("language", views.set_language, name="language"),
]
