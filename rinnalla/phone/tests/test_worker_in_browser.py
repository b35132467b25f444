"""The service worker in a real browser: what it keeps, when it changes, how it goes.

Where the app itself is not what is tried, a page of a few lines stands in for it.
"""

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from rinnalla.phone import installing

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

PAGE = """<!doctype html><html lang="{language}"><head><title>Rinnalla</title>
<link rel="stylesheet" href="{css}"><script type="module" src="{script}"></script>
</head><body><main id="app" data-version="{version}" data-keeps="{keeps}">
<h1>{title}</h1></main></body></html>"""
# Starts what the app starts; `window.visits` stands for what the phone has counted.
BEGIN = """async ([script, visits]) => {
  const { Update } = await import(script);
  window.visits = visits;
  window.reloads = 0;
  window.update = new Update({
    store: { visits: async () => window.visits, set: async () => {} },
    reload: () => { window.reloads += 1; },
  });
  await window.update.start();
  await navigator.serviceWorker.ready;
}"""
# Until the worker answers for this page.
TAKEN_OVER = """async () => {
  const soon = () => new Promise((go) => setTimeout(go, 50));
  while (!navigator.serviceWorker.controller) await soon();
}"""
OPEN = [{"id": "a", "started": 1, "own": 4, "last": 4_000_000_000}]
ENDED = [OPEN[0] | {"ended": 2}]


@pytest.fixture
def app(monkeypatch, open_page):
    """A page of a few lines under /phone/: app.title and app.publish() change it."""
    stub = Stub()
    monkeypatch.setattr(installing.shell_page, "html", stub.html)
    stub.publish("Ensimmäinen")
    stub.open_page = open_page
    yield stub
    installing.kept_shell.cache_clear()


class Stub:
    """The app's page in short, in versions one can publish."""

    def publish(self, title):
        """Bring out another version on the server."""
        self.title = title
        installing.kept_shell.cache_clear()

    def html(self, language, version, is_offline, **_told):
        return PAGE.format(
            language=language,
            version=version,
            keeps="yes" if is_offline else "no",
            title=f"{self.title} {language}",
            css=static("shell/theme.css"),
            script=static("phone/app/update.js"),
        )

    def open(self, visits=(), path="/phone/", **options):
        """A phone that has the app; the worker has taken over."""
        page = self.open_page(path, **options)
        page.wait_for_load_state()
        self.begin(page, visits)
        page.evaluate(TAKEN_OVER)
        return page

    def begin(self, page, visits=()):
        page.evaluate(BEGIN, [static("phone/app/update.js"), list(visits)])

    def again(self, page, visits=()):
        """The next opening."""
        page.goto("/phone/")
        self.begin(page, visits)


def title(page):
    return page.locator("h1").inner_text()


def test_it_works(app):
    """A cold start without a network: a new window of the same phone opens the app."""
    page = app.open()
    told = page.evaluate("[window.update.isWaiting, window.reloads]")
    assert told == [False, 0]  # the first version is no newer one
    page.context.set_offline(True)
    page.close()
    cold = page.context.new_page()
    cold.goto("/phone/")
    assert title(cold) == "Ensimmäinen fi"
    assert cold.evaluate(
        "fetch(document.querySelector('link[rel=stylesheet]').href)"
        ".then((answer) => answer.ok)"
    )


def test_kept_files_come_without_the_worker_being_asked(app, monkeypatch):
    """Where a name stands for its content; a browser that cannot asks the worker."""
    monkeypatch.setattr(installing, "_is_hashed", lambda: True)
    page = app.open()
    page.context.set_offline(True)
    page.close()
    cold = page.context.new_page()
    cold.goto("/phone/")
    [sheet] = cold.evaluate(
        "performance.getEntriesByType('resource').map((entry) => entry.toJSON())"
        ".filter(({ name }) => name.endsWith('theme.css'))"
    )
    assert title(cold) == "Ensimmäinen fi"
    final = [told for name, told in sheet.items() if name.startswith("workerFinal")]
    assert final == ["cache"]
    assert cold.evaluate("document.styleSheets[0].cssRules.length")


def test_only_the_shell_is_kept(app, cast):
    """Desk pages, reference data and the door are never answered from the phone."""
    page = app.open(worker=cast.kaisa)
    page.goto("/planning/places/")
    page.goto("/phone/devices/")
    page.goto("/phone/")
    page.evaluate("fetch('/phone/reference')")
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map(async (name) =>"
        " (await (await caches.open(name)).keys()).map(({url}) => url))))"
    )
    paths = {url.split("/", 3)[3] for urls in kept for url in urls}
    assert "phone/" in paths
    others = {path for path in paths if not path.startswith("static/")}
    assert others == {"phone/", "shown"}
    page.context.set_offline(True)
    for path in ("/phone/devices/", "/phone/reference", "/phone/sync", "/planning/"):
        assert page.evaluate(
            f"fetch('{path}').then(() => 'answered', () => 'none')"
        ) == ("none")


