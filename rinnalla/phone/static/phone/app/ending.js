/**
 * The end of a visit: what stands, what is told now, and the facts that say it.
 *
 * Pure: nothing is stored, sent or shown here. A draft holds only what was touched on
 * this phone, in codes and differences, never words. What was not touched is not sent,
 * so that what the pair said meanwhile stays.
 *
 * @typedef {{met: number, guided: number, declined: number, attended: number}} Numbers
 * @typedef {{more: Numbers, said: Object<string, any>, meetings: Object<string, object>,
 *   wrong: string[], marks: Object<string, object>, isChecked: boolean, who: string}} Draft
 * @typedef {{id: string, number: number, at: string, told: object|null, missing: string,
 *   isMet: boolean}} Meeting
 * @typedef {{kind: string, body: object}} Said
 */

import { figuresOf } from "./figures.js";

export const MOST = 9999;
export const MOST_MORE = 30;
const MANY_TAPS = 100;
// Thirty a minute, seen in the five minutes to which times are cut.
const FAST_TAPS = 150;
const FIVE_MINUTES = 300;
const NONE = { met: 0, guided: 0, declined: 0, attended: 0 };
const NUMBERS = /** @type {(keyof Numbers)[]} */ (Object.keys(NONE));

/** Nothing touched yet. @returns {Draft} */
export function blankDraft() {
  return { more: { ...NONE }, said: {}, meetings: {}, wrong: [], marks: {}, isChecked: false, who: "" };
}

/**
 * The visit's numbers as they stand here: what the server told of all phones, and what
 * this phone has recorded since. What was sealed the phone no longer knows by itself.
 *
 * @param {object|undefined} state @param {any} totals @returns {Numbers}
 */
export function standing(state, totals = {}) {
  const { declined = 0, attended = 0, guided = 0, guided_together: all = 0 } = totals;
  if (!state || state.isSealed) return { met: totals.together ?? 0, guided: all, declined, attended };
  return {
    met: figuresOf(state, totals).together,
    guided: all - guided + state.guided,
    declined: Math.max(declined, state.declined ?? 0),
    attended: Math.max(attended, state.attended ?? 0),
  };
}

/** What the screen shows before anything is typed: wrong taps are off already.
 * @param {Numbers} numbers @param {Draft} draft @param {Meeting[]} meetings @returns {Numbers} */
export function shownOf(numbers, draft, meetings) {
  const wrong = meetings.filter(({ id }) => draft.wrong.includes(id));
  const met = wrong.filter(({ isMet }) => isMet).length;
  return { ...numbers, met: numbers.met - met, guided: numbers.guided - wrong.length };
}

/** What stands in the fields. @param {Numbers} shown @param {Draft} draft @returns {Numbers} */
export function typedOf(shown, draft) {
  const typed = { ...shown };
  for (const name of NUMBERS) typed[name] += draft.more[name];
  return typed;
}

/**
 * The meetings of a visit in their order, numbered: this phone's own, and those of
 * other phones that the server says are still open.
 *
 * @returns {Meeting[]}
 */
export function meetingsOf(state, stubs = [], isMet = true) {
  const open = new Map(stubs.map((stub) => [stub.id, stub]));
  const own = (state?.stubs ?? []).map((stub) => ownMeeting(stub, open.get(stub.id), isMet));
  const ids = new Set(own.map(({ id }) => id));
  const others = stubs.filter(({ id }) => !ids.has(id)).map((stub) => ({ ...stub, told: null, isMet }));
  const all = [...own, ...others].sort(byClock);
  return all.map((meeting, place) => ({ ...meeting, number: place + 1 }));
}

/** A sealed meeting is told of by the server only. */
function ownMeeting({ id, at, told }, known, isMet) {
  const isKnown = told && Object.keys(told).length > 0;
  const missing = isKnown || !known ? missingOf(told ?? {}) : known.missing;
  return { id, at: known?.at ?? hourOf(at), told: isKnown || !known ? told ?? {} : null, missing, isMet };
}

/** What a meeting still lacks: topic, method, or nothing. */
export function missingOf(told) {
  if (!told.topics?.length) return "topic";
  return told.methods?.length ? "" : "method";
}

/** Marks that wait for somebody, as meetings are. */
export function marksOf(state, marks = []) {
  const own = (state?.marks ?? []).filter(({ told }) => !told?.is_done);
  const mine = own.map(({ id, at, told }) => ({ id, at: hourOf(at), told: told ?? {} }));
  const ids = new Set((state?.marks ?? []).map(({ id }) => id));
  const others = marks.filter(({ id }) => !ids.has(id)).map(({ id, at }) => ({ id, at, told: {} }));
  return [...mine, ...others].sort(byClock);
}

