/**
 * The end of a visit: the number, the meetings that wait, what the street showed.
 *
 * What is touched is kept as a draft at once and comes back after a reload. Sent, it
 * becomes facts, the visit is sealed, and the draft goes.
 */

import { chipGroup, valueOf, wordsOf } from "./chips.js";
import {
  MOST, blankDraft, factsOf, faultsOf, marksOf, meetingsOf, missingOf, pressesOf,
  shownOf, standing, typedOf,
} from "./ending.js";
import { clockOf, hoursInWords, part, show } from "./screen.js";
import { Words } from "./words.js";

/** @typedef {import("./app.js").App} App */

const DETAILS = ["topics", "methods", "next_step", "age_band"];
const HINTS = ["topic", "age_band", "promise"];
const SAID = ["phenomena", "thresholds", "atmosphere", "safety"];
const WORDS = ["topics", "methods", "next_step"];

/** @param {App} app @param {import("./screen.js").Route} route */
export async function open(app, route) {
  const visit = app.visitOf(route.id);
  const isHere = visit && ["under_way", "done"].includes(visit.status);
  if (!isHere || app.isGuest) return app.go("#/");
  const page = new WrapUp(app, visit);
  await page.begin();
  return () => page.leave();
}

class WrapUp {
  /** @param {App} app @param {import("./screen.js").Visit} visit */
  constructor(app, visit) {
    this.app = app;
    this.visit = visit;
    this.state = app.stateOf(visit.id);
    this.screen = show("wrap-up");
    this.isSending = false;
    /** @type {Promise<unknown>} */
    this.saving = Promise.resolve();
  }

  async begin() {
    const { app, visit, screen, state } = this;
    this.draft = await this.kept();
    this.numbers = await this.standing();
    const { details } = app;
    this.meetings = details ? meetingsOf(state, visit.stubs, visit.guided_is_met) : [];
    this.marks = details ? marksOf(state, visit.marks) : [];
    this.drawTop();
    screen.one("main").dataset.isReady = "1";
    if (this.isClosed) return this.drawClosed();
    screen.toggle("open", true);
    this.drawNumbers();
    this.drawAsks();
    if (app.reference) this.drawChoices();
    this.drawMeetings();
    this.listen();
  }

  leave() {
    this.words?.leave();
  }

  // --- the draft ---

  get key() { return `draft:${this.visit.id}`; }

  /** The draft of an earlier time, unless it has been sent since. */
  async kept() {
    const draft = await this.app.store.get(this.key);
    const ends = this.state?.ends ?? 0;
    return draft && draft.ends === ends ? draft : { ...blankDraft(), ends };
  }

  save() {
    const { app, key, draft } = this;
    const kept = { ...structuredClone(draft), at: Date.now() };
    this.saving = this.saving.then(() => app.store.set(key, kept)).catch(() => {});
  }

  /**
   * What this phone said last counts until the server has told of it; then whatever the
   * server told last, by the server's clock: the phone's own may be slow.
   */
  async standing() {
    const { app, visit, state } = this;
    const ended = await app.store.get(`ended:${visit.id}`);
    if (ended && (app.outbox.status.mine > 0 || !ended.heard)) return ended.numbers;
    const made = app.reference?.made ?? 0;
    const heard = [app.totals.get(visit.id), ended?.heard].filter((one) => one?.now >= made);
    const [last] = heard.sort((one, other) => other.now - one.now);
    if (last && !last.totals) return ended.numbers;
    return standing(state, last?.totals ?? visit.totals);
  }

  get shown() { return shownOf(this.numbers, this.draft, this.meetings); }

  // --- showing ---

  /** Past correcting, as the server says; what only this phone ended is open. */
  get isClosed() {
    const told = this.app.reference?.visits.find(({ id }) => id === this.visit.id);
    return told?.status === "done" && !told.correctable;
  }

  /** Whether something was said of the end before, here or on another phone. */
  get isLater() {
    const { visit, state } = this;
    return Boolean(visit.is_wrapped || visit.is_left || state?.wrapped || state?.left);
  }

