// Compiles Python files for Pyodide, with Pyodide itself: the byte code is of its very version.
// node compile.mjs PYODIDE_FOLDER FOLDER WHERE_IT_WILL_BE [keep]
// Without "keep", x.pyc stands beside x.py and works without it; with it, in __pycache__.

import { createRequire } from "node:module";
import { resolve } from "node:path";

const [core, folder, place, keep] = process.argv.slice(2);
const { loadPyodide } = createRequire(import.meta.url)(resolve(core, "pyodide.js"));
const python = await loadPyodide({ indexURL: resolve(core) + "/" });
python.mountNodeFS("/work", resolve(folder));
const whole = python.runPython(`
import compileall, py_compile
compileall.compile_dir(
    "/work", quiet=1, legacy=${keep ? "False" : "True"}, stripdir="/work", prependdir="${place}",
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, workers=1,
)`);
process.exit(whole ? 0 : 1);
