/**
 * Practice: an invented queue, counted on this page only. Nothing is sent, nothing is
 * kept: there is no request in this file, and no storage.
 */

import { Sheet } from "./sheet.js";

/** @typedef {"met" | "guided"} Tap */

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const texts = /** @type {HTMLElement} */ (document.getElementById("practice")).dataset;
/** @param {string} selector @returns {HTMLElement} */
const one = (selector) => /** @type {HTMLElement} */ (main.querySelector(selector));
/** @param {string} selector @returns {HTMLElement[]} */
const all = (selector) => [...main.querySelectorAll(selector)].map((e) => /** @type {HTMLElement} */ (e));

const queue = all("[data-queue] > li").map((line) => ({
  kind: line.dataset.kind ?? "",
  number: Number(line.dataset.number),
  text: line.textContent ?? "",
}));
const figures = all("[data-row] .rn-i");
const undoButton = /** @type {HTMLButtonElement} */ (one("[data-undo]"));
const pauseButton = one("[data-pause-button]");

/** @type {Tap[]} */
let taps = [];
/** @type {Set<string>} */
let tried = new Set();
let place = 0;
let left = 0;
let isPaused = false;
let ticking = 0;

const sheet = new Sheet(/** @type {HTMLFormElement} */ (one("[data-sheet]")), {
  onShow: showSheet,
  onDetail: () => tried.add("chips"),
  onMatter: () => {},
});

// --- the queue ---

function begin() {
  [taps, tried, place, isPaused] = [[], new Set(), 0, false];
  clearInterval(ticking);
  ticking = setInterval(tick, 1000);
  sheet.close();
  show("counter");
  showMoment();
  showNumbers();
  showPause();
  scrollTo(0, 0);
}

function tick() {
  if (isPaused || place >= queue.length - 1) return;
  left -= 1;
  if (left > 0) return;
  place += 1;
  showMoment();
}

function showMoment() {
  left = Number(texts.seconds);
  one("[data-moment]").textContent = queue[place].text;
  figures.forEach((figure, n) => {
    figure.classList.toggle("is-now", n === place);
    figure.classList.toggle("is-gone", n < place);
  });
}

// --- pressing ---

/** @param {Tap} kind */
function press(kind) {
  taps.push(kind);
  tried.add(kind);
  if (kind === "guided") sheet.open(String(taps.length), texts.guided ?? "");
  showNumbers();
}

function undo() {
  if (taps.pop() === "guided" && sheet.meeting) sheet.close();
  tried.add("undo");
  showNumbers();
}

function pause() {
  isPaused = !isPaused;
  showPause();
}

function end() {
  clearInterval(ticking);
  tried.add("end");
  sheet.close();
  show("end");
  showEnd();
  one("#end-title").focus();
}

main.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  if (button.dataset.start !== undefined) begin();
  else if (button.dataset.end !== undefined) end();
  else if (button.dataset.undo !== undefined) undo();
  else if (button === pauseButton) pause();
  else if (button.dataset.tap) press(/** @type {Tap} */ (button.dataset.tap));
});

// --- showing ---

/** A guided person was met too. @returns {{met: number, guided: number}} */
function counted() {
  return { met: taps.length, guided: taps.filter((tap) => tap === "guided").length };
}

/** What the queue held up to this moment. @param {string} kind */
function there(kind) {
  const seen = queue.slice(0, place + 1).filter((moment) => moment.kind === kind);
  return seen.reduce((sum, moment) => sum + moment.number, 0);
}

/** @param {string} face */
function show(face) {
  for (const part of all("[data-face]")) part.hidden = part.dataset.face !== face;
}

/** @param {boolean} isOpen */
function showSheet(isOpen) {
  for (const part of all("[data-part]")) part.hidden = (part.dataset.part === "sheet") !== isOpen;
  one(".pr-counter").classList.toggle("rn-counter--sheet", isOpen);
}

function showNumbers() {
  const sums = counted();
  for (const digit of all("[data-met]")) digit.textContent = String(sums.met);
  for (const digit of all("[data-guided]")) digit.textContent = String(sums.guided);
  undoButton.disabled = !taps.length;
}

function showPause() {
  pauseButton.textContent = (isPaused ? texts.goOn : texts.pause) ?? "";
  pauseButton.setAttribute("aria-pressed", String(isPaused));
}

function showEnd() {
  const was = { met: there("met") + there("guided"), guided: there("guided"), by: there("by") };
  for (const cell of all("[data-there]")) {
    cell.textContent = String(was[/** @type {keyof was} */ (cell.dataset.there)]);
  }
  one("[data-verdict]").textContent = verdict(counted().met - was.met);
  for (const line of all("[data-try]")) {
    const isTried = tried.has(line.dataset.try ?? "");
    line.classList.toggle("is-tried", isTried);
    /** @type {HTMLElement} */ (line.querySelector("b")).textContent = (isTried ? texts.tried : texts.notYet) ?? "";
  }
}

/** Kind words about the difference; an early end is not one. @param {number} more */
function verdict(more) {
  if (place < queue.length - 1) return texts.early ?? "";
  if (more === 0) return texts.same ?? "";
  return (more > 0 ? texts.more : texts.less) ?? "";
}

one("[data-face=intro] [data-start]").hidden = false;
