"""What somebody has to hear: a loss, a silent phone, a visit without data.

A notice is worked out from the tables each time it is asked for and goes by itself
when its cause goes. Somebody who has read it may put it away (`Dismissal`).
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rinnalla.access.roles import Role
from rinnalla.encounters.actions import DAYS_TO_WRAP_UP
from rinnalla.encounters.models import Count, Encounter
from rinnalla.lib import clock
from rinnalla.phone.models import Device, Dismissal, Quarantined
from rinnalla.phone.permissions import devices_of, waiting_for
from rinnalla.planning.models import Visit
from rinnalla.planning.permissions import SEE_VISITS

LOST, SILENT, MISSING = "lost", "silent", "missing"
# A worker hears of a visit without data the next morning, a coordinator later.
MORNING = 9
TO_COORDINATOR = timedelta(hours=48)
# A gap that the phone has had time to close and has not.
GAP_CLOSES = timedelta(hours=24)
LOOK_BACK = timedelta(days=DAYS_TO_WRAP_UP)
WEEK = timedelta(days=7)
VISIT = ("visit__day", "visit")
MOST = 20
MOST_LOOKED_AT = 200


@dataclass(frozen=True)
class Notice:
    """One thing to hear, for one pair of ears; `key` is what is put away."""

    key: str
    kind: str
    text: str
    device: Device | None = None
    visit: Visit | None = None


def for_device(device):
    """What the worker with this phone has to hear, as sentences."""
    return [notice.text for notice in on_phone(device)]


def on_phone(device):
    """The notices of a phone: its worker's, or of a shared one its own."""
    if device.worker:
        return for_worker(device.worker)
    return _alive(_of_devices([device], f"d{device.pk}"))


def for_worker(worker):
    """What a worker has to hear of the own phones and visits."""
    devices = Device.objects.filter(worker=worker)
    found = _of_devices(devices, f"w{worker.pk}")
    return _alive(found + _missing(_own_without_data(worker), f"w{worker.pk}"))


def for_coordinator(worker):
    """What a coordinator has to hear of the team's phones and visits."""
    devices = devices_of(worker, Device.objects.all())
    audience = f"t{worker.team_id}"
    found = _of_devices(devices, audience)
    return _alive(found + _missing(_teams_without_data(worker), audience))


def on_page(worker):
    """The notices of the page of phones: the team's for a coordinator, else own."""
    if worker.role == Role.COORDINATOR:
        return for_coordinator(worker)
    return [] if worker.role == Role.ADMINISTRATOR else for_worker(worker)


def number_for(worker):
    """How many things wait for this person on the page of phones; for the menu."""
    if worker.role != Role.COORDINATOR:
        return 0
    waiting = waiting_for(worker, Quarantined.objects.waiting())
    return len(for_coordinator(worker)) + waiting.count()


# --- Phones ------------------------------------------------------------------


def is_silent(device):
    """Whether it was holding facts when it was last heard of, long ago."""
    limit = clock.now() - timedelta(hours=settings.OFFLINE_HOURS)
    return bool(device.unsent and device.last_contact and device.last_contact < limit)


def gap_of(device):
    """How many facts nobody has any more, or never came though there was time.

    What the phone gave a number to is either answered for, told as lost, or still
    unsent; the rest has gone.
    """
    lost = sum(last - first + 1 for first, last in device.lost)
    seen = lost + sum(last - first + 1 for first, last in device.received)
    has_had_time = device.last_contact and (
        device.last_contact < clock.now() - GAP_CLOSES
    )
    open_ = max(0, device.highest - seen - device.unsent) if has_had_time else 0
    return lost + open_


def _of_devices(devices, audience):
    """The notices of phones: of a loss also when the phone is out of use by now."""
    if not isinstance(devices, list):
        hurt = ~Q(lost=[]) | Q(unsent__gt=0) | Q(highest__gt=0)
        devices = list(devices.filter(hurt).select_related("worker").order_by("pk"))
    lost = [device for device in devices if gap_of(device)]
    known = _visits_around(lost)
    found = [_lost(device, known[device.pk], audience) for device in lost]
    silent = [device for device in devices if is_silent(device)]
    return found + [_silent(device, audience) for device in silent]


