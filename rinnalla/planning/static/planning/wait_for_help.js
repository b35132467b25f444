/** While one's own alarm is open: look again who has taken it. Nothing is typed there. */

const LOOK_AGAIN = 15_000;

if (document.querySelector("[data-alarm]")) setTimeout(() => location.reload(), LOOK_AGAIN);

export {};
