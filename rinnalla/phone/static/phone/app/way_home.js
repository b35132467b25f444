/**
 * From Today to the pages of getting home: the phone's own credential opens them, so
 * that nobody signs in on the pavement. They need a network, and say so without one.
 */

import { enter } from "./net.js";

const PASS = "/phone/safety";
const PAGES = "/planning/safety/";

// A phone that changed hands without a network: the way of the one before waits to end.
let isOwed = false;
/** @type {Promise<void>} */
let letting = Promise.resolve();

/** Who held a shared phone before has no way to these pages from it any more. */
export function letGo() {
  isOwed = true;
  letting = end();
  addEventListener("online", () => { letting = end(); }, { once: true });
}

async function end() {
  if (!isOwed) return;
  try {
    await enter(PASS, { worker: null });
    isOwed = false;
  } catch {
    // No network: asked anew when there is one, or by the next press of the button.
  }
}

/**
 * @param {import("./app.js").App} app
 * @param {import("./screen.js").Screen} screen
 */
export async function goOut(app, screen) {
  screen.toggle("way-waits", false);
  await letting;
  try {
    // A phone that may not is led to the page all the same: there one signs in.
    await enter(PASS, { worker: app.worker?.id ?? null });
    isOwed = false;
  } catch {
    screen.toggle("way-waits", true);
    return;
  }
  location.assign(PAGES);
}
