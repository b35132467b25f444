"""Invented events: what is announced ahead, and the night where people wrote.

The night is made after the discussion point of Päijät-Häme's report: about fifty
talks, thirty-one thoughts on what being set free looks like. The thoughts are ours.
"""

import uuid
from dataclasses import dataclass
from datetime import time, timedelta

from rinnalla.encounters.models import Voice, VoiceBoard
from rinnalla.encounters.voices.actions import PURPOSE, secret_of
from rinnalla.lib import links
from rinnalla.planning.calendars.actions import choose_reminders
from rinnalla.planning.models import Event, ReminderChoice, Visit
from rinnalla.shell.demo import actions
from rinnalla.shell.demo.county import ANNA, CENTRE, SARI

NIGHT = "Asunnottomien yö"
QUESTION = "Miltä vapautuminen näyttää?"
TALKS = 50
NEEDED = ("tent", "table", "roll_up", "coffee", "board", "power")
THOUGHTS = {
    "Asunto": (
        "Ensin asunto. Kaikki muu vasta sitten.",
        "Avain omaan oveen.",
        "Pelkään, että joudun takaisin samaan porukkaan, kun muuta paikkaa ei ole.",
        "Kotiin pääsee vain, jos koti on.",
        "Hätämajoituksesta ei kukaan jaksa lähteä töihin.",
        "Oma sänky ja hiljaisuus.",
        "Luottotiedot menivät, kuka vuokraa?",
        "Asunto, josta ei tarvitse lähteä aamulla.",
    ),
    "Turvaverkko": (
        "Joku, joka on portilla vastassa.",
        "Yksi ihminen, jolle voi soittaa.",
        "Perhe odottaa, mutta minua jännittää.",
        "Vertainen, joka on käynyt saman läpi.",
        "Ettei jää yksin ensimmäisenä viikonloppuna.",
        "Saattaja virastoon, en osaa sanoja.",
        "Läheisetkin tarvitsisivat tukea.",
    ),
    "Arki ja jaksaminen": (
        "Pelottaa, pysynkö kuivilla.",
        "Päivät ovat pitkiä, kun ei ole mitään.",
        "Rikokseton elämä on opeteltava alusta.",
        "Kaupassa käynti hermostuttaa eniten.",
        "Pieniä askelia, ei kaikkea kerralla.",
        "Mistä saan rahat ennen kuin tuki tulee?",
        "Ruokajako pelasti ensimmäisen kuun.",
    ),
    "Työ ja leima": (
        "Tausta näkyy jokaisessa haastattelussa.",
        "Kukaan ei palkkaa, vaikka osaan työn.",
        "Leima kulkee edellä.",
        "Haluaisin näyttää, että pystyn.",
        "Työ olisi paras tuki.",
    ),
    "Muuttunut maailma": (
        "Kaikki on puhelimessa, minulla ei ole puhelinta.",
        "Pankkitunnukset veivät kolme viikkoa.",
        "Bussilippukin ostetaan netistä.",
        "Kymmenessä vuodessa kaikki oli muuttunut.",
    ),
}


@dataclass(frozen=True)
class Ahead:
    """An event announced for so many days from today."""

    name: str
    place: str
    days: int
    hours: tuple
    state: str = Event.State.WATCHED
    lacking: tuple = ()
    there: tuple = ()


AHEAD = (
    Ahead(
        "Vähävaraisten joulujuhla",
        "Seurakuntakeskus",
        18,
        (12, 16),
        lacking=("roll_up", "cards"),
        there=("leaflets", "vests"),
    ),
    Ahead("Torikeitto", "Kauppatori", 9, (11, 14), lacking=("table",)),
    Ahead("Asukastalon avoimet ovet", "Asukastalo Kaiku", 25, (10, 15)),
    Ahead("Kodin ja puutarhan messut", "Messuhalli", 33, (9, 17), "left_out"),
)


def add_events(known, today):
    """Put the events of the team on its list; what stands there already is kept."""
    team = known.people[ANNA.name].team
    for ahead in AHEAD:
        _add_ahead(team, ahead, today)
    night = Visit.objects.filter(
        site=known.sites[NIGHT], day__lt=today, status=Visit.Status.DONE
    )
    visit = night.order_by("-day").first()
    if visit and team.name == CENTRE:
        _add_night(team, visit)
    for person in (ANNA, SARI):
        worker = known.people[person.name]
        if not ReminderChoice.objects.filter(worker=worker).exists():
            choose_reminders(worker, evening_before=person == ANNA, missing_pair=True)


def _add_ahead(team, ahead, today):
    fields = {
        "name": ahead.name,
        "place": ahead.place,
        "day": today + timedelta(days=ahead.days),
        "starts": time(ahead.hours[0]),
        "ends": time(ahead.hours[1]),
        "source": "https://example.fi/tapahtumat",
        "municipality_id": "297",
    }
    needs = dict.fromkeys(ahead.lacking, False) | dict.fromkeys(ahead.there, True)
    told = {"state": ahead.state, "needs": needs}
    actions.put_event(team, _key(ahead.name).hex, **told, **fields)


def _add_night(team, visit):
    """The night that was: its visit, the talks, the board."""
    key = _key("talks", visit.day)
    event = actions.keep_night(
        visit,
        needs=dict.fromkeys(NEEDED, True),
        talks={"pk": key, "number": TALKS, "how": "estimated"},
        team=team,
        name=NIGHT,
        place="Kauppatori",
        municipality_id=visit.site.municipality_id,
        day=visit.day,
        starts=visit.starts,
        ends=visit.ends,
        source="https://example.fi/asunnottomien-yo",
        state=Event.State.GOING,
    )
    if event:
        actions.keep_board(_board(team, event), _voices(event.day))


def _board(team, event):
    key = _key("board", event.day)
    return VoiceBoard(
        pk=key,
        team=team,
        event=event,
        day=event.day,
        question=QUESTION,
        digest=links.digest_of(PURPOSE, secret_of(key)),
    )


def _voices(day):
    """What people wrote, by theme; every fourth with a phone."""
    return {
        name: [
            Voice(
                pk=_key(thought, day),
                text=thought,
                how="phone" if number % 4 == 3 else "paper",
            )
            for number, thought in enumerate(thoughts)
        ]
        for name, thoughts in THOUGHTS.items()
    }


def _key(name, day=""):
    """The same key every time for an invented row."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.{day}.events.example.fi")
