"""What stays on the phone, sealed or plain, and when it goes."""

import json

import pytest

pytestmark = pytest.mark.browser
DAY = 24 * 3600
RECORD = """
    await phone.tap(visit, 3);
    const meeting = await phone.outbox.add(visit, "encounter", {});
    await phone.outbox.add(visit, "encounter_detail",
      { encounter: meeting.id, topics: ["benefits"] });
    await phone.outbox.add(visit, "mark", { topic: "housing" });
"""


def plain(phone):
    """How many payloads on the phone can still be read."""
    return phone.do("return (await phone.rows()).filter((row) => row.fact).length")


def test_it_works_a_visit_left_for_tomorrow_keeps_stubs_only(phone, server):
    phone.offline()
    phone.do(RECORD + 'await phone.outbox.add(visit, "visit_ended", {});')
    phone.do(
        """
        await phone.outbox.add(visit, "wrap_up", { left: true });
        await phone.outbox.sealVisit(visit);
        """
    )
    assert plain(phone) == 0
    kept = phone.do("return await phone.store.visit(visit)")
    assert [set(stub) for stub in kept["stubs"]] == [{"id", "at", "told"}]
    assert kept["stubs"][0]["told"] == {} and kept["stubs"][0]["at"] % 60 == 0
    assert kept["marks"][0]["told"] == {}
    assert (kept["own"], kept["guided"], kept["undoable"]) == (0, 0, [])
    assert "benefits" not in json.dumps(phone.do("return await phone.rows()"))
    phone.offline(False)
    assert phone.send()["mine"] == 0
    assert server.figures(visit=phone.visit) == {
        **{"met": 4, "guided": 1, "status": "done"},
    }
    assert server.door(device=phone.mine["device"])["quarantined"] == []


def test_codes_are_sealed_twelve_hours_after_the_end(phone, server):
    phone.offline()
    phone.do(RECORD + 'await phone.outbox.add(visit, "visit_ended", {});')
    phone.do("phone.shift = 11.9 * 3600; await phone.outbox.tidy()")
    assert plain(phone) == 7
    phone.do("phone.shift = 12.1 * 3600; await phone.outbox.tidy()")
    assert plain(phone) == 0
    phone.offline(False)
    assert phone.send()["mine"] == 0
    assert server.figures(visit=phone.visit)["met"] == 4


def test_a_visit_nobody_ended_here_is_forgotten_too(phone):
    """The partner ended it: twelve silent hours seal it, nine days drop it."""
    phone.do(RECORD)
    phone.send()
    phone.do("phone.shift = 12.1 * 3600; await phone.outbox.tidy()")
    state = phone.do("return await phone.store.visit(visit)")
    assert state["isSealed"] and state["own"] == 0 and plain(phone) == 0
    assert [stub["told"] for stub in state["stubs"] + state["marks"]] == [{}, {}]
    phone.do("phone.shift = argument; await phone.outbox.tidy()", 9.1 * DAY)
    assert phone.do("return await phone.store.visits()") == []


def test_put_away_while_it_was_wiped_it_is_wiped_at_the_next_start(phone, server):
    phone.tap(2)
    phone.send()
    phone.do('await phone.store.set("revokedAt", 1)')
    server.revoke(device=phone.mine["device"])
    phone.page.close()
    phone.open()
    assert phone.do("return await phone.store.get('reference')") is None
    assert phone.do("return await phone.store.visits()") == []


def test_an_answered_payload_leaves_a_sealed_copy_for_a_week(phone):
    phone.tap(3)
    phone.send()
    rows = phone.do("return await phone.rows()")
    assert [sorted(row["sealed"]) for row in rows] == [
        ["id", "key", "sealed", "seq", "v"]
    ] * 3
    assert not any(row.get("waits") or row.get("fact") for row in rows)
    phone.do("phone.shift = argument; await phone.outbox.tidy()", 6.9 * DAY)
    assert phone.do("return (await phone.rows()).length") == 3
    phone.do("phone.shift = argument; await phone.outbox.tidy()", 7.1 * DAY)
    assert phone.do("return (await phone.rows()).length") == 0
    [line] = phone.do("return await phone.store.log()")
    assert (line["what"], line["count"]) == ("copies", 3)
    assert line["reason"] == "seven days after it was stored"