  drawTop() {
    const { screen, visit, state } = this;
    const isWrapped = visit.is_wrapped || state?.wrapped;
    screen.fill("heading", isWrapped ? screen.texts.correct : screen.texts.ended);
    screen.fill("about", `${visit.title} · ${dayInShort(visit.day)} ${this.hours()}`);
  }

  hours() {
    const { visit, state } = this;
    const from = visit.started || state?.started;
    const to = visit.ended || state?.ended;
    return from && to ? `${clockOf(from)}–${clockOf(to)}` : hoursInWords(visit.hours);
  }

  drawClosed() {
    const { screen, numbers } = this;
    screen.toggle("closed", true);
    screen.fill("counted", screen.say("counted", numbers));
  }

  drawNumbers() {
    const { screen, visit, shown, draft } = this;
    screen.toggle("of-group", visit.is_group);
    const typed = typedOf(shown, draft);
    for (const input of this.numberFields()) {
      const name = input.dataset.number;
      input.min = String(name === "guided" ? shown.guided : 0);
      input.value = Number.isNaN(typed[name]) ? "" : String(typed[name]);
    }
    const nobody = this.box("[data-nobody]");
    nobody.checked = draft.said.is_nobody_reached ?? visit.is_nobody_reached ?? false;
    this.unfold("nobody", nobody.checked || draft.more.declined !== 0);
  }

  numberFields() {
    return this.screen.all("[data-number]").map((one) => /** @type {HTMLInputElement} */ (one));
  }

  /** @param {string} selector */
  box(selector) { return /** @type {HTMLInputElement} */ (this.screen.one(selector)); }

  /** Open a folded part where something in it was told. @param {string} name @param {unknown} isTold */
  unfold(name, isTold) {
    if (isTold) this.details(`fold="${name}"`).open = true;
  }

  /** @param {string} name */
  details(name) { return /** @type {HTMLDetailsElement} */ (this.screen.one(`[data-${name}]`)); }

  drawAsks() {
    const { screen, visit, state, app, draft } = this;
    this.presses = this.isLater ? 0 : pressesOf(state, visit.asks_number);
    screen.toggle("asks", this.presses);
    screen.fill("presses", screen.say("presses", { n: this.presses }));
    this.box("[data-checked]").checked = draft.isChecked;
    this.asksWhy = Boolean(visit.asks_why && !state?.why && app.reference);
    this.asksWho = Boolean(app.isShared && app.reference?.workers?.length);
    screen.toggle("why-part", this.asksWhy);
    screen.toggle("who-part", this.asksWho);
    if (this.asksWho) this.drawPeople();
  }

  /** The visit's own people first; nobody is chosen beforehand. */
  drawPeople() {
    const { app, visit, screen, draft } = this;
    const isOn = ({ id }) => visit.workers?.includes(id);
    const people = app.reference.workers;
    const order = [...people.filter(isOn), ...people.filter((one) => !isOn(one))];
    screen.one("[data-people]").replaceChildren(...order.map(({ id, name }) => {
      const chip = document.createElement("label");
      const input = document.createElement("input");
      chip.className = "ds-chip";
      Object.assign(input, { type: "radio", name: "who", value: id, checked: String(id) === draft.who });
      chip.append(input, name);
      return chip;
    }));
  }

  drawChoices() {
    const { app, screen, visit, draft, asksWhy } = this;
    const put = (field, options) => {
      screen.one(`[data-group="${field}"]`).replaceChildren(chipGroup(app.reference, field, options));
    };
    put("how", { chosen: draft.said.how ?? this.before.how, keeps: true });
    if (asksWhy) put("solo_reason", { chosen: draft.said.solo_reason });
    screen.toggle("for-details", app.details);
    if (!app.details) return;
    for (const field of SAID) put(field, { chosen: draft.said[field] });
    this.details("thresholds-part").open = Boolean(draft.said.thresholds?.length);
    const { phenomena, thresholds, atmosphere, safety } = draft.said;
    this.unfold("seen", phenomena?.length || thresholds?.length);
    this.unfold("mood", atmosphere || safety);
    screen.toggle("earlier", this.isLater);
    this.drawWords(app.reference.notes, visit);
  }

