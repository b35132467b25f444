/**
 * Who could go follows the place, the day and the hours in the form: asked anew when
 * they change, and when the proposal is taken. Nothing is stored by asking. Without
 * this module the same buttons send the form, which comes back as it was typed.
 */

const ASKED = ["site", "day", "starts", "ends", "partner", "has_expert_by_experience"];
const PART = "[data-proposal]";
const WHOLE = "[data-people]";

const people = () => /** @type {HTMLElement} */ (document.querySelector(WHOLE));
const form = /** @type {HTMLFormElement} */ (people().closest("form"));
let asking = new AbortController();

/**
 * Ask with the form as it is typed so far, and show the answer.
 * @param {string} what "look" or "take"
 * @param {string} part what of the answer is shown: all who could go, or the proposal
 */
async function ask(what, part = WHOLE) {
  asking.abort();
  asking = new AbortController();
  const body = new FormData(form);
  body.set("pair", what);
  const answer = await fetch(location.href, { method: "POST", body, signal: asking.signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [fresh, old] = [page.querySelector(part), document.querySelector(part)];
  if (!answer.ok || !fresh || !old) throw new Error(String(answer.status));
  old.replaceWith(document.importNode(fresh, true));
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
    people().querySelector("input")?.focus();
  } catch {
    button.dataset.plain = "1";
    button.click();
  }
});

document.documentElement.dataset.pairsOn = "";
