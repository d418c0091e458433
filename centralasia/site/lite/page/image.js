// A memory image of Python in the browser, compiled packages and all: `take` makes one when the site
// is built, `restore` puts it into a fresh instance of the same Pyodide, in any browser. A classic
// script, for workers and for node: it sets `globalThis.centralasiaImage`.
//
// What a running Pyodide is made of, and where each part comes from when it is restored:
//   linear memory        the image's bytes
//   table of functions   a side module fills its own range when it is instantiated; the single slots
//                        that Emscripten adds for exported functions are filled by module and symbol
//   GOT                  the recorded addresses, set before any module is instantiated: Emscripten
//                        gives addresses only to what has none
//   handles of dlopen    lie in the memory and say where each module's data and functions are;
//                        Emscripten then takes those places, as it does for threads
//   JavaScript objects   Pyodide's own `serializeHiwireState` (paths from the global object), and
//                        names for what is Pyodide's own
//   files                not in the memory: boot.js puts them back
//
// All of this is of Pyodide 0.27.7 and its Emscripten 3.1.58, which are pinned; see image.mjs.

globalThis.centralasiaImage = (() => {
  // Where `struct dso` has what `loadWebAssemblyModule` reads.
  const ALLOCATED = 8;
  const PLACES = { memory: 12, memorySize: 16, table: 20, tableSize: 24 };
  const MAIN = -1;

  // `elements`: the length of the table before the main module was instantiated.
  function take(python, elements) {
    const { _module: module, _api: api } = python;
    const { loadedLibsByHandle, loadedLibsByName } = module.LDSO;
    const { __main__: main, ...side } = loadedLibsByName;
    const got = Object.fromEntries(
      Object.entries(module.GOT).map(([symbol, { value }]) => [symbol, value]));
    const known = new Map();
    const know = (n, symbol, value) => {
      if (typeof value === "function" && !known.has(value)) known.set(value, [n, symbol]);
    };
    for (const [symbol, value] of Object.entries(main.exports)) {
      know(MAIN, symbol, value);
      // A JavaScript function is in the table as a module of one function, known by its address.
      if (typeof value === "function" && got[symbol] >= elements) {
        know(MAIN, symbol, module.wasmTable.get(got[symbol]));
      }
    }
    const handles = new Map(Object.entries(loadedLibsByHandle).map(([at, dso]) => [dso, Number(at)]));
    const libraries = Object.entries(side).map(([path, dso], n) => {
      const handle = handles.get(dso);
      if (!handle) throw new Error(`${path} was not loaded by dlopen`);
      const library = { path, handle, global: dso.global };
      for (const [place, at] of Object.entries(PLACES)) {
        library[place] = module.HEAPU32[(handle + at) >>> 2];
      }
      for (const [symbol, value] of Object.entries(dso.exports)) know(n, symbol, value);
      return library;
    });
    return {
      heap: module.HEAPU8.slice(),
      about: {
        hiwire: api.serializeHiwireState((value) => nameOf(python, value)),
        got, libraries, elements,
        slots: slotsOf(module, libraries, known, elements),
        table: module.wasmTable.length,
        free: [...module.freeTableIndexes],
        stack: module.stackSave(),
        streams: module.FS.streams.slice(3).map((stream) => stream && stream.path),
      },
    };
  }

  function nameOf(python, value) {
    if (value === python) return { name: "" };
    for (const [from, names] of [["python", python], ["api", python._api]]) {
      for (const name of Object.keys(names)) if (names[name] === value) return { from, name };
    }
    // `loadPackagesFromImports` as it was before Pyodide wrapped it.
    if (value?.name in python) return { from: "python", name: value.name };
    throw new Error(`Python holds a JavaScript object: ${String(value).slice(0, 100)}`);
  }

  function slotsOf(module, libraries, known, elements) {
    const own = (slot) => libraries.some(
      ({ table, tableSize }) => slot >= table && slot < table + tableSize);
    const slots = [];
    for (let slot = elements; slot < module.wasmTable.length; slot++) {
      const value = module.wasmTable.get(slot);
      if (own(slot) || !value || slot === module._PyEM_CountArgsPtr) continue;
      if (!known.has(value)) throw new Error(`the function in slot ${slot} is no module's`);
      slots.push([slot, ...known.get(value)]);
    }
    return slots;
  }

  // `start`: Pyodide's loadPyodide, which gets `options`.
  // `modules`: for each library a WebAssembly.Module or a promise of one.
  // `fill`: puts the image's bytes into the memory; called when nothing else writes there.
  async function restore(start, options, about, modules, fill) {
    const create = globalThis._createPyodideModule;
    let module;
    globalThis._createPyodideModule = async (settings) => {
      globalThis._createPyodideModule = create;
      module = await create({
        ...settings,
        instantiateWasm(imports, receive) {
          prepare(this, about);
          return settings.instantiateWasm(imports, (instance, ...more) => {
            fillSlots(this, about, { [MAIN]: { ...imports.env, ...instance.exports } });
            receive(instance, ...more);
          });
        },
      });
      await place(module, about, modules);
      settings.API.restoreSnapshot = () => about.hiwire;
      fill(module.HEAPU8);
      finish(module, about);
      return module;
    };
    return start({
      ...options,
      _loadSnapshot: about.bytes, // makes the memory as large; the bytes come by `fill`
      _snapshotDeserializer: ({ from, name }) => {
        const { API } = module;
        return from === "api" ? API[name] : name ? API.public_api[name] : API.public_api;
      },
    });
  }

  // Before the main module is instantiated. Places that Emscripten gives on its own (to a function
  // that counts arguments, where the browser can run it) are then behind those of the image.
  function prepare({ GOT, wasmTable }, about) {
    if (wasmTable.length !== about.elements) throw new Error("the main module is another one");
    wasmTable.grow(about.table - wasmTable.length);
    for (const [symbol, value] of Object.entries(about.got)) {
      GOT[symbol] = new WebAssembly.Global({ value: "i32", mutable: true }, value);
    }
  }

  function fillSlots(module, { slots }, loaded) {
    for (const [slot, n, symbol] of slots) {
      if (!loaded[n]) continue;
      const value = loaded[n][symbol];
      try {
        module.wasmTable.set(slot, value);
      } catch { // a function of JavaScript
        module.wasmTable.set(slot, module.convertJsFunctionToWasm(value, value.sig));
      }
      module.updateTableMap(slot, 1); // so that Emscripten gives this function no second place
    }
  }

  async function place(module, about, modules) {
    const { HEAPU8, HEAPU32 } = module;
    const loaded = {};
    for (const [n, library] of about.libraries.entries()) {
      const { path, handle, global } = library;
      HEAPU8[handle + ALLOCATED] = 1;
      for (const [place, at] of Object.entries(PLACES)) HEAPU32[(handle + at) >>> 2] = library[place];
      const dso = module.newDSO(path, handle, "loading");
      dso.refcount = 1;
      dso.global = global;
      const scope = {};
      // All addresses are there: to look for missing ones would go through the whole GOT each time.
      const flags = { global, nodelete: false, loadAsync: false, allowUndefined: true };
      dso.exports = module.loadWebAssemblyModule(await modules[n], flags, path, scope, handle);
      Object.assign(scope, dso.exports);
      loaded[n] = dso.exports;
    }
    fillSlots(module, about, loaded);
    module.freeTableIndexes.push(...about.free);
    if (module.HEAPU8.length !== about.bytes) throw new Error("the memory has another size");
    module.stackRestore(about.stack); // below what main() left there
  }

  // What is this page's own: the function that counts arguments, and what was open.
  function finish(module, { got, streams }) {
    const { HEAP32, FS } = module;
    const offset = HEAP32[got._PyEM_EMSCRIPTEN_COUNT_ARGS_OFFSET >> 2];
    HEAP32[(got._PyRuntime + offset) >> 2] = module._PyEM_CountArgsPtr;
    streams.forEach((path, n) => path && !FS.streams[3 + n] && FS.open(path, "r"));
  }

  // An image as a file is [length of the head][head as JSON][side modules][memory][files]. `read`
  // fills a view with the bytes from a place on; it is the same for what is here and on a disk.
  function open(read) {
    const length = new Uint32Array(1);
    read(new Uint8Array(length.buffer), 0);
    const head = new Uint8Array(length[0]);
    read(head, 4);
    const about = JSON.parse(new TextDecoder().decode(head));
    let at = 4 + head.length;
    const next = (size) => {
      const bytes = new Uint8Array(size);
      read(bytes, at);
      at += size;
      return bytes;
    };
    const modules = about.libraries.map(({ size }) => WebAssembly.compile(next(size)));
    const memory = at;
    at += about.memory;
    const files = next(about.files.reduce((sum, [, size]) => sum + size, 0));
    return { about, modules, files, fill: (heap) => read(heap.subarray(0, about.memory), memory) };
  }

  // Puts the files of an image into Python's file system, and what this page has otherwise.
  function wake(python, { about, files }) {
    const { FS, _module: module } = python;
    let at = 0;
    for (const [path, size] of about.files) {
      FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
      FS.writeFile(path, files.subarray(at, at + size), { canOwn: true });
      at += size;
    }
    module.__tzset_js(...about.zone);
    python.runPython("import centralasia_browser; centralasia_browser.wake()");
  }

  return { take, restore, open, wake };
})();
