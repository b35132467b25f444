"""What is done with people, organisations and code lists: the only code that writes."""

import csv
from pathlib import Path

from django.db import transaction

from rinnalla.access.models import Code, County, Municipality

DATA = Path(__file__).parent / "data"


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


@transaction.atomic
def load_areas():
    """Load the 308 municipalities of 2026 and their counties; running again updates."""
    names = ["name_fi", "name_sv", "name_en"]
    counties = [County(**row) for row in _rows(DATA / "counties_2026.csv")]
    County.objects.bulk_create(
        counties, update_conflicts=True, unique_fields=["code"], update_fields=names
    )
    municipalities = [
        Municipality(county_id=row.pop("county"), **row)
        for row in _rows(DATA / "municipalities_2026.csv")
    ]
    Municipality.objects.bulk_create(
        municipalities,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*names, "county"],
    )
    return len(municipalities)


@transaction.atomic
def load_codes(path):
    """Load a room's shipped code lists; a label the county changed is left alone."""
    kept = {(c.list, c.code): c for c in Code.objects.all()}
    new, changed = [], []
    for order, row in enumerate(_rows(path)):
        code = kept.get((row["list"], row["code"]))
        if code is None:
            new.append(Code(**row, order=order))
        elif not code.is_changed:
            for field, value in row.items():
                setattr(code, field, value)
            changed.append(code)
    Code.objects.bulk_create(new)
    if changed:
        Code.objects.bulk_update(changed, [f for f in row if f not in ("list", "code")])
    return len(new)
