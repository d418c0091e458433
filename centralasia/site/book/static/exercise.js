// An exercise as a page of forms: the case that an id stands for, its rows of the tables, a form
// for each question, a check of the guest's case, and the file that is handed in. Nothing is sent.

const ASKED = JSON.parse(document.getElementById("ca-exercise-data").textContent);
const STORE = `centralasia-exercise-${ASKED.exercise}`;
const GUEST = "guest";
const BLANK_ROWS = 3;
const AROUND = 110; // pixels beside a chart's rows: axis, its titles and the frame
const REDRAW = 600; // milliseconds without a change after which a chart is drawn anew

function say(name, values = {}) {
  return fill(ASKED.words[name], values);
}

function paragraph(textContent, className = "") {
  return make("p", { textContent, className });
}

// ---- what is kept in this browser

let kept = { learner_id: "", answers: {}, practice: {} };
let blocked = false;

function recall() {
  try {
    const told = JSON.parse(localStorage.getItem(STORE));
    if (told && typeof told.answers === "object") kept = { learner_id: "", practice: {}, ...told };
  } catch {
    blocked = true;
  }
}

function keep() {
  try {
    localStorage.setItem(STORE, JSON.stringify(kept));
  } catch {
    blocked = true;
  }
  document.dispatchEvent(new Event("ca-kept"));
}

// The guest's answers are for practice, and never become those that are handed in.
function answers() {
  return isGuest() ? kept.practice : kept.answers;
}

function answer(id, given) {
  recall(); // another tab may have answered since
  answers()[id] = given;
  keep();
}

// ---- the case of an id, as `centralasia.checks.cases` draws it

// Python's casefold, as far as letters of the alphabets of Europe and Central Asia go.
function tidy(id) {
  const fold = (letter) => (letter === "ı" ? letter : [...letter.toUpperCase()].map((one) => one.toLowerCase()).join(""));
  return [...id.normalize("NFC").trim()].map(fold).join("").normalize("NFC") || GUEST;
}

function isGuest() {
  return tidy(kept.learner_id) === GUEST;
}

function caseOf(id) {
  const name = tidy(id);
  const guest = ASKED.cases.length - 1;
  if (name === GUEST) return guest;
  const same = (one) => JSON.stringify([one.state, one.partner, one.start, one.end, one.day]);
  const own = ASKED.cases.map((one, n) => n).slice(0, guest)
    .filter((n) => same(ASKED.cases[n]) !== same(ASKED.cases[guest]));
  const number = BigInt(`0x${sha256(`${ASKED.lesson}:${name}`).slice(0, 16)}`);
  return own[Number(number % BigInt(own.length))];
}

function theCase() {
  return ASKED.cases[caseOf(kept.learner_id)];
}

// In a prompt, a name such as case.end gives way to what it stands for.
function nameValues() {
  for (const code of document.querySelectorAll("article code")) {
    const told = code.dataset.names ?? code.textContent;
    const found = /^case\.(\w+)( \+ 1)?$/.exec(told);
    if (!found) continue;
    code.dataset.names = told;
    const value = theCase()[found[1]];
    code.textContent = found[2] ? value + 1 : value;
  }
}

function drawCase(place) {
  const id = control("input", { type: "text", id: "ca-learner", autocomplete: "username",
    autocapitalize: "none", spellcheck: false, maxLength: 100, value: kept.learner_id });
  const lines = make("dl");
  const note = paragraph("", "ca-quiet");
  const draw = () => {
    const { state, state_name, partner, partner_name, start, end, day } = theCase();
    const told = { [say("state")]: `${state_name} (${state})`, [say("partner")]: `${partner_name} (${partner})`,
      [say("period")]: say("from", { start, end }), [say("day")]: day };
    lines.replaceChildren(...Object.entries(told).flatMap(([term, text]) => [
      make("dt", { textContent: term }), make("dd", { textContent: text })]));
    note.textContent = isGuest() ? say("guest") : say("own");
    nameValues();
  };
  id.addEventListener("input", () => {
    const before = isGuest();
    recall();
    kept.learner_id = id.value;
    keep();
    draw();
    document.dispatchEvent(new Event("ca-case"));
    if (before !== isGuest()) drawQuestions();
  });
  place.replaceChildren(make("div", { className: "ca-panel" },
    make("p", {}, make("label", { htmlFor: id.id, textContent: say("yourId") }), " ", id), lines, note));
  draw();
}

