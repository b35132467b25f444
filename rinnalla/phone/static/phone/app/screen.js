/**
 * One screen at a time: a copy of its `<template id="screen-NAME">` on the page.
 *
 * A screen's module exports `open(app, route)`. It calls `show(name)`, fills what it
 * gets back, and may return a function that is called when the screen is left. All
 * words come from the template's own data- attributes.
 *
 * @typedef {{id: string, day: string, starts: string, ends: string, hours: string,
 *   arrive: number, status: string, site: number|null, title: string, kind: string,
 *   workers: number[], names: string[], mine: boolean, asks_why: boolean,
 *   why_text: string, needs_pair: boolean, is_group: boolean, guided_is_met: boolean,
 *   started: number|null, ended: number|null, is_wrapped: boolean, is_left: boolean,
 *   waits: boolean, correctable: boolean, has_car?: boolean, totals: any, stubs: any[], lacks?: string,
 *   marks: any[], asks_number: number, how?: string, is_nobody_reached?: boolean}} Visit
 * @typedef {{name: string, id: string, part: string}} Route
 * @typedef {Object<string, string>} Texts
 */

const FIVE_MINUTES = 300;

/** What the last screen left on the page. @type {Element[]} */
let parts = [...document.querySelectorAll("body > main")];

/**
 * Put a screen on the page in place of the last one.
 *
 * @param {string} name of `<template id="screen-NAME">`
 * @returns {Screen}
 */
export function show(name) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`screen-${name}`));
  const fresh = [.../** @type {DocumentFragment} */ (template.content.cloneNode(true)).children];
  for (const part of parts) part.remove();
  parts = fresh;
  document.body.append(...parts);
  document.title = `${template.dataset.title} – Rinnalla`;
  scrollTo(0, 0);
  const screen = new Screen(parts, template.dataset);
  for (const one of screen.all("[data-look]")) {
    const box = /** @type {HTMLInputElement} */ (one);
    box.checked = document.documentElement.dataset[box.dataset.look] === box.value;
  }
  return screen;
}

export class Screen {
  /** @param {Element[]} roots @param {DOMStringMap} texts */
  constructor(roots, texts) {
    this.roots = roots;
    /** The words of this screen. @type {Texts} */
    this.texts = /** @type {Texts} */ (texts);
  }

  /** The first element here that fits. @param {string} selector @returns {HTMLElement} */
  one(selector) {
    return this.all(selector)[0];
  }

  /** Every element here that fits. @param {string} selector @returns {HTMLElement[]} */
  all(selector) {
    const found = this.roots.flatMap((root) => [
      ...(root.matches(selector) ? [root] : []),
      ...root.querySelectorAll(selector),
    ]);
    return /** @type {HTMLElement[]} */ (found);
  }

  /** Write a text into every `[data-NAME]`. @param {string} name @param {string|number} text */
  fill(name, text) {
    for (const place of this.all(`[data-${name}]`)) {
      if (place.textContent !== String(text)) place.textContent = String(text);
    }
  }

  /** Show or hide every `[data-NAME]`. @param {string} name @param {unknown} isShown */
  toggle(name, isShown) {
    for (const place of this.all(`[data-${name}]`)) place.hidden = !isShown;
  }

  /** A word of this screen with its values. @param {string} name @param {object} [values] */
  say(name, values = {}) {
    return say(this.texts[name] ?? "", values);
  }

  /** Listen to presses on what fits. @param {string} selector @param {(button: HTMLElement, event: Event) => void} act */
  press(selector, act) {
    for (const root of this.roots) {
      root.addEventListener("click", (event) => {
        const target = /** @type {Element} */ (event.target);
        const button = /** @type {HTMLElement} */ (target.closest(selector));
        if (button) act(button, event);
      });
    }
  }
}

/** "{n} met" with its values. @param {string} text @param {object} values */
export function say(text, values) {
  return text.replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ""));
}

/** A copy of `<template id="part-NAME">`: one element. @param {string} name @returns {HTMLElement} */
export function part(name) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`part-${name}`));
  return /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
}

/** A clock time as the page's language says it, in Finland: 10.42, in English 10:42. @param {number} [ms] */
export function clock(ms = Date.now()) {
  const language = document.documentElement.lang === "en" ? "en-GB" : "fi";
  const wanted = { timeZone: "Europe/Helsinki", hour: "numeric", minute: "2-digit" };
  return new Date(ms).toLocaleTimeString(language, /** @type {Intl.DateTimeFormatOptions} */ (wanted));
}

/** A moment of a visit, cut to five minutes as the server keeps it. @param {number} seconds */
export function clockOf(seconds) {
  return clock((seconds - (seconds % FIVE_MINUTES)) * 1000);
}

/** Times as the server writes them, 8.35–10, as the page's language says them. @param {string} text */
export function hoursInWords(text) {
  return document.documentElement.lang === "en" ? text.replaceAll(".", ":") : text;
}

/** The day in Finland as 2026-03-12. @param {number} [ms] */
export function dayOf(ms = Date.now()) {
  return new Date(ms).toLocaleDateString("sv", { timeZone: "Europe/Helsinki" });
}

/** A day as the page's language says it: torstai 12.3. @param {string} day */
export function dayInWords(day) {
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const date = new Date(`${day}T12:00:00Z`);
  const week = date.toLocaleDateString(language, { weekday: "long", timeZone: "UTC" });
  const number = document.documentElement.lang === "en"
    ? date.toLocaleDateString(language, { day: "numeric", month: "long", timeZone: "UTC" })
    : `${date.getUTCDate()}.${date.getUTCMonth() + 1}.`;
  return `${week.charAt(0).toUpperCase()}${week.slice(1)} ${number}`;
}
