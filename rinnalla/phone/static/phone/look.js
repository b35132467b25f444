// How the app looks on this phone: sunlight colours, and the buttons the other way round
// for the other hand. Runs before the first paint, so nothing flickers.
(() => {
  const root = document.documentElement;
  const isContrast = matchMedia("(prefers-contrast: more)").matches;
  const usual = { contrast: isContrast ? "sun" : "", hand: "" };
  /** @param {string} name */
  const kept = (name) => {
    try { return localStorage.getItem(name); } catch { return null; /* storage is closed */ }
  };
  /** @param {string} name @param {string} value */
  const show = (name, value) => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
  };
  for (const [name, value] of Object.entries(usual)) show(name, kept(name) ?? value);
  addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    const name = box.dataset.look;
    if (!name) return;
    const value = box.checked ? box.value : "";
    try { localStorage.setItem(name, value); } catch { /* as above */ }
    show(name, value);
  });
})();