// ---- the rows of a case

function rowsOf({ rows, own }) {
  return own[caseOf(kept.learner_id)].flatMap(([first, n]) => rows.slice(first, first + n));
}

function drawSlices(place) {
  place.replaceChildren(...ASKED.tables.map((part, n) => {
    const { state_name: state, partner_name: partner, power, start, end } = theCase();
    const values = { state, partner, power, start, end };
    const about = fill(part.about, values);
    const rows = rowsOf(part);
    const body = make("div");
    const fold = make("details", {},
      make("summary", {}, make("code", { textContent: part.table }), ` ${about} `, say("rows", { n: rows.length })), body);
    fold.addEventListener("toggle", () => {
      if (body.childElementCount) return;
      const file = (hasCommas) => save(forSpreadsheet([part.columns, ...rows], hasCommas),
        `${ASKED.exercise}_${n + 1}_${part.table}.csv`, "text/csv");
      body.append(rowsTable(part.columns, rows, say),
        make("p", {}, button(say("csv"), () => file(false)), " ", button(say("csv_commas"), () => file(true))));
    });
    return fold;
  }));
}

// ---- a form for each kind of question: each returns its nodes, and what to do for another case

let made = 0;

function field(label, properties, change, tag = "input") {
  const input = control(tag, { id: `ca-field-${++made}`, ...properties });
  input.addEventListener("input", () => change(input.value));
  return { input, node: make("p", { className: "ca-field" }, make("label", { htmlFor: input.id, textContent: label }), input) };
}

function chooser(label, options, value, change) {
  const { input, node } = field(label, {}, change, "select");
  input.append(make("option", { value: "", textContent: say("choose") }),
    ...options.map(([key, text]) => make("option", { value: key, textContent: text })));
  input.value = value ?? "";
  return node;
}

function number(ask) {
  const status = make("p", { className: "ca-quiet", role: "status" });
  const check = (text) => { status.textContent = text.trim() && numberOf(text) === null ? say("noNumber") : ""; };
  const { input, node } = field(say("numberIn", { unit: ask.unit }),
    { type: "text", inputMode: "decimal", autocomplete: "off", value: answers()[ask.id] ?? "" },
    (text) => { answer(ask.id, text); check(text); });
  check(input.value);
  return { nodes: [node, status] };
}

function text(ask) {
  const options = ask.allowed.map(([code, name]) => [code, [code, name].filter(Boolean).join(" ")]);
  return { nodes: [chooser(say("answer"), options, answers()[ask.id], (value) => answer(ask.id, value))] };
}

function option(type, group, value, label, checked, change) {
  const input = control("input", { type, name: group, value, checked });
  input.addEventListener("change", change);
  return make("label", { className: "ca-option" }, input, make("span", { textContent: label }));
}

function codes(ask) {
  const box = make("fieldset", {}, make("legend", { textContent: say("tick") }));
  const change = () => answer(ask.id, [...box.querySelectorAll("input:checked")].map(({ value }) => value));
  const given = answers()[ask.id] ?? [];
  box.append(make("div", { className: "ca-options ca-short" }, ...ask.allowed.map(([code, name]) =>
    option("checkbox", ask.id, code, [code, name].filter(Boolean).join(" · "), given.includes(code), change))));
  return { nodes: [box] };
}

