from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "rinnalla.lib"
    label = "lib"
    default_auto_field = "django.db.models.BigAutoField"
