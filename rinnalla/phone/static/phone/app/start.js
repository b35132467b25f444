/**
 * Where the app begins: opens what the phone keeps, and shows the screen the address
 * names. A guest's link has a store of its own, so that nothing of it meets the phone's.
 */

import { App } from "./app.js";
import { newId } from "./facts.js";
import { connect, get, post, setCredential } from "./net.js";
import { Outbox } from "./outbox.js";
import { Reference } from "./reference.js";
import { show } from "./screen.js";
import { openStore } from "./store.js";
import { open as openToday } from "./today.js";
import { Update } from "./update.js";

/** @typedef {import("./screen.js").Route} Route */
/** @typedef {(app: App, route: Route) => unknown} Open */
/** @typedef {() => Promise<Open>} Way */

const GUEST = /^#guest=([\w-]{1,200})$/;
const ENROL = /^#\/?enrol=(.{0,300})$/;
const FIRST_ANSWER = 3000;
const AGAIN = 2000;
const LATEST = 300;
const OURS = /^$|^#\/|^#enrol=|^#guest=/;

// The day opens first. The other screens are read when it stands, or when one is opened.

const openCounter = async () => (await import("./counter.js")).open;
const openEnrol = async () => (await import("./device.js")).openEnrol;
const openWho = async () => (await import("./steps.js")).openWho;

/** The screens of one visit, by the last part of the address. @type {Object<string, Way>} */
const OF_VISIT = {
  card: async () => (await import("./card.js")).open,
  alone: async () => (await import("./steps.js")).openSolo,
  end: async () => (await import("./steps.js")).openFinish,
  "wrap-up": async () => (await import("./wrap_up.js")).open,
};
/** @type {Object<string, Way>} */
const SCREENS = {
  "": async () => openToday,
  place: async () => (await import("./place.js")).open,
  who: openWho,
  practice: async () => (await import("./practice.js")).open,
  device: async () => (await import("./device.js")).open,
};
const EVERY = [openCounter, ...Object.values(OF_VISIT), ...Object.values(SCREENS)];
/** What opens before the phone is in use. */
const ALWAYS = ["device", "practice"];

/** The screen and its parameters an address stands for. @param {string} hash @returns {Route} */
export function routeOf(hash) {
  const told = ENROL.exec(hash);
  if (told) return { name: "enrol", id: told[1], part: "" };
  const [, name = "", id = "", part = ""] = hash.split("/");
  return { name, id, part };
}

/** @param {App} app @param {Route} route @returns {Way} */
function wayTo(app, route) {
  if (route.name === "enrol") return openEnrol;
  if (app.isGuest) return wayOfGuest(app);
  if (!app.isEnrolled && !ALWAYS.includes(route.name)) return async () => openWelcome;
  if (route.name === "visit") return OF_VISIT[route.part] ?? openCounter;
  return asksWho(app) && !route.name ? openWho : SCREENS[route.name] ?? SCREENS[""];
}

/** Whether a shared phone must be told first who holds it. @param {App} app */
function asksWho(app) {
  return app.isShared && !app.worker && app.reference.workers.length > 0;
}

/** @type {() => void} */
let leave = () => {};
let turns = 0;

/** Show the screen of the address. @param {App} app */
async function go(app) {
  app.isEnrolled = app.isGuest || Boolean(await app.store.get("token"));
  await open(app);
}

/** @param {App} app */
async function open(app) {
  const { hash } = location;
  if (!OURS.test(hash)) return;
  turns += 1;
  const turn = turns;
  const route = routeOf(hash);
  const show = await wayTo(app, route)();
  // Another screen was asked for while this one was read.
  if (turn !== turns) return;
  leave();
  leave = () => {};
  const left = await show(app, route);
  if (typeof left !== "function") return app.showState();
  if (turn === turns) leave = /** @type {() => void} */ (left);
  else left();
  app.showState();
}

/** A phone nobody has taken into use: the one thing to do. */
function openWelcome() {
  show("welcome");
}

/** A guest's counter: the one visit of the link. @param {App} app @returns {Way} */
function wayOfGuest(app) {
  const [visit] = app.reference?.visits ?? [];
  if (app.isClosed || !visit) return async () => openWaiting;
  return async () => {
    const show = await openCounter();
    return (_app, route) => show(app, { ...route, id: visit.id, part: "" });
  };
}

/** A guest's link that has not been open yet, or is not any more. @param {App} app */
function openWaiting(app) {
  const screen = show(app.isClosed ? "guest-closed" : "guest-wait");
  const { mine } = app.status;
  screen.toggle("left", mine);
  screen.fill("left-text", screen.say("leftText", { n: mine }));
  screen.press("[data-again]", () => app.references.refresh());
}

/** The team closed the link: say so, once; what it showed leaves this phone. @param {App} app */
async function close(app) {
  if (app.isClosed) return;
  app.isClosed = true;
  await app.begun;
  await app.outbox.wipe("the link was closed");
  await app.readStates();
  go(app);
}

// --- beginning ---

/** The phone's own app. */
async function beginPhone() {
  const store = await openStore();
  const app = new App({ store });
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    app.offer = event;
  });
  await begin(app, { get: ifKnown(store, get), post: ifKnown(store, post) });
  await import("./device.js").then(({ startChecks }) => startChecks(app)).catch(() => {});
}

