/**
 * What was recorded here and how much of it the server has answered for.
 *
 * A fact is on the disk before `add` resolves; it is sent in order until the server
 * has answered for it by its id; then a sealed copy stays for seven days, in case the
 * server is restored from an older backup and asks for it. Sent twice it changes
 * nothing there. Everything `status` says is read from the table, never remembered.
 * One tab writes; another one only looks on.
 *
 * @typedef {import("./store.js").Store} Store
 * @typedef {import("./store.js").Fact} Fact
 * @typedef {import("./store.js").Row} Row
 * @typedef {""|"offline"|"signed-out"|"revoked"|"closed"|"full"} Problem
 * @typedef {{mine: number, sending: boolean, storedAt: string, problem: Problem}} Status
 * @typedef {{id: string, result: string, why: string, text?: boolean}} Answer
 * @typedef {{version: number, now: number, at: string, facts: Answer[], totals: object,
 *   missing?: number[][], highest?: number, etag?: string, revoked?: boolean, notices?: string[],
 *   key?: string}} Reply
 */

import { fold, fresh, newId, sealed } from "./facts.js";
import { gone, merged, within } from "./ranges.js";
import { StoreError, dropRows, note } from "./store.js";

const PROTOCOL = 1;
const PATH = "/phone/sync";
const MOST = 50;
const MOST_BYTES = 60_000;
const MOST_BODY = 8_000;
const HOUR = 3600;
const DAY = 24 * HOUR;
const SEAL_AFTER = 12 * HOUR;
const COPIES_FOR = 7 * DAY;
const UNSENT_FOR = 30 * DAY;
const VISITS_FOR = 9 * DAY;
const SOON = 1000;
const TICK = 30_000;
const FIRST_WAIT = 2;
const LONGEST_WAIT = 300;
const ALL = ["meta", "outbox", "visits", "log"];

/** Why a fact could not be taken: "second-tab", "too-long" or "no-key". */
export class Refused extends Error {
  /** @param {"second-tab"|"too-long"|"no-key"} why */
  constructor(why) {
    super(why);
    this.name = "Refused";
    this.why = why;
  }
}

export class Outbox {
  /**
   * @param {{store: Store, post: (path: string, body: object) => Promise<any>,
   *   now?: () => number, onChange?: (status: Status) => void,
   *   onReply?: (reply: Reply, wiped?: object) => void, path?: string, app?: string,
   *   guidedIsMet?: (visit: string) => boolean}} options
   *   `now` says seconds since 1970; `onReply` also gets what a revocation wiped
   */
  constructor(options) {
    this.options = { path: PATH, app: "", guidedIsMet: () => true, ...options };
    this.store = options.store;
    this.now = options.now ?? (() => Date.now() / 1000);
    this.isWriter = false;
    this.most = MOST;
    this.wait = 0;
    /** Being taken into use: nothing is sent until somebody asks for it. */
    this.isHeld = false;
    this.timer = 0;
    /** @type {Promise<void>|null} */
    this.draining = null;
    this.ending = new AbortController();
    this.channel = null;
    /** @type {Promise<boolean>|boolean} */
    this.locked = false;
    this.release = () => {};
    /** @type {{mine: number, storedAt: string, revokedAt: number}} */
    this.known = { mine: 0, storedAt: "", revokedAt: 0 };
    /** @type {Problem} */
    this.trouble = "";
  }

  /** @returns {Status} */
  get status() {
    const { mine, storedAt, revokedAt } = this.known;
    const problem = this.trouble || (revokedAt ? "revoked" : "");
    return { mine, sending: Boolean(this.draining), storedAt, problem };
  }

  // --- from start to stop ---

  /**
   * Begin: become the writer if no other tab is, look after what is old, and send.
   *
   * Raises StoreError when the store did not answer; then it can be called again.
   */
  async start() {
    await this.open();
    await this.tend();
  }

  /** Become the writer if no other tab is; when this resolves, facts can be added. */
  async open() {
    if (!this.channel) {
      this.channel = new BroadcastChannel(`rinnalla-outbox-${this.store.name}`);
      this.channel.onmessage = () => this.look();
      this.locked = this.lock();
    }
    const mayWrite = await this.locked;
    await this.look();
    if (mayWrite) await this.begin();
  }

