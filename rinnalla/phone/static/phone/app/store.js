/**
 * What the phone keeps: its credential, the outbox, each visit as counted here, a log.
 *
 * Everything is written with strict durability: a promise that resolves means that it
 * is on the disk. A connection that the browser closed under us is opened again and the
 * writing repeated. Beside the database a small mirror stands in localStorage; when the
 * mirror knows of more facts than the database, the database has been lost.
 *
 * @typedef {{id: string, seq: number, visit: string, kind: string, body: any,
 *   made: number, v: number}} Fact
 * @typedef {{id: string, seq: number, v: number, key: string, sealed: string}} Sealed
 * @typedef {{seq: number, id: string, v: number, worker: string|null, made: number,
 *   visit?: string, waits?: number, dropAt?: number, fact?: Fact, sealed?: Sealed}} Row
 * @typedef {{device?: string, token?: string, seq: number, mine: number,
 *   visit?: string}} Mirror
 */

import { deleteDB, openDB } from "../vendor/idb.js";

const VERSION = 1;
const TRIES = 3;
const LONGEST = 10_000;
const LOG_ROWS = 500;
const STRICT = /** @type {const} */ ({ durability: "strict" });
const CLOSED = ["InvalidStateError", "AbortError", "UnknownError", "TimeoutError", "VersionError"];
/** What a wipe leaves: who this phone is, and where its sequence stands. */
const KEPT_KEYS = ["device", "token", "seq", "gone", "losses", "revokedAt", "lastContact", "leftAt"];

/** The phone cannot keep anything: "none" no storage, "full" no room, "closed" no answer. */
export class StoreError extends Error {
  /** @param {"none"|"full"|"closed"} why @param {unknown} [cause] */
  constructor(why, cause) {
    super(why, { cause });
    this.name = "StoreError";
    this.why = why;
  }
}

/**
 * Open the phone's store; makes it when it is new.
 *
 * Raises StoreError "none" where the browser keeps nothing, as in some private windows.
 */
export async function openStore(name = "rinnalla") {
  const store = new Store(name);
  try {
    await store.open();
  } catch (fault) {
    if (fault instanceof StoreError && fault.why === "full") throw fault;
    throw new StoreError("none", fault);
  }
  return store;
}

