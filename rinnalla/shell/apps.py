from django.apps import AppConfig
from django.core.checks import Tags, register


class ShellConfig(AppConfig):
    name = "rinnalla.shell"
    label = "shell"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from rinnalla.shell.checks import check_public_address

        register(check_public_address, Tags.security, deploy=True)
