"""Invented notes of a team to itself: promises at places, and today's shift."""

import uuid

from rinnalla.planning.notes import actions
from rinnalla.shell.demo.county import ANNA

# place: (text, whether it was promised)
ON_PLACES = {
    "Leipätupa": (
        ("Tuomme asumistuen ohjeet selkokielellä ensi kerralla.", True),
        ("Kysymme, saako sisällä lämmitellä ennen jakoa.", True),
        ("Portin koodi vaihtui. Järjestäjä avaa, kun soittaa pihalta.", False),
        ("Takapihan lamppu on rikki, ota otsalamppu.", False),
    ),
    "Rantatupa": (
        ("Järjestämme Kelan puhelinpäivän yhdessä tuvan kanssa.", True),
        ("Aamukahvilla on nyt rauhallisinta jutella.", False),
    ),
    "Torstaipata": (("Jono kääntyy nyt parkkipaikan puolelle.", False),),
}
ON_SHIFT = (
    ("Auton avain on lokerossa, tankki on täynnä.", False),
    ("Liivit pesussa, ota varaliivi komerosta.", False),
)


def add_notes(known, today):
    """The notes that are not there yet; the shift has new ones every day."""
    anna = known.people[ANNA.name]
    for name, notes in ON_PLACES.items():
        for text, is_promise in notes:
            _write(anna, text, is_promise, name, site=known.sites[name])
    for text, is_promise in ON_SHIFT:
        _write(anna, text, is_promise, today, day=today)


def _write(anna, text, is_promise, where, **on):
    key = uuid.uuid5(uuid.NAMESPACE_DNS, f"{text}.{where}.notes.example.fi")
    told = {"text": text, "is_promise": is_promise}
    actions.write(anna, key=key, team=anna.team, **told, **on)
