"""What the street shows: one a visit, replaced, or taken away when empty."""

from rinnalla import testing
from rinnalla.encounters import actions
from rinnalla.encounters.models import Observation
from rinnalla.planning.models import StaleMonth

SEEN = {"phenomena": ["price_rise"], "thresholds": ["phone"], "text": "Hiljaista."}
NOTHING = {"phenomena": [], "thresholds": [], "text": ""}


def observe(cast, visit, seen):
    return actions.record_observation(
        cast.aino, visit.site, visit.day, visit=visit, **seen
    )


def test_it_works(cast):
    visit = testing.make_visit(cast, status="under_way")
    assert observe(cast, visit, SEEN).phenomena == ["price_rise"]
    assert StaleMonth.objects.count() == 1


def test_sent_again_it_replaces(cast):
    visit = testing.make_visit(cast, status="under_way")
    observe(cast, visit, SEEN)
    observe(cast, visit, SEEN | {"text": "Vilkasta."})
    assert [row.text for row in Observation.objects.all()] == ["Vilkasta."]


def test_nothing_takes_it_away(cast):
    visit = testing.make_visit(cast, status="under_way")
    observe(cast, visit, SEEN)
    assert observe(cast, visit, NOTHING) is None
    assert not Observation.objects.exists()


def test_without_a_visit_each_stands(cast):
    site = testing.make_site(cast)
    day = testing.make_visit(cast, site).day
    for _number in range(2):
        actions.record_observation(cast.aino, site, day, **SEEN)
    assert Observation.objects.count() == 2


def test_a_mark_has_hints_and_no_figure(cast):
    visit = testing.make_visit(cast, status="under_way")
    mark = actions.record_mark(cast.aino, visit, topic="debt")
    assert mark.topic == "debt" and mark.at.minute % 5 == 0
    assert not StaleMonth.objects.exists()
