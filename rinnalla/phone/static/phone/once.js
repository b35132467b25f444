// A form that makes something new is sent once, however often it is pressed.
/** @type {NodeListOf<HTMLFormElement>} */
const forms = document.querySelectorAll("form[data-once]");
for (const form of forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
// Back from the next page: the form may be sent again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
