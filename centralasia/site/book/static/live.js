// Makes a lesson's page live: its cells run in place, in the page's own Python, and can be changed.
// What a cell gives takes the place of its stored result only where it is another one, so that forms
// keep what was answered; a cell that fails, or that Python has not come to, keeps what it has. What
// the learner changed is kept in this browser. book.js loads this when it is asked for; the build
// puts above this line PLACES, where an id of the course is explained, and what all pages share.

const VEGA = "application/vnd.vegalite.v5+json";
const ASKED = "application/vnd.centralasia.question+json";
const ANSI = /\x1b\[[\d;]*m/g;
const ROOT = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

const say = globalThis.centralasiaSay;

// ---- results: as a notebook stores them, and as this page shows them

const joined = (text) => [text ?? ""].flat().join("");

// What is shown of a result: its kind and its content.
function shownOf({ data, metadata, stream, text, name }) {
  if (!data) return ["stream", stream ?? name, joined(text)];
  const kind = [VEGA, ASKED, "text/html", "image/png", "text/plain"].find((one) => one in data);
  const content = typeof data[kind] === "object" && !Array.isArray(data[kind]) ? data[kind] : joined(data[kind]);
  return [kind, content, kind === VEGA ? metadata?.[VEGA]?.embed_options ?? {} : {}];
}

function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]));
}

function address(id) {
  return document.getElementById(id) ? `#${id}` : PLACES[id] && new URL(PLACES[id], ROOT).href;
}

