// Sunlight colours, kept on this phone. Runs before the first paint, so nothing flickers.
(() => {
  const root = document.documentElement;
  const wanted = matchMedia("(prefers-contrast: more)").matches ? "sun" : "";
  const show = () => {
    let kept = null;
    try { kept = localStorage.getItem("contrast"); } catch { /* storage is closed */ }
    if ((kept ?? wanted) === "sun") root.dataset.contrast = "sun";
    else delete root.dataset.contrast;
  };
  show();
  /** @type {() => NodeListOf<HTMLInputElement>} */
  const boxes = () => document.querySelectorAll("[data-sun]");
  addEventListener("DOMContentLoaded", () => {
    for (const box of boxes()) box.checked = root.dataset.contrast === "sun";
  });
  addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.dataset.sun === undefined) return;
    try { localStorage.setItem("contrast", box.checked ? "sun" : ""); } catch { /* as above */ }
    show();
  });
})();
