"""The end of a visit on the phone, in a real browser: what is told, kept and sent."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from rinnalla import testing
from rinnalla.encounters.models import Count, Encounter, Mark, Observation, WrapUp
from rinnalla.encounters.totals import totals_of
from rinnalla.lib import clock
from rinnalla.phone.models import Fact
from rinnalla.phone.tests.app import (
    GUIDED,
    KNOWN,
    PLUS,
    Thumb,
    again,
    begun,
    go,
    stored,
    take_into_use,
)
from rinnalla.phone.tests.phones import make_phone
from rinnalla.planning.models import Visit
from rinnalla.shell.tests.test_axe import faults

pytestmark = pytest.mark.browser

# Everything the phone holds, as text; an outbox row is plain while it has a `fact`.
HELD = """() => new Promise((tell) => {
  const asked = indexedDB.open("rinnalla");
  asked.onsuccess = () => {
    const names = ["meta", "outbox", "visits"];
    const tx = asked.result.transaction(names);
    const found = {};
    for (const name of names) {
      const keys = tx.objectStore(name).getAllKeys();
      const rows = tx.objectStore(name).getAll();
      rows.onsuccess = () => {
        found[name] = keys.result.map((key, place) => [key, rows.result[place]]);
      };
    }
    tx.oncomplete = () => { asked.result.close(); tell(found); };
  };
})"""
NOT_FIT = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def ended(cast):
    """Aino's visit of today: it ended, nobody has wrapped it up."""
    now = clock.cut(clock.now())
    times = {"started_at": now, "ended_at": now}
    return testing.make_visit(
        cast, status="done", day=clock.today(), solo_reason="urgent", **times
    )


class WrapUpPage:
    """The screen under a thumb, and what the phone holds behind it."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, label, within="main"):
        """Press a chip, a switch or a button by its words."""
        place = self.page.locator(within)
        pattern = re.compile(f"^{re.escape(label)}")
        found = place.locator("label, button, summary").filter(has_text=pattern)
        if not found.locator("visible=true").count():
            self.unfold(pattern)
        found.locator("visible=true").first.click()
        self.presses += 1

    def unfold(self, pattern):
        """Open the folded part that holds these words, if there is one: a press."""
        words = self.page.locator("label, button, summary").filter(has_text=pattern)
        fold = self.page.locator("details[data-fold]:not([open])").filter(has=words)
        if fold.count():
            fold.first.locator("summary").first.click()
            self.presses += 1

    def field(self, name):
        return self.page.locator(f"[data-number={name}]")

    def type(self, name, number):
        self.field(name).fill(str(number))
        self.presses += 1

    def number(self, name):
        return int(self.field(name).input_value())

    def send(self):
        self.press("Valmis, lähetä")
        self.today()

    def leave(self):
        self.press("Jätä huomiseen")
        self.today()

    def today(self):
        expect(self.page.locator("h1[data-day]")).to_be_visible()

    def stored(self):
        """The server has answered for everything this phone holds."""
        stored(self.page)
        assert self.held()["outbox"]

    def faults(self):
        """What is asked for once more, in words, where it is asked."""
        self.page.locator("[data-notes] .rn-note").wait_for()
        return self.page.locator("[data-errors] .rn-note").all_inner_texts()

    def held(self):
        return self.page.evaluate(HELD)

    def sealed(self, number):
        """Wait until so many facts lie here, each of them closed."""
        self.until(
            lambda held: (
                [bool(row.get("sealed")) for _key, row in held["outbox"]]
                == [True] * number
            )
        )

    def drafted(self, *words):
        """Wait until the draft that is kept here tells all of this; the draft."""
        kept = self.until(
            lambda held: [
                draft
                for key, draft in held["meta"]
                if key.startswith("draft") and all(word in str(draft) for word in words)
            ]
        )
        return kept[0]

    def until(self, find):
        """Look into what the phone holds until there is something to find."""
        for _look in range(300):
            found = find(self.held())
            if found:
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError(self.held())

    def open(self, visit):
        go(self.page, f"#/visit/{visit.pk}/wrap-up")
        # Its parts come once the draft has been read.
        shown = self.page.locator("main [data-open], main [data-closed]")
        shown.locator("visible=true").wait_for()

    def again(self, visit):
        """The same screen anew, as after a crash or a reload."""
        again(self.page)
        self.open(visit)


@pytest.fixture
def start(cast, open_page):
    """Start the app on a phone in use; the page when it knows its visits."""

    def begin(phone=None, **options):
        phone = phone or make_phone(cast.aino)
        page = open_page("/health", **options)
        take_into_use(page, phone)
        page.goto("/phone/")
        begun(page)
        page.wait_for_function(KNOWN)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        again(page)
        return WrapUpPage(page)

    return begin


@pytest.fixture
def open_it(start):
    """The end of a visit, open on Aino's phone."""

    def open_on(visit, **options):
        screen = start(**options)
        screen.open(visit)
        return screen

    return open_on


