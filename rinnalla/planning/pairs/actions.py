"""What is done about a pair and the kit: one press each."""

from django.db import transaction

from rinnalla.access import audit
from rinnalla.planning.actions import OutOfStep, change_hands
from rinnalla.planning.models import Visit
from rinnalla.planning.pairs.kit import CAR, OPEN


@transaction.atomic
def join_visit(worker, visit, person):
    """Add somebody to those who go; who went already stays. Raises OutOfStep."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    return change_hands(worker, visit, workers={*visit.workers.all(), person})


@transaction.atomic
def note_kit(worker, visit, code, *, is_there):
    """Note that the car or one thing of the kit is there, or lacks after all.

    Sent twice, noted once. Raises OutOfStep when the visit is over.
    """
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.status not in OPEN:
        raise OutOfStep
    if code == CAR:
        was_there, visit.has_car = visit.has_car, is_there
    else:
        was_there = code in visit.kit
        others = [one for one in visit.kit if one != code]
        visit.kit = [*others, code] if is_there else others
    if was_there != is_there:
        visit.save(update_fields=["has_car", "kit"])
        audit.log(worker, "visit.kit_noted", visit)
    return visit
