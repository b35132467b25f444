"""Prints and guests' links grown old go; the others stay."""

from datetime import date, timedelta

from rinnalla import testing
from rinnalla.access.models import AuditEvent
from rinnalla.lib import clock
from rinnalla.planning import actions
from rinnalla.planning.models import GuestLink, MadeFile, Site
from rinnalla.planning.retention import RULES

RULE = {rule.name: rule for rule in RULES}
PRINTS, LINKS = RULE["planning.prints"], RULE["planning.guest_links"]
PLACES, WORKERS = RULE["planning.place_names"], RULE["planning.workers"]


def make_print(key, days_ago):
    asked = clock.now() - timedelta(days=days_ago)
    return MadeFile.objects.create(kind="card", key=key, asked_at=asked)


def make_link(cast, nonce, days_ago):
    link, _ = actions.make_guest_link(cast.aino, testing.make_visit(cast), nonce=nonce)
    over = clock.now() - timedelta(days=days_ago)
    GuestLink.objects.filter(pk=link.pk).update(expires_at=over)


def test_old_prints_go(db):
    make_print("old", 32)
    make_print("new", 29)
    assert PRINTS.run(clock.today(), dry_run=True) == 1
    assert MadeFile.objects.count() == 2
    assert PRINTS.run(clock.today()) == 1
    assert [file.key for file in MadeFile.objects.all()] == ["new"]
    assert PRINTS.run(clock.today()) == 0


def test_old_links_go(cast):
    make_link(cast, "old", 32)
    make_link(cast, "new", 1)
    assert LINKS.run(clock.today()) == 1
    assert GuestLink.objects.count() == 1


TODAY = date(2026, 3, 31)
LONG_AGO, LATELY = date(2025, 1, 31), date(2025, 2, 1)


def make_place(cast, name, day, **over):
    site = testing.make_site(cast, name=name, **{"is_ad_hoc": True} | over)
    if day:
        testing.make_visit(cast, site, day=day, status="done")
    return site


def name_of(site):
    return Site.objects.get(pk=site.pk).name


def test_old_unplanned_places_lose_their_names(cast):
    old = make_place(cast, "Kotikäynti Kallavedenkatu 4", LONG_AGO, area="C-rappu")
    never = make_place(cast, "Kukaan ei käynyt", None)
    new = make_place(cast, "Sillan alla", LATELY)
    real = make_place(cast, "Leipätupa", LONG_AGO, is_ad_hoc=False)
    assert PLACES.run(TODAY, dry_run=True) == 2
    assert name_of(old) == "Kotikäynti Kallavedenkatu 4"
    assert PLACES.run(TODAY) == 2
    assert name_of(old) == f"Kuopio · {old.pk}" and name_of(never) != never.name
    assert Site.objects.get(pk=old.pk).area == ""
    assert (name_of(new), name_of(real)) == ("Sillan alla", "Leipätupa")
    assert old.visits.count() == 1
    assert AuditEvent.objects.filter(action="site.name_forgotten").count() == 2
    assert PLACES.run(TODAY) == PLACES.run(TODAY, dry_run=True) == 0


def test_a_place_gone_to_again_keeps_its_name(cast):
    site = make_place(cast, "Sillan alla", LONG_AGO)
    testing.make_visit(cast, site, day=LATELY)
    assert PLACES.run(TODAY) == 0
    assert name_of(site) == "Sillan alla"


def test_a_name_somebody_already_wrote_is_no_hindrance(cast):
    old = make_place(cast, "Koti", LONG_AGO)
    other = make_place(cast, f"Kuopio · {old.pk}", LATELY)
    assert PLACES.run(TODAY) == 1
    assert name_of(old) != "Koti" and name_of(old) != name_of(other)
    assert PLACES.run(TODAY) == 0


def test_who_went_is_forgotten_and_how_many_stays(cast):
    old = testing.make_visit(
        cast, day=date(2024, 1, 31), status="done", staff=2, workers=[cast.aino]
    )
    new = testing.make_visit(cast, day=date(2024, 2, 1), workers=[cast.aino])
    today = date(2025, 3, 20)
    assert WORKERS.run(today, dry_run=True) == 1 and old.workers.exists()
    assert WORKERS.run(today) == 1
    old.refresh_from_db()
    assert not old.workers.exists() and old.staff == 2
    assert list(new.workers.all()) == [cast.aino]
