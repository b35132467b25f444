"""Who makes a pair: ours, a partner, an expert by experience, the host's people."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.forms import StartForm
from rinnalla.planning.models import Visit

NEW = reverse("planning:visit_new")


def make(cast, *, people=None, site=None, **over):
    """A visit of today at a place gone to in pairs, where we have been."""
    site = testing.make_site(cast, **site or {})
    testing.make_visit(cast, site, status="done", day=date(2026, 3, 5))
    visit = testing.make_visit(cast, site, day=clock.today(), **over)
    visit.workers.set([cast.aino] if people is None else people)
    return visit


@pytest.fixture
def both(cast):
    """The second by the name of what is set for it."""
    return {"partner": cast.parish, "has_expert_by_experience": True}


def lacks(visit):
    """What the row says of itself; the query that looks for such rows must agree."""
    [visit] = Visit.objects.filter(pk=visit.pk).select_related("site")
    found = Visit.objects.lacking_pair().filter(pk=visit.pk).exists()
    assert found == visit.lacks_pair
    return found


@pytest.mark.parametrize("second", ["partner", "has_expert_by_experience"])
def test_it_works(cast, both, second):
    assert lacks(make(cast))
    visit = make(cast, site={"name": "Tori"}, **{second: both[second]})
    assert not lacks(visit)
    assert not visit.asks_why_alone(1)


@pytest.mark.parametrize("along", ["has_student", "has_volunteer"])
def test_who_is_along_to_learn_is_no_second(cast, along):
    assert lacks(make(cast, **{along: True}))


def test_the_host_gives_a_pair(cast):
    visit = make(cast, site={"host_gives_pair": True})
    assert not lacks(visit)
    assert not visit.asks_why_alone(1)
    three = {"name": "Tori", "host_gives_pair": True, "required_staffing": 3}
    assert lacks(make(cast, site=three))


@pytest.mark.parametrize(
    ("over", "site", "said"),
    [
        ({"people": []}, {}, True),
        ({"people": []}, {"host_gives_pair": True, "required_staffing": 1}, True),
        ({}, {"required_staffing": 1}, False),
        ({}, {"kind": "online"}, False),
        ({"solo_reason": "urgent"}, {}, False),
        ({"status": "under_way"}, {}, False),
    ],
)
def test_what_lacks(cast, over, site, said):
    assert lacks(make(cast, site=site, **over)) == said


def test_nobody_of_ours_is_no_pair_whoever_is_along(cast, both):
    assert lacks(make(cast, people=[], site={"host_gives_pair": True}, **both))


def test_where_nobody_has_been_the_host_is_not_known(cast):
    site = testing.make_site(cast, host_gives_pair=True)
    assert site.asks_why_alone(1)
    assert not site.asks_why_alone(1, company=1)


def sent(cast, site, **over):
    fields = {
        "key": str(uuid.uuid4()),
        "site": site.pk,
        "day": "2026-03-12",
        "workers": [cast.aino.pk],
        "type": "planned",
    }
    return fields | over


@pytest.mark.parametrize("second", ["partner", "has_expert_by_experience"])
def test_the_form_does_not_ask_one_with_a_second(cast, sign_in, second):
    site, client = make(cast).site, sign_in(cast.aino)
    value = {"partner": cast.parish.pk, "has_expert_by_experience": "on"}[second]
    asked = client.post(NEW, sent(cast, site))
    assert "solo_reason" in asked.context["form"].errors
    client.post(NEW, sent(cast, site, **{second: value}))
    assert Visit.objects.filter(day=date(2026, 3, 12), site=site).count() == 1


def test_the_actions_agree(cast, both):
    site = make(cast).site
    fields = {"site": site, "day": clock.today(), "workers": [cast.aino]}
    with pytest.raises(actions.SoloReasonNeeded):
        actions.plan_visit(cast.aino, key=uuid.uuid4(), **fields)
    visit = actions.plan_visit(cast.aino, key=uuid.uuid4(), **fields, **both)
    no_reason = StartForm({}, visit=visit, worker=cast.aino)
    assert no_reason.is_valid()
    assert actions.start_visit(cast.aino, visit).is_open