def test_what_was_sealed_to_an_older_key_still_opens(phone, server, settled):
    phone.send()
    phone.offline()
    phone.tap(2)
    phone.do("await phone.outbox.sealVisit(visit)")
    new = server.make_key()
    phone.offline(False)
    settled(phone, 2)
    phone.do("await phone.learn()")
    phone.offline()
    phone.tap(2)
    phone.do("await phone.outbox.sealVisit(visit)")
    keys = phone.do("return (await phone.rows()).map((row) => row.sealed.key)")
    assert keys[2:] == [new] * 2 and new not in keys[:2]
    phone.offline(False)
    settled(phone, 4)


def test_own_words_are_closed_when_they_are_written(phone):
    phone.offline()
    phone.do(
        'await phone.outbox.add(visit, "note", { text: "Rauhallinen jono", shown: "" })'
    )
    kept = phone.do(
        "return [await phone.rows(), await phone.store.visits(), { ...localStorage }]"
    )
    assert plain(phone) == 0 and "Rauhallinen" not in json.dumps(kept)
    phone.offline(False)
    assert phone.send()["mine"] == 0


def test_without_a_key_own_words_are_not_taken(phone):
    phone.do('await phone.store.set("reference", undefined)')
    why = phone.do(
        """
        try { await phone.outbox.add(visit, "note", { text: "Jono" }); }
        catch (fault) { return fault.why; }
        """
    )
    assert why == "no-key"
    assert phone.do("return (await phone.rows()).length") == 0


def test_a_revoked_phones_unsent_facts_go_after_thirty_days(phone, server):
    """The limit must be seen on two days: a clock that leaps once takes nothing."""
    phone.tap()
    phone.send()
    server.revoke(device=phone.mine["device"])
    phone.do("await phone.outbox.sendNow()")
    phone.offline()
    phone.do("await phone.store.set('reference', { key: argument })", server.key())
    phone.tap(2)
    phone.do("await phone.outbox.sealVisit(visit)")
    waiting = "return (await phone.rows()).filter((row) => row.waits).length"
    for days, left in ((29, 2), (31, 2), (33, 0)):
        phone.do("phone.shift = argument; await phone.outbox.tidy()", days * DAY)
        assert phone.do(waiting) == left
    reasons = phone.do("return (await phone.store.log()).map(({ what }) => what)")
    assert "unsent facts" in reasons


def test_a_batch_that_is_too_large_is_halved(phone, settled):
    """The door itself refuses it; each half is tried until it fits."""
    phone.send()
    phone.offline()
    phone.tap(40)
    phone.do(
        """
        phone.sizes = [];
        phone.post = (path, body) => {
          const padding = "x".repeat(body.facts.length * 6000);
          phone.sizes.push(body.facts.length);
          return phone.net.post(path, { ...body, padding });
        };
        """
    )
    phone.offline(False)
    settled(phone, 40)
    assert phone.do("return phone.sizes")[:4] == [40, 20, 10, 10]


def test_a_cafes_sign_in_page_is_no_answer(phone, settled):
    phone.send()
    phone.context.route(
        "**/phone/sync",
        lambda route: route.fulfill(status=200, body="<html>Tervetuloa</html>"),
    )
    phone.tap(2)
    status = phone.do("await phone.outbox.sendNow(); return phone.outbox.status")
    assert (status["mine"], status["problem"]) == (2, "offline")
    phone.context.unroute("**/phone/sync")
    settled(phone, 2)


def test_the_waits_grow_to_five_minutes(phone):
    phone.do("phone.post = async () => { throw new TypeError('no network'); }")
    waits = phone.do(
        """
        const waits = [];
        phone.outbox.wait = 0;
        for (let tries = 0; tries < 9; tries += 1) {
          await phone.outbox.drain();
          waits.push(phone.outbox.wait);
        }
        return waits;
        """
    )
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_it_sends_at_every_good_moment(phone, server):
    """The network back, the eye back, a second after a tap, half a minute gone."""
    phone.context.clock.install()
    phone.page.close()
    phone.open()
    phone.do(
        """
        phone.sent = [];
        phone.post = (path, body) => {
          phone.sent.push(body.facts.length);
          return phone.net.post(path, body);
        };
        """
    )

    def sent(script="", wait=0):
        """How many facts went with each request, after this and so many ms."""
        phone.do(script)
        phone.page.clock.run_for(wait)
        phone.do("await phone.outbox.draining")
        return phone.do("return phone.sent")

    assert sent('dispatchEvent(new Event("online"));') == [0]
    seen = 'document.dispatchEvent(new Event("visibilitychange"));'
    assert sent(seen) == [0, 0]
    assert sent("await phone.tap(visit);", 1_100) == [0, 0, 1]
    assert sent(wait=30_000) == [0, 0, 1, 0]
    server.revoke(device=phone.mine["device"])
    assert sent(wait=30_000)[:5] == [0, 0, 1, 0, 0]
    assert phone.status()["problem"] == "revoked"


