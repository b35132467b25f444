// Takes the field app's worker off this phone, for the day when a kept app must go.
//
// The kept pages go, the recorded facts stay: they lie elsewhere, and the page that
// opens next, straight from the server, sends them.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const names = (await caches.keys()).filter((name) => name.startsWith("rinnalla-"));
  await Promise.all(names.map((name) => caches.delete(name)));
  const open = await clients.matchAll({ type: "window" });
  await registration.unregister();
  // Another query, or the browser would only jump to the place after the #.
  for (const client of open) {
    const address = new URL(client.url);
    address.search = "?off";
    client.navigate(address.href).catch(() => {});
  }
}
