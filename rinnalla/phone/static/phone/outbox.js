/**
 * What was tapped and is not yet known to be on the server.
 *
 * A fact is {id, device, visit, kind, body}; it is sent in order until the server has
 * answered for it by its id. Sent twice it changes nothing there, so nothing is lost
 * and nothing is counted twice. Kept in memory for now.
 *
 * @typedef {{id: string, device: string, visit: string, kind: string, body: object}} Fact
 * @typedef {{id: string, result: string, why: string}} Answer
 * @typedef {"idle"|"saving"|"stored"|"offline"|"signed-out"|"closed"} State
 */

const MOST = 40;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

/** A random id; without a secure page randomUUID is missing. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Outbox {
  /**
   * @param {{url: string, token: string, renew: () => Promise<string>,
   *   onState: (state: State, outbox: Outbox) => void,
   *   onAnswer: (answers: Answer[], reply: object) => void}} options
   */
  constructor(options) {
    this.options = options;
    this.token = options.token;
    /** @type {{fact: Fact, at: number}[]} */
    this.waiting = [];
    this.isSending = false;
    this.wait = FIRST_WAIT;
    this.timer = 0;
    this.storedAt = "";
    /** @type {State} */
    this.state = "idle";
    addEventListener("online", () => this.retryNow());
    addEventListener("pagehide", () => this.sendLast());
    addEventListener("beforeunload", (event) => {
      if (this.waiting.length) event.preventDefault();
    });
  }

  get size() {
    return this.waiting.length;
  }

  /** Take one fact; it leaves as soon as the number on the screen has changed.
   * @param {Fact} fact */
  add(fact) {
    this.waiting.push({ fact, at: Date.now() });
    if (this.state === "idle" || this.state === "stored") this.tell("saving");
    else this.tell(this.state);
    queueMicrotask(() => this.send());
  }

  retryNow() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.wait = FIRST_WAIT;
    if (this.waiting.length) this.send();
  }

  /** Send what waits, a batch at a time, while the server answers. */
  async send() {
    if (this.isSending || this.timer || this.state === "closed") return;
    this.isSending = true;
    while (this.waiting.length && (await this.sendBatch()));
    this.isSending = false;
  }

  /** @returns {Promise<boolean>} whether to go on with the next batch */
  async sendBatch() {
    const batch = this.waiting.slice(0, MOST);
    let response;
    try {
      response = await this.post(batch);
      if (response.status === 403) response = await this.postAnew(batch);
      if (response.ok) {
        this.takeAnswer(await response.json());
        return true;
      }
    } catch {
      return this.later("offline");
    }
    if (response.status === 401) return this.later("signed-out");
    if (response.status === 410) return this.tell("closed");
    return this.later("offline");
  }

  /** @param {{fact: Fact, at: number}[]} batch */
  post(batch) {
    const facts = batch.map(({ fact, at }) => {
      const age = Math.max(0, Math.round((Date.now() - at) / 1000));
      return { ...fact, age };
    });
    return fetch(this.options.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": this.token,
      },
      body: JSON.stringify({ facts }),
      keepalive: true,
      redirect: "error",
    });
  }

  /** The form's token has aged (signed in again elsewhere): ask for a new one. */
  async postAnew(batch) {
    this.token = await this.options.renew();
    return this.post(batch);
  }

  takeAnswer(reply) {
    const known = new Set(reply.facts.map((answer) => answer.id));
    this.waiting = this.waiting.filter(({ fact }) => !known.has(fact.id));
    this.wait = FIRST_WAIT;
    this.storedAt = reply.at;
    this.options.onAnswer(reply.facts, reply);
    this.tell(this.waiting.length ? "saving" : "stored");
  }

  /** Try again in a while, each time a little later. @param {State} state */
  later(state) {
    this.timer = setTimeout(() => this.goOn(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return this.tell(state);
  }

  goOn() {
    this.timer = 0;
    this.send();
  }

  /** The page goes away: one last try that outlives it. */
  sendLast() {
    if (this.waiting.length) this.post(this.waiting.slice(0, MOST)).catch(() => {});
  }

  /** @param {State} state */
  tell(state) {
    this.state = state;
    this.options.onState(state, this);
    return false;
  }
}
