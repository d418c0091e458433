// JupyterLite's kernel worker loads this in place of pyodide.js. It starts Pyodide with every
// package of the course in place, from one file, and tells the page how far it has come.
// The build also puts it in front of the worker's own script, so that Python starts before
// JupyterLite asks for it; what comes second finds the first at work. See early.js.

self.centralasia ??= (() => {
// A worker's relative addresses start from the worker's own script, which is JupyterLite's.
const HERE = `${self.location.href.split("/extensions/")[0]}/python/`;
importScripts(`${HERE}pyodide.js`);

const SITE_PACKAGES = "/lib/python3.12/site-packages";
const tell = (stage, share, message) => self.postMessage({ centralasia: { stage, share, message } });

// Kept under an address with a checksum: what is there need never be asked for again.
async function kept(name) {
  const url = HERE + name;
  if (!self.caches) return fetch(url);
  const cache = await caches.open("centralasia-python");
  const found = await cache.match(url);
  if (found) return found;
  const response = await fetch(url);
  if (response.ok) {
    for (const old of await cache.keys()) {
      if (!FILES.includes(new URL(old.url).pathname.split("/").pop())) await cache.delete(old);
    }
    await cache.put(url, response.clone()).catch(() => {}); // no room: it is fetched again
  }
  return response;
}

async function archive(name) {
  const response = await kept(name);
  if (!response.ok) throw new Error(`${name} cannot be loaded (${response.status}).`);
  const size = Number(response.headers.get("content-length")) || 0;
  let read = 0;
  const counted = response.body.pipeThrough(new TransformStream({
    transform(chunk, out) {
      read += chunk.length;
      if (size) tell("fetching", Math.min(read / size, 1));
      out.enqueue(chunk);
    },
  }));
  const plain = counted.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
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

// JupyterLite mounts the learner's files next; from then on answers are written there.
function keepAnswers(python) {
  const { FS } = python;
  const mount = FS.mount;
  FS.mount = (type, options, place) => {
    const mounted = mount(type, options, place);
    if (place === "/drive") {
      python.runPython("import os; os.environ['CENTRALASIA_PROGRESS'] = '/drive/my-answers.txt'");
    }
    return mounted;
  };
}

async function bring(start, options) {
  tell("fetching", 0);
  const files = archive(FILES[0]);
  const python = await start({ ...options, stdLibURL: HERE + FILES[1] });
  unpack(python.FS, await files);
  // The browser's zones are where Python and dateutil look for them.
  python.FS.mkdirTree("/usr/share");
  python.FS.symlink(`${SITE_PACKAGES}/tzdata/zoneinfo`, "/usr/share/zoneinfo");
  keepAnswers(python);
  for (const [module, share] of [["pandas", 0.3], ["altair", 0.6], ["centralasia.widgets", 0.8]]) {
    tell("starting", share);
    python.runPython(`import centralasia_browser; centralasia_browser.bring("${module}")`);
  }
  tell("starting", 0.9);
  const run = python.runPythonAsync;
  python.runPythonAsync = async (code, ...options) => {
    const result = await run(code, ...options);
    if (code.includes("import pyodide_kernel")) { // JupyterLite's last step
      python.runPython("import centralasia_browser; centralasia_browser.keep_nulls(); centralasia_browser.join()");
      tell("ready", 1);
    }
    return result;
  };
  return python;
}

const start = self.loadPyodide;
let begun;
const begin = () => (begun ??= bring(start, { indexURL: HERE }).catch((error) => {
  tell("failed", 1, String(error.message ?? error));
  throw error;
}));
// What JupyterLite passes are the names of packages that it need not install, and this address.
self.loadPyodide = begin;
return { begin };
})();
