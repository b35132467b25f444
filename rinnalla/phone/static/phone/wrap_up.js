// − and + beside the numbers of the wrap-up, and one sending only.
/** @type {NodeListOf<HTMLButtonElement>} */
const steps = document.querySelectorAll("button[data-step]");
for (const button of steps) {
  const input = /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.for));
  const step = Number(button.dataset.step);
  button.hidden = false;
  button.addEventListener("click", () => {
    const number = (Number.parseInt(input.value, 10) || 0) + step;
    input.value = String(Math.max(Number(input.min), Math.min(Number(input.max), number)));
  });
}

/** @type {HTMLFormElement} */
const form = document.querySelector("form[data-wrap-up]");
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", (event) => {
  if (event.persisted && form) delete form.dataset.sent;
});
document.querySelector(".rn-step .rn-note")?.scrollIntoView({ block: "center" });
