// A learner's work in the browser's store, used by the start page and by the notebooks' pages.
// JupyterLite shows a learner's copy of a file, once there is one, in place of the site's own, and
// so for ever hides a new release of it. Here a copy that was only run gives way to the new release,
// and one that was edited stays, with the new release beside it.

export const ROOT = new URL(".", import.meta.url);
const RECORD = "centralasia-lite";

export async function release() {
  return (await fetch(new URL("release.json", ROOT), { cache: "no-cache" })).json();
}

// ---- the store: JupyterLite keeps a model for each path

function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open() {
  const { store } = await release();
  const request = indexedDB.open(store);
  // A store that is not there must not be made here: JupyterLite makes it in its own form.
  request.onupgradeneeded = () => request.transaction.abort();
  const db = await finished(request).catch(() => null);
  if (!db?.objectStoreNames.contains("files")) {
    db?.close();
    return null;
  }
  return db;
}

export async function files() {
  const found = new Map();
  const db = await open();
  if (!db) return found;
  const table = db.transaction("files").objectStore("files");
  const [paths, models] = await Promise.all([finished(table.getAllKeys()), finished(table.getAll())]);
  paths.forEach((path, i) => models[i].type !== "directory" && found.set(path, models[i]));
  db.close();
  return found;
}

async function change(action) {
  const db = await open();
  if (!db) throw new Error("The browser keeps no work of yours yet.");
  const transaction = db.transaction(["files", "checkpoints"], "readwrite");
  action(transaction.objectStore("files"), transaction.objectStore("checkpoints"));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
  db.close();
}

function model(path, content, like = {}) {
  const now = new Date().toISOString();
  return {
    type: path.endsWith(".ipynb") ? "notebook" : "file",
    format: path.endsWith(".ipynb") ? "json" : "text",
    mimetype: path.endsWith(".ipynb") ? "application/json" : "text/plain",
    created: now, last_modified: now, size: 0, writable: true,
    ...like, name: path.split("/").pop(), path, content,
  };
}

// ---- what a learner can edit

export async function textSum(notebook) {
  const text = notebook.cells
    .map((cell) => `${cell.cell_type}\n${[].concat(cell.source).join("")}`).join("\0");
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function record() {
  try {
    return JSON.parse(localStorage.getItem(RECORD)) ?? {};
  } catch {
    return {};
  }
}

function beside(path, word, taken) {
  const stem = path.replace(/\.ipynb$/, "");
  for (let n = 1; ; n++) {
    const name = `${stem}.${word}${n > 1 ? `-${n}` : ""}.ipynb`;
    if (!taken(name)) return name;
  }
}

async function pristine(path) {
  return (await fetch(new URL(`files/${path}`, ROOT), { cache: "no-cache" })).json();
}

// Bring the store to this release; say for which edited lessons the new one was put beside.
export async function reconcile() {
  const { files: lessons } = await release();
  const stored = await files();
  const placed = record();
  const kept = [];
  for (const [path, { text, title }] of Object.entries(lessons)) {
    const mine = stored.get(path);
    if (mine && placed[path] !== text) {
      const sum = await textSum(mine.content);
      if (sum === placed[path]) {
        await change((table) => table.delete(path)); // run, but not edited
      } else if (sum !== text) {
        const offered = `${path} beside`;
        const untouched = new Set();
        for (const [name, other] of stored) {
          if (placed[offered] && (await isText(other, placed[offered]))) untouched.add(name);
        }
        const name = beside(path, "new", (one) => stored.has(one) && !untouched.has(one));
        const content = await pristine(path);
        await change((table) => table.put(model(name, content), name));
        placed[offered] = text;
        kept.push({ path, title, beside: name });
      }
    }
    placed[path] = text;
  }
  localStorage.setItem(RECORD, JSON.stringify(placed));
  return kept;
}

async function isText(other, sum) {
  return other.type === "notebook" && (await textSum(other.content)) === sum;
}

// Show the site's own lesson again; a learner's edited one gets another name, which is returned.
export async function bringBack(path) {
  const stored = await files();
  const mine = stored.get(path);
  if (!mine) return null;
  const { files: lessons } = await release();
  const edited = (await textSum(mine.content)) !== lessons[path].text;
  const name = edited ? beside(path, "edited", (one) => stored.has(one)) : null;
  await change((table, checkpoints) => {
    if (name) table.put(model(name, mine.content, mine), name);
    table.delete(path);
    checkpoints.delete(path);
  });
  return name;
}

export async function eraseAll() {
  await change((table, checkpoints) => {
    table.clear();
    checkpoints.clear();
  });
}

// ---- to and from a file: a zip archive without compression

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) sum = CRC[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

function fields(...pairs) {
  const view = new DataView(new ArrayBuffer(pairs.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of pairs) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

function asText({ format, content }) {
  return format === "json" ? `${JSON.stringify(content, null, 1)}\n` : content;
}

function asBytes(stored) {
  if (stored.format === "base64") return Uint8Array.from(atob(stored.content), (c) => c.charCodeAt(0));
  return new TextEncoder().encode(asText(stored));
}

export async function asZip() {
  const parts = [];
  const index = [];
  let at = 0;
  for (const [path, stored] of await files()) {
    const name = new TextEncoder().encode(path);
    const bytes = asBytes(stored);
    // Version 2.0, names in UTF-8, stored as they are, the date 1 January 1980.
    const about = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 33], [4, crc32(bytes)],
      [4, bytes.length], [4, bytes.length], [2, name.length], [2, 0]];
    const head = fields([4, 0x04034b50], ...about);
    index.push(fields([4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), name);
    parts.push(head, name, bytes);
    at += head.length + name.length + bytes.length;
  }
  const size = index.reduce((sum, part) => sum + part.length, 0);
  const count = index.length / 2;
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, at], [2, 0]);
  return new Blob([...parts, ...index, end], { type: "application/zip" });
}

export async function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await asZip());
  link.download = `central-asia-my-work-${new Date().toISOString().slice(0, 10)}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function* entries(bytes) {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 30 < bytes.length && view.getUint32(at, true) === 0x04034b50; ) {
    const [method, size] = [view.getUint16(at + 8, true), view.getUint32(at + 18, true)];
    const name = view.getUint16(at + 26, true);
    const start = at + 30 + name + view.getUint16(at + 28, true);
    if (method !== 0) throw new Error("Choose an archive that this page made.");
    yield [new TextDecoder().decode(bytes.subarray(at + 30, at + 30 + name)),
      bytes.subarray(start, start + size)];
    at = start + size;
  }
}

// Put an archive's files into the store; where there is another one already, under a new name.
export async function bringIn(archive) {
  const stored = await files();
  const incoming = new Map();
  for (const [path, bytes] of entries(new Uint8Array(await archive.arrayBuffer()))) {
    const text = new TextDecoder().decode(bytes);
    const there = stored.get(path);
    if (there && asText(there) === text) continue;
    const content = path.endsWith(".ipynb") ? JSON.parse(text) : text;
    const name = !there ? path : path.endsWith(".ipynb")
      ? beside(path, "imported", (one) => stored.has(one) || incoming.has(one))
      : `${path.replace(/\.txt$/, "")}.imported.txt`;
    incoming.set(name, model(name, content));
  }
  await change((table) => incoming.forEach((value, name) => table.put(value, name)));
  return [...incoming.keys()];
}
