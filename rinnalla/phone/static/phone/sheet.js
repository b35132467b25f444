/**
 * The sheet of chips over the counter: never in the way, each chip kept at once.
 * After 20 seconds of silence it is simply gone; the meeting waits for the wrap-up.
 */

const SILENCE = 20_000;

export class Sheet {
  /**
   * @param {HTMLFormElement} form
   * @param {{onDetail: (field: string, value: unknown) => void,
   *   onMatter: (on: boolean) => void, onShow: (shown: boolean) => void}} options
   */
  constructor(form, options) {
    this.form = form;
    this.options = options;
    this.timer = 0;
    this.meeting = "";
    form.addEventListener("submit", (event) => { event.preventDefault(); this.close(); });
    form.querySelector("[data-later]").addEventListener("click", (event) => {
      event.preventDefault();
      this.close();
    });
    form.addEventListener("change", (event) => {
      this.changed(/** @type {HTMLInputElement} */ (event.target));
    });
    /** @type {HTMLDetailsElement} */
    const extra = form.querySelector(".rn-extra");
    extra?.addEventListener("toggle", () => {
      if (extra.open) extra.scrollIntoView({ block: "start" });
    });
    for (const kind of ["pointerdown", "keydown", "scroll"]) {
      form.addEventListener(kind, () => this.wait(), { capture: true, passive: true });
    }
  }

  /** Open for a new meeting. @param {string} meeting @param {string} title */
  open(meeting, title) {
    this.form.reset();
    /** @type {NodeListOf<HTMLInputElement>} */
    const chips = this.form.querySelectorAll("input:is([type=checkbox], [type=radio])");
    for (const chip of chips) chip.checked = false;
    for (const more of this.form.querySelectorAll("details")) more.open = false;
    this.form.querySelector("[data-sheet-title]").textContent = title;
    this.form.querySelector(".rn-sheet-body").scrollTop = 0;
    this.take(meeting);
    this.options.onShow(true);
  }

  /** Go on with the meeting the page came with. @param {string} meeting */
  take(meeting) {
    this.meeting = meeting;
    this.wait();
  }

  close() {
    clearTimeout(this.timer);
    this.meeting = "";
    this.options.onShow(false);
  }

  wait() {
    clearTimeout(this.timer);
    if (this.meeting) this.timer = setTimeout(() => this.close(), SILENCE);
  }

  /** @param {HTMLInputElement} input */
  changed(input) {
    if (!input.name || !this.meeting) return;
    if (input.name === "matter_opened") return this.options.onMatter(input.checked);
    this.options.onDetail(input.name, this.valueOf(input));
  }

  /** @param {HTMLInputElement} input */
  valueOf(input) {
    if (input.name === "has_language_barrier") return input.checked;
    if (input.type === "number") return Math.max(0, Math.min(20, Number(input.value) || 0));
    if (input.type === "radio") return input.checked ? input.value : "";
    /** @type {NodeListOf<HTMLInputElement>} */
    const chosen = this.form.querySelectorAll(`input[name="${input.name}"]:checked`);
    return [...chosen].map((one) => one.value);
  }
}
