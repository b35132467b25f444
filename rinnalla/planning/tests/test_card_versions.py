"""Earlier versions stay readable, and what changed is said plainly."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from rinnalla import testing
from rinnalla.planning.models import SiteCard
from rinnalla.planning.versions import compare


def make_versions(site):
    testing.make_card(site)
    testing.make_card(site, version=2, when="Kuukauden toinen perjantai klo 10–12.")


def test_it_works(cast, sign_in):
    site = testing.make_site(cast)
    make_versions(site)
    client = sign_in(cast.aino)
    text = client.get(
        reverse("planning:site_versions", args=[site.pk])
    ).content.decode()
    assert text.index("Versio 2") < text.index("Versio 1")
    first = client.get(reverse("planning:site_version", args=[site.pk, 1]))
    assert "toinen torstai" in first.content.decode()
    assert "aiempi versio" in first.content.decode()


def test_what_changed(cast, sign_in):
    site = testing.make_site(cast)
    make_versions(site)
    url = reverse("planning:site_version", args=[site.pk, 2])
    (change,) = sign_in(cast.aino).get(url).context["changes"]
    assert [(what, text.strip()) for what, text in change.pieces] == [
        ("same", "Kuukauden toinen"),
        ("gone", "torstai"),
        ("added", "perjantai"),
        ("same", "klo 10–12."),
    ]


def test_a_new_text_is_not_chopped_up():
    before = SiteCard(why="Piha on talvella liukas.")
    after = SiteCard(why="Mene aina parina ja ilmoittaudu ovella.")
    (change,) = compare(before, after)
    assert [what for what, _ in change.pieces] == ["gone", "same", "added"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_from_the_pieces(old, new):
    changes = compare(SiteCard(why=old), SiteCard(why=new))
    if old == new:
        assert changes == []
        return
    (change,) = changes
    pieces = change.pieces
    assert "".join(t for w, t in pieces if w == "gone") in old or len(pieces) > 1
    if len(pieces) != 3 or pieces[1] != ("same", "\n"):
        assert "".join(t for w, t in pieces if w != "added") == old
        assert "".join(t for w, t in pieces if w != "gone") == new


@pytest.mark.parametrize("version", ["3", "0", "99999999999999999999"])
def test_unknown(cast, sign_in, version):
    site = testing.make_site(cast)
    make_versions(site)
    url = f"/planning/places/{site.pk}/versions/{version}"
    assert sign_in(cast.aino).get(url).status_code == 404


def test_a_partner_reads_the_names_of_its_own_house_only(cast, sign_in):
    site = testing.make_site(cast, host=cast.parish)
    testing.make_card(site, written_by=cast.aino)
    testing.make_card(site, written_by=cast.reijo, version=2)
    client = sign_in(cast.reijo)
    text = client.get(reverse("planning:site_versions", args=[site.pk])).content
    assert "Aino" not in text.decode() and "14.1.2026, Reijo Ranta" in text.decode()
    first = client.get(reverse("planning:site_version", args=[site.pk, 1]))
    assert "Aino" not in first.content.decode()
    for url in ("site_versions", "site_print"):
        address = reverse(f"planning:{url}", args=[site.pk])
        assert sign_in(cast.paula).get(address).status_code == 404
    address = reverse("planning:site_version", args=[site.pk, 1])
    assert sign_in(cast.paula).get(address).status_code == 404


@pytest.mark.parametrize("who", ["leena", "hannu"])
def test_not_for_leaders_and_administrators(cast, sign_in, who):
    site = testing.make_site(cast)
    make_versions(site)
    client = sign_in(getattr(cast, who))
    url = reverse("planning:site_versions", args=[site.pk])
    assert client.get(url).status_code == 403
