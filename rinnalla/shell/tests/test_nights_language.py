"""How long a thing is kept is said in the language of whoever reads it."""

from django.urls import reverse

from rinnalla.lib import clock
from rinnalla.shell.models import NightRun


def test_each_reader_has_an_own_language(cast, client, sign_in):
    steps = ("encounters.texts", "planning.prints", "access.sign_in_tries")
    for step in (*steps, "statistics.seal"):
        NightRun.objects.create(at=clock.now(), step=step, rows=1)
    sign_in(cast.hannu)
    for language, words in {
        "en": ["kept for 13 months", "kept for 30 days"],
        "fi": ["säilytetään 13 kuukautta", "30 päivää"],
        "sv": ["13 månader", "30 dagar"],
    }.items():
        client.cookies["language"] = language
        page = client.get(reverse("shell:nights")).content.decode()
        assert [word for word in words if word not in page] == []
        assert ("kuukautta" in page) == (language == "fi")