  /** What was shown before anything was touched. */
  get before() {
    const { visit } = this;
    return { how: visit.how || "counted", is_nobody_reached: visit.is_nobody_reached ?? false };
  }

  drawWords(mayWrite, visit) {
    const { screen, app, state } = this;
    screen.toggle("words", mayWrite);
    screen.toggle("no-words", !mayWrite);
    screen.toggle("sealed", state?.noted);
    if (!mayWrite) return;
    this.words = new Words({
      field: /** @type {HTMLTextAreaElement} */ (screen.one("#wu-words")),
      confirmed: this.box("[data-confirmed]"),
      keep: (text, shown) => app.put(visit.id, "note", { text, shown }),
      say: (kinds, isDoubt) => this.sayWords(kinds, isDoubt),
    });
  }

  sayWords(kinds, isDoubt) {
    const texts = document.getElementById("guard-words").dataset;
    this.screen.toggle("confirm", isDoubt);
    this.sayAt("words", kinds.map((kind) => texts[kind]));
    this.screen.one("#wu-words").setAttribute("aria-invalid", String(kinds.length > 0));
  }

  /** @param {string} name @param {string[]} sentences */
  sayAt(name, sentences) {
    this.screen.one(`[data-errors="${name}"]`).replaceChildren(...sentences.map((text) => {
      const note = part("note");
      note.querySelector("span").textContent = text;
      return note;
    }));
  }

  // --- meetings and marks ---

  drawMeetings() {
    const { screen, meetings, marks, draft } = this;
    const open = meetings.filter(({ missing }) => missing);
    screen.toggle("meetings-part", meetings.length);
    screen.toggle("complete", open.length);
    screen.toggle("all-done", !open.length);
    const count = open.length === 1 ? screen.texts.waitingOne : screen.say("waitingMany", { n: open.length });
    screen.fill("waiting", open.length ? count : "");
    screen.one("[data-meetings]").replaceChildren(...meetings.map((one) => this.meeting(one)));
    screen.one("[data-meetings] details")?.setAttribute("open", "");
    this.unfold("meetings", draft.wrong.length || Object.keys(draft.meetings).length);
    this.unfold("marks", Object.keys(draft.marks).length);
    screen.toggle("marks-part", marks.length);
    screen.fill("marks-count", marks.length);
    screen.one("[data-marks]").replaceChildren(...marks.map((one) => this.mark(one)));
  }

  meeting(one) {
    const { screen, app } = this;
    const row = part(one.missing ? "meeting" : "meeting-done");
    const time = hoursInWords(one.at);
    row.dataset.meeting = one.id;
    row.querySelector("[data-which]").textContent = screen.say(time ? "meeting" : "meetingBare", { n: one.number, time });
    const wrong = /** @type {HTMLInputElement} */ (row.querySelector("[data-wrong]"));
    wrong.checked = this.draft.wrong.includes(one.id);
    if (one.missing) this.fillMeeting(row, one);
    else {
      const words = app.reference ? WORDS.flatMap((f) => wordsOf(app.reference, f, one.told?.[f])) : [];
      row.querySelector("[data-told]").textContent = words.map((word) => `${word}.`).join(" ");
    }
    return row;
  }

  /** The chips are made when the meeting is opened. */
  fillMeeting(row, one) {
    const { draft, app, visit } = this;
    const touched = draft.meetings[one.id] ?? {};
    const hasTopic = one.told === null && one.missing === "method";
    row.querySelector("[data-has-topic]").hidden = !hasTopic;
    this.tag(row, one);
    const fields = hasTopic ? DETAILS.slice(1) : DETAILS;
    row.addEventListener("toggle", () => {
      const place = row.querySelector("[data-groups]");
      if (place.hasChildNodes() || !app.reference) return;
      const used = app.siteOf(visit.site)?.used;
      place.append(...this.groups(one, fields, touched, used));
    });
  }

