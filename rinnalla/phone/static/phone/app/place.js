/** Where one is when nobody planned it: one press begins a visit and records a person. */

import { refusals, warnings } from "../../lib/guard.js";
import { part, show } from "./screen.js";

const SHOWN = 8;
/** What the text guard says, by what it found. */
const words = document.getElementById("guard-words").dataset;

/** @param {import("./app.js").App} app */
export function open(app) {
  const screen = show("place");
  const { reference } = app;
  const isOfTeam = Boolean(reference?.team);
  screen.toggle("no-team", !isOfTeam);
  screen.toggle("new", isOfTeam);
  const places = (reference?.places ?? []).map((id) => app.siteOf(id)).filter(Boolean);
  screen.toggle("known", isOfTeam && places.length);
  if (!isOfTeam) return;
  for (const site of places) {
    const row = part("place");
    for (const name of row.querySelectorAll("[data-name]")) name.textContent = site.name;
    for (const button of row.querySelectorAll("button")) button.dataset.id = site.id;
    screen.one("[data-places]").append(row);
  }
  screen.press("[data-places] [data-one]", (button) => begin(app, { site: button.dataset.id }));
  screen.press("[data-places] [data-bare]", (button) => setOut(app, { site: button.dataset.id }));
  showKinds(screen, reference);
  showMunicipalities(screen, reference, app);
  screen.one("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const told = read(screen);
    const isBare = event.submitter?.matches("[data-bare]");
    if (told) (isBare ? setOut : begin)(app, told);
  });
}

let isBeginning = false;

/** Begin at a place, or go on there, with one guided person. @param {import("./app.js").App} app @param {object} where */
export function begin(app, where) {
  return arrive(app, where, async (visit) => {
    const meeting = await app.put(visit, "encounter", {});
    if (meeting) app.go(`#/visit/${visit}/${meeting.id}`);
  });
}

/** Begin at a place, or go on there, and record nobody yet. @param {import("./app.js").App} app @param {object} where */
function setOut(app, where) {
  return arrive(app, where, (visit) => app.go(`#/visit/${visit}`));
}

async function arrive(app, where, then) {
  if (isBeginning || !app.mayWrite) return;
  isBeginning = true;
  try {
    const visit = app.runningAt(where.site) ?? (await app.placeVisit(where));
    if (visit) await then(visit);
  } finally {
    isBeginning = false;
  }
}

function showKinds(screen, reference) {
  const row = screen.one("[data-kinds]");
  reference.kinds.forEach((kind, place) => {
    const chip = document.createElement("label");
    chip.className = place >= SHOWN ? "ds-chip rn-rest" : "ds-chip";
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "kind", value: kind.code, checked: kind.code === "street" });
    chip.append(input, kind.label);
    if (place === SHOWN) row.append(part("more"));
    row.append(chip);
  });
}

function showMunicipalities(screen, reference, app) {
  const select = screen.one("select");
  for (const { id, name } of reference.municipalities) {
    const option = document.createElement("option");
    Object.assign(option, { value: id, textContent: name });
    select.append(option);
  }
  const last = app.siteOf(reference.street)?.municipality;
  if (last) select.value = last;
}

/** What was told of a new place, or nothing while something is missing. */
function read(screen) {
  const input = screen.one("#place-name");
  const name = input.value.split(/\s+/).filter(Boolean).join(" ");
  const kind = screen.one("[data-kinds] :checked")?.value;
  const isConfirmed = screen.one("[data-confirmed]").checked;
  const faults = name ? refusals(name).map((found) => words[found]) : [screen.texts.empty];
  if (!kind) faults.push(screen.texts.kind);
  const doubts = warnings(name).map((found) => words[found]);
  screen.toggle("confirm", doubts.length);
  const notes = isConfirmed ? faults : [...faults, ...doubts];
  showErrors(screen, input, notes);
  return notes.length ? null : { name, kind, municipality: screen.one("select").value };
}

function showErrors(screen, input, notes) {
  const place = screen.one("[data-errors]");
  place.replaceChildren(...notes.map((text) => {
    const note = part("note");
    note.querySelector("span").textContent = text;
    return note;
  }));
  input.setAttribute("aria-invalid", String(notes.length > 0));
  if (notes.length) input.focus();
}
