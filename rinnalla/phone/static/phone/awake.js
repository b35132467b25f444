/**
 * The screen stays on while the counter is open, dims when nobody touches it, and is
 * guarded in the pocket until one slides. Only the guard stops a press from counting.
 */

const DIM_AFTER = 30_000;
const GUARD_AFTER = 180_000;

/** Keep the screen on where the phone allows it, also after coming back to the page. */
export function keepAwake() {
  const ask = () => {
    if (document.visibilityState === "visible") {
      navigator.wakeLock?.request("screen").catch(() => {});
    }
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** @param {{dim: HTMLElement, guard: HTMLElement, slide: HTMLInputElement}} parts */
export function watchPocket({ dim, guard, slide }) {
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
  return close;
}

/** A short tick, made by the phone itself; nothing is loaded. */
export function makeTick() {
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