  async begin() {
    const { signal } = this.ending;
    if (signal.aborted) return;
    this.isWriter = true;
    await this.noticeLoss();
    addEventListener("online", () => this.wake(), { signal });
    document.addEventListener("visibilitychange", () => this.seen(), { signal });
    const ticking = setInterval(() => this.tick(), TICK);
    signal.addEventListener("abort", () => clearInterval(ticking));
  }

  /** Look after what is old, and send what waits. */
  async tend() {
    if (!this.isWriter) return;
    // Read while there is a network; sealing has to work without one.
    this.sealing().catch(() => {});
    await this.tidy();
    this.changed();
    this.wake();
  }

  /** End: another tab may write. What was being written is still finished. */
  stop() {
    this.ending.abort();
    this.isWriter = false;
    clearTimeout(this.timer);
    this.channel?.close();
    this.channel = null;
    this.release();
  }

  /** Whether this tab is the one that writes; else it waits until that one goes. */
  lock() {
    const name = `rinnalla-outbox-${this.store.name}`;
    if (!navigator.locks) return true;
    const hold = () => new Promise((release) => { this.release = () => release(); });
    return new Promise((tell) => {
      navigator.locks.request(name, { ifAvailable: true }, (lock) => {
        tell(Boolean(lock));
        if (lock) return hold();
        this.waitFor(name, hold);
      });
    });
  }

  waitFor(name, hold) {
    const { signal } = this.ending;
    const take = () => {
      this.begin().then(() => this.tend()).catch(() => {});
      return hold();
    };
    navigator.locks.request(name, { signal }, take).catch(() => {});
  }

  /** Looked at: news may have come. Put into the pocket: it may sleep soon. */
  seen() {
    if (document.visibilityState === "visible" || this.known.mine) this.wake();
  }

  tick() {
    this.tidy();
    if (!this.timer && document.visibilityState === "visible") this.drain();
  }

  // --- recording ---

  /**
   * Record one fact. When this resolves it is on the disk, with the visit's figures.
   *
   * Raises StoreError when the phone could not keep it: then it was not recorded, and
   * the screen must say so. Raises Refused in a second tab.
   *
   * @param {string} visit
   * @param {string} kind
   * @param {object} body
   * @returns {Promise<Fact>}
   */
  async add(visit, kind, body = {}) {
    if (!this.isWriter) throw new Refused("second-tab");
    if (JSON.stringify(body).length > MOST_BODY) throw new Refused("too-long");
    const made = Math.round(this.now());
    const fact = { id: newId(), seq: 0, visit, kind, body, made, v: PROTOCOL };
    const wire = isOwnWords(fact) ? await this.closed(fact) : null;
    if (isOwnWords(fact) && !wire) throw new Refused("no-key");
    const seq = await this.keep(fact, wire);
    if (this.trouble === "full") this.trouble = "";
    this.changed();
    if (kind === "wrap_up") this.sealVisit(visit).catch(() => {});
    this.sendSoon();
    return { ...fact, seq };
  }

  async keep(fact, wire) {
    try {
      return await this.store.write(ALL, (tx, isAgain) => this.put(tx, isAgain, fact, wire));
    } catch (fault) {
      if (!(fault instanceof StoreError) || fault.why !== "full") throw fault;
      return this.keepInLittleRoom(fact, wire);
    }
  }

  /** No room is left: let the copies of what is stored go, and try once more. */
  async keepInLittleRoom(fact, wire) {
    try {
      await this.drop("no room left", "copies", (row) => !row.waits);
      return await this.store.write(ALL, (tx) => this.put(tx, true, fact, wire));
    } catch (fault) {
      this.trouble = "full";
      this.changed();
      throw fault;
    }
  }

  /** One fact, its number and the visit's new figures, all or nothing. */
  async put(tx, isAgain, fact, wire) {
    const [meta, outbox, visits] = ["meta", "outbox", "visits"].map((n) => tx.objectStore(n));
    const there = isAgain && (await outbox.index("id").get(fact.id));
    if (there) return there.seq;
    const [seq, worker, before] = await Promise.all([
      this.lastSeq(tx), meta.get("worker"), visits.get(fact.visit),
    ]);
    const numbered = { ...fact, seq: seq + 1 };
    const { id, visit, v, made } = fact;
    const row = { seq: seq + 1, id, v, made, worker: worker ?? null, waits: 1 };
    const payload = wire ? { sealed: { ...wire, seq: seq + 1 } } : { visit, fact: numbered };
    const state = before ?? fresh(visit, this.options.guidedIsMet(visit));
    const all = Promise.all([
      outbox.add({ ...row, ...payload }),
      meta.put(seq + 1, "seq"),
      visits.put(fold(state, numbered)),
      outbox.index("waits").count(),
    ]);
    // Nothing follows: the disk need not wait until this thread has read the answers.
    tx.commit?.();
    const [, , , mine] = await all;
    this.reflect(tx, { seq: seq + 1, mine, visit });
    return seq + 1;
  }

