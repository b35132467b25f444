/** A sentence about a field goes when the field is mended; the server looks again. */

for (const field of document.querySelectorAll("[aria-invalid='true']")) {
  const input = /** @type {HTMLInputElement} */ (field);
  input.addEventListener("input", () => mend(input));
  // Mended while this script was still on its way.
  if (isTouched(input)) mend(input);
}

/** @param {HTMLInputElement|HTMLSelectElement} field */
function isTouched(field) {
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].findIndex((one) => one.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  }
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

/** @param {HTMLInputElement} field */
function mend(field) {
  const choice = field.type === "checkbox" || field.type === "radio";
  if (choice ? !field.checked : !field.value.trim()) return;
  const name = `id_${field.name}`;
  for (const one of document.getElementsByName(field.name)) {
    one.removeAttribute("aria-invalid");
  }
  document.getElementById(`${name}_error`)?.remove();
  const line = document.querySelector(`[data-faults] a[href="#${name}"]`);
  const list = line?.closest("[data-faults]");
  line?.closest("li").remove();
  if (list && !list.querySelector("li")) list.remove();
}
