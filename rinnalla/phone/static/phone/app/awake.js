/**
 * The screen stays on while the counter is open, dims when nobody touches it, and is
 * guarded in the pocket until one slides. Only the guard stops a press from counting.
 */

const DIM_AFTER = 30_000;
const GUARD_AFTER = 180_000;

/**
 * Keep the screen on where the phone allows it, also after coming back to the page.
 * @returns {() => void} lets it sleep again
 */
export function keepAwake() {
  /** @type {WakeLockSentinel|undefined} */
  let lock;
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => {
    document.removeEventListener("visibilitychange", ask);
    lock?.release().catch(() => {});
  };
}

/** @param {{dim: HTMLElement, guard: HTMLElement, slide: HTMLElement}} parts */
export function watchPocket({ dim, guard, slide: slider }) {
  const slide = /** @type {HTMLInputElement} */ (slider);
  let dimTimer = 0;
  let guardTimer = 0;
  const open = () => {
    guard.hidden = true;
    slide.value = "0";
    touched();
  };
  const close = () => {
    guard.hidden = false;
    dim.hidden = true;
    slide.focus({ preventScroll: true });
  };
  const touched = () => {
    clearTimeout(dimTimer);
    clearTimeout(guardTimer);
    dim.hidden = true;
    if (!guard.hidden) return;
    dimTimer = setTimeout(() => { dim.hidden = false; }, DIM_AFTER);
    guardTimer = setTimeout(close, GUARD_AFTER);
  };
  slide.addEventListener("input", () => { if (Number(slide.value) >= 95) open(); });
  slide.addEventListener("change", () => { if (Number(slide.value) < 95) slide.value = "0"; });
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched, true);
  touched();
  const stop = () => {
    clearTimeout(dimTimer);
    clearTimeout(guardTimer);
    for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, touched, true);
  };
  return { close, stop };
}

/** A short tick, made by the phone itself; nothing is loaded. */
export function makeTick() {
  /** @type {AudioContext|null} */
  let context = null;
  return () => {
    context ??= new AudioContext();
    const tone = context.createOscillator();
    const level = context.createGain();
    level.gain.setValueAtTime(0.15, context.currentTime);
    level.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.04);
    tone.frequency.value = 1200;
    tone.connect(level).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + 0.05);
  };
}
