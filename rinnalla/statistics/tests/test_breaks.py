"""A change in the way of counting is shown with its day and a sentence."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine

from rinnalla.access.models import Code
from rinnalla.statistics import actions, indicators
from rinnalla.statistics.models import MethodChange
from rinnalla.testing import make_guided, make_met, make_site, make_visit

MONTH = "/figures/month/2026-03/"


def on(day):
    return time_machine.travel(f"{day} 12:00", tick=False)


@pytest.fixture
def visit(cast):
    """A year's start with one list of topics; guiding in March, published in April."""
    with on("2025-12-10"):
        actions.note_method_changes()
    visit = make_visit(cast, status="done")
    make_met(visit, 40)
    for topic in ("benefits", "housing", "debt"):
        make_guided(visit, 9, topics=[topic], familiarity="new")
    actions.mark_all()
    actions.recount_stale()
    return visit


def page(client, path=MONTH):
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def change_topics():
    Code.objects.filter(list="topic", code="digital").update(is_retired=True)
    names = {f"label_{language}": "Ruokaturva" for language in ("fi", "sv", "en")}
    Code.objects.create(list="topic", code="food", group="money", **names)


def test_it_works_a_changed_list_is_said_beside_the_topics(cast, visit, sign_in):
    with on("2026-03-02"):
        change_topics()
        actions.note_method_changes()
    with on("2026-04-20"):
        actions.publish_closed()
        client = sign_in(cast.leena)
        html = page(client)
        about = client.get(f"{MONTH}?file=about").content.decode()

    sentence = (
        "[b] Aihe: laskutapa muuttui 2.3.2026. Uutta luettelossa: Ruokaturva. "
        "Ei enää käytössä: Digiasiointi."
    )
    assert sentence in html
    assert sentence in about


def test_a_new_definition_breaks_the_chart_and_the_table(
    cast, visit, sign_in, monkeypatch
):
    changed = replace(indicators.INDICATORS["T1"], version=2)
    monkeypatch.setitem(indicators.INDICATORS, "T1", changed)
    with on("2026-02-11"):
        actions.note_method_changes()
    with on("2026-04-20"):
        answer = sign_in(cast.leena).get(MONTH)

    report = answer.context["report"]
    met = report.units[0]
    assert [label for label, _ in met.grid.rows if "[b]" in label] == [
        "helmikuu 2026 [b]"
    ]
    assert "[b] Kohdattu: laskutapa muuttui 11.2.2026." in met.notes[0]
    assert any("strokeDash" in str(layer) for layer in met.chart.wide["layer"])
    actions.draw_waiting()
    assert "stroke-dasharray" in page(sign_in(cast.leena))


def test_without_a_change_nothing_is_said(cast, visit, sign_in):
    with on("2026-02-11"):
        actions.note_method_changes()
    with on("2026-04-20"):
        html = page(sign_in(cast.leena))

    assert "[b]" not in html


def test_a_changed_label_is_no_break(visit):
    Code.objects.filter(list="topic", code="debt").update(label_fi="Velat")
    with on("2026-02-11"):
        actions.note_method_changes()

    assert MethodChange.objects.filter(about="topic").count() == 1


def test_what_was_tried_and_taken_back_the_same_day_is_no_break(visit):
    with on("2026-02-11"):
        Code.objects.filter(list="topic", code="debt").update(is_retired=True)
        actions.note_method_changes()
        assert MethodChange.objects.filter(about="topic").count() == 2
        Code.objects.filter(list="topic", code="debt").update(is_retired=False)
        actions.note_method_changes()

    assert MethodChange.objects.filter(about="topic").count() == 1


def test_the_first_days_setting_up_is_one_start(db):
    with on("2026-02-11"):
        actions.note_method_changes()
        change_topics()
        actions.note_method_changes()

    assert MethodChange.objects.filter(about="topic").count() == 1
    assert "food" in MethodChange.objects.get(about="topic").known


def test_a_break_before_the_year_shown_is_not_said(cast, visit, sign_in):
    with on("2025-12-20"):
        change_topics()
        actions.note_method_changes()
    with on("2027-04-20"):
        html = page(sign_in(cast.leena), "/figures/month/2027-03/")

    assert "Ruokaturva" not in html


def test_the_worker_notes_it_when_it_counts(cast):
    with on("2026-02-11"):
        actions.refresh()
        assert MethodChange.objects.get(about="topic").day == date(2026, 2, 11)
        before = MethodChange.objects.count()
        actions.refresh()
        assert MethodChange.objects.count() == before


def test_phenomena_say_that_they_are_no_people(cast, sign_in):
    from rinnalla.encounters.models import Observation

    site = make_site(cast)
    Observation.objects.create(
        site=site, day=date(2026, 3, 3), phenomena=["eviction"], thresholds=[]
    )
    actions.recount(site.pk, date(2026, 3, 1))
    with on("2026-03-20"):
        html = page(sign_in(cast.leena), "/figures/phenomena/")

    assert "tammi–maaliskuu 2026" in html
    assert "Luvut ovat havaintoja, eivät ihmisiä" in html