  groups({ id, told }, fields, touched, used) {
    return fields.map((field) => {
      const chosen = touched[field] ?? told?.[field];
      return chipGroup(this.app.reference, field, { chosen, used, name: `${id}-${field}` });
    });
  }

  /** What a meeting lacks, as things are chosen now. */
  tag(row, one) {
    const touched = this.draft.meetings[one.id] ?? {};
    const known = one.told ?? (one.missing === "method" ? { topics: ["?"] } : {});
    const missing = missingOf({ ...known, ...touched });
    const tag = row.querySelector("[data-missing]");
    const { texts } = this.screen;
    tag.textContent = { topic: texts.noTopic, method: texts.noMethod }[missing] ?? texts.done;
    tag.dataset.color = missing ? "warning" : "success";
  }

  mark(one) {
    const { draft, app, screen } = this;
    const row = part("mark");
    const touched = draft.marks[one.id] ?? {};
    row.dataset.mark = one.id;
    row.querySelector("[data-which]").textContent = screen.say("markAt", { time: hoursInWords(one.at) });
    /** @type {HTMLInputElement} */ (row.querySelector("[data-is-done]")).checked = Boolean(touched.is_done);
    if (app.reference) row.querySelector("[data-groups]").append(...this.groups(one, HINTS, touched, undefined));
    return row;
  }

  // --- what is pressed and typed ---