def test_a_new_version_waits_for_the_end_of_the_visit(app):
    page = app.open(OPEN)
    app.publish("Toinen")
    assert page.evaluate("window.update.check()")
    assert page.evaluate("window.update.isWaiting")
    assert page.evaluate("window.update.apply()") is False
    app.again(page, OPEN)
    assert title(page) == "Ensimmäinen fi"
    page.evaluate("(visits) => { window.visits = visits; }", ENDED)
    assert page.evaluate("window.update.apply()")
    app.again(page)
    assert title(page) == "Toinen fi"
    assert page.evaluate("window.update.isWaiting") is False


@pytest.mark.proof
def test_closing_the_app_in_a_visit_brings_no_new_version(app):
    """With no window left the browser starts the waiting worker; the page stays."""
    page = app.open(OPEN)
    app.publish("Toinen")
    page.evaluate("window.update.check()")
    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/health")
    page.wait_for_timeout(500)
    app.again(page, OPEN)
    assert title(page) == "Ensimmäinen fi"
    page.context.set_offline(True)
    app.again(page, OPEN)
    assert title(page) == "Ensimmäinen fi"


@pytest.mark.proof
def test_between_visits_it_is_shown_by_itself(app):
    page = app.open()
    app.publish("Toinen")
    page.evaluate("window.update.check()")
    page.evaluate("window.update.showIfCalm()")
    assert page.evaluate("window.reloads") == 1
    page.goto("/phone/")
    assert title(page) == "Toinen fi"


@pytest.mark.proof
def test_not_while_something_is_being_written(app):
    page = app.open()
    app.publish("Toinen")
    page.evaluate("window.update.check()")
    page.evaluate("location.hash = '#/visit/1/wrap-up'")
    page.evaluate("window.update.showIfCalm()")
    assert page.evaluate("window.reloads") == 0


@pytest.mark.proof
def test_a_version_that_could_not_be_fetched_whole_is_not_used(app):
    page = app.open()
    app.publish("Toinen")
    page.context.route("**/static/shell/theme.css", lambda route: route.abort())
    page.evaluate("window.update.check()")
    assert page.evaluate("window.update.isWaiting") is False
    app.again(page)
    assert title(page) == "Ensimmäinen fi"


@pytest.mark.proof
def test_another_language(app):
    page = app.open()
    assert page.evaluate("window.update.chooseLanguage('sv')")
    page.goto("/phone/")
    assert title(page) == "Ensimmäinen sv"
    page.context.set_offline(True)
    page.goto("/phone/")
    assert title(page) == "Ensimmäinen sv"
    app.begin(page)
    assert page.evaluate("window.update.chooseLanguage('en')") is False
    page.goto("/phone/")
    assert title(page) == "Ensimmäinen sv"


@pytest.mark.proof
def test_a_new_version_keeps_the_language(app):
    page = app.open()
    page.evaluate("window.update.chooseLanguage('sv')")
    app.again(page)
    app.publish("Toinen")
    page.evaluate("window.update.check()")
    page.evaluate("window.update.apply()")
    page.goto("/phone/")
    assert title(page) == "Toinen sv"


@pytest.mark.proof
def test_what_the_browser_threw_away_is_fetched_again(app):
    page = app.open()
    page.evaluate(
        "caches.keys().then((names) => Promise.all(names.filter((name) =>"
        " name.startsWith('rinnalla-shell')).map((name) => caches.delete(name))))"
    )
    app.again(page)
    page.evaluate(
        "(async () => { while (!(await caches.match('/phone/', {ignoreVary: true})))"
        " await new Promise((done) => setTimeout(done, 50)); })()"
    )
    page.context.set_offline(True)
    page.goto("/phone/")
    assert title(page) == "Ensimmäinen fi"


def test_the_worker_that_takes_itself_off(app, settings):
    """Kept pages go, what was recorded stays, the next page is the server's."""
    page = app.open(OPEN)
    page.evaluate(
        "new Promise((done) => { const asked = indexedDB.open('rinnalla', 1);"
        " asked.onupgradeneeded = () => asked.result.createObjectStore('outbox')"
        ".put('taps', 1);"
        " asked.onsuccess = () => { asked.result.close(); done(); }; })"
    )
    settings.OFFLINE_APP = False
    app.publish("Palvelimelta")
    with page.expect_navigation(url="**/phone/?off"):
        page.evaluate(
            "navigator.serviceWorker.getRegistration().then((r) => r.update())"
        )
    assert title(page) == "Palvelimelta fi"
    expect(page.locator("main")).to_have_attribute("data-keeps", "no")
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    names = page.evaluate("caches.keys()")
    assert [name for name in names if name.startswith("rinnalla")] == []
    kept = page.evaluate(
        "indexedDB.databases().then((all) => all.map(({name}) => name))"
    )
    assert kept == ["rinnalla"]


def test_the_browser_calls_it_installable(app):
    page = app.open()
    protocol = page.context.new_cdp_session(page)
    page.evaluate(
        "document.head.insertAdjacentHTML('beforeend',"
        " '<link rel=manifest href=/phone/manifest.webmanifest>')"
    )
    told = protocol.send("Page.getAppManifest")
    assert told["errors"] == [] and '"standalone"' in told["data"]
    faults = protocol.send("Page.getInstallabilityErrors")["installabilityErrors"]
    left = {fault["errorId"] for fault in faults} - {"in-incognito"}
    assert left == set()
