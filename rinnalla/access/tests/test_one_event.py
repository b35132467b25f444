"""Every action of this room leaves one event: who, what, which row."""

import pytest

from rinnalla.access import actions
from rinnalla.access.models import AuditEvent, Code, Organisation, Team, Worker
from rinnalla.access.roles import Role


def newcomer(cast):
    worker = Worker(name="Tuuli T", email="tuuli@example.fi", role=Role.LEADER)
    worker.organisation = cast.county
    return worker


def topic():
    return Code.objects.of("topic").first()


def new_topic():
    labels = {f"label_{language}": "x" for language in ("fi", "sv", "en")}
    return Code(list="topic", code="new_one", **labels)


ACTIONS = {
    "worker.invited": lambda c: actions.invite_worker(c.hannu, newcomer(c)),
    "worker.invited_again": lambda c: actions.renew_invitation(c.hannu, c.aino),
    "worker.changed": lambda c: actions.change_worker(c.hannu, c.aino),
    "worker.closed": lambda c: actions.close_account(c.hannu, c.aino),
    "worker.opened": lambda c: actions.open_account(c.hannu, c.aino),
    "worker.second_step_reset": lambda c: actions.reset_second_step(c.hannu, c.aino),
    "organisation.changed": lambda c: actions.save_organisation(c.hannu, c.ngo),
    "organisation.added": lambda c: actions.save_organisation(
        c.hannu, Organisation(name="Uusi", sector="ngo")
    ),
    "team.added": lambda c: actions.save_team(
        c.hannu, Team(name="Uusi", organisation=c.county)
    ),
    "team.changed": lambda c: actions.save_team(c.hannu, c.team),
    "code.added": lambda c: actions.add_code(c.hannu, new_topic()),
    "code.changed": lambda c: actions.change_code(c.hannu, topic()),
    "code.retired": lambda c: actions.retire_code(c.hannu, topic(), True),
    "code.brought_back": lambda c: actions.retire_code(c.hannu, topic(), False),
    "code.moved": lambda c: actions.move_code(c.hannu, topic(), 1),
}
OWN = {
    "worker.invitation_accepted": lambda c: actions.accept_invitation(c.aino, "x"),
    "worker.language_chosen": lambda c: actions.choose_language(c.aino, "sv"),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_it_works(cast, action):
    ACTIONS[action](cast)
    event = AuditEvent.objects.get()
    assert (event.action, event.worker_id) == (action, cast.hannu.pk)
    assert event.object_kind.lower() == action.partition(".")[0]


@pytest.mark.parametrize("action", OWN)
def test_what_one_does_for_oneself(cast, action):
    OWN[action](cast)
    event = AuditEvent.objects.get()
    assert (event.action, event.worker_id) == (action, cast.aino.pk)


def test_what_is_refused_leaves_none(cast):
    with pytest.raises(actions.PermissionDenied):
        actions.close_account(cast.aino, cast.outi)
    assert not AuditEvent.objects.exists()
