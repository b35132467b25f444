from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "rinnalla.statistics"
    label = "statistics"
    default_auto_field = "django.db.models.BigAutoField"
