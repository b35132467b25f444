/* Many phones in one page, each with a store of its own, living through their schedules. */
async ({ runs, lanes, key }) => {
  const load = (file) => import(`/static/phone/app/${file}.js`);
  const [{ Store, openStore }, { Outbox }, { connect }] = await Promise.all(["store", "outbox", "net"].map(load));
  const FACTS = ["count", "encounter", "mark", "undo"];
  const pause = (ms) => new Promise((next) => setTimeout(next, ms));

  class Phone {
    constructor(run) {
      Object.assign(this, { run, name: `run-${run.number}`, net: connect(run) });
      this.trouble = { cut: 0, lose: 0, double: 0, late: 0 };
      this.late = [];
      this.flying = new Set();
      this.asked = false;
    }

    async open() {
      this.store = await openStore(this.name);
      const { device, token } = this.run;
      this.outbox = new Outbox({
        store: this.store,
        post: (path, body) => this.post(path, body),
        onReply: (reply) => { this.asked = Boolean(reply.missing.length); },
      });
      if (!(await this.store.get("device"))) await this.outbox.enrol({ device, token });
      if (!(await this.store.get("reference"))) await this.store.set("reference", { key });
      await this.outbox.start();
      // The one before lets go of the lock a moment later.
      while (!this.outbox.isWriter) await pause(1);
    }

    /** Put away in the middle of whatever it does, and opened anew. */
    restart() {
      this.outbox.stop();
      this.store.close();
      return this.open();
    }

    async evict() {
      this.outbox.stop();
      await this.store.destroy();
      return this.open();
    }

    async post(path, body) {
      const { trouble } = this;
      const once = (name) => trouble[name] > 0 && (trouble[name] -= 1) >= 0;
      if (once("cut")) throw new TypeError("cut");
      const sending = this.fly(path, body);
      if (once("double")) this.fly(path, body).catch(() => {});
      if (body.facts.length && once("late")) this.late.push(body);
      const answer = await sending;
      if (once("lose")) throw new TypeError("lost");
      if (this.late.length && this.late[0] !== body) this.fly(path, this.late.shift()).catch(() => {});
      return answer;
    }

    /** A request on its way, whoever still waits for its answer. */
    fly(path, body) {
      const flight = this.net.post(path, body);
      this.flying.add(flight);
      flight.finally(() => this.flying.delete(flight)).catch(() => {});
      return flight;
    }

    /** How many facts are on the disk. */
    made() {
      const names = ["meta", "outbox", "visits", "log"];
      return this.store.write(names, async (tx) => (await tx.objectStore("meta").get("seq")) ?? 0);
    }

    async play([what, how]) {
      const { outbox } = this;
      if (FACTS.includes(what)) return this.add(what, await this.body(what, how));
      if (what === "send") return outbox.sendNow();
      if (what === "seal") return outbox.sealVisit(this.run.visit);
      if (what === "restart") return this.restart();
      if (what === "evict") return this.evict();
      if (what in this.trouble) this.trouble[what] += how;
      return undefined;
    }

    /** Record, and write the number down where no eviction reaches. */
    async add(what, body) {
      const fact = await this.outbox.add(this.run.visit, what, body);
      const ids = this.ids;
      ids[fact.seq - 1] = fact.id;
      localStorage.setItem(`ids-${this.name}`, JSON.stringify(ids));
    }

    get ids() {
      return JSON.parse(localStorage.getItem(`ids-${this.name}`) ?? "[]");
    }

    async body(what, how) {
      if (what !== "undo") return how;
      return { of: (await this.store.visit(this.run.visit)).undoable.at(-1).id };
    }

    /** The whole schedule, from where the disk says that it stands. */
    async live() {
      await this.open();
      const { steps } = this.run;
      let place = placeAfter(steps, await this.made());
      while (place < steps.length) {
        const next = steps[place + 1];
        if (steps[place][0] === "abrupt" && next && FACTS.includes(next[0])) {
          const body = await this.body(...next);
          this.add(next[0], body).catch(() => {});
          await this.restart();
          place = placeAfter(steps, await this.made());
          continue;
        }
        await this.play(steps[place]);
        place += 1;
      }
      return this.settle();
    }

    /** The network is well again: send until nothing waits and nothing is asked for. */
    async settle() {
      Object.assign(this.trouble, { cut: 0, lose: 0, double: 0, late: 0 });
      await Promise.allSettled(this.flying);
      let calm = 0;
      for (let tries = 0; tries < 800 && calm < 2; tries += 1) {
        await this.outbox.sendNow();
        const { mine, problem } = this.outbox.status;
        calm = mine || problem || this.asked ? 0 : calm + 1;
        if (problem) await pause(25);
      }
      const state = await this.store.visit(this.run.visit);
      const losses = await this.outbox.losses();
      const { status } = this.outbox;
      const { own = 0, guided = 0 } = state ?? {};
      const { ids } = this;
      return { ...status, own, guided, seq: await this.made(), losses: losses.length, ids };
    }

    async end() {
      this.outbox.stop();
      await this.store.destroy();
      localStorage.removeItem(this.store.mirrorKey);
      localStorage.removeItem(`ids-${this.name}`);
    }
  }

  /** Where the schedule goes on when so many facts are made; what hurts an abrupt one is over. */
  function placeAfter(steps, made) {
    let seen = 0;
    for (let place = 0; place < steps.length; place += 1) {
      if (seen === made) return made && steps[place][0] === "abrupt" ? place + 1 : place;
      if (FACTS.includes(steps[place][0])) seen += 1;
    }
    return steps.length;
  }

  const queue = [...runs];
  async function lane() {
    for (let run = queue.shift(); run; run = queue.shift()) {
      const phone = new Phone(run);
      await globalThis.report(run.number, await phone.live());
      await phone.end();
    }
  }
  globalThis.bench = { isDone: false, fault: "" };
  Promise.all(Array.from({ length: lanes }, lane)).then(
    () => { globalThis.bench.isDone = true; },
    (fault) => { globalThis.bench.fault = String(fault.stack ?? fault); },
  );
}
