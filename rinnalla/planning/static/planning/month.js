/**
 * The month's calendar: a visit is dragged with the pointer, or picked up with Space
 * and carried with the arrows; pressed, it opens its menu over the page. Without this
 * module every visit opens the same menu as a page.
 */

const FAR_ENOUGH = 6;
const HELD = "mo-held";
const TARGET = "mo-target";

const table = /** @type {HTMLElement} */ (document.querySelector("[data-month]"));
const said = /** @type {HTMLElement} */ (document.querySelector("[data-said]"));
const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("[data-menu]"));
const mover = /** @type {HTMLFormElement} */ (document.querySelector("[data-mover]"));

/** @typedef {{ item: HTMLElement, ghost: HTMLElement | null, x: number, y: number }} Drag */

/** @type {Drag | null} what the pointer holds */
let drag = null;
/** @type {HTMLElement | null} what the keyboard carries */
let carried = null;
/** Whether the press that just ended was a drag: then it opens nothing. */
let justDragged = false;

/** @param {EventTarget | null} at @returns {HTMLElement | null} a visit or a request */
const itemOf = (at) =>
  at instanceof Element ? at.closest("[data-visit], [data-request]") : null;

/** @param {Element | null} at @returns {HTMLElement | null} the day under something */
const dayOf = (at) => at?.closest("[data-day]") ?? null;

/** @returns {HTMLElement[]} the days of the month, in order */
const days = () => [...table.querySelectorAll("[data-day]")].map((day) => /** @type {HTMLElement} */ (day));

/** @param {HTMLElement | null} day */
function aim(day) {
  table.querySelector(`.${TARGET}`)?.classList.remove(TARGET);
  day?.classList.add(TARGET);
}

/** @returns {HTMLElement | null} */
const aimed = () => table.querySelector(`.${TARGET}`);

// --- The menu -----------------------------------------------------------------

/**
 * Show a visit's menu over the page; on any trouble go to its page instead.
 * @param {string} address
 */
async function openMenu(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const menu = page.querySelector("[data-visit-menu]");
    if (!answer.ok || !menu) throw new Error(String(answer.status));
    dialog.querySelector("[data-menu-body]")?.replaceChildren(document.importNode(menu, true));
    dialog.showModal();
    focusReason();
  } catch {
    location.assign(address);
  }
}

/** When the day is chosen already, only the reason is left to say. */
function focusReason() {
  const reason = dialog.querySelector("[data-move] [type=radio]");
  if (aimed() && reason instanceof HTMLElement) reason.focus();
}

dialog.addEventListener("close", () => aim(null));
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

// --- Letting go on a day --------------------------------------------------------

/**
 * @param {HTMLElement} item
 * @param {HTMLElement} day
 */
function drop(item, day) {
  const date = day.dataset.day ?? "";
  if (item.dataset.request) {
    location.assign(`${item.dataset.request}?day=${date}`);
  } else if (dayOf(item) === day) {
    aim(null);
  } else if (item.dataset.promised !== undefined) {
    openMenu(`${item.getAttribute("href")}?day=${date}`);
  } else {
    move(item, date);
  }
}

/**
 * @param {HTMLElement} item
 * @param {string} date
 */
function move(item, date) {
  mover.action = `${item.getAttribute("href")}move`;
  for (const name of ["day", "starts", "ends"]) {
    const field = /** @type {HTMLInputElement} */ (mover.elements.namedItem(name));
    field.value = name === "day" ? date : (item.dataset[name] ?? "");
  }
  mover.submit();
}

// --- With the pointer -----------------------------------------------------------

document.addEventListener("pointerdown", (event) => {
  const item = itemOf(event.target);
  const inButton = event.target instanceof Element && event.target.closest(".ds-button");
  if (!item || inButton || event.button !== 0 || event.pointerType === "touch") return;
  drag = { item, ghost: null, x: event.clientX, y: event.clientY };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const moved = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
  if (!drag.ghost && moved < FAR_ENOUGH) return;
  drag.ghost ??= ghostOf(drag.item);
  drag.ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
  aim(dayOf(document.elementFromPoint(event.clientX, event.clientY)));
});

/** @param {HTMLElement} item @returns {HTMLElement} what follows the pointer */
function ghostOf(item) {
  const ghost = document.createElement("div");
  ghost.className = "rn-ev mo-ghost";
  ghost.dataset.color = "accent";
  ghost.textContent = item.querySelector("b")?.textContent ?? "";
  document.body.append(ghost);
  item.classList.add(HELD);
  return ghost;
}

document.addEventListener("pointerup", () => {
  const [held, day] = [drag, aimed()];
  letGo();
  if (!held?.ghost) return;
  justDragged = true;
  setTimeout(() => (justDragged = false));
  if (day) drop(held.item, day);
});
document.addEventListener("pointercancel", () => {
  letGo();
  aim(null);
});

function letGo() {
  drag?.ghost?.remove();
  drag?.item.classList.remove(HELD);
  drag = null;
}

document.addEventListener("dragstart", (event) => {
  if (itemOf(event.target)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const item = itemOf(event.target);
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (item && justDragged) event.preventDefault();
  else if (item?.dataset.visit && isPlain && table.contains(item)) {
    event.preventDefault();
    openMenu(item.getAttribute("href") ?? "");
  }
});

// --- With the keyboard ----------------------------------------------------------

const STEPS = /** @type {Record<string, number>} */ ({
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -7,
  ArrowDown: 7,
});

table.addEventListener("keydown", (event) => {
  const item = itemOf(event.target);
  if (!item?.dataset.visit) return;
  if (carried) carry(event);
  else if (event.key === " ") pickUp(event, item);
  else if (event.key in STEPS) goOn(event, item);
});

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} item
 */
function pickUp(event, item) {
  event.preventDefault();
  carried = item;
  item.classList.add(HELD);
  aim(dayOf(item));
  said.textContent = table.dataset.picked ?? "";
}

/** @param {KeyboardEvent} event a key while a visit is carried */
function carry(event) {
  const [item, day] = [carried, aimed()];
  if (!item || !day) return;
  if (event.key in STEPS) {
    const all = days();
    const next = all[all.indexOf(day) + STEPS[event.key]];
    if (next) aim(next);
    const label = aimed()?.querySelector(".rn-day")?.textContent?.trim() ?? "";
    said.textContent = `${table.dataset.over} ${label}`;
  } else if (event.key === "Enter" || event.key === " ") {
    putDown();
    drop(item, day);
  } else if (event.key === "Escape" || event.key === "Tab") {
    putDown();
    aim(null);
    said.textContent = table.dataset.dropped ?? "";
  } else return;
  if (event.key !== "Tab") event.preventDefault();
}

function putDown() {
  carried?.classList.remove(HELD);
  carried = null;
}

/**
 * Go with an arrow to the nearest visit that way.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} item
 */
function goOn(event, item) {
  const all = days();
  const step = STEPS[event.key];
  const start = all.findIndex((day) => day.contains(item));
  const sibling = step === 7 ? item.nextElementSibling : item.previousElementSibling;
  if (Math.abs(step) === 7 && sibling instanceof HTMLElement && sibling.dataset.visit) {
    event.preventDefault();
    sibling.focus();
    return;
  }
  for (let at = start + step; all[at]; at += step) {
    const next = all[at].querySelector("[data-visit]");
    if (next instanceof HTMLElement) {
      event.preventDefault();
      next.focus();
      return;
    }
  }
}

document.documentElement.dataset.draggingOn = "";
