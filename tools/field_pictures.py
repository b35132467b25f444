"""Photographs the field app on a phone: its screens, and the states it can be in.

Used by `tools/pictures.py`. A state is a name under its picture and the deed that
brings it about, in the order of a day: not in use, counting, without network, late.
"""

import uuid

THUMB = 250  # ms between two presses
DRAWN = 400  # ms until a screen stands still
GUIDED = "main [data-tap=guided]"
PLUS = "main [data-tap=met] >> visible=true"
LATE = """async hours => {
  const { openStore } = await import("/static/phone/app/store.js");
  const store = await openStore();
  await store.set("lastContact", Math.round(Date.now() / 1000) - hours * 3600);
  store.close();
}"""


class Phone:
    """One window of the field app; `keep(name)` photographs what it shows."""

    def __init__(self, page, worker, keep):
        self.page, self.worker, self.keep = page, worker, keep

    def day(self):
        """Everything, from a phone not in use to one taken out of use."""
        from rinnalla.phone.tests.app import take_into_use
        from rinnalla.phone.tests.phones import make_phone

        self.before_use()
        device = make_phone(self.worker, token=uuid.uuid4().hex)
        take_into_use(self.page, device)
        self.page.goto("/phone/")
        self.page.wait_for_selector("main[data-is-ready]")
        running = begin_a_visit(self.worker)
        self.page.reload()
        self.screens()
        self.practising()
        if running:
            self.counting(running)
        self.without_network(running)
        self.late()
        self.out_of_use(device)
        if running:
            self.as_guest(running)

    def go(self, hash):
        """Go to a screen, and come to it anew where it is open already."""
        for step in ("#/nowhere", hash):
            self.page.evaluate("hash => { location.hash = hash; }", step)
            self.page.wait_for_timeout(DRAWN)

    def see(self, hash, press="", state=""):
        """Go to a screen, press something there, photograph it."""
        self.go(hash)
        if press:
            self.press(press)
        self.keep(f"{hash} {state or press}".strip())

    def press(self, place, times=1):
        for _ in range(times):
            self.page.locator(place).first.click()
            self.page.wait_for_timeout(THUMB)

    def before_use(self):
        """What one meets first, and a code that is not right."""
        self.page.goto("/phone/")
        self.page.wait_for_selector("main h1")
        self.keep("not in use")
        self.see("#enrol=")
        self.press("main [data-enrol] button")
        self.keep("#enrol= without a code")
        self.page.fill("#enrol-code", "talvi-vanha")
        self.press("main [data-enrol] button")
        self.page.wait_for_timeout(DRAWN)
        self.keep("#enrol= with a wrong code")

    def screens(self):
        """Each screen as it opens."""
        for hash in screens_of(self.worker):
            self.see(hash)
        self.see("#/", ".rn-menu summary")

    def practising(self):
        """The invented queue, running."""
        self.see("#/practice", "[data-face=intro] [data-start]")
        self.press("main .rn-plus--field >> visible=true", 3)
        self.keep("#/practice counting")

    def counting(self, visit):
        """The counter, its sheet of chips, its two small panels."""
        self.see(f"#/visit/{visit}")
        self.press(PLUS, 3)
        self.keep("counter: three met")
        self.press(GUIDED)
        self.press("main [data-field=topics] label")
        self.keep("counter: one guided")
        self.see(f"#/visit/{visit}", ".rn-pairline summary")
        self.see(f"#/visit/{visit}", ".rn-total summary")

    def without_network(self, visit):
        """What is only on the phone, and that it says so."""
        self.page.context.set_offline(True)
        if visit:
            self.go(f"#/visit/{visit}")
            self.press(PLUS, 2)
            self.page.wait_for_timeout(5 * DRAWN)
            self.keep("counter without network")
        for hash in ("#/", "#/device"):
            self.see(hash, state="without network")
        self.page.context.set_offline(False)

    def late(self):
        """Over 72 hours since the last contact."""
        doors = "**/phone/{sync,reference}"
        self.page.route(doors, lambda route: route.abort())
        self.page.evaluate(LATE, 73)
        self.page.reload()
        for hash in ("#/device", "#/"):
            self.see(hash, state="after 73 hours")
        self.page.unroute(doors)

    def out_of_use(self, device):
        """A phone the team has taken out of use."""
        from rinnalla.lib import clock

        type(device).objects.filter(pk=device.pk).update(revoked_at=clock.now())
        self.page.reload()
        self.page.wait_for_timeout(3 * DRAWN)
        self.keep("taken out of use")

    def as_guest(self, visit):
        """A guest's counter, and a link that is closed."""
        from rinnalla.planning.actions import make_guest_link
        from rinnalla.planning.models import Visit

        visit = Visit.objects.get(pk=visit)
        _link, token = make_guest_link(self.worker, visit, nonce=str(uuid.uuid4()))
        for name, link in (("guest", token), ("guest, link closed", "no-such-link")):
            self.page.goto("/health")
            self.page.goto(f"/phone/#guest={link}")
            self.page.wait_for_timeout(3 * DRAWN)
            self.keep(name)


def begin_a_visit(worker):
    """A visit of this worker that is under way today; None where none is planned."""
    from rinnalla.lib import clock
    from rinnalla.planning.actions import start_visit
    from rinnalla.planning.models import Visit

    today = Visit.objects.filter(workers=worker, day=clock.today())
    running = today.filter(status="under_way").first()
    planned = today.filter(status="planned").order_by("starts").first()
    if planned and not running:
        # Begun already, so that nobody is asked why one goes alone.
        start_visit(worker, planned, at=clock.now())
    visit = running or planned
    return visit and visit.pk


def screens_of(worker):
    """Where the screens are for this worker's visits."""
    from rinnalla.lib import clock
    from rinnalla.planning.models import Visit

    found = ["#/", "#/place", "#/who", "#/practice", "#/device"]
    ends = {"planned": ["/card", "/alone"], "under_way": ["", "/end"]}
    ends["done"] = ["/wrap-up"]
    for status, parts in ends.items():
        # The phone knows the visits of today and of yesterday.
        mine = Visit.objects.filter(workers=worker, day__lte=clock.today())
        visits = mine.filter(status=status).order_by("-day")
        newest = visits.values_list("pk", flat=True)[:1]
        found += [f"#/visit/{pk}{end}" for pk in newest for end in parts]
    return found
