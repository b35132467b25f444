/**
 * The field app: begins, goes from screen to screen, and says honestly what is where.
 *
 * Screens ask it what this phone knows and hand it facts; nothing else writes.
 *
 * @typedef {import("./screen.js").Visit} Visit
 * @typedef {import("./screen.js").Route} Route
 * @typedef {import("./outbox.js").Status} Status
 * @typedef {import("./outbox.js").Reply} Reply
 */

import { joined } from "./day.js";
import { fold, fresh, isOpen, newId } from "./facts.js";
import { figuresOf } from "./figures.js";
import { clockOf, dayInWords, dayOf, hoursInWords, say } from "./screen.js";

const texts = /** @type {Object<string, string>} */ (document.getElementById("app").dataset);

const SEEN = "/phone/notices/seen";
const LOSS_SAID_FOR = 7 * 24 * 3600;

export class App {
  /**
   * @param {{store: import("./store.js").Store, isGuest?: boolean}} parts
   */
  constructor({ store, isGuest = false }) {
    this.store = store;
    this.isGuest = isGuest;
    /** @type {import("./outbox.js").Outbox} */
    this.outbox = null;
    /** @type {import("./reference.js").Reference} */
    this.references = null;
    /** @type {import("./update.js").Update} */
    this.update = null;
    /** Who holds a shared phone now. @type {{id: number, name: string, details?: boolean}|null} */
    this.worker = null;
    /** What this phone recorded, by visit. @type {Map<string, any>} */
    this.states = new Map();
    /** What the server last said of a visit, and when by this phone's clock and by its
     * own. @type {Map<string, {totals: any, at: number, now: number}>} */
    this.totals = new Map();
    /** What was not simply stored, by visit: said until the app is left. @type {Map<string, {n: number, why: string}>} */
    this.waiting = new Map();
    /** Facts of this sitting, by id: their visit, and when. @type {Map<string, {visit: string, at: number}>} */
    this.written = new Map();
    /** What the server wants heard on this phone. @type {string[]} */
    this.notices = [];
    /** Asks the server; set where the app begins. @type {typeof import("./net.js").post} */
    this.post = null;
    /** What stands on the day's screen after something was done. */
    this.said = "";
    this.fault = "";
    /** The last loss of the phone's own database. @type {any} */
    this.lost = null;
    this.writes = 0;
    this.isEnrolled = false;
    /** The outbox knows whether this tab writes. */
    this.hasBegun = false;
    /** @type {Promise<void>} */
    this.begun = Promise.resolve();
    /** What the day's screen says while the phone does not promise to keep anything. */
    /** Where the phone does not promise to keep: what to say. @type {DOMStringMap|null} */
    this.unkept = null;
    /** What went when the phone was taken out of use. @type {object|null} */
    this.wiped = null;
    /** A guest's link that has been closed. */
    this.isClosed = false;
    /** What the browser offers for a place on the home screen. @type {any} */
    this.offer = null;
    /** Opens the screen of the address anew; set where the app begins. */
    this.reopen = () => {};
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    /** The listeners will be told in a moment. */
    this.isTelling = false;
  }

  // --- what the phone knows ---

  /** What the phone takes along; without names once it is too old. @type {any} */
  get reference() { return this.references?.data ?? null; }

  get today() { return dayOf(); }

  get isShared() { return Boolean(this.reference?.device?.is_shared); }

  /** Whether more than counts may be told of meetings. */
  get details() {
    const teller = this.worker ?? this.reference?.worker;
    return !this.isGuest && teller?.details !== false;
  }

  /** Whether this tab records; until that is known, it is thought so. */
  get mayWrite() { return !this.hasBegun || this.outbox.isWriter; }

  /** Whether this phone's team may begin visits nobody planned. */
  get maySetOut() { return !this.isGuest && Boolean(this.reference?.team); }

  /** What the outbox says of itself. @returns {Status} */
  get status() { return this.outbox.status; }

