"""The card on A5: an accessible PDF, made by the worker process."""

import io

import pikepdf
import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from rinnalla import testing
from rinnalla.planning import card_pdf
from rinnalla.planning.models import MadeFile
from rinnalla.planning.tests.working import run_jobs


def url(site):
    return reverse("planning:site_print", args=[site.pk])


def test_it_works(cast, sign_in):
    site = testing.make_site(cast)
    testing.make_card(site, safety_note="Mene parina.")
    client = sign_in(cast.aino)
    assert "Tuloste valmistuu hetken päästä" in client.get(url(site)).content.decode()
    run_jobs()
    response = client.get(url(site))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_a5_tagged_and_named(cast):
    card = testing.make_card(testing.make_site(cast), why="Rivi\n\nToinen kappale")
    card_pdf.ask(card, "sv")
    run_jobs()
    pdf = pikepdf.open(io.BytesIO(bytes(MadeFile.objects.get().content)))
    x0, y0, x1, y1 = (float(n) for n in pdf.pages[0].mediabox)
    assert (round(x1 - x0), round(y1 - y0)) == (420, 595), "A5 in points"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "sv"
    assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()
    assert len(pdf.pages) == 1


def test_a_changed_card_is_a_new_print(cast, sign_in):
    site = testing.make_site(cast)
    card = testing.make_card(site)
    client = sign_in(cast.aino)
    client.get(url(site))
    client.get(url(site))
    assert MadeFile.objects.count() == 1
    card.why = "Muuttui"
    card.save()
    client.get(url(site))
    assert MadeFile.objects.count() == 2


def test_no_word_of_it_waits_among_the_tasks(cast):
    card = testing.make_card(testing.make_site(cast), why="Ovella on jono")
    card_pdf.ask(card, "fi")
    asked = str(DBTaskResult.objects.get().args_kwargs)
    assert "jono" not in asked and card.site.name not in asked


def test_markup_in_the_text_is_text(cast):
    site = testing.make_site(cast, name="#panic() *x* $y$")
    card = testing.make_card(site, why='#read("/etc/passwd") = x\n- y')
    card_pdf.ask(card, "fi")
    run_jobs()
    assert MadeFile.objects.get().content is not None


def test_without_a_card(cast, sign_in):
    site = testing.make_site(cast)
    response = sign_in(cast.aino).get(url(site))
    assert response.url == reverse("planning:site", args=[site.pk])


@pytest.mark.parametrize("who", ["leena", "hannu"])
def test_not_for_leaders_and_administrators(cast, sign_in, who):
    site = testing.make_site(cast)
    testing.make_card(site)
    assert sign_in(getattr(cast, who)).get(url(site)).status_code == 403
