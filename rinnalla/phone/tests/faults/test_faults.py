"""Each fault of docs/sync.md, with a real browser and server: none lost or doubled.

The numbers are those of the table there. Faults of the service worker (11) stand in the
tests of the app's updating.
"""

import pytest

pytestmark = pytest.mark.browser


def others(*cases):
    """Further cases of a fault, for `make proof`."""
    return [pytest.param(*case, marks=pytest.mark.proof) for case in cases]


DIE = """
    const { store } = phone;
    const write = store.write.bind(store);
    const reached = new Promise((tell) => { phone.reached = tell; });
    const forever = new Promise(() => {});
    store.write = async (names, work) => {
      if (argument === "before") { phone.reached(); await forever; }
      if (argument === "after") {
        await write(names, work);
        phone.reached();
        await forever;
      }
      return write(names, async (tx, isAgain) => {
        await work(tx, isAgain);
        phone.reached();
        for (;;) await tx.objectStore("meta").get("seq");
      });
    };
    phone.outbox.add(visit, "count", { kind: "met", number: 1 });
    await reached;
"""


def test_it_works(phone, settled):
    phone.tap(12)
    settled(phone, 12)
    assert phone.do("return (await phone.store.visit(visit)).own") == 12


# --- 1 -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "may_be"),
    [("after", {4}), *others(("inside", {3, 4}), ("before", {3}))],
)
def test_1_killed_between_the_disk_and_the_screen(phone, settled, point, may_be):
    """What the screen never showed may be there or not, but alike on both ends.

    Inside, the transaction has been told to end: the disk may be the quicker one.
    """
    phone.tap(3)
    phone.do(DIE, point)
    phone.crash()
    phone.open()
    own = phone.do("return (await phone.store.visit(visit)).own")
    assert own in may_be
    phone.tap()
    settled(phone, own + 1)


# --- 2 -----------------------------------------------------------------------

DEATHS = [
    ("statement", 4),
    ("committed", 1),
    *others(("before", 1), ("commit", 1), ("answered", 1), ("halfway", 1)),
]


@pytest.mark.parametrize(("at", "n"), DEATHS)
def test_2_the_server_is_killed(phone, server, settled, at, n):
    phone.send()
    phone.offline()
    phone.tap(7)
    before = server.deaths()
    server.arm(at=at, n=n)
    phone.offline(False)
    settled(phone, 7)
    assert server.deaths() == before + 1


@pytest.mark.proof
def test_2_the_server_is_killed_at_every_point(phone, server, settled):
    """Before each statement and around each commit that a sync takes."""
    taps = 0
    for place in range(1, 80):
        taps += 3
        phone.offline()
        phone.tap(3)
        server.arm(at="count")
        phone.offline(False)
        settled(phone, taps)
        counted = server.statements()
        if place > counted["statements"]:
            break
        for at in ("statement", "commit", "committed"):
            if at != "statement" and place > counted["commits"]:
                continue
            phone.offline()
            phone.tap(3)
            taps += 3
            server.arm(at=at, n=place)
            phone.offline(False)
            settled(phone, taps)
    assert counted["statements"] > 4 and counted["commits"] >= 1


# --- 3, 4, 5 -----------------------------------------------------------------


def test_3_the_answer_is_lost_ten_times(phone, server, settled):
    phone.send()
    phone.do(
        """
        phone.lost = 0;
        phone.post = async (path, body) => {
          const answer = await phone.net.post(path, body);
          if (body.facts.length && phone.lost < 10) {
            phone.lost += 1;
            throw new TypeError("lost");
          }
          return answer;
        };
        """
    )
    phone.tap(5)
    settled(phone, 5)
    assert phone.do("return phone.lost") == 10


@pytest.mark.proof
def test_3_the_server_dies_before_answering_ten_times(phone, server, settled):
    phone.send()
    phone.offline()
    phone.tap(5)
    server.arm(at="answered", times=10)
    phone.offline(False)
    settled(phone, 5)


def test_4_a_batch_comes_twice_at_once(phone, settled):
    phone.do(
        """
        phone.post = async (path, body) => {
          const [answer] = await Promise.all(
            [1, 2, 3].map(() => phone.net.post(path, body)));
          return answer;
        };
        """
    )
    phone.tap(9)
    settled(phone, 9)


