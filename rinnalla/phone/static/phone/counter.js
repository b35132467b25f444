/** The counter: every tap shows at once, is a fact of its own, and goes to the outbox. */

import { keepAwake, makeTick, watchPocket } from "./awake.js";
import { Figures } from "./figures.js";
import { Outbox, newId } from "./outbox.js";
import { Sheet } from "./sheet.js";

const BOUNCE = 120;
const FLASH = 150;
const UNDO_FOR = 30_000;
const POLL_EVERY = 20_000;

const page = document.getElementById("counter");
const main = document.getElementById("main");
const texts = page.dataset;
/** The part of the page with this data- name. @returns {HTMLInputElement} */
const find = (name) => main.querySelector(`[data-${name}]`);
/** Every part with this data- name. @returns {NodeListOf<HTMLElement>} */
const all = (name) => main.querySelectorAll(`[data-${name}]`);
/** @returns {HTMLInputElement} */
const tokenField = () => document.querySelector("[name=csrfmiddlewaretoken]");
const say = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

const figures = new Figures(JSON.parse(texts.totals));
/** What can be taken back from here: the newest last. */
const undoable = [];
let etag = "";
let answered = 0;
let matter = "";
/** What the server did not take; said until the page is left. */
const refused = [];

const outbox = new Outbox({
  url: texts.facts,
  token: tokenField().value,
  renew: async () => (await ask()).headers.get("X-Token"),
  onState: showState,
  onAnswer: takeAnswers,
});

const form = /** @type {HTMLFormElement} */ (document.getElementById("sheet"));
const sheet = form && new Sheet(form, {
  onShow: showSheet,
  onDetail: (field, value) => {
    put("encounter_detail", { encounter: sheet.meeting, [field]: value });
  },
  onMatter: (on) => {
    if (on) matter = put("count", { kind: "matter_opened", number: 1 });
    else if (matter) put("undo", { of: matter });
  },
});

// --- facts ---

function put(kind, body, effect = {}) {
  const id = newId();
  figures.add(id, effect);
  outbox.add({ id, device: texts.device, visit: texts.visit, kind, body });
  return id;
}

function remember(id, effect) {
  undoable.push({ id, effect, until: Date.now() + UNDO_FOR });
  setTimeout(showFigures, UNDO_FOR + 50);
}

const TAPS = {
  met: () => count(1),
  ten: () => count(10),
  guided: () => {
    const effect = { guided: 1, own: texts.guidedIsMet ? 1 : 0 };
    const id = put("encounter", {}, effect);
    remember(id, effect);
    matter = "";
    sheet?.open(id, say(texts.guidedAt, { time: clock() }));
  },
  mark: () => remember(put("mark", {}, { marks: 1 }), { marks: 1 }),
};

function count(number) {
  const effect = { own: number };
  remember(put("count", { kind: "met", number }, effect), effect);
}

function undo() {
  const last = undoable.at(-1);
  if (!last || last.until < Date.now()) return;
  undoable.pop();
  const back = Object.fromEntries(Object.entries(last.effect).map(([name, n]) => [name, -n]));
  put("undo", { of: last.id }, back);
  if (sheet?.meeting === last.id) sheet.close();
}

function setTotal(input) {
  const total = Number.parseInt(input.value, 10);
  if (!(total >= 0 && total <= 9999)) return input.focus();
  const effect = { own: total - figures.own };
  remember(put("count", { kind: "met", total }, effect), effect);
  input.value = "";
  input.closest("details").open = false;
}

function toggleSameQueue() {
  const on = !figures.isSameQueue;
  put("count", { kind: "same_queue", total: on ? 1 : 0 }, { same: on });
}

// --- pressing ---

let lastPress = 0;
let lastButton = null;

/** A bounce of the same button is one press; two meant presses are two. */
function isBounce(button, at) {
  const bounce = button === lastButton && at - lastPress < BOUNCE;
  if (!bounce) [lastPress, lastButton] = [at, button];
  return bounce;
}

main.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  /** @type {HTMLButtonElement & HTMLAnchorElement} */
  const button = target.closest("button, a[data-end]");
  if (!button) return;
  if (button.dataset.end !== undefined) return askToEnd(event, button);
  if (button.getAttribute("form") !== "tap") return;
  event.preventDefault();
  if (isBounce(button, event.timeStamp)) return;
  if (button.dataset.tap) TAPS[button.dataset.tap]();
  else if (button.dataset.undo !== undefined) undo();
  else if (button.dataset.total !== undefined) setTotal(document.getElementById("total"));
  else if (button.dataset.sameQueue !== undefined) toggleSameQueue();
  showFigures();
  flash(button);
});

document.getElementById("total").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  setTotal(event.target);
  showFigures();
});

function flash(button) {
  button.classList.add("is-hit");
  setTimeout(() => button.classList.remove("is-hit"), FLASH);
  if (tickBox.checked && button.dataset.tap) tick();
}

/** Ending leaves the page: first everything goes out. */
function askToEnd(event, link) {
  if (!outbox.size) return;
  event.preventDefault();
  setNote(say(texts.wait, { n: outbox.size }));
  outbox.retryNow();
  leaving = link.href;
}
let leaving = "";

