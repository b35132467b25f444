/**
 * The sheet of chips over the counter: never in the way, each chip kept at once.
 * Ignored, it is gone after 20 seconds of silence; one press opens it again. Touched or
 * asked for, it stays: a thumb that comes after a long talk must not hit the counter.
 */

import { chipGroup, valueOf } from "./chips.js";
import { part } from "./screen.js";

const SILENCE = 20_000;
const FIRST = ["topics", "methods", "next_step"];
const MORE = ["age_band", "familiarity", "target_groups", "items", "origin"];
const MOST_TICKETS = 20;

export class Sheet {
  /**
   * @param {HTMLElement} place where the sheet stands
   * @param {{lists: object, used: object,
   *   onDetail: (field: string, value: unknown) => void,
   *   onMatter: (on: boolean) => void,
   *   onShow: (isShown: boolean, byItself?: boolean) => void}} options
   */
  constructor(place, options) {
    this.place = place;
    this.options = options;
    this.timer = 0;
    /** Whether somebody is at it: then only they close it. */
    this.stays = false;
    /** The meeting that is told of now, or nothing. */
    this.meeting = "";
  }

  /**
   * Open for a meeting, with what was told of it already.
   * @param {string} meeting @param {string} title @param {object} [told]
   * @param {boolean} [stays] somebody asked for it
   */
  open(meeting, title, told = {}, stays = false) {
    const sheet = part("sheet");
    this.form = sheet.querySelector("form");
    this.fill(sheet, told);
    sheet.querySelector("[data-sheet-title]").textContent = title;
    this.listen();
    this.place.replaceChildren(sheet);
    this.meeting = meeting;
    this.stays = stays;
    this.wait();
    this.options.onShow(true);
  }

  /** @param {HTMLElement} sheet @param {object} told */
  fill(sheet, told) {
    const { lists, used } = this.options;
    const group = (field) => chipGroup(lists, field, { used, chosen: told[field] });
    sheet.querySelector("[data-first]").replaceChildren(...FIRST.map(group));
    sheet.querySelector("[data-more-groups]").replaceChildren(...MORE.map(group));
    /** @param {string} name @returns {HTMLInputElement} */
    const field = (name) => sheet.querySelector(`[name=${name}]`);
    field("has_language_barrier").checked = Boolean(told.has_language_barrier);
    field("tickets").value = String(told.tickets ?? 0);
  }

  listen() {
    const { form } = this;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.close(); });
    form.querySelector("[data-later]").addEventListener("click", () => this.close());
    form.addEventListener("change", (event) => {
      this.changed(/** @type {HTMLInputElement} */ (event.target));
    });
    const extra = form.querySelector("details");
    extra.addEventListener("toggle", () => {
      if (extra.open) extra.scrollIntoView({ block: "start" });
    });
    const touched = () => { this.stays = true; this.wait(); };
    for (const kind of ["pointerdown", "keydown", "scroll"]) {
      form.addEventListener(kind, touched, { capture: true, passive: true });
    }
  }

  /** @param {boolean} [byItself] nobody closed it */
  close(byItself = false) {
    clearTimeout(this.timer);
    this.meeting = "";
    this.place.replaceChildren();
    this.options.onShow(false, byItself);
  }

  /** The silence begins anew. */
  wait() {
    clearTimeout(this.timer);
    if (this.meeting && !this.stays) this.timer = setTimeout(() => this.close(true), SILENCE);
  }

  /** @param {HTMLInputElement} input */
  changed(input) {
    if (!input.name || !this.meeting) return;
    if (input.name === "matter_opened") return this.options.onMatter(input.checked);
    this.options.onDetail(input.name, this.valueOf(input));
  }

  /** @param {HTMLInputElement} input */
  valueOf(input) {
    if (input.name === "has_language_barrier") return input.checked;
    if (input.type === "number") return Math.max(0, Math.min(MOST_TICKETS, Number(input.value) || 0));
    return valueOf(input.closest("fieldset"));
  }
}
