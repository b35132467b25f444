"""What is done with voice boards and talks: the only code of this part that writes."""

import uuid

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from rinnalla.access import audit
from rinnalla.encounters.actions import ask_open
from rinnalla.encounters.models import Count, Voice, VoiceBoard, VoiceTheme
from rinnalla.lib import clock, links
from rinnalla.planning.actions import drop_prints

How = Voice.How
NO_WORDS = "–"
PURPOSE = "voice board"
# The kind of a made poster of a board.
PRINT = "voice_board"
# So many thoughts a board takes from its link; more would not be people's own.
MOST_SENT = 300
# What came oddly is counted apart, so that it cannot fill the board.
MOST_ODD = 50


class Full(Exception):
    """The board has taken as many thoughts from its link as it takes."""


@transaction.atomic
def open_board(by, *, key, team, question, day, event=None):
    """Begin a board with its question. `key` is born with the form: one board."""
    fields = {"team": team, "question": question, "day": day, "event": event}
    fields["digest"] = links.digest_of(PURPOSE, secret_of(key))
    board, is_new = VoiceBoard.objects.get_or_create(pk=key, defaults=fields)
    if is_new:
        audit.log(by, "board.opened", board)
    return board


def secret_of(key):
    """The secret of a board's link."""
    return links.secret_for(PURPOSE, str(key))


def board_behind(secret):
    """The board this link opens for writing, or None."""
    digest = links.digest_of(PURPOSE, secret)
    return VoiceBoard.objects.filter(digest=digest, is_open=True).first()


@transaction.atomic
def let_write(by, board, is_open):
    """Open the board's link for people's own phones, or close it."""
    if board.is_open != is_open:
        board.is_open = is_open
        board.save(update_fields=["is_open"])
        audit.log(by, "board.link_opened" if is_open else "board.link_closed", board)


@transaction.atomic
def add_voices(by, board, texts, *, key):
    """Put thoughts from paper on a board. `key` is born with the form: sent once."""
    rows = [
        Voice(pk=uuid.uuid5(key, str(number)), board=board, text=text, how="paper")
        for number, text in enumerate(texts)
    ]
    # The board is held, so that the same form twice at once is one after another.
    VoiceBoard.objects.select_for_update().get(pk=board.pk)
    if not Voice.objects.filter(pk__in=[row.pk for row in rows]).exists():
        Voice.objects.bulk_create(rows)
        audit.log(by, "board.thoughts_added", board, count=len(rows))


@transaction.atomic
def send_voice(board, text, *, key, is_odd=False):
    """Keep a thought somebody sent from a phone, until one of us has looked at it.

    Sent twice, kept once. Raises Full.
    """
    held = VoiceBoard.objects.select_for_update().get(pk=board.pk)
    made = held.voices.filter(pk=key).first()
    if made:
        return made
    how, most = (How.ODD, MOST_ODD) if is_odd else (How.PHONE, MOST_SENT)
    if not held.is_open or held.voices.filter(how=how).count() >= most:
        raise Full
    voice = Voice.objects.create(
        pk=key, board=held, text=text, how=how, is_waiting=True
    )
    audit.log(None, "board.thought_sent", held)
    return voice


@transaction.atomic
def take_voices(by, board, voices):
    """Put thoughts that were sent onto the board."""
    number = voices.waiting().update(is_waiting=False, how=How.PHONE)
    if number:
        audit.log(by, "board.thoughts_taken", board, count=number)


@transaction.atomic
def strike_voices(by, board, voices):
    """Take thoughts off the board for good, and off its made posters; how many."""
    number, _rows = voices.delete()
    if number:
        drop_prints(PRINT, board.pk)
        audit.log(by, "board.thoughts_struck", board, count=number)
    return number


@transaction.atomic
def group_voices(by, board, voices, *, theme=None, name=""):
    """Put thoughts under a theme, a new one when it is named, or under none.

    A theme that is left empty goes.
    """
    if name:
        theme, _is_new = VoiceTheme.objects.get_or_create(board=board, name=name)
    number = voices.update(theme=theme)
    board.themes.filter(voices=None).delete()
    if number:
        audit.log(by, "board.grouped", board, count=number)


@transaction.atomic
def count_talks(by, visit, *, key, number, how=Count.How.COUNTED):
    """Add talks of an event's visit, or take some back. Sent twice, counted once.

    Raises Refused when the visit has not begun or is past correcting. Talks are a
    number of their own beside those met, so no figure waits for a recount.
    """
    ask_open(visit)
    fields = {"visit": visit, "kind": Count.Kind.TALK, "number": number, "how": how}
    fields["at"] = clock.cut(clock.now())
    row, is_new = Count.objects.get_or_create(pk=key, defaults=fields)
    if is_new:
        audit.log(by, "talks.counted", visit)
    return row


def delete_words(before, *, dry_run=False):
    """Delete the words of thoughts of boards before this day; the counts stay."""
    old = Voice.objects.filter(board__day__lt=before).exclude(text="")
    number = old.count()
    if not dry_run:
        old.update(text="")
    return number


@transaction.atomic
def delete_headings(before, *, dry_run=False):
    """Delete questions and theme names of boards before this day; how many boards.

    The boards and themes stay, so that the counts do: a theme is called by number.
    """
    old = VoiceBoard.objects.filter(day__lt=before).exclude(question=NO_WORDS)
    if dry_run:
        return old.count()
    themes = VoiceTheme.objects.filter(board__in=old)
    themes.update(name=Concat(Value("#"), Cast("pk", CharField())))
    for board in old:
        drop_prints(PRINT, board.pk)
    return old.update(question=NO_WORDS)
