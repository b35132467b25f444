// Copies an address where the browser can; without it the field is there to select.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!(button instanceof HTMLElement) || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

/**
 * Copy the field a button names, and say so on the button.
 * @param {HTMLElement} button
 */
async function copy(button) {
  const field = document.getElementById(button.dataset.copy ?? "");
  const word = button.querySelector("span");
  if (!(field instanceof HTMLInputElement) || !word) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // Not allowed here: the address is selected, to be copied by hand.
  }
  word.textContent = button.dataset.done ?? "";
}
