/**
 * Is the phone in order? What it keeps and promises; taking it into use, emptying it.
 *
 * @typedef {import("./app.js").App} App
 */

import { post, setCredential } from "./net.js";
import { clock, dayInWords, dayOf, part, show } from "./screen.js";
import { note } from "./store.js";

const ENROL = "/phone/enrol";
const REMIND = 15 * 60_000;
const HOUR = 3600;
const GIGA = 1e9;
const MEGA = 1e6;
/** Quota that no ordinary window of a phone is as small as. */
const LITTLE_ROOM = 50 * MEGA;

// --- What the telephone says ---------------------------------------------------

/** Ask the phone to keep what is recorded; whether it promises to. @param {App} app */
export async function askToKeep({ store }) {
  const { storage } = navigator;
  const kept = Boolean((await storage?.persisted?.()) || (await storage?.persist?.()));
  // A phone without room for this answer has answered all the same.
  await store.set("kept", kept).catch(() => {});
  return kept;
}

/** Whether the app was opened from the home screen. */
export function isOnHomeScreen() {
  const { standalone } = /** @type {{standalone?: boolean}} */ (navigator);
  return standalone === true || matchMedia("(display-mode: standalone)").matches;
}

/** Whether this is an iPhone or iPad, where the home screen keeps apart from the browser. */
export function isApple() {
  const isPad = navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1;
  return isPad || /iPhone|iPad|iPod/.test(navigator.userAgent);
}

/** Whether this looks like a private window, which forgets everything. */
export async function isPrivate() {
  if (!("indexedDB" in window) || !("caches" in window)) return true;
  try {
    await navigator.storage?.getDirectory?.();
  } catch {
    return true; // Safari's private windows refuse.
  }
  const { quota } = (await navigator.storage?.estimate?.()) ?? {};
  return quota !== undefined && quota < LITTLE_ROOM;
}

/**
 * Ask at the start whether the phone keeps what is recorded. While it does not promise,
 * say so above the day, and every 15 minutes ask to send what only this phone holds.
 *
 * @param {any} app
 */
export async function startChecks(app) {
  if (await app.store.get("leftAt")) app.onChange(() => forgetWhenSent(app));
  const kept = await askToKeep(app);
  const ask = part("keep");
  app.unkept = kept ? null : ask.dataset;
  app.changed();
  if (kept) return;
  ask.querySelector("[data-send]").addEventListener("click", () => {
    ask.remove();
    app.outbox.sendNow();
  });
  ask.querySelector("[data-later]").addEventListener("click", () => ask.remove());
  setInterval(() => {
    if (app.outbox.status.mine) document.body.prepend(ask);
  }, REMIND);
}

// --- The screen ------------------------------------------------------------------

/** @param {App} app */
export function open(app) {
  const page = new Device(app, show("device"));
  page.draw();
  const forget = app.onChange(() => page.draw());
  return () => {
    page.isLeft = true;
    forget();
  };
}

class Device {
  /** @param {any} app @param {import("./screen.js").Screen} screen */
  constructor(app, screen) {
    this.app = app;
    this.screen = screen;
    this.isLeft = false;
    /** What the button for updating answered. */
    this.told = "";
    this.words = wordsOf("device-words");
    screen.press("[data-send]", () => this.send());
    screen.press("[data-update]", () => this.update());
    screen.press("[data-install]", () => this.install());
    screen.press("[data-wipe]", () => this.wipe());
    screen.press("[data-language]", (button) => this.choose(button.dataset.language));
    this.drawLook();
  }

  async draw() {
    this.drawSent();
    this.drawUpdate();
    const { store } = this.app;
    const keys = ["kept", "updatedAt", "name", "lastContact"];
    const [kept, updatedAt, name, contact] = await Promise.all(keys.map((key) => store.get(key)));
    if (this.isLeft) return;
    this.drawContact(contact);
    this.drawKeeping(kept, name);
    this.drawVersion(updatedAt);
    await this.drawRoom();
    await this.drawLog();
  }

  drawSent() {
    const { screen, app } = this;
    const { mine, sending, storedAt } = app.outbox.status;
    const isWell = !mine && !app.unkept;
    const head = mine ? screen.say("unsentHead", { n: mine }) : screen.texts[isWell ? "well" : "look"];
    screen.fill("head", head);
    const stored = storedAt ? screen.say("allSent", { time: storedAt }) : screen.texts.noneSent;
    const waits = sending ? screen.texts.sending : screen.say("unsent", { n: mine });
    screen.fill("sent", mine ? waits : stored);
    screen.toggle("needs", app.unkept);
    screen.fill("needs", app.keepNote);
    screen.toggle("send", mine);
    const unsent = screen.texts[mine ? "wipeSome" : "wipeAll"].replace("{n}", String(mine));
    screen.fill("wipe-says", unsent);
  }