def test_it_works(ended, open_it):
    testing.make_met(ended, 30)
    screen = open_it(ended)
    assert screen.number("met") == 30
    screen.page.get_by_label("Kohdattu: Lisää yksi").click()
    screen.press("Arvioin")
    screen.press("Hintojen nousu")
    screen.press("Kaikki hyvin")
    screen.send()
    expect(screen.page.locator("main")).to_contain_text("kohdattu 31, ohjattu 0")
    screen.stored()
    assert totals_of(ended).met == 31
    kept, seen = WrapUp.objects.get(), Observation.objects.get()
    assert (kept.how, kept.safety) == ("estimated", "fine")
    assert seen.phenomena == ["price_rise"]


def test_what_is_not_touched_stays_as_the_pair_said(ended, open_it):
    screen = open_it(ended)
    WrapUp.objects.create(visit=ended, how="estimated", safety="fine")
    Observation.objects.create(
        visit=ended, site=ended.site, day=ended.day, phenomena=["price_rise"]
    )
    testing.make_met(ended, 5)
    screen.type("met", 2)
    screen.press("Uusia kasvoja")
    screen.send()
    screen.stored()
    kept = WrapUp.objects.get()
    assert (kept.how, kept.safety, totals_of(ended).met) == ("estimated", "fine", 7)
    assert Observation.objects.get().phenomena == ["price_rise", "new_faces"]


def test_a_whole_visit_without_a_network(visit, start):
    """Counted, guided, ended, wrapped up and found again: all before a connection."""
    screen = start()
    page = screen.page
    go(page, f"#/visit/{visit.pk}")
    page.context.set_offline(True)
    thumb = Thumb(page)
    for _tap in range(3):
        thumb.tap(PLUS)
    page.locator('[data-tap="guided"]').click()
    screen.press("Etuudet", ".rn-sheet")
    screen.press("Neuvottiin", ".rn-sheet")
    screen.press("Valmis", ".rn-sheet")
    page.locator('[data-tap="guided"]').click()
    screen.press("Myöhemmin", ".rn-sheet")
    page.locator("a[data-end]").locator("visible=true").click()
    screen.press("Lopeta käynti")
    page.locator("main[data-is-ready] form").wait_for()
    assert (screen.number("met"), screen.number("guided")) == (5, 2)
    done, open_ = chips_of(screen, 1), chips_of(screen, 2)
    expect(done).to_contain_text("Etuudet. Neuvottiin.")
    expect(open_).to_contain_text("Kohtaaminen 2")
    screen.press("Raha", "[data-meetings]")
    screen.press("Soitettiin yhdessä", "[data-meetings]")
    screen.send()
    expect(page.locator("[data-wrapped] a")).to_have_count(1)
    page.context.set_offline(False)
    screen.stored()
    visit.refresh_from_db()
    totals = totals_of(visit)
    assert (visit.status, totals.met, totals.guided) == ("done", 5, 2)
    assert sorted(row.topics[0] for row in Encounter.objects.all()) == [
        "benefits",
        "finances",
    ]
    assert not Fact.objects.filter(result="quarantined").exists()


