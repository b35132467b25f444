/**
 * What the phone takes along: visits, places, choices. Shown for a limited time.
 *
 * It is read from the store first, then asked from the server by its mark (ETag). So many
 * hours after the last contact (72 where nobody set otherwise) the names of places and
 * people are hidden; the visits themselves stay, bare, so that counting goes on.
 *
 * @typedef {import("./store.js").Store} Store
 * @typedef {"fresh"|"same"|"offline"|"signed-out"|"revoked"|"left"} Outcome
 */

const PATH = "/phone/reference";
const EVERY = 4 * 60_000;
const HOUR = 3600;
const HOURS = 72;
/** What tells of places and people; a visit without it can still be counted. */
const NAMED = { site: null, title: "", kind: "", workers: [], names: [], why_text: "" };

/** The reference data without what tells of places and people. */
export function hidden(reference) {
  return {
    ...reference,
    visits: reference.visits.map((visit) => ({ ...visit, ...NAMED })),
    sites: [],
    places: [],
    street: null,
    workers: [],
  };
}

export class Reference {
  /**
   * @param {{store: Pick<Store, "get"|"getAll"|"set">, get: (path: string, etag?: string) =>
   *   Promise<{status: number, body: any, etag: string}>, path?: string,
   *   now?: () => number, onChange?: () => void}} options
   *   `now` says seconds since 1970
   */
  constructor(options) {
    this.options = { path: PATH, now: () => Date.now() / 1000, onChange: () => {}, ...options };
    this.store = options.store;
    /** Everything that was taken along, whatever its age. @type {any} */
    this.whole = null;
    this.etag = "";
    /** Seconds since 1970 by this phone's clock; 0 before the first contact. */
    this.contact = 0;
    this.seen = 0;
    this.ending = new AbortController();
    /** @type {Promise<Outcome>|null} */
    this.asking = null;
  }

  /** What may be shown now: all of it, the bare visits, or null when nothing is here. */
  get data() {
    if (!this.whole) return null;
    return this.isFresh() ? this.whole : hidden(this.whole);
  }

  get isTooOld() {
    return Boolean(this.whole) && !this.isFresh();
  }

  /** Whether the last contact is recent enough for names to be shown. */
  isFresh() {
    // A clock set back does not make old data young again.
    const now = Math.max(this.options.now(), this.seen);
    return now - this.contact <= (this.whole?.hours ?? HOURS) * HOUR;
  }

  /** Read what was taken along last. */
  async load() {
    const keys = ["reference", "etag", "lastContact", "seen"];
    const [whole, etag, contact, seen] = await this.store.getAll(...keys);
    Object.assign(this, { whole: whole ?? null, etag: etag ?? "", seen: seen ?? 0 });
    this.contact = contact ?? 0;
    return this.data;
  }

  /** Ask the server for news; one question at a time. @returns {Promise<Outcome>} */
  refresh() {
    this.asking ??= this.ask().finally(() => { this.asking = null; });
    return this.asking;
  }

  async ask() {
    if (await this.store.get("leftAt")) return "left";
    let answer;
    try {
      answer = await this.options.get(this.options.path, this.whole ? this.etag : "");
    } catch {
      return this.look("offline");
    }
    const { status, body, etag } = answer;
    if (status === 401) return this.look("signed-out");
    if (status === 403) return this.look("revoked");
    if (status === 304) return this.met("same");
    if (status !== 200 || !Array.isArray(body?.visits)) return this.look("offline");
    await this.store.set("reference", body);
    await this.store.set("etag", etag);
    Object.assign(this, { whole: body, etag });
    return this.met("fresh");
  }

  /** The server has answered: the hours begin anew. @param {Outcome} outcome */
  async met(outcome) {
    const now = Math.round(this.options.now());
    Object.assign(this, { contact: now, seen: now });
    await this.store.set("lastContact", now);
    await this.store.set("seen", now);
    this.options.onChange();
    return outcome;
  }

  /** Take up a contact that the outbox had, and remember how late it is by the clock.
   * @param {Outcome} outcome */
  async look(outcome) {
    const wasFresh = this.isFresh();
    const [whole, contact] = await this.store.getAll("reference", "lastContact");
    const now = Math.round(this.options.now());
    if (contact > this.contact) Object.assign(this, { contact, seen: contact });
    else if (now > this.seen) await this.store.set("seen", (this.seen = now));
    if (!whole) this.whole = null;
    if (wasFresh !== this.isFresh()) this.options.onChange();
    return outcome;
  }

  /** Ask now, when the network or the eye comes back, and every few minutes. */
  start() {
    this.stop();
    this.ending = new AbortController();
    const { signal } = this.ending;
    const seen = () => { if (document.visibilityState === "visible") this.refresh(); };
    addEventListener("online", () => this.refresh(), { signal });
    document.addEventListener("visibilitychange", seen, { signal });
    const ticking = setInterval(seen, EVERY);
    signal.addEventListener("abort", () => clearInterval(ticking));
    return this.refresh();
  }

  stop() {
    this.ending.abort();
  }
}