function htmlOf(html) {
  const part = make("div", { className: "output text_html", innerHTML: html });
  part.querySelectorAll("style").forEach((sheet) => sheet.remove()); // the page has it once for all
  for (const link of part.querySelectorAll("a[href]")) {
    const [path, id] = link.getAttribute("href").split("#");
    if (path.endsWith(".ipynb")) link.setAttribute("href", path.replace(/.*\//, "").replace(".ipynb", ".html"));
    else if (!path && address(id)) link.setAttribute("href", address(id));
  }
  const frames = part.querySelectorAll("table.dataframe");
  if (!frames.length) return part;
  frames.forEach(sayTable);
  const wide = make("div", { className: "ca-scroll", tabIndex: 0, role: "region", ariaLabel: say("table") });
  wide.append(...part.childNodes);
  part.append(wide);
  return part;
}

// A frame of pandas as the book's other tables: names for codes, dates as one says them, and heads
// of rows and columns in one line. The build does the same to stored results (lessons.py).
const NUMBER = /^[-+−]?[\d,. ]*%?$/;
const DATE = /^(\d{4})-(\d\d)(-\d\d)?$/;
const LONG = 40;

function inWord(text) {
  const names = window.centralasiaNames;
  const parts = text.split(";");
  if (parts.every((part) => part in names)) return parts.map((part) => names[part]).join(", ");
  return /^[a-z]+(_[a-z0-9]+)+$/.test(text) ? text.replaceAll("_", " ") : text;
}

function spokenDate(text) {
  const { lang } = document.documentElement;
  const day = DATE.exec(text)[3] && { day: "numeric" };
  const said = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { ...day, month: "long", year: "numeric", timeZone: "UTC" });
  return said.format(new Date(text));
}

function joinHeads(frame) {
  const heads = frame.querySelectorAll("thead tr");
  if (heads.length !== 2) return;
  const [above, below] = [...heads].map((row) => [...row.children]);
  const labels = below.filter((cell) => cell.textContent.trim());
  const places = above.slice(0, labels.length);
  if (labels.some((cell, n) => cell !== below[n]) || places.some((cell) => cell.textContent.trim())) return;
  labels.forEach((label, n) => { places[n].textContent = label.textContent; });
  heads[1].remove();
}

export function sayTable(frame) {
  frame.removeAttribute("border");
  joinHeads(frame);
  for (const cell of frame.querySelectorAll("th, td")) {
    const text = cell.textContent.trim();
    const said = DATE.test(text) ? spokenDate(text) : inWord(text);
    cell.textContent = cell.closest("thead") ? said.slice(0, 1).toUpperCase() + said.slice(1) : said;
    if (!NUMBER.test(text)) cell.className = said.length > LONG ? "ca-long" : "ca-text";
  }
}

function chartOf(spec, options) {
  const chart = make("div", { className: "ca-chart" }, make("p", { textContent: spec.description ?? say("chart") }));
  chart.append(make("script", { type: "application/json", textContent: JSON.stringify({ spec, options }) }));
  return make("div", { className: "output text_html" }, chart);
}

async function nodeOf([kind, content, options], python) {
  if (kind === VEGA) return chartOf(content, options);
  if (kind === "text/html") return htmlOf(content);
  if (kind === "image/png") {
    return make("div", { className: "output" }, make("img", { src: `data:image/png;base64,${content}`, alt: "" }));
  }
  if (kind === ASKED) {
    const place = make("div", { className: "ca-question" });
    window.centralasiaForms.ask(place, await python.ask(content));
    return make("div", { className: "output text_html" }, place);
  }
  const text = kind === "stream" ? options : content;
  return make("div", { className: "output" }, make("pre", { textContent: text.replace(ANSI, "") }));
}

// ---- one cell of the page

class Cell {
  constructor(node, { id, source, outputs }, run) {
    this.node = node;
    this.id = node.dataset.id = id;
    this.stored = joined(source);
    this.shown = outputs.map(shownOf);
    this.area = node.querySelector(":scope > .cell_output");
    this.text = make("textarea", { value: this.stored, spellcheck: false, ariaLabel: say("code"),
      autocapitalize: "off", autocomplete: "off" });
    this.said = make("span", { role: "status", className: "ca-quiet" });
    this.undo = make("button", { type: "button", textContent: say("undo"), hidden: true,
      onclick: () => { this.write(this.stored); run(this); this.text.focus(); } });
    const go = make("button", { type: "button", textContent: say("run"), onclick: () => run(this) });
    this.text.addEventListener("input", () => this.fit());
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run(this);
    });
    node.querySelector(".cell_input").replaceChildren(
      make("div", { className: "ca-code" }, this.text, make("p", {}, go, " ", this.undo, " ", this.said)));
    this.fit();
  }

  code() { return this.text.value; }

  write(code) {
    this.text.value = code;
    this.fit();
  }

  fit() {
    this.text.rows = Math.max(2, this.text.value.split("\n").length);
    this.undo.hidden = this.text.value === this.stored;
  }

  is(state, word) {
    this.node.dataset.live = state;
    this.said.textContent = say(word);
  }

  async take({ outputs, error, trace }, python) {
    this.trouble?.remove();
    const given = outputs.map(shownOf);
    if (error) {
      this.fail(error, trace);
      return;
    }
    const alike = same(given, this.shown);
    if (!alike) await this.show(given, python);
    this.is("done", !given.length ? "cell_quiet" : alike ? "cell_same" : "cell_new");
  }

  // A result that is the same keeps its place on the page, with what was answered or chosen in it.
  async show(given, python) {
    const old = [...(this.area?.children ?? [])];
    const nodes = await Promise.all(given.map((one, n) => (
      same(one, this.shown[n]) && old.length === this.shown.length ? old[n] : nodeOf(one, python))));
    if (!this.area) this.node.append(this.area = make("div", { className: "cell_output docutils container" }));
    this.area.replaceChildren(...nodes);
    this.shown = given;
    for (const chart of this.area.querySelectorAll(".ca-chart:not([data-state])")) window.centralasiaChart(chart);
  }

  fail(error, trace) {
    const where = make("details", {}, make("summary", { textContent: say("cell_where") }),
      make("pre", { textContent: trace.replace(ANSI, ""), tabIndex: 0 }));
    this.trouble = make("div", { className: "ca-trouble", role: "alert" },
      make("p", {}, make("strong", { textContent: error })),
      make("p", { textContent: this.area ? say("cell_failed") : "" }), where);
    this.node.querySelector(":scope > details").after(this.trouble);
    this.node.dataset.live = "failed";
    this.said.textContent = "";
  }
}