  /** Every visit as it stands here, those begun on this phone too. @returns {Visit[]} */
  get visits() {
    const told = (this.reference?.visits ?? []).map((visit) => this.join(visit));
    const known = new Set(told.map(({ id }) => id));
    const own = [...this.states.values()].filter((state) => !known.has(state.id) && state.started);
    return [...own.map((state) => this.join(this.bornHere(state))), ...told];
  }

  /** @param {string} id @returns {Visit|undefined} */
  visitOf(id) {
    const told = this.reference?.visits.find((visit) => visit.id === id);
    if (told) return this.join(told);
    const state = this.states.get(id);
    return state && this.join(this.bornHere(state));
  }

  /** @param {Visit} visit */
  join(visit) {
    const title = visit.title || (visit.hours ? say(texts.hours, { hours: hoursInWords(visit.hours) }) : texts.bare);
    return joined({ ...visit, title }, this.states.get(visit.id), this.isShared ? this.worker?.id : undefined);
  }

  /** A visit the server has not told of: begun here, or its details are hidden. */
  bornHere(state) {
    const placed = state.placed ?? {};
    const site = this.siteOf(Number(placed.site));
    const kind = this.reference?.kinds.find(({ code }) => code === (site?.kind ?? placed.kind));
    const name = site?.name ?? placed.name;
    const title = [kind?.label, name].filter(Boolean).join(", ") || texts.bare;
    return {
      id: state.id, day: dayOf(state.started * 1000), starts: "", ends: "", hours: "", arrive: 0,
      status: "under_way", site: site?.id ?? null, title, kind: kind?.code ?? "", workers: [],
      names: [], mine: true, asks_why: false, why_text: "", needs_pair: false, is_group: false,
      guided_is_met: state.guidedIsMet, started: state.started, ended: null, is_wrapped: false,
      is_left: false, waits: false, correctable: true, totals: {}, stubs: [], marks: [],
      asks_number: 0,
    };
  }

  /** @param {number|null|undefined} id */
  siteOf(id) {
    return this.reference?.sites.find((site) => site.id === id);
  }

  /** Who comes along, by first name. @param {Visit} visit @returns {string[]} */
  othersOn(visit) {
    const me = (this.worker ?? this.reference?.worker)?.id;
    return visit.names.filter((_name, place) => visit.workers[place] !== me);
  }

  /** What this phone recorded on a visit. @param {string} id */
  stateOf(id) { return this.states.get(id); }

  /** What the server last said of a visit, and when it said so. @param {string} id */
  totalsOf(id) {
    const told = this.totals.get(id);
    if (told) return { ...told.totals, knownAt: told.at };
    const totals = this.reference?.visits.find((visit) => visit.id === id)?.totals;
    return { ...totals, knownAt: (this.reference?.made ?? 0) * 1000 };
  }

  /** What the counter shows of a visit. @param {string} id */
  figuresOf(id) {
    const { knownAt, ...known } = this.totalsOf(id);
    const state = this.states.get(id);
    const own = state?.isSealed ? { ...state, own: known.own, guided: known.guided } : state;
    return { ...figuresOf(own, known, this.status.mine > 0), knownAt };
  }

  /** Meetings that wait for a topic or for what was done: told here, or by the server. */
  openStubsOf(id) {
    const here = (this.states.get(id)?.stubs ?? []).filter(isOpen);
    const known = new Set((this.states.get(id)?.stubs ?? []).map((stub) => stub.id));
    const there = (this.visitOf(id)?.stubs ?? []).filter((stub) => !known.has(stub.id));
    return [...here, ...there];
  }

  /** Whether nothing at all has been recorded on a visit. @param {string} id */
  hasNothing(id) {
    const { own, guided, marks, together } = this.figuresOf(id);
    return !own && !guided && !marks && !together;
  }

  /** When a visit began, as people say it. @param {Visit} visit */
  startedAt(visit) {
    const seconds = this.states.get(visit.id)?.started || visit.started;
    return seconds ? clockOf(seconds) : "";
  }