def _lost(device, visit, audience):
    """Which facts exactly is in the key: a further loss is a new notice."""
    what = sha256(repr((device.lost, gap_of(device))).encode()).hexdigest()[:16]
    day = visit.day if visit else _day_of_loss(device)
    text = _(
        "Some data may be lost: visit of %(day)s. Check the number with your partner."
    ) % {"day": _day(day)}
    return Notice(f"{LOST}:{device.pk}:{what}:{audience}", LOST, text, device, visit)


def _silent(device, audience):
    since = clock.local(device.last_contact).date()
    text = ngettext(
        "%(name)s has been silent since %(day)s. It still held %(n)d record.",
        "%(name)s has been silent since %(day)s. It still held %(n)d records.",
        device.unsent,
    ) % {"name": device.name, "day": _day(since), "n": device.unsent}
    key = f"{SILENT}:{device.pk}:{since.isoformat()}:{audience}"
    return Notice(key, SILENT, text, device)


def _day_of_loss(device):
    moment = device.lost_noted_at or device.last_contact
    return clock.local(moment).date() if moment else device.enrolled_on


def _visits_around(devices):
    """The visit a loss most likely fell on: the last one the phone recorded on.

    {device's key: visit or None}. Looked for among the visits of that week only: no
    page waits while all that was ever recorded is read through.
    """
    keys, last = [device.pk for device in devices], {}
    near = [visit.pk for visit in _near(devices)] if keys else []
    for model in (Count, Encounter) if near else ():
        rows = model.objects.filter(visit__in=near, device__in=keys).order_by()
        for key, day, visit in rows.values_list("device", *VISIT).distinct():
            last[key] = max(last.get(key, (day, visit)), (day, visit))
    visits = Visit.objects.select_related("site")
    visits = visits.in_bulk([visit for _day, visit in last.values()])
    return {key: visits[last[key][1]] if key in last else None for key in keys}


def _near(devices):
    """The visits of these phones' teams in the week before each loss."""
    chosen = Q(pk__in=[])
    for device in devices:
        day = _day_of_loss(device)
        team = device.worker.team_id if device.worker else device.team_id
        whose = Q(team=team)
        if team is None:
            whose = Q(organisation=device.worker.organisation_id)
        chosen |= whose & Q(day__gt=day - WEEK, day__lte=day)
    visits = Visit.objects.seen().filter(chosen)
    return visits.order_by("-day", "pk")[:MOST_LOOKED_AT]


# --- Visits ------------------------------------------------------------------


def _without_data(visits, until):
    """Planned or begun visits of these that ended before `until` and hold nothing."""
    rows = visits.filter(
        status__in=["planned", "under_way"],
        day__gte=clock.today() - LOOK_BACK,
        day__lt=clock.local(until).date() + timedelta(days=1),
    )
    rows = rows.select_related("site").order_by("day", "starts", "pk")
    over = [visit for visit in rows[:MOST_LOOKED_AT] if _end(visit) <= until]
    keys = [visit.pk for visit in over]
    recorded = Visit.objects.filter(pk__in=keys).recorded() if keys else ()
    kept = {visit.pk for visit in recorded}
    return [visit for visit in over if visit.pk not in kept][:MOST]


def _own_without_data(worker):
    """Yesterday's and older visits of a worker without data, from nine o'clock on."""
    day = clock.today()
    if clock.now() < clock.at(day, MORNING):
        day -= timedelta(days=1)
    return _without_data(Visit.objects.seen().filter(workers=worker), clock.at(day))


def _teams_without_data(worker):
    visits = SEE_VISITS.limit(Visit.objects.seen(), worker)
    return _without_data(visits, clock.now() - TO_COORDINATOR)


def _end(visit):
    """When a planned visit is over by the plan; without a time when its day is."""
    if visit.ends or visit.starts:
        time = visit.ends or visit.starts
        return clock.at(visit.day, time.hour, time.minute)
    return clock.at(visit.day + timedelta(days=1))


def _missing(visits, audience):
    return [
        Notice(
            f"{MISSING}:{visit.pk}:{audience}",
            MISSING,
            _("Nothing has come in from the visit of %(day)s: %(site)s.")
            % {"day": _day(visit.day), "site": visit.site},
            visit=visit,
        )
        for visit in visits
    ]


def _day(day):
    return date_format(day, "MONTH_DAY_FORMAT")


def _alive(notices):
    """The notices nobody has put away."""
    keys = [notice.key for notice in notices]
    if not keys:
        return []
    away = Dismissal.objects.filter(notice__in=keys).values_list("notice", flat=True)
    gone = set(away)
    return [notice for notice in notices if notice.key not in gone]