def test_5_batches_come_in_another_order(phone, settled):
    """A later batch overtakes an earlier one, which comes again and again."""
    phone.send()
    phone.offline()
    phone.tap(4)
    phone.do(
        """
        await phone.outbox.add(visit, "encounter", {});
        const meeting = (await phone.store.visit(visit)).stubs[0].id;
        await phone.outbox.add(visit, "encounter_detail",
          { encounter: meeting, topics: ["benefits"] });
        await phone.outbox.add(visit, "undo", { of: meeting });
        """
    )
    phone.offline(False)
    phone.do(
        """
        const held = [];
        phone.outbox.most = 2;
        phone.post = async (path, body) => {
          const facts = [...body.facts].reverse();
          held.unshift({ ...body, facts: [] });
          return phone.net.post(path, { ...body, facts });
        };
        const early = await phone.rows();
        const facts = early.map((row) => row.fact);
        const now = Math.round(Date.now() / 1000);
        const how = { highest: 7, unsent: 7, gone: [], app: "" };
        const body = { version: 1, worker: null, now, ...how };
        for (const some of [facts.slice(5), facts.slice(2, 5), facts.slice(4)]) {
          await phone.net.post("/phone/sync", { ...body, facts: some });
        }
        """
    )
    phone.send()
    assert phone.status()["mine"] == 0
    server = phone.server
    assert server.figures(visit=phone.visit) | {"status": ""} == {
        **{"met": 4, "guided": 0, "status": ""},
    }
    door = server.door(device=phone.mine["device"])
    assert door["received"] == [[1, 7]] and door["quarantined"] == []


# --- 6 -----------------------------------------------------------------------


def test_6_a_second_tab_only_looks_on(phone, settled):
    phone.tap(2)
    first = phone.page
    second = phone.open()
    second_page = phone.page
    assert phone.do("return phone.outbox.isWriter") is False
    refused = phone.do(
        "try { await phone.tap(visit); } catch (fault) { return fault.why; }"
    )
    assert refused == "second-tab" and second["problem"] == ""
    phone.page = first
    phone.tap(2)
    first.close()
    phone.page = second_page
    phone.do(
        """
        while (!phone.outbox.isWriter) await new Promise((next) => setTimeout(next, 5));
        await phone.outbox.draining;
        """
    )
    phone.tap()
    settled(phone, 5)


# --- 7 -----------------------------------------------------------------------

CLOSE = {
    "between": "phone.store.db.close()",
    "in the middle": """
        const { store } = phone;
        const attempt = store.attempt.bind(store);
        store.attempt = (names, mode, work) => {
          store.attempt = attempt;
          return attempt(names, mode, async (tx) => {
            await work(tx);
            tx.abort();
          });
        };
    """,
    "after it was kept": """
        const { store } = phone;
        const attempt = store.attempt.bind(store);
        store.attempt = async (names, mode, work) => {
          store.attempt = attempt;
          await attempt(names, mode, work);
          store.db.close();
          throw new DOMException("Connection lost", "UnknownError");
        };
    """,
}


@pytest.mark.parametrize(
    "closing", ["in the middle", *others(("between",), ("after it was kept",))]
)
def test_7_the_database_is_closed_under_us(phone, settled, closing):
    """As iOS does when memory is short; the writing is repeated, never doubled."""
    phone.tap(2)
    phone.do(CLOSE[closing])
    phone.tap(3)
    assert phone.do("return (await phone.store.visit(visit)).own") == 5
    settled(phone, 5)


# --- 8 -----------------------------------------------------------------------


def test_8_no_room_is_said_and_nothing_else_is_hurt(make_phone, settled):
    """The tap that could not be kept was never shown; the others are all there."""
    phone = make_phone(room=300_000)
    phone.offline()
    taps = phone.do(
        """
        const body = { kind: "met", number: 1, padding: "x".repeat(7000) };
        for (let taps = 0; ; taps += 1) {
          try {
            await phone.outbox.add(visit, "count", body);
          } catch (fault) {
            if (fault.why !== "full") throw fault;
            return taps;
          }
        }
        """
    )
    assert taps > 10 and phone.status()["problem"] == "full"
    assert phone.do("return (await phone.store.visit(visit)).own") == taps
    phone.give_room()
    phone.tap()
    assert phone.status()["problem"] != "full"
    phone.offline(False)
    settled(phone, taps + 1)


# --- 9 -----------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize("shift", [-86_400, 86_400], ids=["back", "ahead"])
def test_9_the_clock_is_a_day_wrong(phone, settled, shift):
    phone.do("phone.shift = argument", shift)
    phone.tap(3)
    settled(phone, 3)


@pytest.mark.parametrize("shift", [-86_400, 86_400], ids=["back", "ahead"])
def test_9_the_clock_leaps_between_tap_and_sending(phone, settled, shift):
    phone.offline()
    phone.do("phone.shift = argument", shift)
    phone.tap(3)
    phone.do("phone.shift = 0")
    phone.offline(False)
    settled(phone, 3)


# --- 10 ----------------------------------------------------------------------