  drawContact(contact) {
    const { screen, app } = this;
    screen.fill("contact", contact ? this.moment(contact) : screen.texts.never);
    const hours = app.reference?.hours;
    const left = contact && hours && Math.floor(hours - (Date.now() / 1000 - contact) / HOUR);
    const word = left > 0 ? screen.say("left", { hours: left }) : screen.say("hidden", { hours });
    screen.fill("hours", hours && contact ? word : "");
  }

  drawKeeping(kept, name) {
    const { screen } = this;
    screen.fill("keeping", screen.texts[kept ? "kept" : "notKept"]);
    const browser = isApple() ? screen.texts.browserIos : screen.texts.browser;
    screen.fill("home", isOnHomeScreen() ? screen.texts.home : browser);
    screen.toggle("install", this.app.offer && !isOnHomeScreen());
    screen.fill("works", screen.texts[this.app.update?.isKept ? "works" : "worksNot"]);
    screen.toggle("name-row", name);
    screen.fill("name", name ?? "");
    const key = this.app.reference?.key?.id;
    const parts = key?.match(/.{1,4}/g)?.join(" ");
    screen.fill("key", key ? screen.say("key", { key: parts }) : screen.texts.noKey);
  }

  drawVersion(updatedAt) {
    const { screen, app } = this;
    const version = (app.update?.version ?? "").slice(0, 6);
    const when = updatedAt && this.moment(updatedAt / 1000);
    screen.fill("version", screen.say(when ? "version" : "versionBare", { version, when }));
  }

  drawUpdate() {
    const { screen, app } = this;
    screen.fill("newer", this.told || (app.update?.isWaiting ? screen.texts.newer : ""));
  }