def test_what_was_wrapped_up_is_corrected_from_today(ended, open_it):
    screen = open_it(ended)
    screen.type("met", 5)
    screen.send()
    screen.page.locator("[data-wrapped] a").click()
    expect(screen.page.locator("h1")).to_have_text("Korjaa käyntiä")
    assert screen.number("met") == 5
    screen.type("met", 4)
    screen.send()
    screen.stored()
    assert totals_of(ended).met == 4


def test_the_usual_end_is_one_screen(ended, open_it):
    """The numbers and the button are in sight; the rest is a row each, folded."""
    testing.make_met(ended, 12)
    testing.make_guided(ended, at=ended.started_at)
    screen = open_it(ended)
    screen.page.set_viewport_size({"width": 390, "height": 844})
    last = screen.page.get_by_role("button", name="Jätä huomiseen").bounding_box()
    assert last["y"] + last["height"] <= 844
    assert screen.page.locator("[data-fold][open]").count() == 0
    screen.press("Hintojen nousu")
    screen.drafted("price_rise")
    screen.again(ended)
    told = screen.page.locator("[data-fold][open]")
    expect(told).to_have_attribute("data-fold", "seen")


def test_a_second_tab_only_looks_on(ended, open_it):
    screen = open_it(ended)
    other = WrapUpPage(screen.page.context.new_page())
    other.page.goto("/phone/")
    begun(other.page)
    other.open(ended)
    other.press("Valmis, lähetä")
    expect(other.page.locator("[data-notes]")).to_contain_text("toisessa välilehdessä")
    assert screen.held()["outbox"] == []


# --- meetings and marks ---


def chips_of(screen, number):
    """The open meeting of this number on the screen."""
    return screen.page.locator(f"[data-meetings] .rn-stub:nth-child({number})")


def test_open_meetings_are_completed_inline(ended, open_it):
    [stub] = testing.make_guided(ended, at=ended.started_at, items=["card"])
    screen = open_it(ended)
    row = chips_of(screen, 1)
    expect(row.locator("h3")).to_contain_text("Kohtaaminen 1, klo")
    expect(row.locator(".ds-tag")).to_have_text("Aihe puuttuu")
    screen.press("Etuudet", "[data-meetings]")
    expect(row.locator(".ds-tag")).to_have_text("Mitä tehtiin puuttuu")
    screen.press("Neuvottiin", "[data-meetings]")
    expect(row.locator(".ds-tag")).to_have_text("Valmis")
    screen.send()
    screen.stored()
    stub.refresh_from_db()
    assert not Encounter.objects.unfinished().exists() and stub.items == ["card"]


def test_what_another_phone_told_is_neither_shown_nor_lost(ended, open_it):
    [stub] = testing.make_guided(ended, at=ended.started_at, topics=["housing"])
    screen = open_it(ended)
    row = chips_of(screen, 1)
    expect(row).to_contain_text("Aihe on jo kirjattu")
    assert row.locator("[data-field=topics]").count() == 0
    Encounter.objects.filter(pk=stub.pk).update(topics=["housing", "debt"])
    screen.press("Neuvottiin", "[data-meetings]")
    screen.send()
    screen.stored()
    stub.refresh_from_db()
    assert (stub.topics, stub.methods) == (["housing", "debt"], ["guidance"])


def test_a_wrong_tap_is_off_the_numbers_at_once(ended, open_it):
    testing.make_guided(ended, 2, at=ended.started_at)
    screen = open_it(ended)
    assert (screen.number("met"), screen.number("guided")) == (2, 2)
    screen.press("Väärä painallus", "[data-meetings]")
    assert (screen.number("met"), screen.number("guided")) == (1, 1)
    screen.send()
    screen.stored()
    totals = totals_of(ended)
    assert (totals.met, totals.guided) == (1, 1)


