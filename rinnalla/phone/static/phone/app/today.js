/** Today: what comes next, what comes later, what waits, one press for the street. */

import { dayOfVisits } from "./day.js";
import { dayInWords, hoursInWords, part, show } from "./screen.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./screen.js").Visit} Visit */

/** @param {App} app */
export function open(app) {
  const screen = show("today");
  const page = new Today(app, screen);
  page.draw();
  app.say("");
  screen.press("[data-go]", () => page.go());
  screen.press("[data-street]", () => page.street());
  screen.press("[data-seen]", (button) => app.putAway(button.dataset.seen));
  screen.press("[data-way]", async (_link, event) => {
    event.preventDefault();
    const { goOut } = await import("./way_home.js");
    goOut(app, screen);
  });
  screen.press("[data-desk] a", (_link, event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    screen.toggle("desk-waits", true);
  });
  screen.press("[data-language]", async (link, event) => {
    event.preventDefault();
    // Where it cannot be had now, the phone's own screen says why.
    if (!(await app.update.chooseLanguage(link.dataset.language))) app.go("#/device");
  });
  return app.onChange(() => page.draw());
}

/** Start a visit; where a pair is asked for, the reason first. @param {App} app @param {Visit} visit */
export async function start(app, visit) {
  if (visit.asks_why) return app.go(`#/visit/${visit.id}/alone`);
  await app.put(visit.id, "visit_started", {});
  app.go(`#/visit/${visit.id}`);
}

class Today {
  constructor(app, screen) {
    this.app = app;
    this.said = app.said;
    this.screen = screen;
    /** @type {Visit|undefined} */
    this.next = undefined;
  }

  draw() {
    const { app, screen } = this;
    const day = dayOfVisits(app.visits, app.today);
    screen.fill("day", dayInWords(app.today));
    screen.toggle("shared", app.isShared);
    screen.fill("worker", app.worker?.name ?? "");
    this.drawNotes();
    this.next = day.mine[0];
    this.drawCard();
    this.drawRows("later", day.mine.slice(1));
    this.drawRows("team", day.team);
    this.drawEnded("waiting", day.waiting, (visit) => this.waitingRow(visit));
    this.drawEnded("wrapped", day.wrapped, (visit) => this.wrappedRow(visit));
    this.drawDock();
    if (app.reference) screen.one("main").dataset.isReady = "1";
  }

  drawNotes() {
    const notes = this.app.notes.map((text) => this.note("note", text));
    const said = this.said ? [this.note("said", this.said)] : [];
    this.screen.one("[data-notes]").replaceChildren(...said, ...notes, ...this.notices());
  }

  /** What the server wants heard, each with a press that puts it away. */
  notices() {
    return this.app.notices.map((text) => {
      const note = this.note("notice", text);
      note.querySelector("button").dataset.seen = text;
      return note;
    });
  }

  note(name, text) {
    const note = part(name);
    note.querySelector("span").textContent = text;
    if (text === this.app.unkept?.calm) note.dataset.color = "info";
    return note;
  }

  drawCard() {
    const { app, screen, next } = this;
    screen.toggle("card", next);
    screen.toggle("empty", !next && app.reference);
    screen.toggle("soon", !app.reference);
    screen.toggle("street-hint", app.maySetOut);
    if (!next) return;
    const site = app.siteOf(next.site);
    const isRunning = next.status === "under_way";
    screen.fill("eyebrow", this.eyebrow(next, isRunning));
    screen.fill("next-title", next.title);
    screen.fill("next-about", isRunning ? this.counted("counted", next) : this.about(next));
    screen.toggle("safety-note", !isRunning && site?.safety);
    screen.fill("safety", site?.safety ?? "");
    const card = screen.one("[data-site-link]");
    card.hidden = !site;
    card.setAttribute("href", `#/visit/${next.id}/card`);
    // A page of the server: where there is no network, the card is what there is.
    const sixty = screen.one("[data-sixty]");
    sixty.hidden = !site || !navigator.onLine;
    sixty.setAttribute("href", sixty.dataset.sixty.replace(/0$/, String(next.site)));
    const go = /** @type {HTMLButtonElement} */ (screen.one("[data-go]"));
    go.textContent = isRunning ? screen.texts.carryOn : screen.texts.start;
    go.hidden = !app.mayWrite;
  }

