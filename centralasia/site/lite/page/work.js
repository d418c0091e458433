// A learner's work in the browser's store, used by the start page and by the notebooks' pages. Answers
// lie in the store of all pages of the origin, which the build puts below; see widgets/browser.js.
// JupyterLite shows a learner's copy of a file, once there is one, in place of the site's own, and
// so for ever hides a new release of it. Here a copy that was only run gives way to the new release,
// and one that was edited stays, with the new release beside it.

import { strFromU8, strToU8, unzipSync, zipSync } from "./fflate.js";
import "./localforage.js";

export const ROOT = new URL(".", import.meta.url);
const RECORD = "centralasia-lite";
const ANSWERS = "my-answers.txt"; // in an archive, and in the store of earlier releases

export async function release() {
  return (await fetch(new URL("release.json", ROOT), { cache: "no-cache" })).json();
}

// ---- the store: JupyterLite keeps a model for each path, by way of the same library

async function store(storeName) {
  const { store: name } = await release();
  const driver = globalThis.localforage.INDEXEDDB;
  return globalThis.localforage.createInstance({ name, storeName, driver, version: 1 });
}

const learner = store("files");
const checkpoints = store("checkpoints");

export async function files() {
  const found = new Map();
  await (await learner).iterate((model, path) => {
    if (model.type !== "directory") found.set(path, model);
  });
  return found;
}

export function answers() {
  return browserStore({ noAnswers: globalThis.centralasiaSay("no_answers"),
    allNewer: globalThis.centralasiaSay("all_newer") });
}

// Earlier releases kept the answers among the files, where the book did not see them.
async function adopt(stored) {
  if (!stored.has(ANSWERS)) return;
  const store = answers();
  await store.bring(stored.get(ANSWERS).content);
  if (!store.isBlocked()) await (await learner).removeItem(ANSWERS);
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

// An address with http:// gives no sums: then every copy counts as edited, and is kept.
export async function textSum(notebook) {
  if (!crypto.subtle) return "";
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
  const [, stem, ending] = /^(.*?)(\.\w+)?$/s.exec(path);
  for (let n = 1; ; n++) {
    const name = `${stem}.${word}${n > 1 ? `-${n}` : ""}${ending ?? ""}`;
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
  await adopt(stored);
  const placed = record();
  const kept = [];
  for (const [path, { text, title }] of Object.entries(lessons)) {
    const mine = stored.get(path);
    // Also in the browser's cache the new release takes the place of the old one.
    if (placed[path] && placed[path] !== text) await pristine(path);
    if (mine && placed[path] !== text) {
      const sum = await textSum(mine.content);
      if (sum === placed[path]) {
        await (await learner).removeItem(path); // run, but not edited
      } else if (sum !== text) {
        const offered = `${path} beside`;
        const untouched = new Set();
        for (const [name, other] of stored) {
          if (placed[offered] && (await isText(other, placed[offered]))) untouched.add(name);
        }
        const name = beside(path, "new", (one) => stored.has(one) && !untouched.has(one));
        await (await learner).setItem(name, model(name, await pristine(path)));
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
  if (name) await (await learner).setItem(name, model(name, mine.content, mine));
  await (await learner).removeItem(path);
  await (await checkpoints).removeItem(path);
  return name;
}

export async function eraseAll() {
  await (await learner).clear();
  await (await checkpoints).clear();
  answers().erase();
}

// ---- to and from a file

function asText({ format, content }) {
  return format === "json" ? `${JSON.stringify(content, null, 1)}\n` : content;
}

function asBytes(stored) {
  if (stored.format === "base64") return Uint8Array.from(atob(stored.content), (c) => c.charCodeAt(0));
  return strToU8(asText(stored));
}

export async function asZip() {
  const stored = Object.fromEntries([...(await files())].map(([path, model]) => [path, asBytes(model)]));
  const said = answers().text();
  const bytes = zipSync(said ? { ...stored, [ANSWERS]: strToU8(said) } : stored);
  return new Blob([bytes], { type: "application/zip" });
}

export async function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await asZip());
  link.download = `central-asia-my-work-${new Date().toISOString().slice(0, 10)}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function unzip(buffer) {
  try {
    return unzipSync(new Uint8Array(buffer));
  } catch {
    throw new Error(globalThis.centralasiaSay("no_archive"));
  }
}

// Put an archive's files into the store. A notebook whose text is here is not taken again, one that
// was only run gives way, and where there is another one the new one gets another name. Of answers
// each is taken once. Returns the names, and what came of the answers, if there were any.
export async function bringIn(file) {
  if (!/\.zip$/i.test(file.name)) return { names: [], came: await bringAnswers(await bytesOf(file)) };
  const stored = await files();
  const { files: lessons } = await release();
  const sums = new Map();
  for (const [path, mine] of stored) sums.set(path, await sumOf(path, mine.content));
  const here = new Set(sums.values());
  const incoming = new Map();
  let came;
  for (const [path, bytes] of Object.entries(unzip(await file.arrayBuffer()))) {
    if (path === ANSWERS) {
      came = await bringAnswers(bytes);
      continue;
    }
    const text = strFromU8(bytes);
    const content = path.endsWith(".ipynb") ? JSON.parse(text) : text;
    const [sum, plain] = [await sumOf(path, content), lessons[path]?.text];
    if (here.has(sum) || (stored.has(path) && sum === plain)) continue;
    const name = stored.has(path) && sums.get(path) !== plain ? beside(path, "imported", (one) => stored.has(one) || incoming.has(one)) : path;
    incoming.set(name, model(name, content));
  }
  for (const [name, value] of incoming) await (await learner).setItem(name, value);
  return { names: [...incoming.keys()], came };
}

function sumOf(path, content) {
  return path.endsWith(".ipynb") ? textSum(content) : content;
}

async function bytesOf(file) {
  return file.size > LARGEST ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
}

async function bringAnswers(bytes) {
  return answers().bring(decoded(bytes));
}