def test_marks_get_their_hints(ended, open_it):
    mark = Mark.objects.create(visit=ended, at=ended.started_at)
    screen = open_it(ended)
    screen.press("Hoidettu")
    screen.press("Muistin tueksi", "[data-marks]")
    screen.page.locator("[data-marks] [data-field=promise] label").first.click()
    screen.send()
    screen.stored()
    mark.refresh_from_db()
    assert mark.is_done and mark.promise


# --- numbers ---


def test_nobody_reached_is_a_proper_result(ended, open_it):
    screen = open_it(ended)
    screen.press("Ei tavoitettu, ei halunnut jutella")
    screen.press("Ketään ei tavoitettu")
    screen.type("declined", 4)
    screen.send()
    screen.stored()
    assert WrapUp.objects.get().is_nobody_reached
    assert Count.objects.total("declined") == 4


def test_nobody_reached_and_somebody_met_do_not_fit(ended, open_it):
    screen = open_it(ended)
    screen.press("Ei tavoitettu, ei halunnut jutella")
    screen.press("Ketään ei tavoitettu")
    screen.type("met", 3)
    screen.press("Valmis, lähetä")
    assert len(screen.faults()) == 1
    assert screen.held()["outbox"] == []


def test_guided_people_are_added_but_not_taken(ended, open_it):
    testing.make_guided(ended, 1, at=ended.started_at)
    testing.make_met(ended, 4)
    screen = open_it(ended)
    screen.type("guided", 0)
    screen.press("Valmis, lähetä")
    assert "vääräksi painallukseksi" in screen.faults()[0]
    screen.type("guided", 3)
    screen.send()
    screen.stored()
    totals = totals_of(ended)
    assert (totals.guided, totals.met) == (3, 5)


def test_one_guided_less_is_shown_where_to_take_away(ended, open_it):
    testing.make_guided(ended, 1, at=ended.started_at)
    testing.make_met(ended, 4)
    screen = open_it(ended)
    screen.page.get_by_label("Ohjattu: Vähennä yksi").click()
    said = screen.page.locator("[data-errors=guided] .rn-note")
    expect(said).to_contain_text("vääräksi painallukseksi")
    assert screen.number("guided") == 1
    screen.press("Väärä painallus, poista", "[data-meetings]")
    screen.send()
    screen.stored()
    assert totals_of(ended).guided == 0


def test_a_finished_meeting_can_be_a_wrong_tap_too(visit, start):
    screen = start()
    page, thumb = screen.page, Thumb(screen.page)
    go(page, f"#/visit/{visit.pk}")
    thumb.tap(GUIDED)
    thumb.chip("Etuudet")
    thumb.chip("Neuvottiin")
    thumb.tap("button[data-done]")
    page.locator("a[data-end]").locator("visible=true").click()
    screen.press("Lopeta käynti")
    page.locator("main[data-is-ready] form").wait_for()
    screen.press("Väärä painallus, poista", "[data-meetings]")
    screen.send()
    screen.stored()
    assert totals_of(visit).guided == 0
    assert not Encounter.objects.kept().exists()


@pytest.mark.drawn
@pytest.mark.parametrize("bad", ["", "-1", "10000", "1.5"])
def test_a_number_that_is_none_is_said(ended, open_it, bad):
    screen = open_it(ended)
    screen.type("met", bad)
    screen.press("Valmis, lähetä")
    assert len(screen.faults()) == 1
    assert screen.held()["outbox"] == []


def test_a_group_says_how_many_took_part(ended, open_it):
    ended.is_group = True
    ended.save()
    screen = open_it(ended)
    screen.type("attended", 9)
    screen.send()
    screen.stored()
    assert Count.objects.total("attended") == 9


