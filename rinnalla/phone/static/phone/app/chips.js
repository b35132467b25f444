/**
 * Chips: one group of choices, built from the code lists the phone carries along.
 * The first ones are seen, those most used at the place before the others; the rest
 * opens by one press. Texts stand in the page's template, never here.
 *
 * @typedef {{code: string, label: string, short: string}} Code
 * @typedef {{legend: string, list: string, many: boolean, shown: number, width: string}} Group
 * @typedef {{codes: Record<string, Code[]>, groups: Record<string, Group>,
 *   usual?: Record<string, string[]>}} Lists
 * @typedef {{chosen?: string | string[], used?: Record<string, string[]>,
 *   name?: string, keeps?: boolean}} Options
 */

/**
 * The fieldset of one field. `chosen` is what is chosen already, `used` a place's own
 * order (sites[].used), `name` must be unlike that of any other group in the form.
 * A single choice can be pressed off again, unless the group `keeps` it.
 *
 * @param {Lists} lists @param {string} field @param {Options} [options]
 * @returns {HTMLFieldSetElement}
 */
export function chipGroup(lists, field, { chosen = [], used, name = field, keeps = false } = {}) {
  const of = lists.groups[field];
  const group = blank();
  group.dataset.field = field;
  group.querySelector("legend").textContent = of.legend;
  const row = group.querySelector(".rn-chips");
  row.classList.add(`rn-chips--${of.width || "fill"}`);
  const more = row.querySelector(".rn-more");
  const on = new Set([chosen].flat());
  const codes = inOrder(lists.codes[of.list] ?? [], used?.[field] ?? lists.usual?.[field] ?? []);
  const shown = of.shown || codes.length;
  codes.forEach((code, place) => {
    const chip = chipOf(code, of.many ? "checkbox" : "radio", name, on.has(code.code));
    if (place < shown) more.before(chip);
    else { chip.classList.add("rn-rest"); row.append(chip); }
  });
  if (codes.length <= shown) more.remove();
  if (!of.many && !keeps) letGo(group);
  return group;
}

/** What is chosen in a group: a list, or one code ("" for none). @param {HTMLElement} group */
export function valueOf(group) {
  const chips = [...group.querySelectorAll("input[name]")].map((i) => /** @type {HTMLInputElement} */ (i));
  const chosen = chips.filter((chip) => chip.checked).map((chip) => chip.value);
  return chips[0]?.type === "radio" ? chosen[0] ?? "" : chosen;
}

/** The words of what was chosen, in the county's order. @param {Lists} lists */
export function wordsOf(lists, field, chosen) {
  const on = new Set([chosen ?? []].flat());
  const codes = lists.codes[lists.groups[field].list] ?? [];
  return codes.filter((code) => on.has(code.code)).map((code) => code.short || code.label);
}

/** @returns {HTMLFieldSetElement} */
function blank() {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("chip-group"));
  return /** @type {HTMLFieldSetElement} */ (template.content.firstElementChild.cloneNode(true));
}

/** @param {Code[]} codes @param {string[]} first */
function inOrder(codes, first) {
  const place = (code) => (first.includes(code.code) ? first.indexOf(code.code) : first.length);
  return [...codes].sort((a, b) => place(a) - place(b));
}

/** @param {Code} code @param {string} type @param {string} name @param {boolean} isOn */
function chipOf(code, type, name, isOn) {
  const chip = document.createElement("label");
  const input = document.createElement("input");
  chip.className = "ds-chip";
  Object.assign(input, { type, name, value: code.code, checked: isOn });
  chip.append(input, code.short || code.label);
  return chip;
}

/** A single choice pressed once more is no choice. @param {HTMLElement} group */
function letGo(group) {
  let was = String(valueOf(group));
  group.addEventListener("click", (event) => {
    const chip = /** @type {HTMLInputElement} */ (event.target);
    if (chip.type !== "radio") return;
    if (chip.value !== was) { was = chip.value; return; }
    was = "";
    chip.checked = false;
    chip.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