  async drawRoom() {
    const { screen } = this;
    const { quota, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    const values = { free: amount(quota - usage), used: amount(usage) };
    screen.fill("room", quota ? screen.say("room", values) : screen.texts.roomUnknown);
  }

  async drawLog() {
    const { screen, words } = this;
    const rows = (await this.app.store.log()).reverse().slice(0, 30);
    const texts = rows.map(({ at, reason, what, count }) => screen.say("logRow", {
      when: this.moment(at), n: count, what: words.get(what) ?? "", why: words.get(reason) ?? "",
    }));
    const items = (texts.length ? texts : [screen.texts.logNone]).map((text) => {
      const item = part("log-row");
      item.textContent = text;
      return item;
    });
    screen.one("[data-log]").replaceChildren(...items);
  }

  /** A moment as one says it: today at 10.42. @param {number} seconds */
  moment(seconds) {
    const { screen } = this;
    const time = clock(seconds * 1000);
    const day = dayOf(seconds * 1000);
    if (day === dayOf()) return screen.say("today", { time });
    return screen.say("then", { day: dayInWords(day), time });
  }

  drawLook() {
    const root = document.documentElement;
    for (const button of this.screen.all("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.lang === root.lang));
    }
  }

  async send() {
    const { screen, app } = this;
    await app.outbox.sendNow();
    const { mine } = app.outbox.status;
    screen.toggle("said", mine);
    screen.fill("said-text", mine ? screen.texts.still : "");
  }

  async update() {
    const { screen, app } = this;
    const wasAsked = await app.update.check();
    const word = wasAsked ? "newest" : "notAsked";
    const isShown = app.update.isWaiting && (await app.update.apply());
    this.told = isShown ? "" : screen.texts[app.update.isWaiting ? "newerWaits" : word];
    this.drawUpdate();
  }

  async install() {
    const { app } = this;
    await app.offer?.prompt();
    app.offer = null;
    this.draw();
  }

  async choose(language) {
    if (language === document.documentElement.lang) return;
    if (await this.app.update.chooseLanguage(language)) return;
    this.screen.toggle("language-note", true);
    this.screen.fill("language-text", this.screen.texts.languageLater);
  }

  /** Empty the phone; what the server lacks stays sealed until it is sent. */
  async wipe() {
    const { app, screen } = this;
    app.references?.stop();
    await app.store.set("leftAt", Math.round(Date.now() / 1000));
    const wiped = await app.outbox.wipe("asked for here");
    await app.store.set("leftAt", Math.round(Date.now() / 1000));
    await app.references?.load();
    await app.readStates();
    await forgetWhenSent(app);
    openLeft(app, screen.texts, wiped);
  }
}

/** What stays on the screen of an emptied phone: what went, and what still waits. */
function openLeft(app, texts, wiped) {
  const screen = show("left");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => String(values[name]));
  screen.fill("wiped", fill(texts.wiped, wiped));
  const draw = () => {
    const { mine } = app.outbox.status;
    screen.fill("wiped-rest", mine ? fill(texts.wipedLeft, { n: mine }) : texts.wipedNone);
    screen.toggle("send", mine);
  };
  draw();
  app.onChange(async () => {
    await forgetWhenSent(app);
    draw();
  });
  screen.press("[data-send]", () => app.outbox.sendNow());
}

/** An emptied phone that has sent everything forgets who it was. @param {any} app */
export async function forgetWhenSent({ store, outbox }) {
  if (!(await store.get("leftAt")) || outbox.status.mine) return;
  await store.write(["meta", "log"], async (tx) => {
    const meta = tx.objectStore("meta");
    let count = 0;
    for (const key of ["device", "token", "name"]) {
      if (await meta.get(key)) count += 1;
      await meta.delete(key);
    }
    await note(tx, "asked for here", "settings", count);
  });
  store.mirror = { seq: 0, mine: 0 };
  setCredential(null);
}

// --- Taking into use -------------------------------------------------------------

/** A code may stand in the link. @param {any} app @param {import("./screen.js").Route} route */
export function openEnrol(app, { id: code }) {
  const page = new Enrolment(app, show("enrol"));
  page.begin(code);
  return () => {};
}

class Enrolment {
  /** @param {any} app @param {import("./screen.js").Screen} screen */
  constructor(app, screen) {
    this.app = app;
    this.screen = screen;
    this.form = /** @type {HTMLFormElement} */ (screen.one("[data-enrol]"));
    this.field = /** @type {HTMLInputElement} */ (screen.one("[name=code]"));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  /** A code in the link is used at once, but where nothing would be kept. */
  async begin(code) {
    const { screen } = this;
    // The code must not stay in the address, where the next one could read it.
    if (code) history.replaceState(null, "", "#/enrol=");
    this.field.value = code;
    const isClosed = await isPrivate();
    const isElsewhere = isApple() && !isOnHomeScreen();
    screen.toggle("private", isClosed);
    screen.toggle("ios", !isClosed && isElsewhere);
    const isAtOnce = Boolean(code) && !isClosed && !isElsewhere;
    this.form.hidden = isClosed || isAtOnce;
    screen.toggle("going", isAtOnce);
    if (isAtOnce) await this.send();
  }

  async send() {
    const { screen } = this;
    const code = codeIn(this.field.value);
    if (!code) return this.say(screen.texts.noCode);
    let answer;
    try {
      answer = await post(ENROL, { code });
    } catch {
      return this.say(screen.texts.noNetwork);
    }
    const { status, body } = answer;
    if (status === 201 && body?.token) return this.take(body);
    this.say(body?.why ?? screen.texts.noNetwork);
  }

  /** The server knows this phone from now on. */
  async take({ device, token, name }) {
    const { app, screen } = this;
    // First of all: whatever is asked from now on is asked as this phone.
    setCredential({ device, token });
    await app.outbox.enrol({ device, token, name });
    await app.store.set("leftAt", undefined);
    await askToKeep(app);
    // The first day's plans, or without them when the network went just now.
    await app.references.start();
    app.said = screen.say("inUse", { name: name ?? "" });
    app.outbox.sendNow();
    app.go("#/");
  }

  say(text) {
    this.form.hidden = false;
    this.screen.toggle("going", false);
    this.screen.fill("fault-text", text);
    this.screen.toggle("fault", true);
    this.field.setAttribute("aria-invalid", "true");
    this.field.focus();
  }
}

/** The code alone, also out of a whole link. @param {string} text */
function codeIn(text) {
  return text.trim().replace(/^.*#\/?enrol=/, "");
}

/** @param {number} bytes */
function amount(bytes) {
  const [unit, size] = bytes >= GIGA ? ["GB", GIGA] : ["MB", MEGA];
  const language = document.documentElement.lang;
  const number = (bytes / size).toLocaleString(language, { maximumFractionDigits: 1 });
  return `${number} ${language === "fi" ? unit.replace("B", "t") : unit}`;
}

/** What stands in a template as terms and their words. @param {string} id */
function wordsOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const terms = [...template.content.querySelectorAll("dt")];
  return new Map(terms.map((term) => [term.textContent, term.nextElementSibling.textContent]));
}
