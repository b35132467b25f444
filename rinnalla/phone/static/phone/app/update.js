/**
 * New versions of the app: fetched in the background, shown only when no visit is open.
 *
 * The service worker keeps each version whole. What the phone shows changes when this
 * module says so, and before it does, it looks into the store for an open visit. A
 * reload loses nothing that was recorded; it happens by itself only where nothing is
 * being written.
 *
 * @typedef {import("./store.js").Store} Store
 */

const WORKER = "/phone/sw.js";
const HOUR = 3_600_000;
const ANSWER = 20_000;
/** Seconds a visit that nobody ended is held to be open. */
const LONGEST_VISIT = 14 * 3600;
/** Addresses of the app where nothing is half written. */
const CALM = ["", "#/", "#/device"];
const SHOWN_BY_ITSELF = "rinnalla-shown";

/** Whether a visit, as this phone counted it, is still going on. */
export function isOpenVisit(visit, now = Date.now()) {
  const has = visit.started || visit.own || visit.guided || visit.stubs?.length;
  const isOver = visit.ended || visit.wrapped || visit.mistaken;
  return Boolean(has) && !isOver && now / 1000 - visit.last < LONGEST_VISIT;
}

export class Update {
  /**
   * @param {{store: Pick<Store, "visits"|"set">, onChange?: () => void,
   *   reload?: () => void}} options
   */
  constructor({ store, onChange = () => {}, reload = () => location.reload() }) {
    this.store = store;
    this.onChange = onChange;
    this.reload = reload;
    this.page = /** @type {HTMLElement} */ (document.querySelector("[data-version]"));
    /** A newer version lies ready on this phone. */
    this.isWaiting = false;
    /** @type {ServiceWorkerRegistration|null} */
    this.registration = null;
    this.askedAt = 0;
  }

  /** The version of this page. */
  get version() {
    return this.page?.dataset.version ?? "";
  }

  /** Whether the app opens here without a network. */
  get isKept() {
    return Boolean(this.registration?.active);
  }

  /** Register the worker, mend what it keeps, show a newer version where nothing is open. */
  async start() {
    if (!("serviceWorker" in navigator) || this.page?.dataset.keeps !== "yes") return;
    try {
      this.registration = await navigator.serviceWorker.register(WORKER, {
        scope: "/phone/", updateViaCache: "none",
      });
    } catch {
      return; // No network and no worker yet, or a browser that keeps none.
    }
    this.askedAt = Date.now();
    this.watch();
    if (navigator.serviceWorker.controller) ask(this.registration.active, { do: "mend" });
    await this.look();
    await this.showIfCalm();
  }

  watch() {
    const { registration } = this;
    navigator.serviceWorker.ready.then(() => this.onChange());
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", () => this.look());
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.showIfCalm();
      else if (Date.now() - this.askedAt > HOUR) this.check();
    });
    addEventListener("online", () => this.check());
  }

  /** Ask the server for a newer version; false without a network. */
  async check() {
    if (!this.registration) return false;
    this.askedAt = Date.now();
    try {
      await this.registration.update();
    } catch {
      return false;
    }
    await settled(this.registration.installing);
    await this.look();
    return true;
  }

  /** See whether a newer version than this page's lies ready. */
  async look() {
    const before = this.isWaiting;
    this.isWaiting = Boolean(await this.newer());
    if (this.isWaiting !== before) this.onChange();
  }

  /** The worker that holds a newer version than this page, or null. */
  async newer() {
    const worker = this.registration?.waiting ?? this.registration?.active;
    if (!worker || !navigator.serviceWorker.controller) return null;
    const told = await ask(worker, { do: "what" });
    return told && told.version !== this.version ? worker : null;
  }

  /** Whether a visit is going on in this phone. */
  async isVisitOpen() {
    return (await this.store.visits()).some((visit) => isOpenVisit(visit));
  }

  /** Show the newer version; false, and nothing changed, while a visit is open. */
  async apply() {
    const worker = await this.newer();
    if (!worker || (await this.isVisitOpen())) return false;
    const changed = worker === this.registration.waiting ? controllerChange() : null;
    const told = await ask(worker, { do: "show" });
    if (!told) return false;
    await changed;
    await this.store.set("updatedAt", Date.now());
    this.reload();
    return true;
  }

  /** Show it unasked where nobody is in the middle of anything; once a version. */
  async showIfCalm() {
    if (!this.isWaiting || !CALM.includes(location.hash)) return;
    const worker = await this.newer();
    const told = worker && (await ask(worker, { do: "what" }));
    if (!told || sessionStorage.getItem(SHOWN_BY_ITSELF) === told.version) return;
    sessionStorage.setItem(SHOWN_BY_ITSELF, told.version);
    await this.apply();
  }

  /** Keep the app in another language; false, and nothing changed, without a network. */
  async chooseLanguage(/** @type {string} */ language) {
    const active = this.registration?.active;
    if (!active) {
      location.assign(`?language=${language}${location.hash}`);
      return true;
    }
    const told = await ask(active, { do: "language", language });
    if (told) {
      this.reload();
      return true;
    }
    // The server speaks of a newer version by now: fetch that one, then try again.
    return (await this.check()) && this.isWaiting && (await this.apply());
  }
}

/** Ask a worker something; null when it does not know or stays silent. */
function ask(/** @type {ServiceWorker} */ worker, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, ANSWER, null);
    worker.postMessage(message, [port2]);
  });
}

/** Until the new worker has taken over, or a few seconds. */
function controllerChange() {
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, 5000);
  });
}

/** Until a worker has been installed, or could not be. */
function settled(/** @type {ServiceWorker|null} */ worker) {
  return new Promise((resolve) => {
    if (!worker || worker.state !== "installing") return resolve(null);
    worker.addEventListener("statechange", () => resolve(null), { once: true });
  });
}