// --- showing ---

function showFigures() {
  for (const name of ["own", "guided", "marks"]) {
    const text = String(figures[name]);
    for (const place of all(name)) if (place.textContent !== text) place.textContent = text;
  }
  find("pair-line").textContent = pairLine();
  find("same-queue")?.setAttribute("aria-pressed", String(figures.isSameQueue));
  const last = undoable.at(-1);
  find("undo").disabled = !last || last.until < Date.now();
}

function pairLine() {
  const parts = [say(texts.together, { sum: figures.together })];
  if (figures.base.others) {
    const minutes = Math.floor((Date.now() - figures.knownAt) / 60_000);
    const age = minutes ? say(texts.minutes, { n: minutes }) : texts.now;
    parts.push(say(texts.pair, { n: figures.base.others, age }));
  }
  if (figures.isSameQueue) parts.push(texts.same);
  return parts.join(" ");
}

function showState(state) {
  const line = find("state");
  const words = {
    idle: () => texts.ready,
    saving: () => texts.saving,
    stored: () => say(texts.stored, { time: outbox.storedAt }),
  };
  const word = words[state] ?? (() => say(texts.only, { n: outbox.size }));
  find("state-text").textContent = word();
  line.classList.toggle("is-waiting", !(state in words));
  setNote(noteOf(state));
  if (state === "stored" && leaving) location.href = leaving;
}

function noteOf(state) {
  if (state === "offline") return `${texts.offline} ${texts.later}`;
  if (state === "signed-out") return texts.signedOut;
  if (state === "closed") return say(texts.closed, { n: outbox.size });
  return "";
}

const note = document.createElement("div");
note.className = "rn-toast";
note.setAttribute("role", "status");
main.append(note);

function setNote(text) {
  note.textContent = [refusedText(), text].filter(Boolean).join(" ");
  if (outbox.state !== "signed-out" || !text) return;
  const link = document.createElement("a");
  Object.assign(link, { href: texts.login, target: "_blank", rel: "noopener" });
  link.textContent = texts.signIn;
  note.append(" ", link);
}

function refusedText() {
  if (!refused.length) return "";
  return say(texts.refused, { n: refused.length, why: refused.at(-1).why });
}

function showSheet(shown) {
  main.classList.toggle("rn-counter--sheet", shown);
  const plus = main.querySelector('[data-tap="met"]');
  plus.classList.toggle("rn-plus--strip", shown);
  plus.classList.toggle("rn-plus--field", !shown);
  for (const part of all("face")) part.hidden = (part.dataset.face === "sheet") !== shown;
  scrollTo(0, 0);
}

/** The time in Finland, as the server says it: a phone may stand in another zone. */
function clock() {
  const language = document.documentElement.lang === "en" ? "en-GB" : "fi";
  const wanted = { timeZone: "Europe/Helsinki", hour: "numeric", minute: "2-digit" };
  return new Date().toLocaleTimeString(language, /** @type {any} */ (wanted));
}

// --- the server's word ---

function takeAnswers(answers, reply) {
  answered += 1;
  figures.settle(answers.map((answer) => answer.id), reply.totals[texts.visit]);
  etag = "";
  const fresh = answers.filter((answer) => answer.result === "refused");
  refused.push(...fresh);
  // The page is not left before the worker has seen this.
  if (fresh.length) leaving = "";
  showFigures();
}

function ask() {
  const headers = etag ? { "If-None-Match": etag } : {};
  return fetch(texts.poll, { headers: { Accept: "application/json", ...headers }, cache: "no-store" });
}

/** How the others are doing; an answer that crossed a tap of ours is let go. */
async function poll() {
  if (document.visibilityState !== "visible" || outbox.size) return;
  const before = answered;
  try {
    const response = await ask();
    if (before !== answered || outbox.size) return;
    if (response.status === 304) figures.know(figures.base);
    if (response.status === 200) {
      etag = response.headers.get("ETag") ?? "";
      figures.know(await response.json());
      if (!figures.base.is_open) setNote(texts.ended);
    }
  } catch {
    // Without a connection the age of the pair's figure says it.
  }
  showFigures();
}

// --- the screen ---

const tick = makeTick();
const tickBox = find("tick");
try { tickBox.checked = localStorage.getItem("tick") === "1"; } catch { /* storage is closed */ }
tickBox.addEventListener("change", () => {
  try { localStorage.setItem("tick", tickBox.checked ? "1" : ""); } catch { /* as above */ }
});

keepAwake();
const closeForPocket = watchPocket({ dim: find("dim"), guard: find("guard"), slide: find("slide") });
find("pocket").addEventListener("click", closeForPocket);
find("scripted").hidden = false;
setInterval(poll, POLL_EVERY);
document.addEventListener("visibilitychange", poll);
setInterval(showFigures, 30_000);

const meeting = new URLSearchParams(location.search).get("meeting");
if (sheet && meeting && main.classList.contains("rn-counter--sheet")) sheet.take(meeting);
if (meeting) history.replaceState(null, "", location.pathname);
showFigures();
main.dataset.isReady = "1";