/** Who this phone is; a guest's is nobody. @param {App} app */
async function recall(app) {
  app.isEnrolled = app.isGuest;
  if (app.isGuest) return;
  const [device, token] = await app.store.getAll("device", "token");
  app.isEnrolled = Boolean(token);
  setCredential(token ? { device, token } : null);
}

/** A phone nobody has taken into use asks the server nothing. */
function ifKnown(store, ask) {
  return async (path, more) => {
    if (!(await store.get("token"))) throw new TypeError("not in use");
    return ask(path, more);
  };
}

/** A guest's app: the link is the only key, one visit the only content. @param {string} token */
async function beginGuest(token) {
  const store = await openStore(`guest-${token.slice(0, 16)}`);
  const app = new App({ store, isGuest: true });
  const path = `/phone/guest/${token}`;
  const bare = connect(null);
  const heard = (answer) => {
    if (answer.status === 410) close(app);
    return answer;
  };
  const device = await guestOf(store);
  const paths = { reference: `${path}/reference?device=${device}`, sync: `${path}/sync` };
  await begin(app, {
    get: async (address, etag) => heard(await bare.get(address, etag)),
    post: async (address, body) => heard(await bare.post(address, { .../** @type {object} */ (body), device })),
  }, paths);
}

/** This guest's own random number: two guests on one link are two counters. */
async function guestOf(store) {
  const kept = await store.get("guest");
  if (kept) return kept;
  const id = newId();
  await store.set("guest", id);
  return id;
}

/**
 * @param {App} app
 * @param {{get: typeof get, post: typeof post}} net
 * @param {{reference?: string, sync?: string}} [paths]
 */
async function begin(app, net, paths = {}) {
  const { store } = app;
  app.references = new Reference({
    store, get: net.get, ...(paths.reference && { path: paths.reference }), onChange: () => fresh(app),
  });
  app.post = net.post;
  app.update = new Update({ store, onChange: () => app.changed() });
  app.outbox = new Outbox({
    store, post: net.post, ...(paths.sync && { path: paths.sync }), app: app.update.version,
    guidedIsMet: (visit) => app.guidedIsMet(visit),
    onChange: () => (app.mayWrite ? app.changed() : app.readStates()),
    onReply: (reply, wiped) => replied(app, reply, wiped),
  });
  await Promise.all([recall(app), app.references.load(), app.readStates(), app.readHolder()]);
  if (!app.reference) await soon(app.references.refresh());
  app.reopen = () => { go(app); };
  addEventListener("hashchange", app.reopen);
  document.addEventListener("visibilitychange", () => seen(app));
  const begun = beginToRecord(app);
  open(app);
  await begun;
  await moment();
  app.references.start();
  app.update.start();
  await Promise.all([app.outbox.tend(), ...EVERY.map((read) => read().catch(() => {}))]);
}

/**
 * A store that does not answer now leaves the screen as it is and is asked again; a
 * press meanwhile is told that it was not recorded. Raises StoreError where nothing at
 * all is kept.
 *
 * @param {App} app @returns {Promise<void>}
 */
function beginToRecord(app) {
  app.begun = Promise.all([app.outbox.open(), app.store.prove()]).then(() => {
    app.hasBegun = true;
    app.changed();
  });
  const again = (fault) => {
    if (["none", "full"].includes(fault.why)) throw fault;
    return new Promise((go) => setTimeout(go, AGAIN)).then(() => beginToRecord(app));
  };
  return app.begun.catch(again);
}

/** Until the first screen stands and the phone has nothing better to do. */
function moment() {
  return new Promise((go) => {
    if ("requestIdleCallback" in window) requestIdleCallback(go, { timeout: LATEST });
    else setTimeout(go, LATEST);
  });
}

/** Wait for the very first answer, but not for long. @param {Promise<unknown>} answer */
function soon(answer) {
  return Promise.race([answer, new Promise((go) => setTimeout(go, FIRST_ANSWER))]);
}

/** New reference data: a screen that only waited for it is opened. @param {App} app */
function fresh(app) {
  const isWaiting = document.querySelector("[data-waits]");
  const isToday = ["", "#/"].includes(location.hash);
  if (isWaiting || (isToday && asksWho(app))) go(app);
  else app.changed();
}

async function replied(app, reply, wiped) {
  app.takeReply(reply);
  if (wiped) app.wiped = wiped;
  await app.keepTotals(reply);
  await app.readStates();
  if (reply.etag && reply.etag !== app.references.etag) await app.references.refresh();
}

/** Back in the hand: the day may have changed, another tab may have written. @param {App} app */
async function seen(app) {
  if (document.visibilityState !== "visible") return;
  await Promise.all([app.readStates(), app.readHolder()]);
}

/** @param {any} fault */
function cannotBegin(fault) {
  show(fault.why === "full" ? "full" : "unkept");
}

/** Nothing more begins by itself: whoever watches this page may rely on that. */
function hasBegun() {
  document.documentElement.dataset.hasBegun = "1";
}

const token = GUEST.exec(location.hash)?.[1];
(token ? beginGuest(token) : beginPhone()).then(hasBegun, cannotBegin);
