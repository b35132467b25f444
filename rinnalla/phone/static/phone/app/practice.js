/**
 * Practice: an invented queue, counted on this screen only. Nothing is sent, nothing is
 * kept: there is no request in this file, and no storage.
 */

import { chipGroup } from "./chips.js";
import { show } from "./screen.js";

/** @typedef {"met" | "guided"} Tap */

const GROUPS = ["topics", "methods", "next_step"];
const SECOND = 1000;

/** @param {import("./app.js").App} app */
export function open(app) {
  const practice = new Practice(app, show("practice"));
  return () => practice.stop();
}

class Practice {
  /** @param {import("./app.js").App} app @param {import("./screen.js").Screen} screen */
  constructor(app, screen) {
    this.app = app;
    this.screen = screen;
    this.queue = screen.all("[data-queue] > li").map((line) => ({
      kind: line.dataset.kind ?? "",
      number: Number(line.dataset.number),
      text: line.textContent ?? "",
    }));
    /** @type {Tap[]} */
    this.taps = [];
    /** @type {Set<string>} */
    this.tried = new Set();
    this.place = 0;
    this.left = 0;
    this.isPaused = false;
    this.ticking = 0;
    this.listen();
  }

  listen() {
    const { screen } = this;
    screen.press("[data-start]", () => this.begin());
    screen.press("[data-end]", () => this.end());
    screen.press("[data-undo]", () => this.undo());
    screen.press("[data-later]", () => this.showSheet(false));
    screen.press("[data-pause-button]", () => this.pause());
    screen.press("button[data-tap]", (button) => this.press(/** @type {Tap} */ (button.dataset.tap)));
    const form = screen.one("[data-sheet]");
    form.addEventListener("submit", (event) => { event.preventDefault(); this.showSheet(false); });
    form.addEventListener("change", () => this.tried.add("chips"));
  }

  stop() { clearInterval(this.ticking); }

  // --- the queue ---

  begin() {
    [this.taps, this.tried, this.place, this.isPaused] = [[], new Set(), 0, false];
    this.stop();
    this.ticking = setInterval(() => this.tick(), SECOND);
    this.showSheet(false);
    this.show("counter");
    this.showMoment();
    this.showNumbers();
    this.showPause();
    scrollTo(0, 0);
  }

  tick() {
    if (this.isPaused || this.place >= this.queue.length - 1) return;
    this.left -= 1;
    if (this.left > 0) return;
    this.place += 1;
    this.showMoment();
  }

  showMoment() {
    const { screen } = this;
    this.left = Number(screen.texts.seconds);
    screen.fill("moment", this.queue[this.place].text);
    screen.all("[data-row] .rn-i").forEach((figure, place) => {
      figure.classList.toggle("is-now", place === this.place);
      figure.classList.toggle("is-gone", place < this.place);
    });
  }

  // --- pressing ---

  /** @param {Tap} kind */
  press(kind) {
    this.taps.push(kind);
    this.tried.add(kind);
    if (kind === "guided") this.openSheet();
    this.showNumbers();
  }

  undo() {
    if (this.taps.pop() === "guided") this.showSheet(false);
    this.tried.add("undo");
    this.showNumbers();
  }

  pause() {
    this.isPaused = !this.isPaused;
    this.showPause();
  }

  end() {
    this.stop();
    this.tried.add("end");
    this.showSheet(false);
    this.show("end");
    this.showEnd();
    this.screen.one("#end-title").focus();
  }

  // --- showing ---

  /** A guided person was met too. */
  get counted() {
    return { met: this.taps.length, guided: this.taps.filter((tap) => tap === "guided").length };
  }

  /** What the queue held up to this moment. @param {string} kind */
  there(kind) {
    const seen = this.queue.slice(0, this.place + 1).filter((moment) => moment.kind === kind);
    return seen.reduce((sum, moment) => sum + moment.number, 0);
  }

  /** @param {string} face */
  show(face) {
    for (const part of this.screen.all("[data-face]")) part.hidden = part.dataset.face !== face;
  }

  openSheet() {
    const { screen, app } = this;
    const groups = app.reference ? GROUPS.map((name) => chipGroup(app.reference, name)) : [];
    screen.one("[data-groups]").replaceChildren(...groups);
    screen.fill("sheet-title", screen.texts.guided);
    this.showSheet(true);
  }

  /** @param {boolean} isOpen */
  showSheet(isOpen) {
    for (const part of this.screen.all("[data-part]")) part.hidden = (part.dataset.part === "sheet") !== isOpen;
    this.screen.one(".pr-counter").classList.toggle("rn-counter--sheet", isOpen);
  }

  showNumbers() {
    const { met, guided } = this.counted;
    this.screen.fill("met", met);
    this.screen.fill("guided", guided);
    /** @type {HTMLButtonElement} */ (this.screen.one("[data-undo]")).disabled = !met;
  }

  showPause() {
    const button = this.screen.one("[data-pause-button]");
    button.textContent = this.isPaused ? this.screen.texts.goOn : this.screen.texts.pause;
    button.setAttribute("aria-pressed", String(this.isPaused));
  }

  showEnd() {
    const { screen } = this;
    const was = { met: this.there("met") + this.there("guided"), guided: this.there("guided"), by: this.there("by") };
    for (const cell of screen.all("[data-there]")) {
      cell.textContent = String(was[/** @type {keyof was} */ (cell.dataset.there)]);
    }
    screen.fill("verdict", this.verdict(this.counted.met - was.met));
    for (const line of screen.all("[data-try]")) {
      const isTried = this.tried.has(line.dataset.try ?? "");
      line.classList.toggle("is-tried", isTried);
      line.querySelector("b").textContent = isTried ? screen.texts.tried : screen.texts.notYet;
    }
  }

  /** Kind words about the difference; an early end is not one. @param {number} more */
  verdict(more) {
    const { texts } = this.screen;
    if (this.place < this.queue.length - 1) return texts.early;
    if (more === 0) return texts.same;
    return more > 0 ? texts.more : texts.less;
  }
}