def test_a_window_that_keeps_nothing_says_so(phone):
    why = phone.do(
        """
        const { openStore } = await import("/static/phone/app/store.js");
        indexedDB.open = IDBFactory.prototype.open = () => {
          throw new DOMException("denied", "SecurityError");
        };
        try { await openStore("other"); } catch (fault) { return fault.why; }
        """
    )
    assert why == "none"


def test_taken_into_use_anew_what_waits_goes_out_under_new_numbers(phone, server):
    phone.tap(2)
    phone.send()
    phone.offline()
    phone.tap(3)
    phone.mine = server.make_phone()
    phone.do(
        """
        const { connect } = await import("/static/phone/app/net.js");
        await phone.outbox.enrol(argument);
        phone.net = connect(argument);
        phone.post = phone.net.post;
        """,
        phone.mine,
    )
    phone.offline(False)
    assert phone.send()["mine"] == 0
    door = server.door(device=phone.mine["device"])
    assert (door["received"], door["lost"]) == ([[1, 3]], [])
    assert server.figures(visit=phone.visit)["met"] == 5


TAKE_INTO_USE = """
    const { connect } = await import("/static/phone/app/net.js");
    await phone.outbox.enrol(argument);
    phone.net = connect(argument);
    phone.post = phone.net.post;
"""


def test_a_server_from_before_this_phone_gets_everything_again(phone, server):
    """Its backup is older than the phone: taken into use anew, copies go out too."""
    server.save()
    phone.mine = server.make_phone()
    phone.do(TAKE_INTO_USE, phone.mine)
    phone.tap(3)
    phone.send()
    server.restore()
    assert server.figures(visit=phone.visit)["met"] == 0
    phone.tap(1)
    phone.do("await phone.outbox.sendNow()")
    assert phone.status()["problem"] == "signed-out"
    phone.mine = server.make_phone()
    phone.do(TAKE_INTO_USE, phone.mine)
    assert phone.send()["mine"] == 0
    assert server.figures(visit=phone.visit)["met"] == 4
    door = server.door(device=phone.mine["device"])
    assert (door["received"], door["lost"]) == ([[1, 4]], [])


def test_tapped_after_the_wipe_nothing_readable_stays(phone, server):
    """A counter that stood open when the phone was taken out of use."""
    phone.tap(1)
    server.revoke(device=phone.mine["device"])
    phone.do("await phone.outbox.sendNow()")
    assert phone.do("return await phone.store.get('reference')") is None
    phone.tap(2)
    phone.do("await phone.outbox.sendNow()")
    assert phone.status()["mine"] == 0 and plain(phone) == 0
    door = server.door(device=phone.mine["device"])
    assert door["quarantined"] == ["revoked"] * 3


def test_drafts_of_a_wrap_up_go_after_nine_days(phone):
    phone.do(
        """
        for (const name of ["draft", "ended"]) {
          await phone.store.set(`${name}:${visit}`, { met: 3, at: Date.now() });
        }
        """
    )
    kept = "return await phone.store.get(`draft:${visit}`)"
    phone.do("phone.shift = argument; await phone.outbox.tidy()", 8.9 * DAY)
    assert phone.do(kept)["met"] == 3
    phone.do("phone.shift = argument; await phone.outbox.tidy()", 9.1 * DAY)
    assert phone.do(kept) is None
    assert phone.do("return await phone.store.get(`ended:${visit}`)") is None
    [line] = phone.do("return await phone.store.log()")
    assert (line["what"], line["count"]) == ("drafts", 2)