export class Store {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.mirrorKey = `rinnalla-mirror-${name}`;
    /** @type {any} */
    this.db = null;
  }

  async open() {
    this.close();
    const db = await openDB(this.name, VERSION, {
      upgrade: (made, _from, _to, tx) => {
        makeStores(made);
        // The browser threw the database away: who this phone is stands in the mirror too.
        this.remember(tx).catch(() => {});
      },
      // Another tab brings a newer version: step aside, open again when needed.
      blocking: () => this.close(),
      terminated: () => { if (this.db === db) this.db = null; },
    });
    this.db = db;
  }

  /** Take over from the mirror who this phone is, where the database does not know. */
  async remember(tx) {
    const { device, token } = this.mirror ?? {};
    const meta = tx.objectStore("meta");
    if (!device || !token || (await meta.get("device"))) return;
    await meta.put(device, "device");
    await meta.put(token, "token");
  }

  close() {
    this.db?.close();
    this.db = null;
  }

  /**
   * Do several things in one transaction; all of it is kept, or nothing.
   *
   * `work(tx, isAgain)` may await nothing but the database. `isAgain` says that an
   * earlier try may have been kept after all.
   *
   * @template T
   * @param {string[]} names of the stores
   * @param {(tx: any, isAgain: boolean) => Promise<T>} work
   * @returns {Promise<T>}
   */
  write(names, work) {
    return this.insist((isAgain) => this.attempt(names, "readwrite", (tx) => work(tx, isAgain)));
  }

  /**
   * Read several things as they stand at one moment.
   *
   * @template T
   * @param {string[]} names
   * @param {(tx: any) => Promise<T>} work
   * @returns {Promise<T>}
   */
  read(names, work) {
    return this.insist(() => this.attempt(names, "readonly", work));
  }

  /** Try again on a fresh connection when the browser has closed ours. */
  async insist(work) {
    for (let tries = 1; ; tries += 1) {
      try {
        if (!this.db) await this.open();
        return await work(tries > 1);
      } catch (fault) {
        const { name } = /** @type {Error} */ (fault);
        if (name === "QuotaExceededError") throw new StoreError("full", fault);
        if (!CLOSED.includes(name)) throw fault;
        this.close();
        if (tries === TRIES) throw new StoreError("closed", fault);
      }
    }
  }

  async attempt(names, mode, work) {
    const tx = this.db.transaction(names, mode, STRICT);
    let timer = 0;
    const silence = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new DOMException("no answer", "TimeoutError")), LONGEST);
    });
    try {
      const done = Promise.all([work(tx), tx.done]);
      const [result] = await Promise.race([done, silence]);
      return result;
    } catch (fault) {
      try { tx.abort(); } catch { /* it ended by itself */ }
      tx.done.catch(() => {});
      throw tx.error ?? fault;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {string} key */
  get(key) {
    return this.read(["meta"], (tx) => tx.objectStore("meta").get(key));
  }

  /** Several at one moment. @param {...string} keys @returns {Promise<any[]>} */
  getAll(...keys) {
    return this.read(["meta"], (tx) => {
      const meta = tx.objectStore("meta");
      return Promise.all(keys.map((key) => meta.get(key)));
    });
  }

  /** @param {string} key @param {unknown} value */
  set(key, value) {
    return this.write(["meta"], (tx) => tx.objectStore("meta").put(value, key));
  }

  /** Try whether anything is kept. Raises StoreError "none" or "full" where it is not. */
  async prove() {
    await this.set("opened", Date.now());
    if (!(await this.get("opened"))) throw new StoreError("none");
  }

  /** @param {string} id */
  visit(id) {
    return this.read(["visits"], (tx) => tx.objectStore("visits").get(id));
  }

  /** @returns {Promise<any[]>} */
  visits() {
    return this.read(["visits"], (tx) => tx.objectStore("visits").getAll());
  }

  /** Every deletion on this phone: when, why, what and how many. */
  log() {
    return this.read(["log"], (tx) => tx.objectStore("log").getAll());
  }

  /**
   * Empty the phone but for what still has to be sent; says what went.
   *
   * @param {string} reason
   * @returns {Promise<{visits: number, copies: number, settings: number, left: number}>}
   */
  wipe(reason) {
    return this.write(["meta", "outbox", "visits", "log"], async (tx) => {
      const visits = await tx.objectStore("visits").count();
      await tx.objectStore("visits").clear();
      const copies = await dropRows(tx, (row) => !row.waits && !row.sealed);
      const settings = await dropKeys(tx);
      const left = await tx.objectStore("outbox").index("waits").count();
      for (const [what, count] of Object.entries({ visits, copies, settings })) {
        await note(tx, reason, what, count);
      }
      return { visits, copies, settings, left };
    });
  }

  /** Take the whole store away; for tests and for a phone that is given up. */
  async destroy() {
    this.close();
    await deleteDB(this.name);
  }

  /** What stands beside the database. @returns {Mirror|null} */
  get mirror() {
    try {
      return JSON.parse(localStorage.getItem(this.mirrorKey));
    } catch {
      return null;
    }
  }

  /** @param {Mirror} mirror */
  set mirror(mirror) {
    try {
      localStorage.setItem(this.mirrorKey, JSON.stringify(mirror));
    } catch {
      // Without it a lost database goes unnoticed here; the server still notices.
    }
  }
}

function makeStores(db) {
  db.createObjectStore("meta");
  const outbox = db.createObjectStore("outbox", { keyPath: "seq" });
  outbox.createIndex("id", "id", { unique: true });
  outbox.createIndex("visit", "visit");
  outbox.createIndex("waits", "waits");
  db.createObjectStore("visits", { keyPath: "id" });
  db.createObjectStore("log", { autoIncrement: true });
}

/** Write down that something was deleted here, in the transaction that deletes it. */
export async function note(tx, reason, what, count) {
  if (!count) return;
  const log = tx.objectStore("log");
  const key = await log.add({ at: Math.round(Date.now() / 1000), reason, what, count });
  if (key > LOG_ROWS) await log.delete(IDBKeyRange.upperBound(key - LOG_ROWS));
}

/** Delete the outbox rows that are meant; the number of them. */
export async function dropRows(tx, isMeant) {
  let count = 0;
  for (let at = await tx.objectStore("outbox").openCursor(); at; at = await at.continue()) {
    if (!isMeant(at.value)) continue;
    await at.delete();
    count += 1;
  }
  return count;
}

async function dropKeys(tx) {
  const meta = tx.objectStore("meta");
  const keys = (await meta.getAllKeys()).filter((key) => !KEPT_KEYS.includes(key));
  for (const key of keys) await meta.delete(key);
  return keys.length;
}
