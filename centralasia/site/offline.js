// Has the site kept on the device by its worker (see worker.js), and says how far that is where a page
// has a place for it. For the pages of the book and of the browser edition. JupyterLite would register
// a worker of its own for its part, and take all others away; it gets the site's in its place.

(() => {
  const ROOT = new URL("../", document.currentScript.src);
  const WORKER = new URL("service-worker.js", ROOT);
  const BOOK = document.currentScript.src.includes("/_static/offline.js");
  const workers = navigator.serviceWorker;
  const happened = (event, on) => new Promise((resolve) => on.addEventListener(event, resolve, { once: true }));
  const written = happened("DOMContentLoaded", document);
  const loaded = happened("load", window);
  const mb = (bytes) => Math.ceil(bytes / 1e6);
  // What the book says of its pages, by what is known of the network; see net below.
  const PAGES = { dear: "offline_pages_dear", free: "offline_pages_free", unknown: "offline_pages_unknown" };
  let place;
  performance.setResourceTimingBufferSize?.(2000);

  function tell(name, values) {
    const status = place?.querySelector("[role=status]");
    const text = status && centralasiaSay(name, values);
    if (status && status.textContent !== text) status.textContent = text;
  }

  // The worker answers with { done, all } on its way, and at last with its state or { failed }.
  function ask(worker, message) {
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        if (!("done" in data)) resolve(data);
        else tell("offline_keeping", { n: Math.floor(data.done / 1e6), all: mb(data.all) });
      };
      worker.postMessage(message, [port2]);
    });
  }

  function show(worker, { groups, whole, sizes, failed }) {
    const has = (...wanted) => wanted.every((group) => whole.includes(group));
    const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    const size = { mb: mb(all), book: mb(sizes.book ?? 0) };
    if (failed) tell(failed === "room" ? "offline_room" : "offline_away");
    else if (has(...groups)) tell("offline_all", size);
    else if (has("book")) tell(has("python", "image") ? "offline_python" : "offline_book", size);
    else tell(BOOK ? PAGES[net()] : "offline_pages", size);
    for (const button of place?.querySelectorAll("button") ?? []) {
      const one = button.dataset.keep; // a group, or all of them
      button.hidden = has(...(one === "all" ? groups : [one]));
      button.textContent = centralasiaSay(one === "all" ? "offline_keep_all" : "offline_keep_book", size);
      button.onclick = async () => {
        place.querySelectorAll("button").forEach((each) => { each.hidden = true; });
        navigator.storage?.persist?.();
        show(worker, await ask(worker, { groups: one === "all" ? "all" : [one] }));
      };
    }
  }

  // What is known of the network: whether each megabyte may cost its reader money. Where the browser
  // does not say it (Safari and Firefox never do), a device for fingers may be on a mobile network.
  function net() {
    const { saveData, type } = navigator.connection ?? {};
    if (saveData || type === "cellular") return "dear";
    if (["wifi", "ethernet"].includes(type)) return "free";
    return matchMedia("(pointer: coarse)").matches ? "unknown" : "free";
  }

  // What this page was made of before the worker was there lies in the browser's own cache.
  const made = () => [location.href, ...performance.getEntriesByType("resource").map(({ name }) => name)];

  // A new release is there and waits. This page has only just begun: if it is the only one of the
  // site, it gives way and loads once more, so that no page has files of two releases. What it asked
  // for until now comes from the old one, which would not be so if it gave way while it still loads.
  async function giveWay() {
    await loaded;
    const waiting = (await workers.getRegistration(WORKER))?.waiting;
    if (!waiting || !workers.controller) return;
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage({ take: "over" });
  }

  // Where pages may keep nothing, Firefox writes an error whenever one asks for a worker.
  const mayKeep = async () => Boolean(workers && isSecureContext && await caches.keys());

  async function begin() {
    const may = await mayKeep().catch(() => false);
    if (may) giveWay().catch(console.warn);
    await written;
    place = document.querySelector(".ca-offline");
    if (location.protocol === "file:") return tell("offline_folder");
    if (!isSecureContext) return tell("offline_http");
    if (!may) return tell("offline_never");
    await loaded; // the page comes first
    for (const old of await list()) if (old.scope === new URL("lite/", ROOT).href) await old.unregister();
    await workers.register(WORKER);
    const { active } = await workers.ready;
    const groups = BOOK && net() === "free" ? ["book"] : [];
    show(active, await ask(active, { groups, paths: made(), sparing: net() === "dear" }));
  }

  const list = workers?.getRegistrations.bind(workers);
  if (workers && !BOOK) {
    const register = workers.register.bind(workers);
    workers.register = (own) => register(WORKER).catch(() => register(own)); // the edition stands alone
    workers.getRegistrations = async () => [];
  }
  begin().catch(() => tell("offline_never"));
})();