  /** Once this transaction is kept, the mirror and the figures say so. */
  reflect(tx, { seq, mine, visit }) {
    tx.done.then(() => {
      const before = this.store.mirror;
      this.known.mine = mine;
      this.store.mirror = { ...before, seq, mine, visit: visit ?? before?.visit };
    }, () => {});
  }

  /** The last number given; where the database was lost, the mirror knows it. */
  async lastSeq(tx) {
    const meta = tx.objectStore("meta");
    const seq = (await meta.get("seq")) ?? 0;
    const mirror = this.store.mirror;
    if (!(mirror?.seq > seq)) return seq;
    const device = await meta.get("device");
    if (device && mirror.device && mirror.device !== device) return seq;
    await this.noteLoss(tx, seq, mirror);
    return mirror.seq;
  }

  async noteLoss(tx, seq, mirror) {
    const meta = tx.objectStore("meta");
    const losses = (await meta.get("losses")) ?? [];
    const { mine, visit } = mirror;
    losses.push({ from: seq + 1, to: mirror.seq, mine, visit, at: Math.round(this.now()) });
    await meta.put(losses, "losses");
    await meta.put(mirror.seq, "seq");
    await this.store.remember(tx);
    await note(tx, "the browser lost the database", "facts", mirror.mine);
  }

  noticeLoss() {
    return this.store.write(["meta", "log"], (tx) => this.lastSeq(tx));
  }

  /**
   * Times this phone's database was lost: {from, to, mine, visit, at}; `mine` facts
   * had not been answered for.
   *
   * @returns {Promise<{from: number, to: number, mine: number, visit: string, at: number}[]>}
   */
  async losses() {
    return (await this.store.get("losses")) ?? [];
  }

  /**
   * Take this phone into use. What still waits from an earlier use goes out under the
   * new one, with new numbers, once `sendNow` is called.
   *
   * @param {{device: string, token: string, name?: string}} credential
   */
  async enrol({ device, token, name = "" }) {
    this.isHeld = true;
    await this.draining;
    // A server that does not know us may be older than we are, restored from a backup.
    const isAgain = this.trouble === "signed-out";
    const seq = await this.store.write(ALL, async (tx) => {
      const meta = tx.objectStore("meta");
      const isNew = (await meta.get("device")) !== device;
      for (const [key, value] of Object.entries({ device, token, name })) await meta.put(value, key);
      if (!isNew) return (await meta.get("seq")) ?? 0;
      for (const key of ["gone", "revokedAt", "storedAt"]) await meta.delete(key);
      const last = await renumber(tx, isAgain);
      await meta.put(last, "seq");
      return last;
    });
    this.store.mirror = { device, token, seq, mine: seq };
    await this.look();
  }

  // --- sending ---

  /** Send what waits, now; resolves when it is sent or cannot be. */
  sendNow() {
    this.isHeld = false;
    return this.wake();
  }

