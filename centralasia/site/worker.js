// The site's service worker: it keeps the site on the device, so that it opens without a network.
// The build puts above this line SITE: by group (book, python, image, edition) each file's path with
// its checksum and its size. Below the last line it loads JupyterLite's own worker, where there is one.
//
// A file is kept under its address together with its checksum, and the browser compares the two when
// it is fetched. So a worker gives out files of its own release alone, and a new release fetches only
// what changed. It takes over when no page of the old one is open any more. The archives of Python
// (*.pack) are kept by Python itself; see boot.js.

const ROOT = self.registration.scope;
const STORE = "centralasia-site";
const PYTHON = "centralasia-python";
const LOST = "offline.html";
const START = "lite/python/boot.js"; // the script of Python's own thread
const FILES = new Map(Object.values(SITE).flatMap(Object.entries));
const ASKED = (group) => `${ROOT}?kept=${group}`; // a mark that a group is to be kept whole

let other = false; // the server has another release, or changes files on the way

// ---- where a file is

function pathOf(address) {
  const path = decodeURIComponent(address.replace(/[?#].*/, "").slice(ROOT.length));
  return [path, path + (!path || path.endsWith("/") ? "index.html" : ".html")].find((one) => FILES.has(one));
}

const keyOf = (path) => `${ROOT}${path}?sum=${encodeURIComponent(FILES.get(path)[0])}`;
const find = async (path) => (await caches.open(STORE)).match(keyOf(path));

async function keep(path, priority) {
  const sure = { integrity: `sha256-${FILES.get(path)[0]}`, priority };
  const response = await fetch(ROOT + path, sure)
    .catch(() => fetch(ROOT + path, { ...sure, cache: "reload" })); // the browser had an old one
  const pack = path.endsWith(".pack");
  const store = await caches.open(pack ? PYTHON : STORE);
  // A page may not be answered by what came from another address.
  const { body, headers } = response;
  await store.put(pack ? ROOT + path : keyOf(path), response.redirected ? new Response(body, { headers }) : response);
}

// ---- what is asked for

async function answer(request, path) {
  let found = !other && await find(path);
  let why;
  if (!found && !other) {
    await keep(path).catch((error) => { why = error; });
    found = await find(path);
  }
  if (found) return within(found, request);
  // It is another release's, or there is no room to keep it, or no network.
  const response = await fetch(request).catch(() => find(path));
  if (why && response?.ok && whyNot(why) !== "room") turnToServer();
  return response ?? lost(request);
}

async function lost(request) {
  return (request.mode === "navigate" && await find(LOST)) || Response.error();
}

// From now on everything comes from the server, so that nothing of two releases meets on a page.
function turnToServer() {
  other = true;
  self.registration.update().catch(() => {});
}

// A player may ask for a part of a file.
async function within(response, request) {
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!range) return response;
  const whole = await response.blob();
  const [from, to] = range[1] ? [Number(range[1]), Number(range[2] || whole.size - 1)]
    : [whole.size - Number(range[2]), whole.size - 1];
  const headers = { "Content-Type": whole.type, "Content-Range": `bytes ${from}-${to}/${whole.size}` };
  return new Response(whole.slice(from, to + 1), { status: 206, headers });
}

// A folder is asked for without its last stroke, or it is a page that the site does not have.
async function visit(request) {
  const folder = `${request.url}/`;
  return fetch(request).catch(() => (pathOf(folder) ? Response.redirect(folder) : lost(request)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(ROOT)) return;
  const path = pathOf(request.url);
  if (!path && request.mode !== "navigate") return;
  event.stopImmediatePropagation(); // JupyterLite's worker answers what is left
  if (path?.endsWith(".pack")) return;
  event.respondWith(path ? answer(request, path) : visit(request));
  if (path === START) event.waitUntil(askFor("python").catch(() => {}));
});

// ---- what is fetched beforehand

const sizeOf = (paths) => paths.reduce((sum, path) => sum + FILES.get(path)[1], 0);

async function missing(paths) {
  const held = new Set();
  for (const name of [STORE, PYTHON]) {
    for (const { url } of await (await caches.open(name)).keys()) held.add(url);
  }
  const disk = await self.navigator.storage?.getDirectory?.().catch(() => undefined);
  const unpacked = (path) => disk?.getFileHandle(`${path.split("/").at(-2)}-start`).then(() => true, () => false);
  const left = [];
  for (const path of paths) {
    if (held.has(path.endsWith(".pack") ? ROOT + path : keyOf(path))) continue;
    if (path.endsWith("/image.pack") && await unpacked(path)) continue;
    left.push(path);
  }
  return left;
}

const filesOf = (groups) => groups.flatMap((group) => Object.keys(SITE[group] ?? {}));

const ports = new Set(); // pages that hear how far it has come

async function fill(left) {
  const all = sizeOf(left);
  let done = 0;
  const next = left.values();
  const lane = async () => {
    for (const path of next) {
      await keep(path, "low");
      done += FILES.get(path)[1];
      ports.forEach((port) => port.postMessage({ done, all }));
    }
  };
  await Promise.all([lane(), lane(), lane()]);
}

async function askFor(...groups) {
  const store = await caches.open(STORE);
  for (const group of groups) await store.put(ASKED(group), new Response(""));
}

async function asked() {
  const store = await caches.open(STORE);
  const marks = await Promise.all(Object.keys(SITE).map(async (group) => await store.match(ASKED(group)) && group));
  return marks.filter(Boolean);
}

const whyNot = (error) => (error.name === "QuotaExceededError" ? "room" : "away");

async function state() {
  const left = new Set(await missing([...FILES.keys()]));
  const groups = Object.keys(SITE);
  const whole = groups.filter((group) => !filesOf([group]).some((path) => left.has(path)));
  const sizes = Object.fromEntries(groups.map((group) => [group, sizeOf(filesOf([group]))]));
  return { groups, whole, sizes };
}

// A page that is sparing gets what it is made of, and nothing that was asked for on another day.
async function keepAll({ groups, paths = [], sparing = false }) {
  const wanted = groups === "all" ? Object.keys(SITE) : groups;
  const made = paths.filter((one) => one.startsWith(ROOT)).map(pathOf).filter(Boolean);
  const all = new Set([...made, ...filesOf([...wanted, ...sparing ? [] : await asked()])]);
  await fill(await missing(all));
  await askFor(...wanted);
  return state();
}

let last = Promise.resolve(); // one after another, so that nothing is fetched twice
function heard({ data, ports: [port] }) {
  ports.add(port);
  last = last.then(() => keepAll(data))
    .catch(async (error) => ({ ...await state(), failed: whyNot(error) }))
    .then((result) => {
      ports.delete(port);
      port.postMessage(result);
    });
  return last;
}

// The page that was left before this one may still be counted for a moment.
async function takeOver() {
  for (let tries = 0; tries < 10; tries++) {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    if (pages.filter(({ url }) => url.startsWith(ROOT)).length < 2) return self.skipWaiting();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return undefined;
}

self.addEventListener("message", (event) => {
  event.waitUntil(event.data?.take ? takeOver() : event.data?.groups ? heard(event) : Promise.resolve());
});

// ---- its own life; JupyterLite's worker has no say in it

// A first visit waits for nothing; a new release is whole before it takes over, but where the browser
// says that the network is dear: there its pages come as they are opened.
async function install() {
  await keep(LOST);
  if (!self.registration.active) return self.skipWaiting();
  const { saveData, type } = self.navigator.connection ?? {};
  if (saveData || type === "cellular") return undefined;
  return fill(await missing(filesOf(await asked()))).catch((error) => {
    if (whyNot(error) !== "room") throw error;
  });
}

async function activate() {
  const current = new Set([...[...FILES.keys()].map(keyOf), ...Object.keys(SITE).map(ASKED)]);
  const store = await caches.open(STORE);
  for (const { url } of await store.keys()) if (!current.has(url)) await store.delete(url);
  await self.clients.claim();
  // At a first visit Python may have begun before this worker heard of it.
  const threads = await self.clients.matchAll({ type: "worker", includeUncontrolled: true });
  if (threads.some(({ url }) => url.startsWith(ROOT) && pathOf(url) === START)) await askFor("python");
}

self.addEventListener("install", (event) => {
  event.stopImmediatePropagation();
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => {
  event.stopImmediatePropagation();
  event.waitUntil(activate());
});