def test_many_presses_are_asked_about_once(ended, open_it):
    rows = [Count(visit=ended, kind="met", number=1) for _number in range(101)]
    for row in rows:
        row.at = ended.started_at
    Count.objects.bulk_create(rows)
    screen = open_it(ended)
    screen.press("Valmis, lähetä")
    assert screen.faults() == ["Katso lukua vielä kerran."]
    screen.press("Luku on oikein")
    screen.send()
    screen.stored()
    screen.again(ended)
    screen.send()


# --- going alone ---


def test_who_went_alone_is_asked_why_once(ended, open_it):
    Visit.objects.update(solo_reason="")
    screen = open_it(ended)
    screen.press("Valmis, lähetä")
    assert len(screen.faults()) == 1
    screen.page.locator("[data-field=solo_reason] label").first.click()
    screen.send()
    screen.stored()
    ended.refresh_from_db()
    assert ended.solo_reason


def test_the_reason_may_wait_for_tomorrow(ended, open_it):
    Visit.objects.update(solo_reason="")
    screen = open_it(ended)
    screen.leave()
    screen.stored()
    assert WrapUp.objects.get().is_left_for_tomorrow


# --- what is kept on the phone ---


def test_nothing_touched_is_lost_by_a_reload(ended, open_it):
    testing.make_met(ended, 5)
    [stub] = testing.make_guided(ended, at=ended.started_at)
    screen = open_it(ended)
    screen.type("met", 9)
    screen.press("Arvioin")
    screen.press("Etuudet", "[data-meetings]")
    screen.press("Uusia kasvoja")
    screen.drafted("'met': 3", "estimated", "benefits", "new_faces")
    screen.again(ended)
    assert screen.number("met") == 9
    for label in ("Arvioin", "Etuudet", "Uusia kasvoja"):
        chip = screen.page.locator("label.ds-chip", has_text=label).first
        expect(chip.locator("input")).to_be_checked()
    screen.send()
    screen.stored()
    stub.refresh_from_db()
    assert (totals_of(ended).met, stub.topics) == (9, ["benefits"])
    keys = [key for key, _value in screen.held()["meta"]]
    assert not [key for key in keys if key.startswith("draft")]


def test_without_a_network_it_waits_sealed(ended, open_it):
    [stub] = testing.make_guided(ended, at=ended.started_at)
    screen = open_it(ended)
    screen.page.context.set_offline(True)
    screen.type("met", 12)
    screen.press("Etuudet", "[data-meetings]")
    screen.send()
    expect(screen.page.locator("[data-state-text]").first).to_contain_text("(2)")
    screen.sealed(2)
    held = screen.held()
    assert "benefits" not in str([held["outbox"], held["visits"]])
    # Corrected before the server has heard of it: the phone knows its own number.
    screen.open(ended)
    assert screen.number("met") == 12
    screen.type("met", 11)
    screen.send()
    screen.page.context.set_offline(False)
    screen.stored()
    stub.refresh_from_db()
    assert (totals_of(ended).met, stub.topics) == (11, ["benefits"])
    assert not Fact.objects.filter(result="quarantined").exists()


def test_left_for_tomorrow_it_waits(ended, open_it):
    [stub] = testing.make_guided(ended, at=ended.started_at)
    screen = open_it(ended)
    screen.press("Etuudet", "[data-meetings]")
    screen.leave()
    screen.stored()
    assert WrapUp.objects.get().is_left_for_tomorrow
    screen.again(ended)
    expect(chips_of(screen, 1)).to_contain_text("Aihe on jo kirjattu")
    screen.press("Neuvottiin", "[data-meetings]")
    screen.send()
    screen.stored()
    assert not Encounter.objects.unfinished().exists()
    assert not WrapUp.objects.get().is_left_for_tomorrow


