/**
 * A visit's own words on the phone: guarded while they are written, sealed at entry.
 *
 * Words never lie readable on the phone. What the guard lets through becomes a fact of
 * its own that only the server can open, after a moment's silence and when the field is
 * left; new words replace it. What the guard refuses is written nowhere.
 */

import { refusals, tidy, warnings } from "../../lib/guard.js";

const SILENCE = 1500;
// Left by a press on a button, the field says nothing before that press is through.
const SOON = 300;

export class Words {
  /**
   * @param {{field: HTMLTextAreaElement, confirmed: HTMLInputElement,
   *   keep: (text: string, shown: string) => Promise<unknown>,
   *   say: (kinds: string[], isDoubt: boolean) => void}} options
   *   `keep` seals and keeps, and answers nothing when it could not; `say` shows what
   *   the guard found
   */
  constructor(options) {
    this.options = options;
    this.kept = "";
    this.timer = 0;
    /** @type {Promise<unknown>} */
    this.keeping = Promise.resolve();
    const { field, confirmed } = options;
    field.addEventListener("input", () => this.wait(() => this.take(), SILENCE));
    field.addEventListener("change", () => this.wait(() => this.finish(), SOON));
    confirmed.addEventListener("change", () => this.finish());
    this.hide = () => { if (document.visibilityState === "hidden") this.take(); };
    document.addEventListener("visibilitychange", this.hide);
  }

  leave() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.hide);
  }

  /** @param {() => unknown} act @param {number} silence */
  wait(act, silence) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, silence);
  }

  get text() {
    return tidy(this.options.field.value).trim();
  }

  /** What stands in the way of these words, as the guard names it. */
  get faults() {
    const refused = refusals(this.text);
    if (refused.length) return { kinds: refused, isDoubt: false };
    const doubts = warnings(this.text);
    return { kinds: this.options.confirmed.checked ? [] : doubts, isDoubt: doubts.length > 0 };
  }

  /** Say what the guard finds, keep what it lets through; whether all is well. */
  async finish() {
    const { kinds, isDoubt } = this.faults;
    this.options.say(kinds, isDoubt);
    return !kinds.length && this.take();
  }

  /** Seal the words as they are now, unless the guard stops them or they are kept. */
  take() {
    clearTimeout(this.timer);
    this.keeping = this.keeping.then(() => this.seal());
    return this.keeping;
  }

  async seal() {
    const { text } = this;
    if (text === this.kept) return true;
    if (this.faults.kinds.length) return false;
    const fact = await this.options.keep(text, this.kept);
    if (fact) this.kept = text;
    return Boolean(fact);
  }
}
