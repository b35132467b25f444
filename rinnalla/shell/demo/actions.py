"""Writes what of the invented county no room's own action can: what is past.

What a worker can do today the rooms' actions do, in the demo too.
"""

from rinnalla.encounters.models import Count, Voice, VoiceBoard, VoiceTheme
from rinnalla.planning.models import (
    DutyCall,
    Event,
    EventMaterial,
    OutreachRequest,
    Rhythm,
)


def give_rhythm(site, **fields):
    """The rhythm of a place since long ago; the same one when asked again."""
    return Rhythm.objects.get_or_create(site=site, until=None, defaults=fields)[0]


def keep_calls(calls):
    """Keep calls of days gone by."""
    DutyCall.objects.bulk_create(calls)


def date_back(request, received, due):
    """Let a request have come earlier, and its answer be due as much earlier."""
    rows = OutreachRequest.objects.filter(pk=request.pk)
    rows.update(received_at=received, answer_due_at=due)


def put_event(team, key, *, state, needs, **fields):
    """Put an announced event on its day as counted from today, and what it needs."""
    event, is_new = Event.objects.update_or_create(
        team=team,
        key=key,
        defaults=fields,
        create_defaults=fields | {"state": state},
    )
    if is_new:
        _need(event, needs)


def keep_night(visit, *, needs, talks, **fields):
    """Keep an event that was, its things and its talks; None when it is there."""
    event, is_new = Event.objects.get_or_create(visit=visit, defaults=fields)
    if not is_new:
        return None
    _need(event, needs)
    Count.objects.create(visit=visit, kind=Count.Kind.TALK, **talks)
    return event


def _need(event, codes):
    EventMaterial.objects.bulk_create(
        EventMaterial(event=event, code=code, is_there=is_there)
        for code, is_there in codes.items()
    )


def keep_board(board, themes):
    """Keep a voice board and its thoughts: {theme: unsaved thoughts}."""
    VoiceBoard.objects.bulk_create([board])
    for name, voices in themes.items():
        theme = VoiceTheme.objects.create(board=board, name=name)
        for voice in voices:
            voice.board, voice.theme = board, theme
        Voice.objects.bulk_create(voices)
