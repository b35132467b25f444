"""The sync door: every kind is stored, answered, and stored once."""

from rinnalla.encounters.models import Encounter
from rinnalla.encounters.totals import totals_of
from rinnalla.phone.tests.doors import fact_of


def test_it_works(visit, sending):
    guided = fact_of(visit, "encounter")
    told = {"encounter": guided["id"], "topics": ["debt"]}
    answers = sending(
        fact_of(visit, "count", {"kind": "met", "number": 10}),
        guided,
        fact_of(visit, "encounter_detail", told),
    )
    assert answers == ["stored"] * 3
    assert totals_of(visit).met == 11
    assert Encounter.objects.get().topics == ["debt"]
    figures = sending.reply["totals"][str(visit.pk)]
    assert (figures["own"], figures["together"]) == (11, 11)
    assert sending.reply["version"] == 1 and "." in sending.reply["at"]
