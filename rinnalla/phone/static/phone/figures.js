/**
 * The figures on the counter: what the server last said, and what is on its way.
 *
 * @typedef {{own: number, guided: number, marks: number, together: number,
 *   others: number, most_other: number, loose: number, same_queue: boolean,
 *   is_open: boolean}} Totals
 * @typedef {{own?: number, guided?: number, marks?: number, same?: boolean}} Effect
 */

export class Figures {
  /** @param {Totals} totals */
  constructor(totals) {
    this.base = totals;
    this.knownAt = Date.now();
    /** @type {Map<string, Effect>} */
    this.pending = new Map();
  }

  /** Something was tapped: it shows at once. @param {string} id @param {Effect} effect */
  add(id, effect) {
    this.pending.set(id, effect);
  }

  /** The server has answered for these ids and said how things stand. */
  settle(ids, totals) {
    for (const id of ids) this.pending.delete(id);
    if (totals) this.know(totals);
  }

  /** @param {Totals} totals */
  know(totals) {
    this.base = totals;
    this.knownAt = Date.now();
  }

  sum(name) {
    let sum = this.base[name];
    for (const effect of this.pending.values()) sum += effect[name] ?? 0;
    return sum;
  }

  get own() { return this.sum("own"); }
  get guided() { return this.sum("guided"); }
  get marks() { return this.sum("marks"); }

  get isSameQueue() {
    let on = this.base.same_queue;
    for (const effect of this.pending.values()) on = effect.same ?? on;
    return on;
  }

  /** All phones together; of one shared queue the greatest figure. */
  get together() {
    const { loose, most_other: most, others } = this.base;
    return loose + (this.isSameQueue ? Math.max(most, this.own) : others + this.own);
  }
}
