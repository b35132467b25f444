/** The small steps between screens: why alone, ending, who holds the phone. */

import { part, show } from "./screen.js";
import { letGo } from "./way_home.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./screen.js").Route} Route */

/** Going alone where a pair is asked for: the reason in one step. @param {App} app @param {Route} route */
export function openSolo(app, route) {
  const visit = app.visitOf(route.id);
  if (!visit || visit.status !== "planned") return app.go("#/");
  const screen = show("solo");
  screen.fill("title", visit.title);
  screen.fill("why", visit.why_text);
  for (const { code, label } of app.reference.reasons) screen.one("[data-reasons]").append(way(code, label));
  screen.press("[data-reasons] button", async (button) => {
    const fact = await app.put(visit.id, "visit_started", { solo_reason: button.dataset.id });
    if (fact) app.go(`#/visit/${visit.id}`);
  });
}

/** Ending asks once more; what was started by mistake is put back. @param {App} app @param {Route} route */
export function openFinish(app, route) {
  const visit = app.visitOf(route.id);
  if (!visit) return app.go("#/");
  if (visit.status === "done") return app.go(`#/visit/${visit.id}/wrap-up`);
  const screen = show("finish");
  const { together, guided } = app.figuresOf(visit.id);
  screen.fill("title", visit.title);
  screen.fill("counted", screen.say("counted", { met: together, guided }));
  screen.one("[data-back]").setAttribute("href", `#/visit/${visit.id}`);
  screen.toggle("mistake", app.hasNothing(visit.id));
  screen.press("[data-mistaken]", () => app.takeBackStart(visit.id));
  screen.press("[data-finish]", async () => {
    const fact = await app.put(visit.id, "visit_ended", {});
    if (fact) app.go(`#/visit/${visit.id}/wrap-up`);
  });
}

/** Who holds a shared phone now: one press, kept until the day ends. @param {App} app */
export function openWho(app) {
  if (!app.isShared) return app.go("#/");
  const screen = show("choose");
  const workers = app.reference?.workers ?? [];
  screen.toggle("none", !workers.length);
  for (const { id, name } of workers) screen.one("[data-workers]").append(way(id, name));
  screen.press("[data-workers] button", async (button) => {
    const before = app.worker?.id;
    await app.choose(workers.find(({ id }) => String(id) === button.dataset.id));
    if (app.worker?.id !== before) letGo();
    app.go("#/");
  });
}

function way(id, label) {
  const button = part("way");
  button.dataset.id = String(id);
  button.textContent = label;
  return button;
}
