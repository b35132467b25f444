"""The five roles and how far each may reach. Few, fixed, the same everywhere."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does here; one role each."""

    WORKER = "worker", _("Worker")
    COORDINATOR = "coordinator", _("Coordinator")
    LEADER = "leader", _("Leader")
    PARTNER = "partner", _("Partner worker")
    ADMINISTRATOR = "administrator", _("Administrator")


class Reach(StrEnum):
    """Whose rows a permission covers."""

    ALL = "all"
    TEAM = "team"
    ORGANISATION = "organisation"
