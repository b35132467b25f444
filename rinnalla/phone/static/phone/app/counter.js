/** The counter: each tap is a fact of its own, written down before its number shows. */

import { keepAwake, makeTick, watchPocket } from "./awake.js";
import { isOpen } from "./facts.js";
import { clockOf, show } from "./screen.js";
import { Sheet } from "./sheet.js";

/** @typedef {import("./app.js").App} App */

const BOUNCE = 120;
const DEAF = 1000;
const FLASH = 150;
const UNDO_FOR = 30_000;
const DRAW_EVERY = 30_000;
const MOST = 9999;

/** @param {App} app @param {import("./screen.js").Route} route */
export function open(app, route) {
  const visit = app.visitOf(route.id);
  if (!visit) return app.go("#/");
  if (visit.status === "planned" && !app.isGuest) return app.go(`#/visit/${visit.id}/card`);
  if (visit.status === "done") return app.go(`#/visit/${visit.id}/wrap-up`);
  const counter = new Counter(app, visit);
  if (route.part) counter.openMeeting(route.part);
  return () => counter.leave();
}

class Counter {
  /** @param {App} app @param {import("./screen.js").Visit} visit */
  constructor(app, visit) {
    this.app = app;
    this.visit = visit;
    this.screen = show("counter");
    this.lastPress = 0;
    this.deafUntil = 0;
    /** @type {HTMLElement|null} */
    this.lastButton = null;
    this.matter = "";
    this.note = "";
    this.begin();
    this.draw();
    this.screen.roots[0].parentElement.querySelector("main").dataset.isReady = "1";
  }

  begin() {
    const { app, screen, visit } = this;
    screen.fill("title", visit.title);
    for (const part of screen.all("[data-for-team]")) part.hidden = app.isGuest;
    for (const link of screen.all("[data-end]")) {
      link.hidden = app.isGuest;
      link.setAttribute("href", `#/visit/${visit.id}/end`);
    }
    screen.fill("guided-says", visit.guided_is_met ? screen.texts.alsoMet : screen.texts.notMet);
    if (!app.isGuest && app.reference) this.sheet = this.makeSheet();
    this.listen();
    this.watch();
  }

  makeSheet() {
    const { app, screen, visit } = this;
    return new Sheet(screen.one(".rn-sheet-place"), {
      lists: app.reference,
      used: app.siteOf(visit.site)?.used,
      onShow: (isShown, byItself) => this.showFace(isShown, byItself),
      onDetail: (field, value) => {
        this.put("encounter_detail", { encounter: this.sheet.meeting, [field]: value });
      },
      onMatter: (on) => this.tellMatter(on),
    });
  }

  async tellMatter(on) {
    if (on) this.matter = (await this.put("count", { kind: "matter_opened", number: 1 }))?.id ?? "";
    else if (this.matter) await this.put("undo", { of: this.matter });
  }

  // --- facts ---

  /** Write a fact down; the figures follow when it is. */
  async put(kind, body) {
    const fact = await this.app.put(this.visit.id, kind, body);
    this.draw();
    return fact;
  }

  get state() { return this.app.stateOf(this.visit.id); }

  /** @type {Object<string, () => Promise<unknown>>} */
  taps = {
    met: () => this.put("count", { kind: "met", number: 1 }),
    ten: () => this.put("count", { kind: "met", number: 10 }),
    mark: () => this.put("mark", {}),
    guided: async () => {
      const fact = await this.put("encounter", {});
      if (!fact) return;
      this.matter = "";
      this.openMeeting(fact.id);
    },
  };

  /** The newest thing that can still be taken back from here. */
  get undoable() {
    const isFresh = ({ id, matters }) => !matters && this.app.ageOf(id) < UNDO_FOR;
    return (this.state?.undoable ?? []).findLast(isFresh) ?? null;
  }

  async undo() {
    const last = this.undoable;
    if (!last) return;
    await this.put("undo", { of: last.id });
    if (this.sheet?.meeting === last.id) this.sheet.close();
  }

  async setTotal() {
    const input = /** @type {HTMLInputElement} */ (this.screen.one("#total"));
    const total = Number.parseInt(input.value, 10);
    if (!(total >= 0 && total <= MOST)) return input.focus();
    await this.put("count", { kind: "met", total });
    input.value = "";
    input.closest("details").open = false;
  }

  toggleSameQueue() {
    const isSame = this.app.figuresOf(this.visit.id).isSame;
    return this.put("count", { kind: "same_queue", total: isSame ? 0 : 1 });
  }

  // --- the sheet ---

  /** @param {string} id of a meeting told by this phone @param {boolean} [stays] */
  openMeeting(id, stays = false) {
    const stubs = this.state?.stubs ?? [];
    const place = stubs.findIndex((stub) => stub.id === id);
    if (place < 0 || !this.sheet) return;
    const { at, told } = stubs[place];
    const title = this.screen.say("guidedAt", { n: place + 1, time: clockOf(at) });
    this.sheet.open(id, title, told, stays);
  }