  /** A running visit of today at this place. @param {number} site */
  runningAt(site) {
    const here = (visit) => visit.site === site && visit.status === "under_way" && visit.day === this.today;
    return site ? this.visits.find((visit) => visit.mine && here(visit))?.id : undefined;
  }

  endedElsewhere(id) {
    return this.totals.get(id)?.totals?.is_open === false && !this.states.get(id)?.ended;
  }

  /** For today this worker holds the phone. @param {{id: number, name: string}} worker */
  async choose(worker) {
    this.worker = worker;
    await this.store.set("worker", worker.id);
    await this.store.set("holder", { ...worker, day: this.today });
    this.changed();
  }

  /** Who chose themselves today; yesterday's choice is asked anew. */
  async readHolder() {
    const holder = await this.store.get("holder");
    this.worker = holder?.day === this.today ? holder : null;
    if (holder && !this.worker) await this.store.set("worker", null);
  }

  // --- facts ---

  /**
   * Write a fact down. When this resolves it is on the disk and in the figures.
   *
   * Answers nothing when the phone could not keep it; that is said on the screen.
   *
   * @param {string} visit @param {string} kind @param {object} [body]
   * @returns {Promise<import("./store.js").Fact|undefined>}
   */
  async put(visit, kind, body = {}) {
    try {
      await this.begun;
      /** @type {import("./store.js").Fact} */
      const fact = await this.outbox.add(visit, kind, body);
      this.writes += 1;
      const before = this.states.get(visit) ?? fresh(visit, this.guidedIsMet(visit));
      this.states.set(visit, fold(before, fact));
      this.written.set(fact.id, { visit, at: Date.now() });
      this.fault = "";
      return fact;
    } catch (/** @type {any} */ fault) {
      this.fault = fault.why === "full" ? texts.full : texts.unwritten;
      this.changed();
      return undefined;
    }
  }

  /** How long ago, in milliseconds, something was recorded in this sitting. @param {string} id */
  ageOf(id) { return Date.now() - (this.written.get(id)?.at ?? 0); }

  guidedIsMet(id) {
    const told = this.reference?.visits.find((visit) => visit.id === id);
    return told?.guided_is_met ?? true;
  }

  /** Begin a visit nobody planned; its id. @param {object} where */
  async placeVisit(where) {
    const id = newId();
    const fact = await this.put(id, "visit_placed", where);
    return fact && id;
  }

  /** "I started by mistake": the visit is as if it had not begun. @param {string} id */
  async takeBackStart(id) {
    if (!this.hasNothing(id)) return;
    await this.put(id, "visit_mistaken", {});
    this.go("#/");
  }

  // --- what is said ---

  /** What stands on the day's screen above everything else. @returns {string[]} */
  get notes() {
    const { problem } = this.status;
    return [
      this.mayWrite ? "" : texts.otherTab,
      this.references?.isTooOld ? say(texts.tooOld, { hours: this.reference.hours }) : "",
      { "signed-out": texts.signedOut, revoked: texts.revoked, full: texts.full }[problem] ?? "",
      this.wiped ? say(texts.wiped, this.wiped) : "",
      this.fault,
      this.keepNote,
      // The server says it too once it has heard; until then the phone alone knows.
      this.notices.length ? "" : this.loss,
      ...[...this.waiting.values()].map(({ n, why }) => say(texts.quarantined, { n, why })),
    ].filter(Boolean);
  }

  /** What it means that the phone does not promise to keep: pressing while facts wait. */
  get keepNote() {
    return this.unkept?.[this.outbox.status.mine ? "note" : "calm"] ?? "";
  }

  /** What stands on the counter of a visit. @param {string} id @returns {string[]} */
  problems(id) {
    const { problem, mine } = this.outbox.status;
    const told = this.waiting.get(id);
    return [
      this.mayWrite ? "" : texts.otherTab,
      this.fault,
      told ? say(texts.quarantined, told) : "",
      problem === "offline" && mine ? texts.offline : "",
      { "signed-out": texts.signedOut, revoked: texts.revoked, full: texts.full }[problem] ?? "",
    ].filter(Boolean);
  }

