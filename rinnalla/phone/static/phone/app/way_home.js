/**
 * From Today to the pages of getting home: the phone's own credential opens them, so
 * that nobody signs in on the pavement. They need a network, and say so without one.
 */

import { enter } from "./net.js";

const PASS = "/phone/safety";
const PAGES = "/planning/safety/";

/**
 * @param {import("./app.js").App} app
 * @param {import("./screen.js").Screen} screen
 */
export async function goOut(app, screen) {
  screen.toggle("way-waits", false);
  try {
    // A phone that may not is led to the page all the same: there one signs in.
    await enter(PASS, { worker: app.worker?.id ?? null });
  } catch {
    screen.toggle("way-waits", true);
    return;
  }
  location.assign(PAGES);
}