function choice(ask) {
  const given = { answer: "", confidence: "", ...answers()[ask.id] };
  const put = (part) => (value) => { given[part] = value; answer(ask.id, { ...given }); };
  const box = make("fieldset", {}, make("legend", { textContent: say("oneAnswer") }),
    ...Object.entries(ask.options).map(([letter, words]) => option("radio", ask.id, letter, `${letter} · ${words}`,
      given.answer === letter, () => put("answer")(letter))));
  const sure = field(say("confidence"), { type: "number", min: 0, max: 100, step: 1, value: given.confidence }, put("confidence"));
  return { nodes: [box, sure.node] };
}

function argument(ask) {
  const count = make("p", { className: "ca-quiet", role: "status" });
  const [fewest, most] = ask.words;
  const draw = (words) => { count.textContent = say("words", { n: words.split(/\s+/).filter(Boolean).length, fewest, most }); };
  const { input, node } = field(say("argument"), { rows: 14, maxLength: 20_000, value: answers()[ask.id] ?? "" },
    (words) => { answer(ask.id, words); draw(words); }, "textarea");
  draw(input.value);
  return { nodes: [node, count] };
}

// A table to fill in. Cells that are copied from a spreadsheet can be pasted into any of its cells.
function grid(ask, columns, rows, change) {
  const body = make("tbody");
  const read = () => [...body.rows].map((row) => [...row.querySelectorAll("input")].map(({ value }) => value));
  const cell = (value, column, at) => {
    const input = control("input", { type: "text", autocomplete: "off", value, ariaLabel: say("cell", { column, row: at + 1 }) });
    if (ask.numbers?.[column] || column === ask.y || column.endsWith("year")) input.inputMode = "decimal";
    return make("td", {}, input);
  };
  const add = (values = []) => body.append(make("tr", {}, ...columns.map((column, n) => cell(values[n] ?? "", column, body.rows.length))));
  const draw = (all) => { body.replaceChildren(); all.forEach((row) => add(row)); };
  body.addEventListener("input", () => change(read()));
  body.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(pasted)) return;
    event.preventDefault();
    const { parentNode: at } = event.target;
    pasted.split("\n").forEach((line, down) => {
      while (body.rows.length <= at.parentNode.sectionRowIndex + down) add();
      line.split("\t").forEach((value, across) => {
        const input = body.rows[at.parentNode.sectionRowIndex + down].cells[at.cellIndex + across]?.firstChild;
        if (input) input.value = value.trim();
      });
    });
    change(read());
  });
  draw(rows);
  const head = columns.map((name) => make("th", { scope: "col" }, make("code", { textContent: name })));
  const node = make("div", {},
    make("div", { className: "ca-scroll ca-grid-of-cells" }, make("table", {}, make("thead", {}, make("tr", {}, ...head)), body)),
    button(say("addRow"), () => { add(); body.lastChild.querySelector("input").focus(); }),
    paragraph(say("paste"), "ca-quiet"));
  return { node, draw };
}

// Where each row is a year of the period, the years are there to begin with.
function blankRows(columns, isYearly) {
  const { start, end } = theCase();
  if (isYearly) return Array.from({ length: end - start + 1 }, (_none, n) => [String(start + n), ...columns.slice(1).map(() => "")]);
  return Array.from({ length: BLANK_ROWS }, () => columns.map(() => ""));
}

function isFilled(rows, by) {
  return rows?.some((row) => row.slice(by).some((value) => value.trim()));
}

function tableForm(ask) {
  const columns = [...ask.by, ...Object.keys(ask.numbers)];
  const isYearly = ask.by.join() === "year";
  const given = () => (isFilled(answers()[ask.id], isYearly ? 1 : 0) ? answers()[ask.id] : blankRows(columns, isYearly));
  const cells = grid(ask, columns, given(), (rows) => answer(ask.id, rows));
  const units = Object.entries(ask.numbers).map(([name, [unit]]) => `${name}: ${unit}`).join("; ");
  return { nodes: [paragraph(units, "ca-quiet"), cells.node], another: () => cells.draw(given()) };
}

