/**
 * The day as the phone knows it: what the server told, and what was done here since.
 *
 * @typedef {import("./screen.js").Visit} Visit
 * @typedef {{mine: Visit[], team: Visit[], waiting: Visit[], wrapped: Visit[]}} Day
 */

import { isOpen } from "./facts.js";

const OPEN = new Set(["planned", "under_way"]);

/**
 * The visits of the day, those under way first, then by the clock.
 *
 * @param {Visit[]} visits already joined with what this phone has recorded
 * @param {string} today as 2026-03-12
 * @returns {Day}
 */
export function dayOfVisits(visits, today) {
  const open = visits.filter((visit) => OPEN.has(visit.status));
  const now = open.filter((visit) => visit.day === today || visit.status === "under_way");
  const inOrder = now.sort(runningFirst);
  return {
    mine: inOrder.filter((visit) => visit.mine),
    team: inOrder.filter((visit) => !visit.mine && visit.day === today),
    waiting: visits.filter((visit) => visit.status === "done" && visit.waits),
    wrapped: visits.filter((visit) => visit.mine && isCorrectable(visit, today)),
  };
}

/** Whether a visit that waits for nothing can still be corrected: until tomorrow ends. */
function isCorrectable(visit, today) {
  const since = new Date(`${today}T12:00:00Z`);
  since.setUTCDate(since.getUTCDate() - 1);
  const isLate = visit.day < since.toISOString().slice(0, 10);
  return visit.status === "done" && !visit.waits && visit.correctable && !isLate;
}

/** Those under way first; otherwise as the server put them, by the clock. */
function runningFirst(one, other) {
  return Number(other.status === "under_way") - Number(one.status === "under_way");
}

/**
 * A visit as it stands here: what the server told, then what this phone did.
 *
 * @param {Visit} visit @param {object} [state] what `fold` made of this phone's facts
 * @param {number} [worker] who holds a shared phone
 * @returns {Visit}
 */
export function joined(visit, state, worker) {
  const mine = worker ? visit.workers.includes(worker) : visit.mine;
  if (!state) return { ...visit, mine };
  const status = statusOf(visit.status, state);
  const isOurs = mine || Boolean(state.started && !state.mistaken);
  const stubs = state.stubs?.some(isOpen);
  const waits = status === "done" && !state.wrapped && (visit.waits || visit.status !== "done" || stubs);
  const correctable = visit.correctable || (status === "done" && visit.status !== "done");
  return { ...visit, status, mine: isOurs, waits, correctable };
}

/** @param {string} told @param {object} state */
function statusOf(told, state) {
  if (told === "cancelled") return told;
  if (told === "done" || state.ended) return "done";
  return state.started ? "under_way" : told;
}
