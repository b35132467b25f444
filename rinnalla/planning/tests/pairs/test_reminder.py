"""The letter of a week before asks only for those pairs that nobody else makes."""

from django.core import mail

from rinnalla import testing
from rinnalla.lib import clock
from rinnalla.planning.calendars import reminders
from rinnalla.planning.models import ReminderChoice

Kind = reminders.Kind


def lacking(cast, **over):
    """What the coordinator is told of a visit with one of ours in a week."""
    day = clock.today() + reminders.AHEAD[Kind.MISSING_PAIR]
    site = testing.make_site(cast, host_gives_pair=over.pop("host", False))
    testing.make_visit(cast, site, day=day, **over)
    ReminderChoice.objects.create(worker=cast.kaisa, missing_pair=True)
    assert reminders.send(Kind.MISSING_PAIR)
    return [letter.to for letter in mail.outbox]


def test_it_works(cast):
    assert lacking(cast) == [[cast.kaisa.email]]


def test_an_expert_by_experience_is_a_second(cast):
    assert lacking(cast, has_expert_by_experience=True) == []


def test_a_partner_is_a_second(cast):
    assert lacking(cast, partner=cast.parish) == []


def test_the_host_gives_a_pair(cast):
    assert lacking(cast, host=True) == []