def test_10_a_full_outbox_outlives_an_upgrade(phone, settled):
    """120 facts as an earlier app wrote them: not one byte of them is changed."""
    phone.send()
    phone.offline()
    phone.tap(120)
    before = phone.do("return await phone.rows()")
    phone.page.close()
    phone.offline(False)
    phone.context.route("**/phone/sync", lambda route: route.abort())
    phone.open()
    assert phone.do("return await phone.rows()") == before
    assert {row["v"] for row in before} == {1}
    phone.context.unroute("**/phone/sync")
    settled(phone, 120)


# --- 12 ----------------------------------------------------------------------


def test_12_rights_are_taken_away_meanwhile(phone, server):
    """What was recorded waits for a coordinator; the phone keeps nothing to read."""
    phone.tap(2)
    phone.send()
    phone.offline()
    phone.tap(3)
    server.revoke(device=phone.mine["device"])
    phone.offline(False)
    assert phone.do("await phone.outbox.sendNow(); return phone.outbox.status") == {
        **{"mine": 0, "sending": False, "problem": "revoked"},
        "storedAt": phone.status()["storedAt"],
    }
    door = server.door(device=phone.mine["device"])
    assert door["quarantined"] == ["revoked"] * 3
    assert server.figures(visit=phone.visit)["met"] == 2
    left = phone.do(
        """
        const rows = await phone.rows();
        const log = (await phone.store.log()).map(({ reason, what }) => [reason, what]);
        const visits = (await phone.store.visits()).length;
        return { plain: rows.filter((row) => row.fact).length, visits, log,
          reference: await phone.store.get("reference"), wiped: phone.wiped };
        """
    )
    assert left["plain"] == 0 and left["visits"] == 0 and not left["reference"]
    assert left["wiped"]["visits"] == 1 and ["revoked", "visits"] in left["log"]


# --- 13 ----------------------------------------------------------------------


def test_13_the_server_is_restored_from_an_older_backup(phone, server, settled):
    """It asks for what it lacks, and the sealed copies bring it back."""
    phone.tap(5)
    phone.send()
    server.save()
    phone.tap(7)
    phone.send()
    assert server.figures(visit=phone.visit)["met"] == 12
    server.restore()
    assert server.figures(visit=phone.visit)["met"] == 5
    phone.tap(1)
    settled(phone, 13)


# --- 14 ----------------------------------------------------------------------


def test_14_an_evicted_database_is_noticed_by_phone_and_server(phone, server):
    """The browser threw the database away: three unsent facts are gone, and said so."""
    phone.tap(4)
    phone.send()
    phone.offline()
    phone.tap(3)
    protocol = phone.protocol()
    phone.do("phone.close()")
    what = {"origin": server.url, "storageTypes": "indexeddb"}
    protocol.send("Storage.clearDataForOrigin", what)
    phone.page.close()
    phone.offline(False)
    phone.open()
    [loss] = phone.do("return await phone.outbox.losses()")
    assert (loss["from"], loss["to"], loss["mine"]) == (1, 7, 3)
    assert loss["visit"] == phone.visit
    phone.tap(2)
    phone.send()
    door = server.door(device=phone.mine["device"])
    assert door["lost"] == [[5, 7]] and door["received"] == [[1, 4], [8, 9]]
    assert server.figures(visit=phone.visit)["met"] == 6


def test_14_a_phone_emptied_whole_is_noticed_by_the_server(phone, server):
    """Nothing on the phone remembers; the server knows what it was promised."""
    phone.do("phone.outbox.most = 2; phone.outbox.stop()")
    phone.do(
        """
        phone.outbox.isWriter = true;
        await phone.tap(visit, 5);
        const batch = await phone.outbox.batch();
        await phone.net.post("/phone/sync", batch.body);
        """
    )
    what = {"origin": server.url, "storageTypes": "all"}
    phone.protocol().send("Storage.clearDataForOrigin", what)
    door = server.door(device=phone.mine["device"])
    assert (door["received"], door["highest"], door["unsent"]) == ([[1, 2]], 5, 3)
    assert "3" in " ".join(server.notices_later(device=phone.mine["device"]))


def test_14_a_database_evicted_while_an_answer_is_on_its_way(phone, server):
    """The answer must not make the phone forget what it had numbered."""
    phone.tap(2)
    phone.send()
    phone.do(
        """
        phone.post = async (path, body) => {
          const answer = await phone.net.post(path, body);
          if (body.facts.length) {
            phone.post = phone.net.post;
            await phone.store.destroy();
          }
          return answer;
        };
        """
    )
    phone.tap(3)
    phone.send()
    [loss] = phone.do("return await phone.outbox.losses()")
    assert (loss["from"], loss["to"]) == (1, 5)
    phone.tap()
    phone.send()
    door = server.door(device=phone.mine["device"])
    assert (door["received"], door["lost"]) == ([[1, 6]], [])
    assert server.figures(visit=phone.visit)["met"] == 6