  eyebrow(visit, isRunning) {
    const { screen, app } = this;
    if (isRunning) {
      const time = app.startedAt(visit);
      return time ? screen.say("underWay", { time }) : screen.texts.underWayBare;
    }
    const hours = hoursInWords(visit.hours);
    return hours ? screen.say("next", { hours }) : screen.texts.nextBare;
  }

  counted(text, visit) {
    const { together, guided } = this.app.figuresOf(visit.id);
    return this.screen.say(text, { met: together, guided });
  }

  about(visit) {
    const { app, screen } = this;
    const others = app.othersOn(visit);
    return [
      others.length ? screen.say("pair", { names: others.join(", ") }) : "",
      visit.lacks ?? "",
      visit.has_car ? screen.texts.car : "",
      visit.arrive ? screen.say("arrive", { n: visit.arrive }) : "",
    ].filter(Boolean).join(" ");
  }

  drawRows(name, visits) {
    const section = this.screen.one(`section[data-${name}]`);
    section.hidden = !visits.length;
    section.querySelector("[data-rows]").replaceChildren(...visits.map((visit) => this.row(visit)));
  }

  /** A row opens what it names; it never starts a visit by a stray press. */
  row(visit) {
    const isRunning = visit.status === "under_way";
    const row = part("visit-row");
    row.querySelector("a").href = `#/visit/${visit.id}${isRunning ? "" : "/card"}`;
    row.querySelector("time").textContent = hoursInWords(visit.starts);
    row.querySelector("[data-title]").textContent = visit.title;
    const about = isRunning ? this.counted("countedRow", visit) : this.about(visit);
    row.querySelector("[data-about]").textContent = about;
    return row;
  }

  drawEnded(name, visits, row) {
    const section = this.screen.one(`section[data-${name}]`);
    section.hidden = !visits.length;
    section.querySelector("[data-rows]").replaceChildren(...visits.map(row));
  }

  wrappedRow(visit) {
    const row = part("wrapped-row");
    row.querySelector("a").href = `#/visit/${visit.id}/wrap-up`;
    row.querySelector("[data-title]").textContent = visit.title;
    row.querySelector("[data-about]").textContent = dayInWords(visit.day);
    return row;
  }

  waitingRow(visit) {
    const { app, screen } = this;
    const row = part("waiting-row");
    const stubs = app.details ? app.openStubsOf(visit.id).length : 0;
    row.querySelector("a").href = `#/visit/${visit.id}/wrap-up`;
    const count = /** @type {HTMLElement} */ (row.querySelector(".rn-count"));
    count.hidden = !stubs;
    count.textContent = String(stubs);
    row.querySelector("svg").toggleAttribute("hidden", stubs > 0);
    const word = stubs === 1 ? screen.texts.stub : screen.texts.stubs;
    row.querySelector("[data-title]").textContent = stubs ? word : screen.texts.wrapUp;
    row.querySelector("[data-about]").textContent = `${visit.title}, ${dayInWords(visit.day).toLowerCase()}`;
    return row;
  }

  drawDock() {
    const { app, screen } = this;
    screen.toggle("dock", app.maySetOut && app.mayWrite);
    const site = app.siteOf(app.reference?.street);
    const place = site ? screen.say("guidedAt", { place: site.name }) : screen.texts.guided;
    screen.fill("street-place", place);
  }

  go() {
    const { app, next } = this;
    if (!next) return;
    if (next.status === "under_way") app.go(`#/visit/${next.id}`);
    else start(app, next);
  }

  async street() {
    const { app } = this;
    const { street } = app.reference;
    if (!street) return app.go("#/place");
    const { begin } = await import("./place.js");
    begin(app, { site: street });
  }
}
