"""What others ask of the demo county: requests, public pages, feedback."""

import uuid
from datetime import time, timedelta

from rinnalla.lib import clock
from rinnalla.planning.booking import actions as booking
from rinnalla.planning.duty import actions as duty
from rinnalla.planning.models import (
    BookableSlot,
    DutyCall,
    DutyTurn,
    OutreachRequest,
    PageFeedback,
    PublicLine,
)
from rinnalla.planning.public import feedback_actions
from rinnalla.planning.public.actions import show_line
from rinnalla.planning.requests import actions
from rinnalla.shell.demo import actions as demo
from rinnalla.shell.demo.county import (
    KUOPIO,
    MIKKO,
    PARISH,
    SARI,
    SIILINJARVI,
    VARKAUS,
)

# asker, sector, place, municipality, wished in days, wish, why, groups, days ago
ASKED = (
    (
        *("Rantalan seurakunta", "parish", "Ruokajako, Rantalan kirkko", KUOPIO, 9),
        "aamupäivällä klo 10–12",
        "Jonossa on uusia kasvoja, jotka eivät tiedä, mistä kysyä asumistuesta.",
        ["needing_information"],
        1,
    ),
    (
        *("Kotilinnan isännöinti", "housing", "Petosen kerrostalot", KUOPIO, None),
        "iltapäivisin, kun huoltomies on paikalla",
        "Kahdessa rapussa on asukkaita, jotka eivät avaa ovea kenellekään.",
        ["staying_home", "fire_risk"],
        4,
    ),
    (
        *("Kauppakeskus Majakka", "business", "Aulan penkit", VARKAUS, None),
        "perjantaisin",
        "Penkeillä vietetään koko päivä. Vartijat toivovat juttelijaa, ei poistajaa.",
        ["unreached"],
        2,
    ),
    (
        *("Siilinlahden kirjasto", "municipality", "Lehtisali", SIILINJARVI, 16),
        "",
        "Kävijät kysyvät etuuksista ja lämpimästä paikasta, emme osaa vastata.",
        ["homeless", "needing_information"],
        0,
    ),
)
SHOWN = {
    "Leipätupa": "Myllykatu 3, ovi pihan puolella",
    "Rantatupa": "Rantatie 12, keltainen talo",
}
SECTORS = ("social_health", "housing", "police", "parish", "kela")
MATTERS = ("advice", "request", "advice", "information", "handover", "advice")
SAID = "Julisteen QR-koodi on liian matalalla. En yllä siihen pyörätuolista."


def add_asking(known, today):
    """The requests, public pages and feedback that are not there yet."""
    for number, asked in enumerate(ASKED):
        _request(number, asked, today)
    sari = known.people[SARI.name]
    for name in SHOWN:
        site = known.sites[name]
        if not PublicLine.objects.filter(site=site).exists():
            show_line(sari, site, sign="blue_vest", is_shown=True, where=SHOWN[name])
    if not BookableSlot.objects.exists():
        _times(sari, known.sites["Rantatupa"], today)
    if not DutyTurn.objects.exists():
        _line(sari, known, today)
    key = _key("feedback")
    if not PageFeedback.objects.filter(pk=key).exists():
        feedback_actions.give(key=key, text=SAID, language="fi")


def _times(by, site, today):
    """Three Wednesdays the host may book; the first one is booked."""
    wednesday = today + timedelta(days=(2 - today.weekday()) % 7 or 7)
    hours = {"starts": time(13), "ends": time(15)}
    booking.open_times(by, site, day=wednesday, weeks=3, **hours)
    booking.book(site, BookableSlot.objects.get(site=site, day=wednesday))


def _line(by, known, today):
    """The partners' line: three turns a week, and what has been called about."""
    monday = today - timedelta(days=today.weekday())
    hours = {"starts": time(9), "ends": time(11), "weeks": 6}
    mikko, parish = known.people[MIKKO.name], known.organisations[PARISH]
    for weekday, who in ((0, {"worker": by}), (2, {"worker": mikko}), (3, {})):
        turn = {"worker": None, "partner": None, **(who or {"partner": parish})}
        day = monday + timedelta(days=weekday)
        duty.set_turns(by, day=day, **hours, **turn)
    demo.keep_calls(
        DutyCall(
            id=_key(f"call {number}"),
            team=by.team,
            day=today - timedelta(days=3 * number + 1),
            sector=SECTORS[number % len(SECTORS)],
            matter=MATTERS[number % len(MATTERS)],
        )
        for number in range(40)
    )


def _request(number, asked, today):
    asker, sector, place, municipality, ahead, wish, why, groups, ago = asked
    key = _key(number)
    if OutreachRequest.objects.filter(pk=key).exists():
        return
    received = clock.at(today - timedelta(days=ago), 9, 35)
    row = actions.receive(
        key=key,
        kept={
            "asker": asker,
            "sector": sector,
            "place": place,
            "municipality_id": municipality,
            "wished_day": ahead and today + timedelta(days=ahead),
            "wish": wish,
            "why": why,
            "target_groups": groups,
            "contact_source": "worker_met",
        },
        channel=OutreachRequest.Channel.FORM,
        language="fi",
    )
    due = actions.add_working_days(received, actions.ANSWER_IN_DAYS)
    demo.date_back(row, received, due)


def _key(what):
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"asking-{what}.example.fi")