function chartForm(ask) {
  const columns = [ask.x, ...(ask.series ? [ask.series] : []), ask.y];
  const by = columns.length - 1;
  const isYearly = columns.length === 2 && ask.x === "year";
  const empty = { mark: "", x: "", y: "", series: "", zero: "", x_title: "", y_title: "", title: "", description: "" };
  const given = { ...empty, ...answers()[ask.id] };
  const rowsNow = () => (isFilled(given.rows, isYearly ? 1 : 0) ? given.rows : blankRows(columns, isYearly));
  given.rows = rowsNow();
  const place = make("div", { className: "ca-preview" });
  let waiting;
  const put = (part) => (value) => {
    given[part] = value;
    answer(ask.id, { ...given });
    clearTimeout(waiting);
    waiting = setTimeout(() => preview(place, ask, given, by), REDRAW);
  };
  const cells = grid(ask, columns, given.rows, put("rows"));
  const fields = columns.map((name) => [name, name]);
  const told = (part, label) => field(label, { type: "text", maxLength: 300, value: given[part] }, put(part)).node;
  const parts = make("div", { className: "ca-parts" },
    chooser(say("mark"), ASKED.marks.map((mark) => [mark, say(`mark_${mark}`)]), given.mark, put("mark")),
    chooser(say("across"), fields, given.x, put("x")),
    chooser(say("upwards"), fields, given.y, put("y")),
    chooser(say("colour"), fields, given.series, put("series")),
    chooser(say("zero"), [["yes", say("fromZero")], ["no", say("fromLeast")]], given.zero, put("zero")),
    told("x_title", say("xTitle")), told("y_title", say("yTitle")), told("title", say("title")),
    field(say("description"), { rows: 3, maxLength: 2000, value: given.description }, put("description"), "textarea").node);
  preview(place, ask, given, by);
  return { nodes: [paragraph(say("chartRows"), "ca-quiet"), cells.node, parts, place],
    another: () => { given.rows = rowsNow(); cells.draw(given.rows); } };
}

function preview(place, ask, given, by) {
  const rows = given.rows.filter((row) => row.slice(by).some((value) => value.trim()));
  if (!rows.length || !given.mark || !given.x || !given.y) return place.replaceChildren(paragraph(say("noChart"), "ca-quiet"));
  const columns = [ask.x, ...(ask.series ? [ask.series] : []), ask.y];
  const value = (cell) => numberOf(cell) ?? cell.trim();
  const axis = (name, title) => ({ field: name, title: title || null, type: name === ask.y ? "quantitative" : "ordinal",
    ...(name === ask.y && given.zero ? { scale: { zero: given.zero === "yes" } } : {}) });
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: given.title, description: given.description, width: Math.max(160, Math.min(480, place.clientWidth - AROUND)), height: 240,
    data: { values: rows.map((row) => Object.fromEntries(columns.map((name, n) => [name, value(row[n])]))) },
    mark: given.mark,
    encoding: { x: axis(given.x, given.x_title), y: axis(given.y, given.y_title),
      ...(given.series ? { color: { field: given.series, type: "ordinal" } } : {}) },
  };
  const node = make("div", { className: "ca-chart" }, paragraph(given.description || say("chart")));
  node.append(make("script", { type: "application/json", textContent: JSON.stringify({ spec, options: { renderer: "svg" } }) }));
  place.replaceChildren(node);
  return window.centralasiaChart(node).catch(() => place.replaceChildren(paragraph(say("noDrawing"), "ca-quiet")));
}

const FORMS = { number, text, codes, choice, argument, table: tableForm, chart: chartForm };

// A hint, a check, and in the guest's case the way to the answer for who has tried.
function practise(ask, panel) {
  if (!ask.guest) return;
  const { guest, ...own } = ask;
  const word = make("p", { role: "status" });
  const way = make("details", { hidden: true }, make("summary", { textContent: say("way") }),
    make("ol", {}, ...guest.path.map((textContent) => make("li", { textContent }))));
  const check = button(say("check"), () => {
    if (!isAnswered(ask)) {
      word.textContent = say("nothingGiven");
      return;
    }
    const found = practiceOf(say)(isGuest() ? ask : own, answers()[ask.id]);
    const more = isGuest() || found.kind === "wrong" ? "" : ` ${say("practiceFirst")}`;
    word.textContent = `${say(`is_${found.kind}`)}. ${found.message}${more}`;
    way.hidden = !isGuest();
  });
  const hint = make("details", {}, make("summary", { textContent: say("hint") }), paragraph(ask.hint));
  panel.addEventListener("input", () => { word.textContent = ""; });
  panel.append(make("div", { className: "ca-practice" }, hint, check, word, way));
}