def test_a_draft_that_was_sent_before_the_crash_is_not_sent_again(ended, open_it):
    screen = open_it(ended)
    screen.type("met", 3)
    draft = screen.drafted("'met': 3")
    screen.send()
    screen.stored()
    put_back = """async ([key, draft]) => {
      const { openStore } = await import("/static/phone/app/store.js");
      const store = await openStore();
      await store.set(key, draft);
    }"""
    screen.page.evaluate(put_back, [f"draft:{ended.pk}", draft])
    screen.again(ended)
    assert screen.number("met") == 3


def test_a_slow_clock_and_an_old_day_do_not_hide_what_was_said(ended, open_it):
    """The day may have been made just before the server took what was said."""
    screen = open_it(ended)
    page = screen.page
    page.clock.install(time=clock.now() - timedelta(minutes=10))
    again(page)
    page.route("**/phone/reference*", lambda route: route.fulfill(status=304))
    screen.open(ended)
    screen.type("met", 3)
    screen.send()
    screen.stored()
    screen.again(ended)
    assert screen.number("met") == 3


# --- own words ---


def test_without_notes_the_phone_says_where_words_are_written(ended, open_it):
    screen = open_it(ended)
    expect(screen.page.locator("#wu-words")).to_be_hidden()
    expect(screen.page.locator("main")).to_contain_text("Omat sanat")


def test_words_are_sealed_while_they_are_written(ended, open_it, settings):
    settings.PHONE_NOTES = True
    screen = open_it(ended)
    screen.page.context.set_offline(True)
    screen.press("Mitä tänään näkyi")
    field = screen.page.locator("#wu-words")
    field.fill("Moni kysyi sähkölaskusta.")
    field.blur()
    screen.sealed(1)
    assert "sähkö" not in str(screen.held())
    screen.page.context.set_offline(False)
    screen.again(ended)
    screen.press("Mitä tänään näkyi")
    expect(screen.page.locator("[data-sealed]")).to_be_visible()
    screen.send()
    screen.stored()
    assert Observation.objects.get().text == "Moni kysyi sähkölaskusta."


def test_a_phone_number_is_written_nowhere(ended, open_it, settings):
    settings.PHONE_NOTES = True
    screen = open_it(ended)
    screen.press("Mitä tänään näkyi")
    screen.page.locator("#wu-words").fill("Soita 040 123 4567 illalla")
    screen.press("Valmis, lähetä")
    assert "puhelinnumero" in screen.faults()[0]
    assert screen.page.locator("#wu-words").input_value().startswith("Soita")
    assert screen.held()["outbox"] == []


def test_a_name_is_asked_about_once(ended, open_it, settings):
    settings.PHONE_NOTES = True
    screen = open_it(ended)
    screen.press("Mitä tänään näkyi")
    screen.page.locator("#wu-words").fill("Matti Virtanen oli jonossa")
    screen.press("Valmis, lähetä")
    assert len(screen.faults()) == 1
    screen.press("Tekstistä ei tunnista ketään")
    screen.send()
    screen.stored()
    assert Observation.objects.get().text.startswith("Matti")


# --- who may, and until when ---


def test_a_shared_phone_asks_who_wraps_up(cast, ended, open_it):
    screen = open_it(ended, phone=make_phone(team=cast.team))
    screen.press("Valmis, lähetä")
    assert screen.faults() == ["Valitse, kuka olet."]
    people = screen.page.locator("[data-people] label")
    assert people.all_inner_texts()[0] == "Aino Aalto"
    people.first.click()
    screen.send()
    screen.stored()
    assert WrapUp.objects.exists()


def test_later_than_tomorrow_it_is_closed(ended, open_it):
    WrapUp.objects.create(visit=ended)
    testing.make_met(ended, 3)
    ended.day -= timedelta(days=3)
    ended.started_at -= timedelta(days=3)
    ended.ended_at -= timedelta(days=3)
    ended.save()
    screen = open_it(ended)
    expect(screen.page.locator("main")).to_contain_text("Kohdattu 3, ohjattu 0.")
    assert screen.page.locator("form").is_hidden()