  listen() {
    const { screen } = this;
    const form = screen.one("form");
    screen.press("[data-step]", (button) => this.step(button));
    screen.press("[data-leave]", () => this.send(true));
    form.addEventListener("input", (event) => this.typed(/** @type {HTMLInputElement} */ (event.target)));
    form.addEventListener("change", (event) => this.changed(/** @type {HTMLInputElement} */ (event.target)));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(false); });
  }

  step({ dataset }) {
    const input = this.box(`[data-number="${dataset.of}"]`);
    const number = (Number.parseInt(input.value, 10) || 0) + Number(dataset.step);
    const isTooFew = number < Number(input.min);
    input.value = isTooFew ? input.min : String(Math.min(MOST, number));
    this.typed(input);
    if (isTooFew && dataset.of === "guided") this.sayWhereToTakeAway();
  }

  /** A guided person is a meeting: it is taken away where it stands. */
  sayWhereToTakeAway() {
    if (!this.meetings.length) return;
    this.sayAt("guided", [this.screen.texts.lessGuided]);
    this.unfold("meetings", true);
  }

  typed(input) {
    const name = input.dataset.number;
    if (!name) return;
    const number = input.value.trim() === "" ? NaN : Number(input.value);
    this.draft.more[name] = number - this.shown[name];
    this.sayAt(name, []);
    this.save();
  }

  changed(input) {
    const { draft } = this;
    const meeting = input.closest("[data-meeting]")?.dataset.meeting;
    const mark = input.closest("[data-mark]")?.dataset.mark;
    const group = input.name && input.closest("fieldset[data-field]");
    if (group) this.choose(group, meeting, mark);
    else if (input.matches("[data-wrong]")) this.wrong(meeting, input.checked);
    else if (input.matches("[data-is-done]")) draft.marks[mark] = { ...draft.marks[mark], is_done: input.checked };
    else if (input.matches("[data-checked]")) draft.isChecked = input.checked;
    else if (input.matches("[data-nobody]")) draft.said.is_nobody_reached = input.checked;
    else if (input.name === "who") draft.who = input.value;
    else return;
    this.save();
  }

  choose(group, meeting, mark) {
    const { draft } = this;
    const told = { [group.dataset.field]: valueOf(group) };
    if (meeting) {
      draft.meetings[meeting] = { ...draft.meetings[meeting], ...told };
      const row = group.closest("[data-meeting]");
      this.tag(row, this.meetings.find(({ id }) => id === meeting));
    } else if (mark) draft.marks[mark] = { ...draft.marks[mark], ...told };
    else Object.assign(draft.said, told);
  }

  /** A wrong tap is off the numbers at once. */
  wrong(meeting, isWrong) {
    const others = this.draft.wrong.filter((id) => id !== meeting);
    this.draft.wrong = isWrong ? [...others, meeting] : others;
    this.drawNumbers();
  }

  // --- sending ---

  async send(isLeft) {
    if (this.isSending) return;
    if (!this.app.mayWrite) return this.sayTop(this.app.problems(this.visit.id)[0]);
    this.isSending = true;
    try {
      if (await this.isFine(isLeft)) await this.record(isLeft);
    } finally {
      this.isSending = false;
    }
  }

  /** Whether all of it can be recorded; else every fault stands at its place. */
  async isFine(isLeft) {
    const { screen, draft, shown, presses, asksWhy, asksWho } = this;
    const faults = faultsOf(draft, shown, { presses, asksWhy, asksWho, isLeft });
    for (const { dataset } of screen.all("[data-errors]")) {
      const fault = faults[dataset.errors];
      if (dataset.errors !== "words") this.sayAt(dataset.errors, fault ? [screen.texts[fault]] : []);
    }
    const isWritten = this.words ? await this.words.finish() : true;
    const isFine = isWritten && !Object.keys(faults).length;
    this.sayTop(isFine ? "" : this.app.fault || screen.texts.notSent);
    if (!isFine) this.showFirstFault(faults);
    return isFine;
  }

  sayTop(text) {
    const notes = text ? [part("note")] : [];
    for (const note of notes) note.querySelector("span").textContent = text;
    const place = this.screen.one("[data-notes]");
    place.replaceChildren(...notes);
    if (text) place.scrollIntoView({ block: "center" });
  }

  showFirstFault(faults) {
    this.unfold("nobody", faults.nobody || faults.declined);
    this.unfold("meetings", faults.guided && this.meetings.length);
    const first = this.screen.all("[data-errors]").find((place) => place.hasChildNodes());
    const place = first ?? this.screen.one("[data-notes]");
    place.closest("details")?.setAttribute("open", "");
    place.scrollIntoView({ block: "center" });
    const field = place.closest("section, form").querySelector(`[data-number="${place.dataset.errors}"]`);
    const input = /** @type {HTMLElement} */ (field ?? place.parentElement.querySelector("input, textarea"));
    input?.focus({ preventScroll: true });
  }

  async record(isLeft) {
    const { app, visit, draft, shown, meetings, marks, before } = this;
    if (draft.who) await app.choose(app.reference.workers.find(({ id }) => String(id) === draft.who));
    const context = { meetings, marks, before, isGroup: Boolean(visit.is_group), isLeft };
    for (const { kind, body } of factsOf(draft, shown, context)) {
      if (!(await app.put(visit.id, kind, body))) return this.sayTop(app.fault);
    }
    const numbers = typedOf(shown, draft);
    await this.saving;
    await this.drop(numbers);
    app.say(this.screen.say(isLeft ? "left" : "recorded", numbers));
    app.go("#/");
  }

  /** The draft goes; what was said last stays until the server has told of it. */
  drop(numbers) {
    const { app, key, visit } = this;
    return app.store.write(["meta"], async (tx) => {
      const meta = tx.objectStore("meta");
      await meta.delete(key);
      await meta.put({ numbers, at: Date.now() }, `ended:${visit.id}`);
    });
  }
}

/** A day in few letters: su 22.11. @param {string} day */
function dayInShort(day) {
  const { lang } = document.documentElement;
  /** @type {Intl.DateTimeFormatOptions} */
  const wanted = { weekday: "short", day: "numeric", month: lang === "en" ? "short" : "numeric", timeZone: "UTC" };
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(lang === "en" ? "en-GB" : `${lang}-FI`, wanted);
}