// ---- Python: a worker, which runs one cell after another

class Python {
  constructor(script, heard) {
    Object.assign(this, { script, heard, runs: 0, waiting: new Map(), asked: [] });
  }

  start() {
    if (this.worker) return;
    this.worker = new Worker(this.script);
    this.worker.onmessage = ({ data }) => {
      if (data.centralasia) this.heard(data.centralasia);
      else if (data.done) this.settle(data.done, data);
      else this.asked[data.number](data.asked);
    };
    this.worker.onerror = () => this.heard({ stage: "away" });
  }

  settle(run, result) {
    this.waiting.get(run)(result);
    this.waiting.delete(run);
  }

  run(code, cells) {
    this.start();
    const run = (this.runs += 1);
    return new Promise((resolve) => {
      this.waiting.set(run, resolve);
      this.worker.postMessage({ run, code, cells, answers: window.centralasiaForms.answers() });
    });
  }

  ask(reference) {
    return new Promise((resolve) => {
      this.worker.postMessage({ ask: this.asked.push(resolve) - 1, reference });
    });
  }

  // What waits is told that nothing comes.
  stop() {
    this.worker?.terminate();
    this.worker = undefined;
    for (const run of [...this.waiting.keys()]) this.settle(run, null);
  }
}

// ---- the page

async function notebookOf(place) {
  const response = await fetch(new URL(place.dataset.notebook, location.href));
  if (!response.ok) throw new Error(response.status);
  return response.json();
}

export async function makeLive(place, lesson) {
  const button = place.querySelector("button");
  const status = place.querySelector("[role=status]");
  const tell = (word, values) => { status.textContent = say(word, values); };
  if (!window.Worker || !window.WebAssembly || !window.DecompressionStream) {
    tell("live_old");
    return;
  }
  button.disabled = true;
  tell("fetching");
  let started = true;
  const stop = make("button", { type: "button", textContent: say("live_stop") });
  const fail = (word, values) => {
    started = false;
    python.stop();
    stop.replaceWith(button); // if it is there already
    button.disabled = false;
    tell(word, values);
  };
  const python = new Python(new URL(place.dataset.python, location.href), ({ stage, share, message }) => {
    if (stage === "away") fail("live_away");
    else if (stage === "failed") fail(stage, { why: message });
    else if (stage === "fetching" && share >= 0.1) tell("fetching_part", { n: 10 * Math.floor(10 * share) });
    else if (stage !== "ready") tell(stage);
  });
  python.start();
  const notebook = await notebookOf(place).catch(() => fail("live_away"));
  if (!started) return;
  const nodes = [...document.querySelectorAll("article div.cell")];
  const stored = notebook.cells.filter((one) => one.cell_type === "code");
  if (nodes.length !== stored.length) {
    fail("live_other");
    return;
  }
  button.replaceWith(stop);
  runAll({ lesson, python, tell, stop }, nodes, stored);
}

function runAll({ lesson, python, tell, stop }, nodes, stored) {
  stop.onclick = () => {
    python.stop();
    tell("live_stopped");
  };
  const { of, keep } = window.centralasiaCode;
  const changed = of(lesson);
  let waiting = 0;
  const run = async (cell) => {
    keep(lesson, Object.fromEntries(
      cells.filter((one) => one.code() !== one.stored).map((one) => [one.id, one.code()])));
    cell.is("waits", "cell_waits");
    waiting += 1;
    stop.hidden = false;
    const result = await python.run(cell.code(), cells.map((one) => one.code()));
    if (result) await cell.take(result, python);
    else cell.is("stopped", "live_stopped");
    waiting -= 1;
    stop.hidden = !waiting;
    if (!result) return;
    if (waiting) tell("live_running", { n: cells.length - waiting + 1, all: cells.length });
    else tell("live_now");
  };
  const cells = nodes.map((node, n) => new Cell(node, stored[n], run));
  for (const cell of cells) if (cell.id in changed) cell.write(changed[cell.id]);
  cells.forEach(run);
}