/** A moment in seconds as the server says it: 9.40, cut to five minutes. @param {number} seconds */
function hourOf(seconds) {
  const cut = new Date((seconds - (seconds % FIVE_MINUTES)) * 1000);
  const wanted = /** @type {const} */ ({ timeZone: "Europe/Helsinki", hour: "numeric", minute: "2-digit" });
  return cut.toLocaleTimeString("fi", wanted);
}

/** @param {{at: string}} one @param {{at: string}} other */
function byClock(one, other) {
  return minutesOf(one.at) - minutesOf(other.at);
}

function minutesOf(time) {
  const [hour = 0, minute = 0] = (time || "0.0").split(".").map(Number);
  return 60 * hour + minute;
}

/** How many presses there were, when so many that one asks once; else 0. */
export function pressesOf(state, asksNumber = 0) {
  const taps = state?.taps ?? 0;
  const many = taps > MANY_TAPS || (state?.fastest ?? 0) > FAST_TAPS ? taps : 0;
  return Math.max(many, asksNumber);
}

// --- what stands in the way ---

/**
 * The places that need another look, by name, each with the name of its sentence.
 *
 * @param {Draft} draft @param {Numbers} shown
 * @param {{presses: number, asksWhy: boolean, asksWho: boolean, isLeft: boolean}} asks
 * @returns {Object<string, string>}
 */
export function faultsOf(draft, shown, { presses, asksWhy, asksWho, isLeft }) {
  const typed = typedOf(shown, draft);
  /** @type {Object<string, string>} */
  const faults = {};
  for (const name of NUMBERS) if (!isNumber(typed[name])) faults[name] = "badNumber";
  if (draft.more.guided < 0) faults.guided = "lessGuided";
  if (draft.more.guided > MOST_MORE) faults.guided = "manyGuided";
  if (draft.said.is_nobody_reached && typed.met > 0) faults.nobody = "nobody";
  if (presses && !draft.isChecked) faults.checked = "look";
  if (asksWhy && !isLeft && !draft.said.solo_reason) faults.why = "why";
  if (asksWho && !draft.who) faults.who = "who";
  return faults;
}

function isNumber(number) {
  return Number.isInteger(number) && number >= 0 && number <= MOST;
}

// --- what is sent ---

/**
 * The facts that say it all, in the order in which they must come.
 *
 * @param {Draft} draft @param {Numbers} shown
 * @param {{meetings: Meeting[], marks: any[], before: object, isGroup: boolean, isLeft: boolean}} context
 * @returns {Said[]}
 */
export function factsOf(draft, shown, { meetings, marks, before, isGroup, isLeft }) {
  const right = meetings.filter(({ id }) => !draft.wrong.includes(id));
  const there = new Set(meetings.map(({ id }) => id));
  return [
    ...right.flatMap((one) => telling("encounter_detail", "encounter", one, draft.meetings[one.id])),
    ...draft.wrong.filter((id) => there.has(id)).map((of) => ({ kind: "undo", body: { of } })),
    ...marks.flatMap((one) => telling("mark_detail", "mark", one, draft.marks[one.id])),
    { kind: "wrap_up", body: wrapUp(draft, shown, before, isGroup, isLeft) },
  ];
}

/** @returns {Said[]} one fact with the fields touched, or none */
function telling(kind, of, { id, told }, touched = {}) {
  const fields = Object.keys(touched).filter((name) => unlike(touched[name], told?.[name]));
  if (!fields.length) return [];
  const pick = (from) => Object.fromEntries(fields.filter((n) => n in from).map((n) => [n, from[n]]));
  return [{ kind, body: { [of]: id, ...pick(touched), shown: pick(told ?? {}) } }];
}

function unlike(one, other) {
  const plain = (value) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value || "");
  return plain(one) !== plain(Array.isArray(one) ? other ?? [] : other);
}

function wrapUp(draft, shown, before, isGroup, isLeft) {
  const typed = typedOf(shown, draft);
  const names = NUMBERS.filter((name) => name !== "attended" || isGroup);
  const numbers = names.flatMap((name) => [[name, typed[name]], [`shown_${name}`, shown[name]]]);
  return { ...Object.fromEntries(numbers), ...draft.said, shown: before, left: isLeft };
}
