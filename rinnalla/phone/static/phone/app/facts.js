/**
 * What a visit looks like on this phone: each fact folded into what was before.
 *
 * Pure: nothing is stored and no clock is asked here. `own` are the people this phone
 * met, its guided ones included where the place counts them as met. Moments are whole
 * seconds by the phone's clock.
 *
 * @typedef {import("./store.js").Fact} Fact
 * @typedef {{id: string, at: number, told: Object<string, any>}} Note
 * @typedef {{id: string, own: number, guided: number, declined: number, matters: number}} Tap
 * @typedef {{id: string, guidedIsMet: boolean, own: number, guided: number,
 *   declined: number, attended: number, matters: number, same: boolean, marks: Note[],
 *   stubs: Note[], started: number, ended: number, last: number, placed: any,
 *   mistaken: boolean, wrapped: boolean, left: boolean, isSealed: boolean, ends: number,
 *   why: string, noted: boolean, taps: number, slot: number, inSlot: number,
 *   fastest: number, undoable: Tap[]}} Visit
 */

const UNDOABLE = 30;
// Times are cut to five minutes; so many single taps in one of them are asked about.
const SLOT = 300;
const NOTHING = { own: 0, guided: 0, declined: 0, matters: 0 };

/** A random id; without a secure page randomUUID is missing. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A visit on which this phone has recorded nothing. @returns {Visit} */
export function fresh(id, guidedIsMet = true) {
  return {
    id, guidedIsMet, own: 0, guided: 0, declined: 0, attended: 0, matters: 0, same: false,
    marks: [], stubs: [], started: 0, ended: 0, last: 0, placed: null, mistaken: false,
    wrapped: false, left: false, isSealed: false, ends: 0, why: "", noted: false,
    taps: 0, slot: 0, inSlot: 0, fastest: 0, undoable: [],
  };
}

/**
 * The visit after one more fact; the given one stays as it was.
 *
 * @param {Visit} state
 * @param {Fact} fact
 * @returns {Visit}
 */
export function fold(state, fact) {
  const change = CHANGES[fact.kind]?.(state, fact, fact.body) ?? {};
  return { ...state, ...change, last: Math.max(state.last, fact.made) };
}

/** What stays of a visit whose facts were sealed: what the wrap-up asks for tomorrow. */
export function sealed(state) {
  const { id, guidedIsMet, started, ended, last, wrapped, left, ends, why, noted } = state;
  const bare = ({ id, at }) => ({ id, at, told: {} });
  const stubs = wrapped ? [] : state.stubs.filter(isOpen).map(bare);
  const marks = wrapped ? [] : state.marks.filter(({ told }) => !told.is_done).map(bare);
  const kept = { started, ended, last, wrapped, left, ends, why, noted, stubs, marks };
  return { ...fresh(id, guidedIsMet), ...kept, isSealed: true };
}

/** Whether a meeting still waits for a topic or for what was done. @param {Note} stub */
export function isOpen({ told }) {
  return !(told.topics?.length && told.methods?.length);
}

const CHANGES = {
  count: counted,
  encounter: (state, fact) => ({
    ...tapped(state, fact, { own: state.guidedIsMet ? 1 : 0, guided: 1 }),
    stubs: [...state.stubs, noteOf(fact)],
  }),
  encounter_detail: (state, _fact, { encounter, ...told }) => (
    { stubs: tell(state.stubs, encounter, told) }
  ),
  mark: (state, fact) => ({
    ...tapped(state, fact, {}),
    marks: [...state.marks, { ...noteOf(fact), told: fact.body }],
  }),
  mark_detail: (state, _fact, { mark, ...told }) => ({ marks: tell(state.marks, mark, told) }),
  undo: undone,
  visit_started: (state, fact, { solo_reason: why }) => (
    { started: fact.made, mistaken: false, why: why ?? state.why }
  ),
  visit_placed: (_state, fact, body) => ({ started: fact.made, placed: body }),
  visit_mistaken: () => ({ started: 0, mistaken: true }),
  visit_ended: (_state, fact) => ({ ended: fact.made }),
  note: () => ({ noted: true }),
  wrap_up: (state, fact, { left = false, solo_reason: why }) => ({
    wrapped: state.wrapped || !left, left: left && !state.wrapped,
    ended: state.ended || fact.made, ends: state.ends + 1, why: why ?? state.why,
  }),
};

function counted(state, fact, { kind, number, total }) {
  if (kind === "same_queue") return { same: total === 1 };
  if (kind === "attended") return { attended: total ?? state.attended + number };
  const name = { met: "own", declined: "declined", matter_opened: "matters" }[kind];
  if (!name) return {};
  const change = tapped(state, fact, { [name]: number ?? total - state[name] });
  return name === "own" && number === 1 ? { ...change, ...timed(state, fact) } : change;
}

/** How many single taps there are, and the most that fell into five minutes. */
function timed({ taps, slot, inSlot, fastest }, { made }) {
  const now = made - (made % SLOT);
  const here = now === slot ? inSlot + 1 : 1;
  return { taps: taps + 1, slot: now, inSlot: here, fastest: Math.max(fastest, here) };
}

/** Add up one tap and remember it, so that it can be taken back. */
function tapped(state, fact, effect) {
  const tap = { id: fact.id, ...NOTHING, ...effect };
  return { ...added(state, tap, 1), undoable: [...state.undoable, tap].slice(-UNDOABLE) };
}

function added(state, tap, sign) {
  const sums = Object.keys(NOTHING).map((name) => [name, state[name] + sign * (tap[name] ?? 0)]);
  return Object.fromEntries(sums);
}

/** Take back a tap, a meeting or a mark; what is not here changes nothing. */
function undone(state, _fact, { of }) {
  const stub = state.stubs.find(({ id }) => id === of);
  const meeting = stub && { own: state.guidedIsMet ? 1 : 0, guided: 1 };
  const tap = state.undoable.find(({ id }) => id === of) ?? meeting ?? {};
  const others = (rows) => rows.filter(({ id }) => id !== of);
  return {
    ...added(state, tap, -1),
    stubs: others(state.stubs),
    marks: others(state.marks),
    undoable: others(state.undoable),
  };
}

function noteOf(fact) {
  return { id: fact.id, at: fact.made - (fact.made % 60), told: {} };
}

function tell(notes, id, told) {
  return notes.map((one) => (one.id === id ? { ...one, told: { ...one.told, ...told } } : one));
}
