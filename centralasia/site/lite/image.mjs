// Makes the memory image when the site is built, and checks it:
//
//     node image.mjs make FOLDER PACKAGES TARGET     and then     node image.mjs check FOLDER TARGET
//
// FOLDER has pyodide.*, stdlib.zip and image.js; PACKAGES is what lies in site-packages, compiled;
// TARGET becomes the image. The same packages give the same bytes: no chance, no clock and no path of
// this machine goes in; what has to differ from page to page is set when the image wakes up.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [task, ...given] = process.argv.slice(2);
const here = `${path.resolve(given[0])}/`;
const target = given.at(-1);
const SITE_PACKAGES = "/lib/python3.12/site-packages";
const PAGE = 65536;
const require = createRequire(import.meta.url);
process.env.TZ = "UTC";

// What lessons import. Pyodide's kernel comes last: it is the course's way to run cells.
const IMPORTED = ["pandas", "altair", "ipywidgets", "anywidget", "jinja2", "platformdirs"];

// ---- making

async function make(packages) {
  crypto.getRandomValues = (array) => {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(7);
    return array;
  };
  let clock = 0;
  Date.now = () => 1577836800000 + (clock += 1000);
  performance.now = () => (clock += 1000);

  require(`${here}image.js`);
  require(`${here}pyodide.asm.js`);
  const seen = watchStart();
  const { loadPyodide } = require(`${here}pyodide.js`);
  const python = await loadPyodide({
    indexURL: here, stdLibURL: `${here}stdlib.zip`, _makeSnapshot: true, env: { PYTHONHASHSEED: "0" },
    _sysExecutable: "./this.program", // as in a browser
  });
  const files = filesOf(packages);
  for (const [name, content] of files) {
    python.FS.mkdirTree(path.posix.dirname(name));
    python.FS.writeFile(name, content);
  }
  for (const name of IMPORTED) {
    python.runPython(`import centralasia_browser; centralasia_browser.bring("${name}")`);
  }
  await python.runPythonAsync("import piplite.piplite\nimport pyodide_kernel");
  python.runPython("import gc, sys; gc.unfreeze(); gc.collect(); gc.freeze(); sys.stdout.flush()");
  clearFree(python._module);
  const { heap, about } = globalThis.centralasiaImage.take(python, seen.elements);
  write(python, files, heap, { ...about, zone: seen.zone });
}

// Notes the table's first length, and where C keeps the time zone, as it asks JavaScript for it.
function watchStart() {
  const seen = {};
  const create = globalThis._createPyodideModule;
  globalThis._createPyodideModule = (settings) => create({
    ...settings,
    instantiateWasm(imports, receive) {
      seen.elements = this.wasmTable.length;
      const ask = imports.env._tzset_js;
      imports.env._tzset_js = (...places) => {
        seen.zone = places;
        ask(...places);
      };
      return settings.instantiateWasm(imports, receive);
    },
  });
  return seen;
}

function filesOf(folder) {
  const names = fs.readdirSync(folder, { recursive: true })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .map((name) => name.split(path.sep).join("/")).sort();
  return new Map(names.map(
    (name) => [`${SITE_PACKAGES}/${name}`, fs.readFileSync(path.join(folder, name))]));
}

// Free memory is full of what once was there, and zeros pack better: all of it is taken, cleared and
// given back.
function clearFree(module) {
  const end = () => module._sbrk(0);
  module._malloc_trim(0);
  const top = end();
  const held = [];
  for (let size = 1 << 15; size >= 32; size >>= 1) {
    for (;;) {
      const at = module._emscripten_builtin_malloc(size);
      if (end() > top) {
        module._emscripten_builtin_free(at);
        module._malloc_trim(0);
        break;
      }
      module.HEAPU8.fill(0, at, at + size);
      held.push(at);
    }
  }
  held.forEach((at) => module._emscripten_builtin_free(at));
  module._malloc_trim(0);
  module.HEAPU8.fill(0, end());
}

