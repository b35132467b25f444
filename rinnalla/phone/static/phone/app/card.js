/** What one must know of a place before going there; from here a visit is started. */

import { dayInWords, hoursInWords, show } from "./screen.js";
import { start } from "./today.js";

const PARTS = ["why", "when", "where", "resources", "traits"];

/** @param {import("./app.js").App} app @param {import("./screen.js").Route} route */
export function open(app, route) {
  const visit = app.visitOf(route.id);
  if (!visit) return app.go("#/");
  const screen = show("card");
  const site = app.siteOf(visit.site);
  screen.fill("title", visit.title);
  screen.fill("when", [dayInWords(visit.day), hoursInWords(visit.hours)].filter(Boolean).join(" "));
  screen.fill("about", aboutOf(app, visit, screen));
  screen.toggle("safety-note", site?.safety);
  screen.fill("safety", site?.safety ?? "");
  screen.toggle("go", visit.status === "planned" && visit.day <= app.today && app.mayWrite);
  screen.press("[data-go]", () => start(app, visit));
  showTexts(screen, site);
}

function aboutOf(app, visit, screen) {
  const parts = [];
  const others = app.othersOn(visit);
  if (others.length) parts.push(screen.say("pair", { names: others.join(", ") }));
  if (visit.arrive) parts.push(screen.say("arrive", { n: visit.arrive }));
  return parts.join(" ");
}

function showTexts(screen, site) {
  const card = site?.card;
  const told = PARTS.filter((name) => card?.[name]);
  screen.toggle("texts", told.length);
  screen.toggle("no-card", site && !told.length);
  for (const name of PARTS) {
    const row = screen.one(`[data-part=${name}]`);
    row.hidden = !told.includes(name);
    row.querySelector("dd").textContent = card?.[name] ?? "";
  }
}