  /** The newest meeting that waits for its topic or for what was done. */
  get open() {
    return (this.state?.stubs ?? []).filter(isOpen);
  }

  /** Folded by itself, the counter is back under a thumb that did not mean it: it waits. */
  showFace(isSheet, byItself = false) {
    const { screen } = this;
    if (byItself) this.deafUntil = performance.now() + DEAF;
    const main = screen.one("main");
    main.classList.toggle("rn-counter--sheet", isSheet);
    const plus = screen.one('[data-tap="met"]');
    plus.classList.toggle("rn-plus--strip", isSheet);
    plus.classList.toggle("rn-plus--field", !isSheet);
    for (const part of screen.all("[data-face]")) part.hidden = (part.dataset.face === "sheet") !== isSheet;
    scrollTo(0, 0);
    this.app.showState();
    this.draw();
  }

  // --- pressing ---

  listen() {
    const { screen } = this;
    screen.press("button[data-tap]", (button, event) => this.pressed(button, event, this.taps[button.dataset.tap]));
    screen.press("[data-undo]", (button, event) => this.pressed(button, event, () => this.undo()));
    screen.press("[data-same-queue]", (button, event) => this.pressed(button, event, () => this.toggleSameQueue()));
    screen.press("[data-complete]", () => this.openMeeting(this.open.at(-1)?.id, true));
    screen.press("[data-mistaken]", () => this.app.takeBackStart(this.visit.id));
    screen.one(".rn-total-panel").addEventListener("submit", (event) => {
      event.preventDefault();
      this.setTotal();
    });
  }

  /** A bounce of the same button is one press; two meant presses are two. */
  pressed(button, event, act) {
    const isBounce = button === this.lastButton && event.timeStamp - this.lastPress < BOUNCE;
    if (isBounce || performance.now() < this.deafUntil || !this.app.mayWrite) return;
    this.sheet?.wait();
    [this.lastPress, this.lastButton] = [event.timeStamp, button];
    act();
    button.classList.add("is-hit");
    setTimeout(() => button.classList.remove("is-hit"), FLASH);
    if (button.dataset.tap && this.tickBox.checked) this.tick();
  }

  // --- showing ---

  draw() {
    const { screen, app } = this;
    const figures = app.figuresOf(this.visit.id);
    for (const name of ["own", "guided", "marks"]) screen.fill(name, figures[name]);
    screen.fill("pair-line", this.pairLine(figures));
    screen.one("[data-same-queue]").setAttribute("aria-pressed", String(figures.isSame));
    screen.fill("same-word", screen.texts[figures.isSame ? "on" : "off"]);
    /** @type {HTMLButtonElement} */ (screen.one("[data-undo]")).disabled = !this.undoable;
    screen.toggle("mistaken", !app.isGuest && app.hasNothing(this.visit.id));
    const waiting = this.sheet ? this.open.length : 0;
    screen.toggle("complete", waiting);
    screen.fill("complete-text", screen.say("complete", { n: waiting }));
    screen.fill("toast", this.toast());
  }

  pairLine(figures) {
    const { screen } = this;
    const parts = [screen.say("together", { sum: figures.together })];
    if (figures.others) {
      const minutes = Math.floor((Date.now() - figures.knownAt) / 60_000);
      const age = minutes > 0 ? screen.say("minutes", { n: minutes }) : screen.texts.now;
      parts.push(screen.say("pair", { n: figures.others, age }));
    }
    if (figures.isSame) parts.push(screen.texts.same);
    return parts.join(" ");
  }

  toast() {
    const parts = [...this.app.problems(this.visit.id)];
    if (this.app.endedElsewhere(this.visit.id)) parts.push(this.screen.texts.ended);
    return parts.join(" ");
  }

  // --- the screen ---

  watch() {
    const { screen, app } = this;
    this.tick = makeTick();
    this.tickBox = /** @type {HTMLInputElement} */ (screen.one("[data-tick]"));
    this.tickBox.checked = kept("tick") === "1";
    this.tickBox.addEventListener("change", () => keep("tick", this.tickBox.checked ? "1" : ""));
    const parts = { dim: screen.one("[data-dim]"), guard: screen.one("[data-guard]"), slide: screen.one("[data-slide]") };
    this.pocket = watchPocket(parts);
    screen.press("[data-pocket]", () => this.pocket.close());
    this.letSleep = keepAwake();
    this.timer = setInterval(() => this.draw(), DRAW_EVERY);
    this.undoTimer = setInterval(() => this.drawUndo(), 1000);
    this.stopListening = app.onChange(() => this.draw());
  }

  drawUndo() {
    /** @type {HTMLButtonElement} */ (this.screen.one("[data-undo]")).disabled = !this.undoable;
  }

  leave() {
    clearInterval(this.timer);
    clearInterval(this.undoTimer);
    this.sheet?.close();
    this.pocket.stop();
    this.letSleep();
    this.stopListening();
  }
}

/** A setting of this phone. @param {string} name */
function kept(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

/** @param {string} name @param {string} value */
function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* storage is closed */ }
}
