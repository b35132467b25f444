"""A page of figures as a print: asked for by the page, made by the worker process."""

import io
import random
from datetime import date, timedelta

import pikepdf
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from rinnalla.access.models import Code
from rinnalla.lib import clock
from rinnalla.planning.actions import mark_stale
from rinnalla.planning.models import MadeFile
from rinnalla.planning.tests.working import run_jobs
from rinnalla.statistics import actions
from rinnalla.testing import make_guided, make_met, make_site, make_visit

MONTH = "/figures/month/2026-03/"


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel("2026-04-20 12:00", tick=False):
        yield


@pytest.fixture
def visit(cast):
    """A food queue of last year and of this March, counted and published."""
    old = make_visit(cast, day=date(2025, 3, 13), status="done")
    make_met(old, 80)
    visit = make_visit(cast, old.site, status="done", staff=2, minutes=60)
    make_met(visit, 100)
    for topic, times in (("benefits", 9), ("housing", 8), ("legal", 2)):
        for one in (old, visit):
            make_guided(one, times, topics=[topic], familiarity="new")
    actions.mark_all()
    actions.recount_stale()
    actions.publish_closed()
    return visit


def press(client, path):
    """Press the page's print: where it leads after the first answer."""
    answer = client.get(f"{path}{'&' if '?' in path else '?'}file=pdf")
    assert answer.status_code == 302, answer
    return answer["Location"]


def printed(client, path):
    """The print as pikepdf reads it, once the worker has made it."""
    there = press(client, path)
    waiting = client.get(there)
    assert waiting["Content-Type"].startswith("text/html"), "it is not ready at once"
    run_jobs()
    answer = client.get(there)
    assert answer["Content-Type"] == "application/pdf"
    return pikepdf.open(io.BytesIO(answer.content))


def asked():
    """What the jobs that wait were given to print, newest last."""
    jobs = DBTaskResult.objects.order_by("enqueued_at")
    return [job.args_kwargs["kwargs"]["arguments"]["data"] for job in jobs]


def test_it_works_a_month_is_two_accessible_sheets_at_most(cast, visit, sign_in):
    client = sign_in(cast.leena)
    assert "file=pdf" in client.get(MONTH).content.decode()

    pdf = printed(client, MONTH)

    assert len(pdf.pages) <= 2
    assert str(pdf.Root.Lang) == "fi"
    assert pdf.Root.MarkInfo.Marked
    with pdf.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert about["dc:title"] == "maaliskuu 2026: koko alue"


def test_it_says_when_the_figures_are_of_and_what_they_mean(cast, visit, sign_in):
    press(sign_in(cast.leena), MONTH)

    (data,) = asked()

    assert data["printed"] == "Luvut 20.4.2026 klo 12.00"
    assert "T1 Kohdattu" in [meaning["name"] for meaning in data["meanings"]]
    assert data["banner"] == ""


def test_in_the_demo_it_says_that_the_figures_are_invented(
    cast, visit, sign_in, settings
):
    settings.DEMO = True
    press(sign_in(cast.leena), MONTH)

    assert asked()[0]["banner"] == "Luvut ovat keksittyjä."


@pytest.mark.parametrize(
    "path",
    [
        "/figures/month/2025-03/",
        "/figures/year/2026/",
        "/figures/year/2025/",
        "/figures/places/{site}/2025/",
        "/figures/month/2026-03/?team={team}",
        "/figures/month/2026-03/?municipality=297",
        "/figures/month/2019-01/",
        "/figures/phenomena/2026-03/",
    ],
)
def test_every_page_of_figures_prints(cast, visit, sign_in, path):
    path = path.format(site=visit.site_id, team=cast.team.pk)

    assert len(printed(sign_in(cast.leena), path).pages) <= 2


@pytest.mark.parametrize("language", ["sv", "en"])
def test_in_swedish_and_english(cast, visit, sign_in, language):
    client = sign_in(cast.leena)
    client.cookies["language"] = language

    assert str(printed(client, MONTH).Root.Lang) == language


def test_pressed_twice_it_is_made_once(cast, visit, sign_in):
    client = sign_in(cast.leena)

    assert press(client, MONTH) == press(client, MONTH)

    assert DBTaskResult.objects.count() == MadeFile.objects.count() == 1


def test_who_waits_gets_what_was_asked_for_though_somebody_is_met(cast, visit, sign_in):
    client = sign_in(cast.leena)
    there = press(client, MONTH)
    make_met(visit, 5)
    mark_stale(visit.site, visit.day)

    assert client.get(there).status_code == 200
    run_jobs()

    assert client.get(there)["Content-Type"] == "application/pdf"
    assert press(client, MONTH) != there, "the next press prints the new figures"