function write(python, files, heap, about) {
  about.bytes = (Math.ceil(python._module._sbrk(0) / PAGE) + 16) * PAGE;
  const memory = Buffer.alloc(about.bytes);
  memory.set(heap.subarray(0, Math.min(about.bytes, heap.length)));
  about.memory = memory.findLastIndex((byte) => byte) + 1;
  const libraries = about.libraries.map((library) => {
    const code = files.get(library.path);
    library.size = code.length;
    files.delete(library.path);
    return code;
  });
  // What is in the memory is not read again.
  const loaded = python.runPython(`
import sys
[getattr(module, "__cached__", None) or getattr(module, "__file__", None)
 for module in list(sys.modules.values())]`).toJs();
  for (const name of loaded) if (name?.endsWith(".pyc")) files.delete(name);
  about.files = [...files].map(([name, content]) => [name, content.length]);
  const head = Buffer.from(JSON.stringify(about));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  fs.writeFileSync(target, Buffer.concat(
    [length, head, ...libraries, memory.subarray(0, about.memory), ...files.values()]));
  // For the check: which function is in which slot, by its number in its module.
  const { wasmTable } = python._module;
  const table = Array.from({ length: about.table }, (_, slot) => wasmTable.get(slot)?.name ?? null);
  fs.writeFileSync(`${target}.table`, JSON.stringify(table));
}

// ---- checking: a fresh process restores the image and uses what could be wrong in it

const USE = `
import io, json, sys, zoneinfo
import numpy as np, pandas as pd
frame = pd.DataFrame({"g": list("xyxy"), "v": [1.5, 2.5, 3.5, None],
                      "d": pd.date_range("2001-01-31", periods=4, freq="ME")})
failed = ""
try:
    frame.loc["no", "such"]
except KeyError as error:
    failed = type(error).__name__
json.dumps([
    frame.groupby("g").v.mean().to_dict(), frame.d.dt.quarter.tolist(), failed,
    frame.v.rolling(2).sum().tolist()[1], sorted(["b", "a"], key=str.lower),
    round(float(np.linalg.det(np.eye(3) * 2)), 6), abs(np.fft.fft([1, 2, 3])[0]),
    len(bytes(50_000_000)), pd.crosstab(frame.g, frame.v.isna()).shape, "altair" in sys.modules,
    str(zoneinfo.ZoneInfo("Asia/Tashkent")), pd.read_json(io.StringIO("[1]")).size,
])`;
const WANTED = [{ x: 2.5, y: 2.5 }, [1, 1, 1, 2], "KeyError", 4, ["a", "b"], 8, 6, 50000000, [2, 2],
  true, "Asia/Tashkent", 1];

async function check() {
  require(`${here}image.js`);
  require(`${here}pyodide.asm.js`);
  const { loadPyodide } = require(`${here}pyodide.js`);
  const { open, restore, wake } = globalThis.centralasiaImage;
  const bytes = new Uint8Array(fs.readFileSync(target));
  const image = open((view, at) => view.set(bytes.subarray(at, at + view.length)));
  const options = { indexURL: here, stdLibURL: `${here}stdlib.zip` };
  const python = await restore(loadPyodide, options, image.about, image.modules, image.fill);
  const { wasmTable, GOT } = python._module;
  JSON.parse(fs.readFileSync(`${target}.table`)).forEach((name, slot) => {
    const found = wasmTable.get(slot)?.name ?? null;
    if (found !== name) throw new Error(`function ${found} instead of ${name} is in slot ${slot}`);
  });
  for (const [symbol, value] of Object.entries(image.about.got)) {
    if (GOT[symbol].value !== value) throw new Error(`${symbol} is elsewhere`);
  }
  wake(python, image);
  const said = JSON.parse(python.runPython(USE));
  if (JSON.stringify(said) !== JSON.stringify(WANTED)) {
    throw new Error(`restored, it says ${JSON.stringify(said)}`);
  }
}

await (task === "make" ? make(given[1]) : check());
process.exit(0);
