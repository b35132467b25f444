/* One phone of the fault tests: the app's own store and outbox, with ways to hurt them. */
async ({ name, device, token }) => {
  const load = (file) => import(`/static/phone/app/${file}.js`);
  const [{ openStore }, { Outbox }, { connect }] = await Promise.all(["store", "outbox", "net"].map(load));
  const net = connect({ device, token });
  const phone = { replies: [], wiped: null, lost: 0, shift: 0, post: net.post };
  globalThis.phone = phone;
  phone.net = net;
  phone.open = async () => {
    phone.store = await openStore(name);
    phone.outbox = new Outbox({
      store: phone.store,
      post: (path, body) => phone.post(path, body),
      now: () => Date.now() / 1000 + phone.shift,
      onReply: (reply, wiped) => { phone.replies.push(reply); phone.wiped = wiped ?? phone.wiped; },
    });
    if (!(await phone.store.get("device"))) await phone.outbox.enrol({ device, token });
    if (!(await phone.store.get("reference"))) await phone.learn();
    await phone.outbox.start();
    await phone.outbox.sendNow();
  };
  phone.learn = async () => {
    const { status, body } = await net.get("/phone/reference");
    if (status === 200) await phone.store.set("reference", body);
  };
  phone.close = () => { phone.outbox.stop(); phone.store.close(); };
  phone.tap = async (visit, times = 1) => {
    for (let tap = 0; tap < times; tap += 1) await phone.outbox.add(visit, "count", { kind: "met", number: 1 });
  };
  /** Send until nothing waits: a thumb on the button after each try that came to nothing. */
  phone.send = async (most = 40) => {
    for (let tries = 0; tries < most; tries += 1) {
      await phone.outbox.sendNow();
      const { mine, problem } = phone.outbox.status;
      if (!mine && !problem) return phone.outbox.status;
    }
    return phone.outbox.status;
  };
  phone.rows = () => phone.store.read(["outbox"], (tx) => tx.objectStore("outbox").getAll());
  await phone.open();
  return phone.outbox.status;
}
