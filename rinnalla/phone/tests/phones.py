"""Phones that tests hold in their hands."""

from rinnalla.lib import clock
from rinnalla.phone.guards import digest_of_token
from rinnalla.phone.models import Device

TOKEN = "lumi-narskuu"


def make_phone(worker=None, team=None, **over):
    """A phone of a worker, or of a team when no worker is given."""
    token = over.pop("token", f"{TOKEN}-{Device.objects.count()}")
    fields = {"name": "Oma puhelin" if worker else "Tiimin puhelin"}
    phone = Device.objects.create(
        worker=worker,
        team=None if worker else team,
        token_digest=digest_of_token(token),
        enrolled_by=worker,
        enrolled_on=clock.today(),
        **fields | over,
    )
    phone.token = token
    return phone


def signed(phone):
    """The header by which a phone says who it is."""
    return {"HTTP_AUTHORIZATION": f"Device {phone.pk}.{phone.token}"}
