"""What a phone takes along where there is no network: visits, places, choices.

No register of persons, no home address, no code a person holds. Whose visits and
how much of them follows the worker's own permissions; a shared phone gets its team's.
The number of queries does not grow with the visits.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.db.models import Count as HowMany
from django.utils.translation import get_language

from rinnalla.access.models import Municipality, Worker
from rinnalla.access.roles import Role
from rinnalla.encounters.actions import DAYS_TO_WRAP_UP
from rinnalla.encounters.forms import codes_in_use
from rinnalla.encounters.models import Count, Encounter, Mark, WrapUp
from rinnalla.encounters.permissions import RECORD
from rinnalla.encounters.reading import LISTS
from rinnalla.lib import clock
from rinnalla.phone import screens, sealing
from rinnalla.phone.figures import totals_for_all
from rinnalla.phone.templatetags.field import hours, soft
from rinnalla.planning.forms import asks_why
from rinnalla.planning.kinds import all_kinds, words
from rinnalla.planning.models import ONLINE, Site, SiteCard, Visit
from rinnalla.planning.pairs.kit import lacks_in_words

VERSION = 1
MOST_BYTES = 200_000
MOST_VISITS = 200
MOST_SITES = 80
AHEAD = timedelta(days=3)
WAITS = timedelta(days=DAYS_TO_WRAP_UP + 1)
SECONDS_KNOWN = 60
CARD = {
    "why": "why",
    "when": "when",
    "where": "where",
    "resources": "resources",
    "traits": "features",
}
OF_A_VISIT = (
    *("site", "day", "starts", "ends", "arrive_before_minutes", "status"),
    *("started_at", "ended_at", "solo_reason", "is_group", "has_car", "kit"),
    *("partner", "has_expert_by_experience"),
)
# Of a visit under way the answers of the door tell these afresh.
MOVING = ("totals", "stubs", "marks", "asks_number")


@dataclass(frozen=True)
class Reader:
    """Who reads: a worker on an own phone, a team on a shared one, a guest by a link.

    `visits` are the ones within reach, `device` the phone whose figures are its own;
    `details` says whether more than counts may be read.
    """

    visits: object
    device: object = None
    name: str = ""
    worker: Worker | None = None
    team: object = None
    is_shared: bool = False
    is_guest: bool = False
    details: bool = False


def reader_of(phone):
    """Whose eyes a phone has."""
    worker = phone.worker
    within = Visit.objects.seen().filter(team=phone.team_id)
    return Reader(
        visits=RECORD.limit(Visit.objects.visible_to(worker), worker)
        if worker
        else within,
        device=phone.pk,
        name=phone.name,
        worker=worker,
        team=worker.team if worker else phone.team,
        is_shared=phone.is_shared,
        details=worker.sees_details if worker else True,
    )


def guest_of(link, device=None):
    """A guest sees the one visit of the link, in counts."""
    visits = Visit.objects.seen().filter(pk=link.visit_id)
    return Reader(visits=visits, device=device, team=link.visit.team, is_guest=True)


def reference_of(reader):
    """The whole reference data for this reader, as it will be said in JSON."""
    return _Reference(reader).whole()


def written(reader):
    """The reference data as bytes of JSON, and a mark of what they say (ETag).

    Of a visit under way what moves is left out of the mark: counting on it must not
    make its phones fetch everything anew.
    """
    said = reference_of(reader)
    made, visits = said.pop("made"), said.pop("visits")
    texts = [_packed(visit) for visit in visits]
    steady = [
        _packed(_steady(visit)) if visit["status"] == Visit.Status.UNDER_WAY else text
        for visit, text in zip(visits, texts, strict=True)
    ]
    rest = _fit(said, visits, room=MOST_BYTES - sum(map(len, texts)) - len(texts))
    mark = sha256(b",".join([rest, *steady])).hexdigest()[:24]
    head = b'{"made":%d,"visits":[%s],' % (made, b",".join(texts))
    return head + rest.removeprefix(b"{"), f'W/"{mark}"'


def etag_for(phone):
    """The mark of what this phone would read now; worked out once a minute at most."""
    key = f"reference:{phone.pk}:{get_language()}"
    known = cache.get(key)
    if known is None:
        _content, known = written(reader_of(phone))
        cache.set(key, known, SECONDS_KNOWN)
    return known


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _packed(said):
    """JSON without a spare byte."""
    return _ENCODER.encode(said).encode("utf-8", "replace")


def _steady(visit):
    return {name: said for name, said in visit.items() if name not in MOVING}


def _fit(said, visits, room):
    """What is said besides the visits, as light as any network can take.

    What is needed last is left out: first the cards of places nobody is going to,
    then the other cards from the last.
    """
    content = _packed(said)
    spare = len(content) + len(b'{"made":9999999999,"visits":[],') - room
    if spare <= 0:
        return content
    soon = {visit["site"] for visit in visits if visit["status"] != "done"}
    for site in sorted(said["sites"], key=lambda site: site["id"] in soon):
        if spare <= 0:
            break
        spare -= len(_packed(site["card"])) - len("null")
        site["card"] = None
    return _packed(said)


class _Reference:
    """Gathers the parts; each query is asked once for all visits and places."""

    def __init__(self, reader):
        self.reader, self.today = reader, clock.today()
        self.kinds, self.codes = all_kinds(), codes_in_use()
        self.visits = list(self._visits())
        needs = any(visit.site.needed_kit for visit in self.visits)
        self.kit = words("kit")["kit"] if needs else {}
        self.familiar = [] if reader.is_guest else self._familiar()
        self.sites = self._sites()
        self.begun = [visit for visit in self.visits if visit.status != "planned"]
        self.begun_keys = [visit.pk for visit in self.begun]
        self.there, self.wrap_ups = self._there(), self._wrap_ups()

    def whole(self):
        """All of it, in the order of the protocol."""
        reader, worker = self.reader, self.reader.worker
        return {
            "version": VERSION,
            "made": int(clock.now().timestamp()),
            "hours": settings.OFFLINE_HOURS,
            "notes": settings.PHONE_NOTES and reader.details,
            "lang": (get_language() or "fi")[:2],
            "key": sealing.public_key(),
            "device": {"name": reader.name, "is_shared": reader.is_shared},
            "team": {"id": reader.team.pk, "name": reader.team.name}
            if reader.team
            else None,
            "worker": _worker(worker) | {"role": worker.role} if worker else None,
            "workers": self._workers(),
            "kinds": [
                {"code": kind.code, "label": kind.label, "icon": kind.icon}
                for kind in self.kinds.values()
            ],
            "municipalities": self._municipalities(),
            "codes": self._codes(),
            "groups": _groups(),
            "usual": screens.USUAL,
            "visits": self._said_visits(),
            "sites": self._said_sites(),
            "places": [site.pk for site in self.familiar],
            "street": next((s.pk for s in self.familiar if _is_street(s)), None),
            "reasons": self._codes("solo_reason")["solo_reason"],
        }

    # --- which rows ---

    def _visits(self):
        """Today and three days ahead, what is under way, what is done lately.

        Of done visits those of the worker, or on a shared phone of the team.
        """
        today, reader = self.today, self.reader
        if reader.is_guest:
            chosen = Q()
        else:
            mine = Q(workers=reader.worker) if reader.worker else Q()
            coming = Q(status="planned", day__gte=today, day__lte=today + AHEAD)
            open_ = Q(status="under_way", day__gte=today - screens.STILL_OPEN)
            chosen = coming | open_ | (Q(status="done", day__gte=today - WAITS) & mine)
        keys = reader.visits.filter(chosen).values("pk")
        rows = Visit.objects.filter(pk__in=keys).only(*OF_A_VISIT)
        rows = rows.prefetch_related("site").order_by("day", "starts", "pk")
        return rows[:MOST_VISITS]

    def _there(self):
        """Who goes on each visit: {visit: [(key, first name)]}."""
        rows = Visit.workers.through.objects.filter(
            visit__in=[visit.pk for visit in self.visits]
        )
        rows = rows.order_by("worker__name", "pk")
        found = defaultdict(list)
        for visit, worker, name in rows.values_list("visit", "worker", "worker__name"):
            found[visit].append((worker, name.split(" ")[0]))
        return found

    def _familiar(self):
        """Unplanned places and streets one was at lately, the latest first."""
        reader = self.reader
        if reader.team is None:
            return []
        since = self.today - screens.RECENT
        visits = reader.visits.filter(day__gte=since, site__team=reader.team)
        if reader.worker:
            visits = visits.filter(workers=reader.worker)
        found = screens.latest_places(visits)
        return [site for site in found if not _is_home(self.kinds[site.kind])]

    def _sites(self):
        """The places of these visits and the team's own, one row each."""
        found = {visit.site_id: visit.site for visit in self.visits}
        found |= {site.pk: site for site in self.familiar}
        if self.reader.team and not self.reader.is_guest:
            rows = Site.objects.in_use().filter(team=self.reader.team)
            for site in rows.order_by("name", "pk")[:MOST_SITES]:
                found.setdefault(site.pk, site)
        return found

    def _workers(self):
        """Who may be chosen on a shared phone: the team's own people."""
        if not self.reader.is_shared:
            return []
        rows = Worker.objects.filter(
            team=self.reader.team,
            is_active=True,
            role__in=[Role.WORKER, Role.COORDINATOR],
        )
        return [_worker(worker) for worker in rows.order_by("name")]

    def _municipalities(self):
        if self.reader.is_guest:
            return []
        rows = Municipality.objects.order_by("name_fi")
        if settings.COUNTY_CODE:
            rows = rows.filter(county=settings.COUNTY_CODE)
        name = "name_sv" if get_language() == "sv" else "name_fi"
        return [{"id": pk, "name": said} for pk, said in rows.values_list("pk", name)]

    def _codes(self, *names):
        """The choices by list; a guest, and who sees counts only, needs few or none."""
        names = names or ([] if self.reader.is_guest else list(self.codes))
        return {
            name: [
                {"code": code.code, "label": code.label, "short": soft(code.short)}
                for code in self.codes[name]
            ]
            for name in names
        }

    def _wrap_ups(self):
        """What was said at the end of each visit that has been wrapped up or left."""
        return WrapUp.objects.in_bulk(self.begun_keys)

    # --- visits ---

    def _said_visits(self):
        totals = totals_for_all(self.begun, self.reader.device)
        new = self._new_sites()
        stubs, marks = self._stubs(), self._marks()
        taps = self._taps()
        return [
            self._visit(visit, new)
            | {
                # What is nought is left out, and taps before the start.
                "totals": {n: v for n, v in totals.get(visit.pk, {}).items() if v},
                "stubs": stubs[visit.pk],
                "marks": marks[visit.pk],
                "asks_number": taps.get(visit.pk, 0),
                **self._ending(visit, bool(stubs[visit.pk])),
            }
            for visit in self.visits
        ]

    def _visit(self, visit, new):
        site, worker = visit.site, self.reader.worker
        there = self.there[visit.pk]
        workers = [] if self.reader.is_guest else [key for key, _name in there]
        asks = self._asks_why(visit, workers, new)
        return {
            "id": str(visit.pk),
            "day": visit.day.isoformat(),
            "starts": _clock(visit.starts),
            "ends": _clock(visit.ends),
            "hours": hours(visit),
            "arrive": visit.arrive_before_minutes,
            "status": visit.status,
            "site": site.pk,
            "title": self._title(site),
            "kind": site.kind,
            "workers": workers,
            "names": [] if self.reader.is_guest else [name for _key, name in there],
            "mine": worker is not None and worker.pk in workers,
            "has_car": visit.has_car,
            "lacks": self._lacks(visit, len(there)),
            "asks_why": asks,
            "why_text": str(asks_why(site)) if asks else "",
            "needs_pair": site.needs_pair,
            "is_group": visit.is_group,
            "guided_is_met": site.guided_counts_as_met,
            "started": _seconds(visit.started_at),
            "ended": _seconds(visit.ended_at),
        }

    def _lacks(self, visit, there):
        """In words what a coming visit still lacks: the pair, the car, the kit."""
        if visit.status != Visit.Status.PLANNED or self.reader.is_guest:
            return ""
        few = visit.site.has_too_few(there, visit.company)
        return lacks_in_words(visit, few and not visit.solo_reason, self.kit)

    def _asks_why(self, visit, workers, new):
        """Whether it must be said why so few go or went; who starts is there too."""
        if visit.solo_reason or visit.site.kind == ONLINE or self.reader.is_guest:
            return False
        there = len(workers)
        if visit.status == "planned":
            worker = self.reader.worker
            there += worker is not None and worker.pk not in workers
            there = max(there, 1)
        few = visit.site.has_too_few(there, visit.company)
        is_first = there + visit.company < 2 and visit.site_id in new
        return bool(there) and (few or is_first)

    def _ending(self, visit, has_stubs):
        """How far the end of a visit is: wrapped up, left, waiting, correctable."""
        kept = self.wrap_ups.get(visit.pk)
        is_left = bool(kept and kept.is_left_for_tomorrow)
        is_wrapped = bool(kept and not is_left)
        last = visit.correctable_until
        last += timedelta(days=0 if is_wrapped else DAYS_TO_WRAP_UP)
        correctable = visit.status == "done" and self.today <= last
        return {
            "is_wrapped": is_wrapped,
            "is_left": is_left,
            "waits": correctable and (not is_wrapped or has_stubs),
            "correctable": correctable,
            "how": kept.how if kept else "",
            "is_nobody_reached": bool(kept and kept.is_nobody_reached),
        }

    def _new_sites(self):
        """The places where nobody has been yet: no visit of ours is done."""
        keys = {visit.site_id for visit in self.visits}
        seen = Visit.objects.seen().done().filter(site__in=keys)
        been = Counter(dict(seen.values_list("site").annotate(n=HowMany("pk"))))
        here = Counter(v.site_id for v in self.visits if v.status == "done")
        return {key for key in keys if been[key] <= min(here[key], 1)}

    def _stubs(self):
        """The meetings that wait for a topic or for what was done, by visit."""
        found = defaultdict(list)
        if not self.reader.details:
            return found
        rows = Encounter.objects.unfinished().filter(visit__in=self.begun_keys)
        rows = rows.order_by("at", "pk")
        has_topic = Case(When(topics=[], then=False), default=True)
        rows = rows.values_list("pk", "visit", "at", has_topic)
        for pk, visit, at, is_told in rows:
            missing = "method" if is_told else "topic"
            stub = {"id": str(pk), "at": _moment(at), "missing": missing}
            found[visit].append(stub)
        return found

    def _marks(self):
        """The time marks nobody has dealt with, by visit."""
        found = defaultdict(list)
        if not self.reader.details:
            return found
        rows = Mark.objects.filter(visit__in=self.begun_keys, is_done=False)
        for pk, visit, at in rows.order_by("at", "pk").values_list("pk", "visit", "at"):
            found[visit].append({"id": str(pk), "at": _moment(at)})
        return found

    def _taps(self):
        """How many single taps, where so many or so fast that one asks once."""
        waiting = [v.pk for v in self.begun if v.pk not in self.wrap_ups]
        taps = Count.objects.filter(visit__in=waiting, kind="met", number=1)
        slots = taps.filter(undoes=None).exclude(at=None)
        sums, fastest = Counter(), Counter()
        rows = slots.values_list("visit", "device", "at").annotate(n=HowMany("pk"))
        for visit, _device, _at, number in rows:
            sums[visit] += number
            fastest[visit] = max(fastest[visit], number)
        many = {
            v
            for v in sums
            if sums[v] > screens.MANY_TAPS or fastest[v] > screens.FAST_TAPS
        }
        return {visit: sums[visit] for visit in many}

    # --- places ---

    def _title(self, site):
        """Kind and place; of somebody's home the kind alone."""
        kind = self.kinds[site.kind]
        return kind.label if _is_home(kind) else f"{kind.label}, {site.name}"

    def _said_sites(self):
        orders, cards = self._used(), self._cards()
        return [self._site(site, orders, cards) for site in self.sites.values()]

    def _site(self, site, orders, cards):
        kind, card = self.kinds[site.kind], cards.get(site.pk)
        is_home = _is_home(kind)
        return {
            "id": site.pk,
            "name": kind.label if is_home else site.name,
            "kind": site.kind,
            "area": "" if is_home else site.area,
            "municipality": site.municipality_id,
            "used": orders.get(site.pk, {}),
            "card": card
            and {name: getattr(card, field) for name, field in CARD.items()},
            "safety": card.safety_note if card else "",
        }

    def _cards(self):
        """The newest card of each place, except of homes; a guest gets none."""
        if self.reader.is_guest:
            return {}
        places = [
            key for key, s in self.sites.items() if not _is_home(self.kinds[s.kind])
        ]
        newest = SiteCard.objects.filter(site=OuterRef("site")).order_by("-version")
        rows = SiteCard.objects.filter(
            site__in=places, pk=Subquery(newest.values("pk")[:1])
        )
        return {card.site_id: card for card in rows}

    def _used(self):
        """Which choices come first at each place; the same all day long.

        Counted up to yesterday, so that every process says the same.
        """
        if self.reader.is_guest or not self.reader.details:
            return {}
        keys = sorted(self.sites)
        name = sha256(repr((self.today, keys, _used_codes(self.codes))).encode())
        known = cache.get(f"used:{name.hexdigest()}")
        if known is None:
            known = self._count_used(keys)
            cache.set(f"used:{name.hexdigest()}", known, 24 * 60 * 60)
        return known

    def _count_used(self, keys):
        days = {"visit__day__gte": self.today - screens.RECENT}
        days["visit__day__lt"] = self.today
        recent = Encounter.objects.kept().filter(visit__site__in=keys, **days)
        used = defaultdict(lambda: {name: Counter() for name in screens.SHOWN})
        rows = recent.values_list("visit__site", "topics", "methods", "next_step")
        for site, topics, methods, step in rows.iterator():
            used[site]["topics"].update(topics)
            used[site]["methods"].update(methods)
            used[site]["next_step"].update([step] if step else [])
        return {site: self._orders(found) for site, found in used.items()}

    def _orders(self, used):
        """The codes that are shown first of each field, in their order."""
        return {
            name: [code.code for code in screens.order_of(name, codes, used[name])][:n]
            for name, n in screens.SHOWN.items()
            for codes in [self.codes[LISTS[name]]]
        }


def _groups():
    """How each row of chips looks: its words, its list, one or many, how many first."""
    return {
        name: {
            "legend": str(legend),
            "list": LISTS.get(name, name),
            "many": name in screens.MANY,
            "shown": screens.SHOWN.get(name, 0),
            "width": screens.WIDTHS.get(name, "fill"),
        }
        for name, legend in screens.LEGENDS.items()
    }


def _used_codes(codes):
    return [[code.code for code in codes[LISTS[name]]] for name in screens.SHOWN]


def _worker(worker):
    return {
        "id": worker.pk,
        "name": worker.name,
        "details": worker.sees_details,
    }


def _is_home(kind):
    return kind.icon == "home"


def _is_street(site):
    return site.kind == "street"


def _clock(time):
    return f"{time.hour}.{time.minute:02}" if time else ""


def _moment(at):
    return _clock(clock.local(at)) if at else ""


def _seconds(moment):
    return int(moment.timestamp()) if moment else None