  /** A good moment to send: the waits begin anew. */
  wake() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.wait = 0;
    return this.drain();
  }

  sendSoon() {
    if (!this.timer && !this.draining) this.after(SOON);
  }

  after(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.drain();
    }, milliseconds);
  }

  /** One batch in flight at a time. */
  drain() {
    this.draining ??= this.sendAll().finally(() => {
      this.draining = null;
      this.changed();
      // Recorded while the last answer was being read.
      if (this.isWriter && this.known.mine) this.sendSoon();
    });
    return this.draining;
  }

  async sendAll() {
    /** What was asked for again in this round: asked twice it waits for the next one. */
    this.asked = new Set();
    this.most = MOST;
    try {
      if (this.isHeld || !(await this.isInUse())) return;
      while (this.isWriter && !this.isHeld && (await this.sendBatch()));
    } catch {
      // The store did not answer. What waits is still there.
      if (this.isWriter) this.later(this.trouble);
    }
  }

  /** Whether somebody has taken this phone into use; a guest's link needs nobody. */
  async isInUse() {
    return this.options.path !== PATH || Boolean(await this.store.get("device"));
  }

  /** @returns {Promise<boolean>} whether to go on with the next batch */
  async sendBatch() {
    const batch = await this.batch();
    this.changed();
    let answer;
    try {
      answer = await this.options.post(this.options.path, batch.body);
    } catch {
      return this.isWriter && this.later("offline");
    }
    if (!this.isWriter) return false;
    if (answer.status === 413 && batch.rows.length > 1) {
      this.most = Math.floor(batch.rows.length / 2);
      return true;
    }
    if (answer.status === 401) return this.later("signed-out");
    // A closed link still takes what was tapped before, into quarantine.
    const isClosed = answer.status === 410;
    if (![200, 410].includes(answer.status) || !isReply(answer.body)) {
      return this.later(isClosed ? "closed" : "offline");
    }
    const goesOn = await this.take(batch, answer.body);
    return isClosed && !goesOn ? this.later("closed") : goesOn;
  }

  /** What goes out next: the oldest that wait, of one worker, with how things stand. */
  async batch() {
    const names = ["meta", "outbox"];
    const [found, seq, mine, gone, worker] = await this.store.read(names, (tx) => {
      const meta = tx.objectStore("meta");
      const waits = tx.objectStore("outbox").index("waits");
      const said = ["seq", "gone", "worker"].map((key) => meta.get(key));
      return Promise.all([waits.getAll(null, this.most), said[0], waits.count(), said[1], said[2]]);
    });
    const rows = withinBytes(found.filter((row) => row.worker === found[0].worker));
    const body = {
      version: PROTOCOL,
      worker: (rows.length ? rows[0].worker : worker) ?? null,
      now: Math.round(this.now()),
      highest: seq ?? 0,
      unsent: mine,
      gone: gone ?? [],
      app: this.options.app,
      facts: rows.map(wireOf),
    };
    return { rows, body };
  }

  /** The server has answered. @param {{rows: Row[], body: any}} batch @param {Reply} reply */
  async take(batch, reply) {
    const known = new Set(reply.facts.map(({ id }) => id));
    const rows = batch.rows.filter(({ id }) => known.has(id));
    const copies = new Map();
    for (const row of rows) copies.set(row.id, row.sealed ?? (await this.closed(row.fact)));
    const isNews = reply.revoked && !this.known.revokedAt;
    const left = await this.store.write(ALL, (tx) => this.settle(tx, rows, copies, batch, reply));
    this.wait = 0;
    this.trouble = "";
    const wiped = isNews ? await this.wipe("revoked") : undefined;
    await this.look();
    this.options.onReply?.(reply, wiped);
    if (batch.rows.length && !rows.length) return this.later("offline");
    return left > 0;
  }

  /** Let go of what was answered, take up what is asked for: one transaction. */
  async settle(tx, rows, copies, batch, reply) {
    const [meta, outbox] = ["meta", "outbox"].map((name) => tx.objectStore(name));
    const dropAt = Math.round(this.now()) + COPIES_FOR;
    for (const row of rows) await release(outbox, row, copies.get(row.id), dropAt);
    const told = batch.body.gone;
    const still = ((await meta.get("gone")) ?? []).filter((range) => !within(range, told));
    const asked = await this.lookUp(outbox, reply.missing ?? []);
    await meta.put(merged([...still, ...asked]), "gone");
    await meta.put(reply.at, "storedAt");
    await meta.put(Math.round(this.now()), "lastContact");
    if (reply.revoked) {
      if (!(await meta.get("revokedAt"))) await meta.put(Math.round(this.now()), "revokedAt");
      // Tapped after the wipe, when no key was left: the server has it, nothing stays.
      await note(tx, "revoked", "copies", await dropRows(tx, (row) => !row.waits && !row.sealed));
    } else await meta.delete("revokedAt");
    await note(tx, "told the server that these are gone", "facts", sizeOf(told));
    // The database may have been thrown away while the answer was on its way.
    let seq = await this.lastSeq(tx);
    if (reply.highest > seq) {
      // The server heard of more than we know of: neither database nor mirror is whole.
      await this.noteLoss(tx, seq, { seq: reply.highest, mine: reply.highest - seq });
      seq = reply.highest;
    }
    const mine = await outbox.index("waits").count();
    this.reflect(tx, { seq, mine, visit: undefined });
    const isNews = asked.some((range) => !within(range, told));
    return mine + (isNews ? 1 : 0);
  }

  /** Put copies the server asks for back into the queue; what is not here is gone. */
  async lookUp(outbox, missing) {
    const lacking = [];
    for (const range of missing) {
      const rows = await outbox.getAll(IDBKeyRange.bound(range[0], range[1]));
      lacking.push(...gone(range, rows.map(({ seq }) => seq)));
      for (const { dropAt: _dropAt, ...row } of rows) {
        if (row.waits || this.asked.has(row.seq)) continue;
        this.asked.add(row.seq);
        await outbox.put({ ...row, waits: 1 });
      }
    }
    return lacking;
  }

  /** Try again in a while, each time later. @param {Problem} problem */
  later(problem) {
    this.trouble = problem;
    this.wait = Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, this.wait * 2));
    const jitter = 0.75 + Math.random() / 2;
    this.after(Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, this.wait * jitter)) * 1000);
    return false;
  }

  // --- sealing, and what time takes away ---

  /** The sealed form of a fact; null as long as no key is here. @param {Fact} fact */
  async closed(fact) {
    const key = (await this.store.get("reference"))?.key;
    if (!key) return null;
    try {
      const { seal } = await this.sealing();
      return await seal(fact, key);
    } catch {
      return null;
    }
  }

  sealing() {
    return import("./seal.js");
  }

  /**
   * Seal what this phone holds of a visit, and forget its figures; says whether it could.
   *
   * @param {string} id
   */
  async sealVisit(id) {
    const rows = await this.store.read(["outbox"], (tx) =>
      tx.objectStore("outbox").index("visit").getAll(id));
    const copies = new Map();
    for (const row of rows) copies.set(row.id, await this.closed(row.fact));
    if ([...copies.values()].includes(null)) return false;
    await this.store.write(["outbox", "visits"], async (tx) => {
      const [outbox, visits] = ["outbox", "visits"].map((name) => tx.objectStore(name));
      for (const row of rows) await sealRow(outbox, row, copies.get(row.id));
      const state = await visits.get(id);
      if (state && this.isDue(state)) await visits.put(sealed(state));
    });
    return true;
  }

  /** Seal what was wrapped up, and what ended or fell silent twelve hours ago. */
  async sealOld() {
    const [plain, states] = await this.store.read(["outbox", "visits"], (tx) => Promise.all([
      tx.objectStore("outbox").index("visit").getAll(),
      tx.objectStore("visits").getAll(),
    ]));
    const due = new Set(states.filter((state) => !state.isSealed && this.isDue(state))
      .map(({ id }) => id));
    const known = new Map(states.map((state) => [state.id, state]));
    for (const { visit, made } of plain) {
      if (this.isDue(known.get(visit) ?? { last: made })) due.add(visit);
    }
    for (const id of due) await this.sealVisit(id);
  }

  isDue({ wrapped = false, left = false, ended = 0, last = 0 }) {
    return wrapped || left || (ended || last) + SEAL_AFTER < this.now();
  }

  /** Seal and drop what is old; one that cannot be done now is tried again. */
  async tidy() {
    try {
      // Put away in the middle of being taken out of use.
      if (this.known.revokedAt && (await this.store.get("reference"))) await this.wipe("revoked");
      await this.sealOld();
      await this.drop("seven days after it was stored", "copies",
        (row) => !row.waits && row.dropAt < this.now());
      await this.dropUnsent();
      await this.dropVisits();
      await this.look();
    } catch {
      // The store did not answer; the next tick comes.
    }
  }

  /** Delete outbox rows and write down how many and why. */
  drop(reason, what, isMeant) {
    return this.store.write(["outbox", "log"], async (tx) => {
      await note(tx, reason, what, await dropRows(tx, isMeant));
    });
  }

  /**
   * What could not be sent from a revoked phone, or one out of touch, goes after 30
   * days. A clock that leapt must not do it: the limit has to be seen on two days.
   */
  async dropUnsent() {
    const [contact, revokedAt, seenAt] = await Promise.all(
      ["lastContact", "revokedAt", "overdueAt"].map((key) => this.store.get(key)));
    const since = revokedAt || contact;
    if (!since || since + UNSENT_FOR > this.now()) {
      if (seenAt) await this.store.set("overdueAt", 0);
    } else if (!seenAt) await this.store.set("overdueAt", this.now());
    else if (seenAt + DAY < this.now()) {
      await this.drop("30 days without reaching the server", "unsent facts",
        (row) => row.waits && row.sealed && row.made + UNSENT_FOR < this.now());
    }
  }

  /** Past every wrap-up: the visits' figures, what was said of their end, drafts of it. */
  dropVisits() {
    const before = this.now() - VISITS_FOR;
    const isOld = (state) => state.isSealed && state.last < before;
    return this.store.write(["meta", "visits", "log"], async (tx) => {
      const [meta, visits] = ["meta", "visits"].map((name) => tx.objectStore(name));
      const old = (await visits.getAll()).filter(isOld);
      for (const { id } of old) await visits.delete(id);
      await note(tx, "nine days after the last record", "visits", old.length);
      const ends = (await meta.getAllKeys()).filter((key) => /^(draft|ended):/.test(key));
      const said = await Promise.all(ends.map((key) => meta.get(key)));
      const past = ends.filter((_key, place) => (said[place]?.at ?? 0) / 1000 < before);
      for (const key of past) await meta.delete(key);
      await note(tx, "nine days after the last record", "drafts", past.length);
    });
  }

  /**
   * Seal what can be sealed and empty the phone but for what still has to be sent.
   *
   * @param {string} reason
   */
  async wipe(reason) {
    const plain = await this.store.read(["outbox"], (tx) =>
      tx.objectStore("outbox").index("visit").getAll());
    for (const visit of new Set(plain.map((row) => row.visit))) await this.sealVisit(visit);
    const wiped = await this.store.wipe(reason);
    await this.look();
    return wiped;
  }

  // --- telling ---

  /** Read from the table how things stand. */
  async look() {
    const [mine, storedAt, revokedAt] = await this.store.read(["meta", "outbox"], (tx) => {
      const meta = tx.objectStore("meta");
      const waits = tx.objectStore("outbox").index("waits");
      return Promise.all([waits.count(), meta.get("storedAt"), meta.get("revokedAt")]);
    });
    this.known = { mine, storedAt: storedAt ?? "", revokedAt: revokedAt ?? 0 };
    this.options.onChange?.(this.status);
  }

  changed() {
    if (this.isWriter) this.channel?.postMessage("changed");
    this.options.onChange?.(this.status);
  }
}