def test_a_lost_print_is_asked_for_again(cast, visit, sign_in):
    client = sign_in(cast.leena)
    there = press(client, MONTH)
    DBTaskResult.objects.all().delete()

    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        client.get(there)
        run_jobs()
        assert client.get(there)["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("mark", ["", "x", "%00", "0" * 32, "٣" * 32, "../" * 9])
def test_an_odd_mark_asks_anew(cast, visit, sign_in, mark):
    client = sign_in(cast.leena)
    there = press(client, MONTH)

    answer = client.get(f"{MONTH}?file=pdf&mark={mark}")

    assert (answer.status_code, answer["Location"]) == (302, there)


def test_a_worker_prints_only_the_own_team(cast, visit, sign_in):
    there = press(sign_in(cast.leena), MONTH)
    run_jobs()

    answer = sign_in(cast.outi).get(there)

    assert answer.status_code == 302 and answer["Location"] != there
    assert asked()[-1]["title"].endswith(": Pohjoinen")
    assert asked()[-1]["units"][0]["big"] == "0"


def test_a_partner_prints_own_visits_and_no_topics(cast, visit, sign_in):
    theirs = make_visit(cast, visit.site, status="done", organisation=cast.parish)
    make_met(theirs, 7)
    actions.recount(visit.site_id, date(2026, 3, 1))

    press(sign_in(cast.reijo), MONTH)

    (data,) = asked()
    assert data["units"][0]["big"] == "7"
    assert [unit["key"] for unit in data["units"]] == ["met", "brief"]


def test_a_partner_without_an_agreement_prints_only_counts(cast, visit, sign_in):
    press(sign_in(cast.paula), MONTH)

    assert [unit["key"] for unit in asked()[0]["units"]] == ["met"]


def test_administrators_and_strangers_print_nothing(cast, visit, sign_in, client):
    assert client.get(f"{MONTH}?file=pdf").status_code == 302
    assert sign_in(cast.hannu).get(f"{MONTH}?file=pdf").status_code == 403
    assert not MadeFile.objects.exists()


def test_small_numbers_are_not_in_what_is_printed(cast, visit, sign_in):
    press(sign_in(cast.leena), MONTH)

    (topics,) = [unit for unit in asked()[0]["units"] if unit["key"] == "topic"]
    rows = dict(topics["grid"]["rows"])
    assert rows["Oikeudellinen asia"] == "[c]"


def test_the_fullest_year_fits_two_sheets(cast, sign_in):
    """Every code in use, long names, cancelled visits, estimates, something missing."""
    rnd = random.Random(8)
    site = make_site(cast, name="Kirkkokadun seurakuntakeskuksen ruokajako" * 2)
    codes = {
        name: [code.code for code in Code.objects.of(name)]
        for name in ("topic", "target_group", "age_band", "familiarity", "next_step")
    }
    reasons = Code.objects.of("cancel_reason").values_list("code", flat=True)
    for month in range(1, 13):
        visit = make_visit(cast, site, day=date(2025, month, 10), status="done")
        make_met(visit, 90_000, how="estimated")
        make_visit(cast, site, day=date(2025, month, 11))
        for reason in reasons:
            cancelled = {"status": "cancelled", "cancel_reason": reason}
            make_visit(cast, site, day=date(2025, month, 12), **cancelled)
        for _ in range(60):
            make_guided(
                visit,
                topics=rnd.sample(codes["topic"], 2),
                target_groups=rnd.sample(codes["target_group"], 1),
                age_band=rnd.choice(codes["age_band"]),
                familiarity=rnd.choice(codes["familiarity"]),
                next_step=rnd.choice(codes["next_step"]),
            )
    actions.mark_all()
    actions.recount_stale()
    actions.publish_closed()

    for language in ("fi", "sv", "en"):
        client = sign_in(cast.leena)
        client.cookies["language"] = language
        assert len(printed(client, "/figures/year/2025/").pages) <= 2, language


def test_the_command_writes_a_month_to_a_file(cast, visit, tmp_path):
    path = tmp_path / "maaliskuu.pdf"
    call_command("month_pdf", "2026-03", output=path, stdout=io.StringIO())

    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) <= 2


def test_the_command_refuses_kindly(cast, tmp_path):
    path = tmp_path / "nowhere" / "a.pdf"
    with pytest.raises(CommandError):
        call_command("month_pdf", "2026-03", output=path, stdout=io.StringIO())
    with pytest.raises(CommandError):
        call_command("month_pdf", "tammikuu", stdout=io.StringIO())
    call_command(
        "month_pdf", "2026-03", output=path, dry_run=True, stdout=io.StringIO()
    )
    assert not path.exists()
