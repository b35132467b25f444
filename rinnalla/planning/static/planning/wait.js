/** Looks again in a moment: the address answers with the print once it is made. */
const LOOK_AGAIN_AFTER = 2000;

setTimeout(() => location.reload(), LOOK_AGAIN_AFTER);
