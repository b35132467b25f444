"""Where and when: places, visits, and what is kept beside them."""

from rinnalla.planning.models.calendars import (
    CalendarEntry,
    CalendarFeed,
    ReminderChoice,
    SentReminder,
    feed_digest,
)
from rinnalla.planning.models.duty import DutyCall, DutyTurn
from rinnalla.planning.models.events import Event, EventMaterial
from rinnalla.planning.models.notes import TeamNote
from rinnalla.planning.models.open_pages import PageFeedback, PublicLine
from rinnalla.planning.models.places import ONLINE, Decision, Site, SiteCard
from rinnalla.planning.models.promises import PromisedDay
from rinnalla.planning.models.recount import MadeFile, StaleMonth
from rinnalla.planning.models.requests import BookableSlot, HostLink, OutreachRequest
from rinnalla.planning.models.rhythm import Rhythm, RhythmException, TeamCapacity
from rinnalla.planning.models.safety import (
    Alarm,
    AlarmCall,
    CheckIn,
    IncidentNote,
    Return,
    SafetyContact,
    SafetyNumber,
    SafetyPass,
)
from rinnalla.planning.models.visits import MISTAKEN, GuestLink, Visit, digest_of

__all__ = [
    "MISTAKEN",
    "ONLINE",
    "Alarm",
    "AlarmCall",
    "BookableSlot",
    "CalendarEntry",
    "CalendarFeed",
    "CheckIn",
    "Decision",
    "DutyCall",
    "DutyTurn",
    "Event",
    "EventMaterial",
    "GuestLink",
    "HostLink",
    "IncidentNote",
    "MadeFile",
    "OutreachRequest",
    "PageFeedback",
    "PromisedDay",
    "PublicLine",
    "ReminderChoice",
    "Return",
    "Rhythm",
    "RhythmException",
    "SafetyContact",
    "SafetyNumber",
    "SafetyPass",
    "SentReminder",
    "Site",
    "SiteCard",
    "StaleMonth",
    "TeamCapacity",
    "TeamNote",
    "Visit",
    "digest_of",
    "feed_digest",
]
