"""A room knows only the rooms below it: by import, by relation, by no back door."""

import ast

import pytest
from django.conf import settings
from django.db import models

from rinnalla.tests import house


def relations():
    """Every relation of ours to a model of ours: (from, field, to)."""
    ours = set(house.rooms())
    for model in house.models():
        for field in model._meta.get_fields():
            forward = field.is_relation and not field.auto_created
            if forward and field.related_model and room(field.related_model) in ours:
                yield model, field.name, field.related_model


def room(model):
    return house.room_of(model)


def test_relations_point_down_only():
    upward = [
        f"{a.__name__}.{name} -> {b.__name__}"
        for a, name, b in relations()
        if house.rank(room(a)) < house.rank(room(b))
    ]
    assert upward == []


def test_nothing_above_points_at_what_was_met():
    """An encounter cannot be joined to anything that could name a person."""
    pointing = [
        f"{a.__name__}.{name}"
        for a, name, b in relations()
        if room(b) == "encounters" and room(a) != "encounters"
    ]
    assert pointing == []


# An import is an office task on a whole file; who started it is told when it ends.
OFFICE = {"ImportBatch"}


def test_what_was_met_knows_no_worker():
    """No row of the room of encounters says who recorded it."""
    naming = [
        f"{a.__name__}.{name}"
        for a, name, b in relations()
        if room(a) == "encounters"
        and b.__name__ == "Worker"
        and a.__name__ not in OFFICE
    ]
    assert naming == []


# Words a worker writes himself, each through the text guard of its form.
WRITTEN = {
    *("Site.name", "Site.area", "Observation.text", "ImportSource.name"),
    *(f"SiteCard.{heading}" for heading in ("why", "when", "where", "resources")),
    *("SiteCard.features", "SiteCard.safety_note", "SiteCard.decided_why"),
    *("Event.name", "Event.source"),
    *("VoiceBoard.question", "VoiceTheme.name", "Voice.text"),
    *("OutreachRequest.asker", "OutreachRequest.place", "OutreachRequest.wish"),
    *("OutreachRequest.why", "PageFeedback.text", "PageFeedback.answer"),
    # Of what happened to a worker; gone when occupational safety has it.
    *("IncidentNote.text", "IncidentNote.reference"),
    # A worker's own work phone, which alarms reach.
    "SafetyNumber.number",
    # What a team tells itself; the telephone of a place or its host at work.
    *("TeamNote.text", "Site.host_phone", "PublicLine.where"),
}
# A work e-mail to answer to, sealed; it goes when the matter ends (decision 018).
SEALED = {"OutreachRequest.contact", "PageFeedback.contact"}
# Where somebody is, sealed; an alarm opens it, being home deletes it.
SEALED |= {"CheckIn.sealed_place", "Alarm.sealed_spot"}
# What a file of past figures is read by: its columns, its places, what was found.
OF_A_FILE = {"mapping", "sites", "report", "stored_as"}
# Codes of a list, choices of ours, digests, and figures by code.
CODED = {
    *("kind", "type", "status", "state", "shape", "how", "code", "key", "digest"),
    *("cancel_reason", "solo_reason", "identifier", "kit", "needed_kit", "checksum"),
    *("remains", "topics", "methods", "next_step", "age_band", "target_groups"),
    *("items", "familiarity", "origin", "topic", "promise", "atmosphere", "safety"),
    *("phenomena", "thresholds", "figures", "dimension", "category", "municipality"),
    *("level", "place", "span", "detail", "cells", "groups", "about", "known"),
    *("spec", "svg", "content", "channel", "language", "sector", "contact_source"),
    *("decline_reason", "told", "matter", "sign"),
    *("rule", "reason", "move_reason", "decision"),
}


def test_what_was_met_has_no_field_for_a_name():
    """Activity is codes and numbers; a new text needs the guard and a line above."""
    texts = (models.CharField, models.TextField, models.JSONField, models.FileField)
    found = {
        f"{model.__name__}.{field.name}"
        for model in house.models()
        if house.room_of(model) in ("planning", "encounters", "statistics")
        for field in model._meta.local_fields
        if isinstance(field, (*texts, models.BinaryField))
        and (field.name not in CODED or f"{model.__name__}.{field.name}" in WRITTEN)
        and not (model.__name__.startswith("Import") and field.name in OF_A_FILE)
    }
    assert found == WRITTEN | SEALED


@pytest.mark.parametrize("path", list(house.python_files()), ids=lambda path: path.stem)
def test_relations_are_made_with_the_class(path):
    """The import check cannot see ForeignKey("room.Model")."""
    kinds = {"ForeignKey", "OneToOneField", "ManyToManyField"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in kinds:
            target = node.args[0] if node.args else None
            text = target.value if isinstance(target, ast.Constant) else "self"
            assert text == "self", f"{path}:{node.lineno} names a model by a string"


def test_no_signals_of_our_own():
    """A signal lets a lower room call an upper one unseen."""
    users = [
        str(path.relative_to(house.ROOT))
        for path in house.python_files()
        if "django.dispatch" in path.read_text() or ".connect(" in path.read_text()
    ]
    assert users == []


def test_the_list_of_rooms_is_the_same_everywhere():
    installed = [
        app.removeprefix("rinnalla.")
        for app in settings.INSTALLED_APPS
        if app.startswith("rinnalla.")
    ]
    page = (house.ROOT / "docs" / "architecture.md").read_text()
    drawn = [line.split()[0] for line in page.split("```")[1].strip().splitlines()]
    assert installed == house.rooms() == drawn
