from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "rinnalla.planning"
    label = "planning"
    default_auto_field = "django.db.models.BigAutoField"
