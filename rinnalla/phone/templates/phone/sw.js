// Keeps the field app on the phone, so that it opens where there is no network.
//
// Only the app's one page and its files are kept: never what anybody recorded, never
// reference data, never a page of the desk. A new version is fetched beside the one in
// use and waits. The app shows it when no visit is open, even when the browser has
// started this worker already: what is shown is written down apart, in `CHOICES`.

const SHELL = {{ shell|safe }};
const PREFIX = "rinnalla-shell-";
const MINE = PREFIX + SHELL.version;
const CHOICES = "rinnalla-choices";

addEventListener("install", (event) => event.waitUntil(Promise.all([install(), route(event)])));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", answer);
addEventListener("message", (event) => event.waitUntil(hear(event)));

async function install() {
  await fill();
  if (!(await chosen("shown"))) await choose("shown", SHELL.version);
}

/**
 * A name with a hash stands for the same content for good: a browser that can takes such
 * a file from what is kept without asking this worker, which a slow phone waits for.
 */
async function route(event) {
  if (!SHELL.isHashed || !event.addRoutes) return;
  const condition = { urlPattern: { pathname: `${SHELL.static}*` }, requestMethod: "get" };
  await event.addRoutes({ condition, source: "cache" }).catch(() => {});
}

/** Keep every file of this version; nothing counts as kept before all of it is. */
async function fill() {
  const cache = await caches.open(MINE);
  for (const path of SHELL.files) {
    if (await cache.match(path)) continue;
    // A name with a hash stands for the same content for good.
    const had = SHELL.isHashed && (await caches.match(path, { ignoreVary: true }));
    await cache.put(path, had || (await fetched(path)));
  }
  if (!(await cache.match(SHELL.document))) await keepDocument(cache, await language());
}

async function fetched(path, cache = SHELL.isHashed ? "default" : "reload") {
  const response = await fetch(path, { cache, credentials: "same-origin" });
  if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
  return response;
}

/** The page in a language; refused where the server speaks of another version by now. */
async function keepDocument(cache, language) {
  const query = language ? `?language=${language}` : "";
  const response = await fetched(SHELL.document + query, "no-store");
  if (response.headers.get("X-Shell") !== SHELL.version) throw new Error("another version");
  await cache.put(SHELL.document, response);
}

/** The language chosen here, or that of the page in use. */
async function language() {
  const told = await chosen("language");
  if (told) return told;
  const cache = await caches.open(PREFIX + (await chosen("shown")));
  const page = await cache.match(SHELL.document, { ignoreVary: true });
  return page?.headers.get("Content-Language") ?? "";
}

async function activate() {
  const kept = [MINE, PREFIX + (await chosen("shown")), CHOICES];
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.filter((name) => !kept.includes(name)).map((name) => caches.delete(name)));
  await clients.claim();
}

function answer(event) {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  const isPage = mode === "navigate" && pathname === SHELL.document;
  if (isPage || pathname.startsWith(SHELL.static)) {
    event.respondWith(keptOne(pathname, event.request));
  }
}

/** What is shown, opened once: a page asks for some forty files. */
let inUse = null;

async function keptOne(path, request) {
  inUse ??= chosen("shown").then((shown) => caches.open(PREFIX + shown));
  const how = { ignoreVary: true };
  const kept = await (await inUse).match(path, how);
  return kept ?? (await caches.match(path, how)) ?? fetch(request);
}

// --- What the page asks --------------------------------------------------------

async function hear({ data, ports }) {
  const done = await (ASKED[data?.do] ?? (() => null))(data).catch(() => null);
  ports[0]?.postMessage(done);
}

const ASKED = {
  /** Which version this is, and which one the phone shows. */
  what: async () => ({ version: SHELL.version, shown: await chosen("shown") }),
  /** From the next opening on show this version; asked only while no visit is open. */
  show: async () => {
    await choose("shown", SHELL.version);
    inUse = null;
    await skipWaiting();
    return { shown: SHELL.version };
  },
  /** Fetch what the browser may have thrown away meanwhile. */
  mend: async () => {
    await fill();
    return { mended: true };
  },
  /** Keep the page in another language; not while another version is shown. */
  language: async ({ language }) => {
    await choose("language", language);
    if ((await chosen("shown")) !== SHELL.version) return null;
    await keepDocument(await caches.open(MINE), language);
    return { language };
  },
};

async function chosen(name) {
  const kept = await (await caches.open(CHOICES)).match(`/${name}`);
  return kept ? kept.text() : "";
}

async function choose(name, value) {
  await (await caches.open(CHOICES)).put(`/${name}`, new Response(value));
}
