// Starts Python with every package of the course in place, and tells the page how far it has come.
// JupyterLite's kernel worker loads this in place of pyodide.js, and the worker of a live page of the
// book does. The build also puts it in front of JupyterLite's worker's own script, so that Python
// starts before JupyterLite asks for it; what comes second finds the first at work. See early.js.
//
// Python starts from its memory image; see image.js. Where that fails, it starts from the packages.

self.centralasia ??= (() => {
// A worker's relative addresses start from the worker's own script, which may be JupyterLite's.
const HERE = self.location.href.replace(/\/(extensions|python)\/.*/, "/python/");
const FOLDER = `${HERE}${PYTHON.folder}/`;
const IMAGE = `${PYTHON.folder}/image.pack`;
const ON_DISK = `${PYTHON.folder}-start`;
const SITE_PACKAGES = "/lib/python3.12/site-packages";
importScripts(`${FOLDER}pyodide.asm.js`, `${FOLDER}pyodide.js`, `${FOLDER}image.js`);

const tell = (stage, share, message) => self.postMessage({ centralasia: { stage, share, message } });

// Where a browser lets pages keep nothing, there is none, and all is fetched again.
const store = async () => {
  try {
    return await self.caches?.open("centralasia-python");
  } catch {
    return undefined;
  }
};

let away = false; // the network is, or was lost on the way
const lose = (error) => {
  away = true;
  throw error;
};
// Where a part of Python itself does not come, Emscripten waits for ever.
const lost = new Promise((_resolve, reject) => {
  self.addEventListener("unhandledrejection", ({ reason }) => {
    fetch(`${HERE}boot.js`, { method: "HEAD", cache: "no-store" }).catch(lose).catch(() => reject(reason));
  });
});
lost.catch(() => {});

// Kept under an address with a checksum: what is there need never be asked for again.
let keeping = Promise.resolve();
async function kept(name) {
  const url = HERE + name;
  const cache = await store();
  const found = await cache?.match(url);
  if (found) return found;
  const response = await fetch(url).catch(lose);
  if (cache && response.ok) {
    const copy = response.clone();
    const clear = async () => {
      const current = [IMAGE, PYTHON.packages, PYTHON.course].map((one) => HERE + one);
      for (const old of await cache.keys()) if (!current.includes(old.url)) await cache.delete(old);
    };
    const put = clear().then(() => cache.put(url, copy)).catch(() => {}); // no room: fetched again
    keeping = Promise.all([keeping, put]);
  }
  return response;
}

async function packed(name) {
  const response = await kept(name);
  if (!response.ok) throw new Error(`${name} cannot be loaded (${response.status}).`);
  const size = name === PYTHON.course ? 0 : Number(response.headers.get("content-length"));
  const reader = response.body.getReader();
  let read = 0;
  return new ReadableStream({
    async pull(out) {
      const { done, value } = await reader.read().catch(lose);
      if (done) return out.close();
      read += value.length;
      if (size) tell("fetching", Math.min(read / size, 1));
      return out.enqueue(value);
    },
  });
}

const bytesOf = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const archive = async (name) =>
  bytesOf((await packed(name)).pipeThrough(new DecompressionStream("gzip")));

// ---- the image: unpacked once, and from then on read from the disk

async function openImage() {
  const disk = await navigator.storage?.getDirectory?.().catch(() => undefined);
  const file = await fileOf(disk);
  if (file?.getSize() === PYTHON.size) {
    const read = (view, at) => file.read(view, { at });
    return { ...centralasiaImage.open(read), close: () => file.close() };
  }
  file?.close();
  const stream = await packed(IMAGE);
  const { ZSTDDecoder } = await import(`${FOLDER}zstddec.js`);
  const decoder = new ZSTDDecoder();
  const [content] = await Promise.all([bytesOf(stream), decoder.init()]);
  await check(content);
  const bytes = decoder.decode(content, PYTHON.size);
  if (bytes.length !== PYTHON.size) throw new Error("the image has another size");
  const read = (view, at) => view.set(bytes.subarray(at, at + view.length));
  // It is put on the disk when nobody waits for anything.
  const close = () => disk && setTimeout(() => keep(disk, bytes).catch(console.warn), 3000);
  return { ...centralasiaImage.open(read), close };
}

// A wrong byte in the memory of Python could give a wrong result and no error.
async function check(content) {
  const sum = new Uint8Array(await self.crypto.subtle?.digest("SHA-256", content) ?? []);
  const hex = [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex && hex !== PYTHON.sum) throw new Error("the image is damaged");
}

// Other tabs may read at the same time; where the browser has no such mode, one at a time may.
async function fileOf(disk) {
  const file = await disk?.getFileHandle(ON_DISK).catch(() => undefined);
  return file?.createSyncAccessHandle?.({ mode: "read-only" }).catch(() => undefined);
}

async function keep(disk, bytes) {
  for await (const old of disk.keys()) {
    if (old.endsWith("-start") && old !== ON_DISK) await disk.removeEntry(old).catch(() => {});
  }
  const part = await disk.getFileHandle(`${ON_DISK}.part`, { create: true });
  const writer = await part.createSyncAccessHandle();
  try {
    writer.truncate(0);
    writer.write(bytes, { at: 0 });
    writer.flush();
  } finally {
    writer.close();
  }
  await part.move(ON_DISK); // from now on it is whole
  await (await store())?.delete(HERE + IMAGE);
}

async function forget() {
  const disk = await navigator.storage?.getDirectory?.().catch(() => undefined);
  await disk?.removeEntry(ON_DISK).catch(() => {});
  await keeping;
  await (await store())?.delete(HERE + IMAGE);
}

// ---- the two ways to start

const OPTIONS = { indexURL: FOLDER, stdLibURL: `${FOLDER}stdlib.zip` };
const start = self.loadPyodide;
const create = self._createPyodideModule;

async function fromImage() {
  const image = await openImage();
  tell("starting", 0.4);
  const { about, modules, fill } = image;
  const python = await centralasiaImage.restore(start, OPTIONS, about, modules, fill);
  centralasiaImage.wake(python, image);
  image.close();
  return python;
}

async function fromPackages() {
  const [python, files] = await Promise.all([start(OPTIONS), archive(PYTHON.packages)]);
  unpack(python.FS, files);
  for (const [module, share] of [["pandas", 0.3], ["altair", 0.6]]) {
    tell("starting", share);
    bringModule(python, module);
  }
  return python;
}

// The archive is a plain ustar: a header of 512 bytes, the file, and zeros up to the next 512.
function unpack(FS, tar) {
  const decoder = new TextDecoder();
  const text = (at, length) => decoder.decode(tar.subarray(at, at + length)).split("\0")[0];
  const folders = new Set();
  for (let at = 0; at < tar.length && tar[at]; ) {
    const size = parseInt(text(at + 124, 12), 8);
    const prefix = text(at + 345, 155);
    const path = `${SITE_PACKAGES}/${prefix ? `${prefix}/` : ""}${text(at, 100)}`;
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(folder)) {
      FS.mkdirTree(folder);
      folders.add(folder);
    }
    FS.writeFile(path, tar.subarray(at + 512, at + 512 + size), { canOwn: true });
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const bringModule = (python, name) =>
  python.runPython(`import centralasia_browser; centralasia_browser.bring("${name}")`);

// The page keeps the answers, and writes here what Python is to know of them.
const ANSWERS = "/home/pyodide/my-answers.txt";

async function bring() {
  tell("fetching", 0);
  const course = archive(PYTHON.course);
  course.catch(() => {}); // it is asked for below
  const python = await fromImage().catch(async (error) => {
    if (away) throw error;
    console.warn(`Python starts without its image: ${error.message ?? error}`);
    self._createPyodideModule = create;
    await forget();
    return fromPackages();
  });
  // The browser's zones are where Python and dateutil look for them.
  python.FS.mkdirTree("/usr/share");
  python.FS.symlink(`${SITE_PACKAGES}/tzdata/zoneinfo`, "/usr/share/zoneinfo");
  unpack(python.FS, await course);
  python.runPython(`import os; os.environ["CENTRALASIA_PROGRESS"] = "${ANSWERS}"`);
  tell("starting", 0.8);
  bringModule(python, "centralasia.widgets");
  tell("starting", 0.9);
  const run = python.runPythonAsync;
  python.runPythonAsync = async (code, ...options) => {
    const result = await run(code, ...options);
    if (code.includes("import pyodide_kernel")) { // JupyterLite's last step, and a live page's
      python.runPython("import centralasia_browser; centralasia_browser.keep_nulls(); centralasia_browser.join()");
      tell("ready", 1);
    }
    return result;
  };
  return python;
}

let begun;
const begin = () => (begun ??= Promise.race([bring(), lost]).catch((error) => {
  tell(away || !navigator.onLine ? "away" : "failed", 1, String(error.message ?? error));
  throw error;
}));
// What JupyterLite passes are the names of packages that it need not install, and this address.
self.loadPyodide = begin;
return { begin, ANSWERS };
})();
