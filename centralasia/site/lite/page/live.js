// Python for a live page of the book: boot.js starts it, and this runs the page's cells one after
// another. The Python side is JupyterLite's (pyodide_kernel); this is the page side, without JupyterLite.
// The page sends
//   { run: number, code, cells, answers }   what to run; all cells' codes as they are now; the file of
//                                           answers. Comes back: { done: number, outputs }, and where
//                                           it stopped { error, trace } as well
//   { ask: number, reference }              a question of the course. Comes back: { asked, number }

importScripts("boot.js");

const NOTEBOOK = "/home/pyodide/page.ipynb";
const plain = (value) => value?.toJs?.({ dict_converter: Object.fromEntries }) ?? value;

let outputs = [];

async function ready() {
  const python = await self.centralasia.begin();
  python.runPython(`import os
os.environ["JPY_SESSION_NAME"] = "${NOTEBOOK}"`);
  await python.runPythonAsync("import pyodide_kernel");
  const kernel = python.globals.get("pyodide_kernel").kernel_instance;
  const shell = kernel.interpreter;
  kernel._parent_header = python.toPy({ header: {} });
  const shown = (data, metadata) => outputs.push({ data: plain(data), metadata: plain(metadata) });
  shell.display_pub.display_data_callback = shown;
  shell.display_pub.update_display_data_callback = shown;
  shell.display_pub.clear_output_callback = () => { outputs = []; };
  shell.displayhook.publish_execution_result = (_count, data, metadata) => shown(data, metadata);
  for (const name of ["stdout_stream", "stderr_stream"]) {
    python.globals.get("pyodide_kernel")[name].publish_stream_callback = (stream, text) => {
      const last = outputs.at(-1);
      if (last?.stream === stream) last.text += text;
      else outputs.push({ stream, text });
    };
  }
  shell.send_comm = () => {}; // the page asks the questions itself
  return { python, kernel };
}

async function run({ python, kernel }, { run: number, code, cells, answers }) {
  outputs = [];
  python.FS.writeFile(self.centralasia.ANSWERS, answers);
  // From here the course takes what a cell needs of the cells above it; it knows cells by their text.
  python.FS.writeFile(NOTEBOOK, JSON.stringify(
    { cells: cells.map((source, n) => ({ cell_type: "code", id: `cell-${n}`, source })) }));
  const { status, ename, evalue, traceback } = plain(await kernel.run(code));
  const failed = status === "error" && { // the kind comes as "<class 'NameError'>"
    error: `${ename.match(/(\w+)'/)?.[1] ?? ename}: ${evalue}`, trace: traceback.join("\n"),
  };
  self.postMessage({ done: number, outputs, ...failed });
}

// As text: on the way that Pyodide has for objects, None becomes undefined and is dropped.
function ask({ python }, { ask: number, reference }) {
  const question = python.runPython(`import json
from centralasia.widgets import questions
lambda text: json.dumps(questions.question(json.loads(text)))`);
  self.postMessage({ asked: JSON.parse(question(JSON.stringify(reference))), number });
}

const started = ready();
let last = started;
self.addEventListener("message", ({ data }) => {
  if (data.run) last = last.then(async () => run(await started, data));
  else started.then((live) => ask(live, data)); // between two cells: what waits is a form
});