/** Own words are closed at the moment of writing. @param {Fact} fact */
function isOwnWords({ kind, body }) {
  return kind === "note" || Boolean(body.text);
}

/** @param {Row} row */
function wireOf(row) {
  return row.sealed ?? row.fact;
}

/** As many rows as fit into one request. @param {Row[]} rows */
function withinBytes(rows) {
  const encoder = new TextEncoder();
  let room = MOST_BYTES;
  const fits = rows.filter((row) => {
    room -= encoder.encode(JSON.stringify(wireOf(row))).length + 1;
    return room >= 0;
  });
  return fits.length ? fits : rows.slice(0, 1);
}

/** Whether this is our server's answer, and not some other page's. */
function isReply(body) {
  return body?.version === PROTOCOL && Array.isArray(body.facts) && typeof body.at === "string";
}

/** An answered row: its payload goes, a sealed copy stays for a week. */
async function release(outbox, { seq, id }, copy, dropAt) {
  const row = await outbox.get(seq);
  if (row?.id !== id || !row.waits) return;
  const { waits: _waits, visit, fact, ...kept } = row;
  const payload = row.sealed || copy ? { sealed: row.sealed ?? { ...copy, seq } } : { visit, fact };
  await outbox.put({ ...kept, ...payload, dropAt });
}

async function sealRow(outbox, { seq, id }, copy) {
  const row = await outbox.get(seq);
  if (row?.id !== id || row.sealed) return;
  const { visit: _visit, fact: _fact, ...kept } = row;
  await outbox.put({ ...kept, sealed: { ...copy, seq } });
}

/**
 * Number what waits anew from 1. Copies of an earlier use wait again where the server
 * may have lost what it had; else they go. The last number.
 */
async function renumber(tx, isAgain) {
  const outbox = tx.objectStore("outbox");
  const all = await outbox.getAll();
  const rows = all.filter(({ waits }) => waits || isAgain);
  await outbox.clear();
  await note(tx, "the phone was taken into use anew", "copies", all.length - rows.length);
  for (const [place, row] of rows.entries()) await outbox.add(numbered(row, place + 1));
  return rows.length;
}

function numbered(row, seq) {
  const { dropAt: _dropAt, ...kept } = row;
  const payload = row.sealed ? { sealed: { ...row.sealed, seq } } : { fact: { ...row.fact, seq } };
  return { ...kept, ...payload, seq, waits: 1 };
}

function sizeOf(ranges) {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}