  /** The three honest states; never anything but what the outbox says. */
  showState() {
    const { mine, sending, storedAt } = this.status;
    let word = storedAt ? say(texts.stored, { time: hoursInWords(storedAt) }) : texts.ready;
    if (mine) word = sending ? texts.sending : say(texts.only, { n: mine });
    for (const place of document.querySelectorAll("[data-state-text]")) {
      if (place.textContent !== word) place.textContent = word;
      place.closest("[data-state]").classList.toggle("is-waiting", mine > 0);
    }
  }

  /** Be told when something has changed. @param {() => void} listener @returns {() => void} */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Say that something has changed: the state at once, the rest of the screen in a
   * moment, once for all that changes together.
   */
  changed() {
    this.showState();
    if (this.isTelling) return;
    this.isTelling = true;
    setTimeout(() => {
      this.isTelling = false;
      for (const listener of this.listeners) listener();
    });
  }

  /** Something the day's screen says once. @param {string} text */
  say(text) { this.said = text; }

  /** Show the screen of an address, also when it is the one the page has.
   * @param {string} hash */
  go(hash) {
    if (location.hash === hash) this.reopen();
    else location.hash = hash;
  }

  // --- the server's word ---

  /** @param {Reply} reply */
  takeReply(reply) {
    for (const [id, totals] of Object.entries(reply.totals ?? {})) {
      this.totals.set(id, { totals, at: Date.now(), now: reply.now });
    }
    for (const answer of reply.facts) this.takeAnswer(answer);
    // What somebody must hear comes with the answer to an empty batch, all of it anew.
    if (!reply.facts.length) this.notices = reply.notices ?? [];
    this.changed();
  }

  /** What the server knows of visits whose end was said here outlives this sitting.
   * @param {Reply} reply */
  async keepTotals({ totals = {}, now }) {
    if (this.outbox.status.mine > 0) return;
    await this.store.write(["meta"], async (tx) => {
      const meta = tx.objectStore("meta");
      const keys = (await meta.getAllKeys()).filter((key) => String(key).startsWith("ended:"));
      for (const key of keys) {
        const ended = await meta.get(key);
        const told = totals[String(key).slice("ended:".length)];
        if (told || !ended.heard) await meta.put({ ...ended, heard: { totals: told, now } }, key);
      }
    });
  }

  takeAnswer({ id, result, why }) {
    if (result !== "quarantined") return;
    const visit = this.written.get(id)?.visit ?? "";
    const n = (this.waiting.get(visit)?.n ?? 0) + 1;
    this.waiting.set(visit, { n, why });
  }

  /** Somebody has read a notice; without a network it stays. @param {string} text */
  async putAway(text) {
    const answer = await this.post(SEEN, { text }).catch(() => null);
    if (answer?.status !== 204) return;
    this.notices = this.notices.filter((notice) => notice !== text);
    this.changed();
  }

  /** That the browser threw away what was not sent yet, and around which visit. */
  get loss() {
    if (!this.lost) return "";
    const day = this.visitOf(this.lost.visit)?.day ?? dayOf(this.lost.at * 1000);
    return say(texts.lost, { day: dayInWords(day) });
  }

  /** Read the figures of all visits anew: sealed ones, and what another tab wrote. */
  async readStates() {
    for (;;) {
      const { writes } = this;
      const [states, losses = []] = await this.store.read(["meta", "visits"], (tx) => Promise.all([
        tx.objectStore("visits").getAll(), tx.objectStore("meta").get("losses"),
      ]));
      this.lost = losses.findLast(({ mine, at }) => mine && at + LOSS_SAID_FOR > Date.now() / 1000);
      if (writes !== this.writes) continue;
      this.states = new Map(states.map((state) => [state.id, state]));
      return this.changed();
    }
  }
}
