"""A card is written: every save is a new version; people are kept out of it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning.models import SiteCard
from rinnalla.planning.tests.sending import fields_of


def url(site):
    return reverse("planning:site_card_edit", args=[site.pk])


def typed(**over):
    due = clock.today() + timedelta(days=100)
    return {
        "base": "0",
        "why": "Jonossa on paljon väkeä.",
        "when": "Torstaisin klo 10–12.",
        "where": "Satamakatu 4, pihan puoli.",
        "resources": "Kaksi työntekijää.",
        "features": "Katse ja tervehdys riittävät.",
        "safety_note": "Mene parina.",
        "review_due_on": due.isoformat(),
    } | over


def test_it_works(cast, sign_in):
    site = testing.make_site(cast)
    response = sign_in(cast.aino).post(url(site), typed())
    assert response.url == reverse("planning:site", args=[site.pk])
    card = SiteCard.objects.get()
    assert (card.version, card.why, card.written_by) == (
        1,
        "Jonossa on paljon väkeä.",
        cast.aino,
    )
    assert card.reviewed_on == clock.today()
    assert AuditEvent.objects.get().action == "card.saved"


def test_every_save_is_a_version_and_earlier_ones_stay(cast, sign_in):
    site = testing.make_site(cast)
    testing.make_card(site)
    client = sign_in(cast.aino)
    data = fields_of(client.get(url(site)))
    client.post(url(site), data | {"when": "Maanantaisin klo 9."})
    cards = SiteCard.objects.order_by("version")
    assert [(c.version, c.when) for c in cards] == [
        (1, "Kuukauden toinen torstai klo 10–12."),
        (2, "Maanantaisin klo 9."),
    ]
    assert cards[1].why == cards[0].why


def test_sent_twice_is_one_version(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.aino)
    client.post(url(site), typed())
    again = client.post(url(site), typed())
    assert again.status_code == 302
    assert SiteCard.objects.count() == 1


def test_checked_and_found_to_hold_is_a_version(cast, sign_in):
    site = testing.make_site(cast)
    with time_machine.travel(clock.at(date(2027, 1, 14), 9), tick=False):
        data = typed()
        sign_in(cast.aino).post(url(site), data)
    with time_machine.travel(clock.at(date(2027, 2, 14), 9), tick=False):
        sign_in(cast.aino).post(url(site), data | {"base": "1"})
    assert SiteCard.objects.count() == 2


def test_a_stale_tab_loses_nothing(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.aino)
    client.post(url(site), typed())
    late = client.post(url(site), typed(why="Toinen kirjoittaja ehti väliin."))
    assert late.status_code == 200
    assert "Toinen kirjoittaja ehti väliin." in late.content.decode()
    assert "Versio 1 tallennettiin tällä välin" in late.content.decode()
    assert SiteCard.objects.count() == 1
    client.post(url(site), fields_of(late))
    newest = site.cards.newest()
    assert (newest.version, newest.why) == (2, "Toinen kirjoittaja ehti väliin.")


@pytest.mark.parametrize("field", ["why", "when", "where", "resources", "features"])
@pytest.mark.parametrize(
    "text",
    [
        "Soita 050 123 4567",
        "Kirjoita joku.muu@example.fi",
        "Kysy 131052-308T",
        "\x00",
        "x" * 2001,
    ],
)
def test_people_are_kept_out(cast, sign_in, field, text):
    site = testing.make_site(cast)
    response = sign_in(cast.aino).post(url(site), typed(**{field: text}))
    assert field in response.context["form"].errors
    assert "Mene parina." in response.content.decode(), "the rest is still there"
    assert not SiteCard.objects.exists()


def test_a_name_is_asked_about_once(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.aino)
    asked = client.post(url(site), typed(why="Tiina Virtanen tulee usein."))
    assert "why" in asked.context["form"].errors
    assert not SiteCard.objects.exists()
    sure = fields_of(asked) | {"text_confirmed": "on"}
    assert client.post(url(site), sure).status_code == 302


def test_a_persons_home_is_asked_about_where_one_goes_too(cast, sign_in):
    site = testing.make_site(cast)
    asked = sign_in(cast.aino).post(url(site), typed(where="Matti Virtasen luona"))
    assert "where" in asked.context["form"].errors


def test_a_street_address_is_what_a_place_is_found_by(cast, sign_in):
    site = testing.make_site(cast)
    sign_in(cast.aino).post(url(site), typed(where="Satamakatu 4 B, Rantala"))
    assert SiteCard.objects.get().where == "Satamakatu 4 B, Rantala"


@pytest.mark.parametrize(
    "over",
    [
        {"review_due_on": ""},
        {"review_due_on": "eilen"},
        {"review_due_on": "0001-01-01"},
        {"review_due_on": "9999-12-31"},
        {"review_due_on": "\x00"},
        {"base": "-1"},
        {"base": "99999999999999999999"},
        {"safety_note": "x" * 281},
        dict.fromkeys(
            ["why", "when", "where", "resources", "features", "safety_note"], " "
        ),
    ],
)
def test_bad_input(cast, sign_in, over):
    site = testing.make_site(cast)
    response = sign_in(cast.aino).post(url(site), typed(**over))
    assert response.status_code == 200
    assert not SiteCard.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("outi", 404), ("leena", 403), ("reijo", 403), ("hannu", 403), ("kaisa", 302)],
)
def test_whose_cards(cast, sign_in, who, status):
    site = testing.make_site(cast)
    response = sign_in(getattr(cast, who)).post(url(site), typed())
    assert response.status_code == status


def test_a_heading_nobody_has_written_says_what_belongs_there(cast, sign_in):
    site = testing.make_site(cast)
    client = sign_in(cast.kaisa)
    form = client.get(url(site)).context["form"]
    assert all(form[name].help_text for name in form.HEADINGS)
    testing.make_card(site)
    form = client.get(url(site)).context["form"]
    assert not form["why"].help_text and form["safety_note"].help_text