def test_a_partner_without_an_agreement_sees_only_numbers(cast, ended, open_it):
    ended.organisation = cast.ngo
    ended.save()
    ended.workers.set([cast.paula])
    testing.make_guided(ended, at=ended.started_at)
    Mark.objects.create(visit=ended, at=ended.started_at)
    screen = open_it(ended, phone=make_phone(cast.paula))
    for part in ("meetings-part", "marks-part", "for-details"):
        expect(screen.page.locator(f"[data-{part}]").first).to_be_hidden()
    screen.type("met", 4)
    screen.send()
    screen.stored()
    assert totals_of(ended).met == 4


# --- quick and for everybody ---


def test_an_average_visit_takes_at_most_twenty_presses(ended, open_it):
    """78 met and two guided, both told of afterwards; two phenomena."""
    testing.make_met(ended, 76)
    testing.make_guided(ended, 2, at=ended.started_at)
    screen = open_it(ended)
    screen.type("met", 79)
    screen.press("Arvioin")
    for number in (1, 2):
        row = f"[data-meetings] .rn-stub:nth-child({number})"
        if number > 1:
            screen.press("Kohtaaminen 2", row)
        for label in ("Etuudet", "Neuvottiin", "Ei jatkoa"):
            screen.press(label, row)
    screen.press("Hintojen nousu")
    screen.press("Uusia kasvoja")
    screen.press("Rauhallinen")
    screen.press("Kaikki hyvin")
    screen.send()
    screen.stored()
    assert screen.presses <= 20
    assert not Encounter.objects.unfinished().exists()


SIZES = [(390, 844), (360, 640), (1280, 800)]
DOUBLED = {"standard": 32, "fixed": 26}


def double_text(page):
    """Twice the letters in the settings of the phone."""
    sizes = {"fontSizes": DOUBLED}
    page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)
    doubled = "getComputedStyle(document.documentElement).fontSize === '32px'"
    page.wait_for_function(doubled)


@pytest.fixture
def busy(ended):
    """A visit whose end asks for everything there is."""
    ended.is_group = True
    ended.save()
    Visit.objects.update(solo_reason="")
    at = ended.started_at
    rows = [Count(visit=ended, kind="met", number=1, at=at) for _number in range(101)]
    Count.objects.bulk_create(rows)
    testing.make_guided(ended, at=at)
    testing.make_guided(ended, at=at, topics=["housing"])
    Mark.objects.create(visit=ended, at=at)
    return ended


@pytest.mark.drawn
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_everybody_can_read_it(busy, open_it, settings, language):
    settings.PHONE_NOTES = True
    screen = open_it(busy, language=language)
    page = screen.page
    page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
    page.locator("#wu-words").fill("Soita 040 123 4567, Matti Virtanen")
    page.locator("button.rn-go").click()
    page.locator("[data-notes] .rn-note").wait_for()
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert not page.evaluate(NOT_FIT), (width, scheme)
            found += [] if width == 360 else faults(page)
    assert found == [], "\n".join(found)
    double_text(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_it_can_be_told_by_keyboard(ended, open_it):
    testing.make_guided(ended, at=ended.started_at)
    screen = open_it(ended)
    page = screen.page
    screen.field("met").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("7")
    page.keyboard.press("Tab")  # one more
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # how it was counted
    page.keyboard.press("ArrowRight")
    focused = "document.activeElement.value"
    for _step in range(40):
        if page.evaluate(focused) == "benefits":
            break
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.rn-fold > summary')"):
            page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.locator("button.rn-go").focus()
    page.keyboard.press("Enter")
    screen.today()
    screen.stored()
    assert totals_of(ended).met == 8
    assert WrapUp.objects.get().how == "estimated"
    assert Encounter.objects.get(topics=["benefits"])