let forms = [];

function drawQuestions() {
  forms = [...document.querySelectorAll(".ca-asked")].map((place) => {
    const ask = ASKED.questions.find(({ id }) => id === place.dataset.question);
    const form = FORMS[ask.kind](ask);
    const panel = make("div", { className: "ca-panel" }, ...form.nodes);
    practise(ask, panel);
    place.replaceChildren(panel);
    return form;
  });
}

// ---- the file

function isAnswered({ id, kind, by, series }) {
  const given = answers()[id];
  if (!given) return false;
  if (kind === "table") return isFilled(given, by.length);
  if (kind === "chart") return Boolean(isFilled(given.rows, series ? 2 : 1) && given.mark && given.x && given.y);
  if (kind === "choice") return Boolean(given.answer && String(given.confidence).trim());
  return kind === "codes" ? given.length > 0 : Boolean(given.trim());
}

function fileName() {
  const id = kept.learner_id.trim().replace(/[\\/:*?"<>|\s]+/g, "-");
  return `${id}_${ASKED.exercise}.json`;
}

function drawHandIn(place) {
  const state = make("p");
  const word = make("p", { role: "status" });
  const draw = () => {
    const open = ASKED.questions.map((ask, n) => [ask, n + 1]).filter(([ask]) => !isAnswered(ask)).map(([, n]) => n);
    if (isGuest()) {
      state.textContent = say("idFirst");
      return;
    }
    state.textContent = `${open.length ? say("open", { numbers: open.join(", ") }) : say("allAnswered")} ${say(blocked ? "keptVisit" : "keptHere")}`;
  };
  const hand = button(say("save"), () => {
    if (isGuest()) {
      word.textContent = say("idFirst");
      return document.getElementById("ca-learner").focus();
    }
    const given = ASKED.questions.filter(isAnswered).map(({ id }) => [id, kept.answers[id]]);
    const told = { kind: ASKED.kind, exercise: ASKED.exercise, learner_id: kept.learner_id.trim(), answers: Object.fromEntries(given) };
    save(`${JSON.stringify(told, null, 1)}\n`, fileName(), "application/json");
    word.textContent = say("saved", { name: fileName() });
    return undefined;
  }, "ca-main");
  const file = control("input", { type: "file", accept: ".json,application/json" });
  file.addEventListener("change", async () => {
    try {
      const told = JSON.parse(await file.files[0].text());
      if (told.kind !== ASKED.kind || told.exercise !== ASKED.exercise) throw new TypeError();
      kept = { ...kept, learner_id: String(told.learner_id ?? ""), answers: { ...told.answers } };
      keep();
      drawAll();
    } catch {
      word.textContent = say("notThis");
    }
  });
  place.replaceChildren(state, hand, word,
    make("div", { className: "ca-pager" }, make("label", { className: "ca-file" }, say("bringIn"), file)));
  draw();
  document.addEventListener("ca-kept", draw);
}

function drawAll() {
  drawCase(document.querySelector(".ca-exercise"));
  drawSlices(document.querySelector(".ca-slices"));
  drawQuestions();
  drawHandIn(document.querySelector(".ca-hand-in"));
}

document.addEventListener("DOMContentLoaded", () => {
  recall();
  drawAll();
  addEventListener("storage", ({ key }) => {
    if (key !== STORE && key !== null) return;
    recall();
    drawAll();
  });
  document.addEventListener("ca-case", () => {
    drawSlices(document.querySelector(".ca-slices"));
    forms.forEach(({ another }) => another?.());
  });
});
