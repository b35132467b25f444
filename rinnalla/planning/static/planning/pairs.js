/**
 * Who could go follows the place, the day and the hours in the form: asked anew when
 * they change, and when the proposal is taken. Nothing is stored by asking. Without
 * this module the same buttons send the form, which comes back as it was typed.
 */

const ASKED = ["site", "day", "starts", "ends", "partner", "has_expert_by_experience"];
const PART = "[data-proposal]";
const WHOLE = "[data-faces]";

const people = () => /** @type {HTMLElement} */ (document.querySelector(WHOLE));
const form = /** @type {HTMLFormElement} */ (people().closest("form"));
let asking = new AbortController();
/** What the answer under way shows: all, until all that was asked for has come. */
let waits = PART;

/**
 * Ask with the form as it is typed so far, and show the answer.
 * @param {string} what "look" or "take"
 * @param {string} part what of the answer is shown: all who could go, or the proposal
 */
async function ask(what, part = WHOLE) {
  asking.abort();
  asking = new AbortController();
  if (part === WHOLE) waits = WHOLE;
  const body = new FormData(form);
  body.set("pair", what);
  const answer = await fetch(location.href, { method: "POST", body, signal: asking.signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [found, old] = [page.querySelector(waits), document.querySelector(waits)];
  if (!answer.ok || !found || !old) throw new Error(String(answer.status));
  const held = document.activeElement;
  const fresh = document.importNode(found, true);
  keepTicks(old, fresh, what === "take");
  old.replaceWith(fresh);
  waits = PART;
  if (held instanceof HTMLInputElement && fresh.contains(held)) held.focus();
}

/** @param {Element} part @returns {HTMLInputElement[]} who can be ticked in it */
const inputs = (part) => [...part.querySelectorAll("input")];

/**
 * The same boxes go on in the new list: what is ticked while the answer is under way
 * stays ticked, and who listens to a box still hears it.
 * @param {Element} old
 * @param {Element} fresh
 * @param {boolean} takes whether the answer ticks somebody itself
 */
function keepTicks(old, fresh, takes) {
  const kept = new Map(inputs(old).map((input) => [input.value, input]));
  for (const input of inputs(fresh)) {
    const mine = kept.get(input.value);
    if (!mine) continue;
    if (takes && input.checked) mine.checked = true;
    input.replaceWith(mine);
  }
}

form.addEventListener("change", async (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  const isWho = field.name === "workers";
  if (!isWho && !ASKED.includes(field.name)) return;
  // What cannot be asked now stays as it was: the page is as good as without this.
  await ask("look", isWho ? PART : WHOLE).catch(() => {});
});

form.addEventListener("click", async (event) => {
  const at = /** @type {Element} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (at.closest("[name=pair]"));
  if (!button || button.dataset.plain) return;
  event.preventDefault();
  try {
    await ask(button.value);
    const first = inputs(people()).find((input) => input.checked);
    first?.focus();
    first?.dispatchEvent(new Event("input", { bubbles: true }));
  } catch {
    button.dataset.plain = "1";
    button.click();
  }
});

document.documentElement.dataset.pairsOn = "";
