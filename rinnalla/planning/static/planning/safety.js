/** Getting home: asks for the location beforehand, sends it with an alarm. */

const QUICK = { enableHighAccuracy: true, maximumAge: 60_000, timeout: 20_000 };

/** Ask for permission when it is agreed to; what the phone answers goes nowhere. */
function askBeforehand() {
  const tick = /** @type {HTMLInputElement|null} */ (document.querySelector("[name=may_locate]"));
  tick?.addEventListener("change", () => {
    if (tick.checked) navigator.geolocation?.getCurrentPosition(() => {}, () => {}, QUICK);
  });
}

/** @param {HTMLElement} alarm */
function sendSpot(alarm) {
  const { spot } = alarm.dataset;
  const token = /** @type {HTMLInputElement|null} */ (alarm.querySelector("[name=csrfmiddlewaretoken]"));
  if (!spot || !token || !navigator.geolocation) return;
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const body = new URLSearchParams({
      latitude: String(coords.latitude),
      longitude: String(coords.longitude),
      metres: String(coords.accuracy),
    });
    fetch(spot, { method: "POST", body, headers: { "X-CSRFToken": token.value } }).catch(() => {});
  }, () => {}, QUICK);
}

askBeforehand();
const alarm = /** @type {HTMLElement|null} */ (document.querySelector("[data-alarm]"));
if (alarm) sendSpot(alarm);
