// A table of the learner's own, a row at a time: each cell is a line of the store, and the file
// that comes out is the one that `centralasia.own` reads.

const MOST_ROWS = 60;

function csvOf(rows) {
  const cell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(cell).join(",")}\n`).join("");
}

// Returns the rows of a text that a spreadsheet program saved, the headings first.
function rowsOf(text) {
  const [head] = text.split(/\r\n|[\r\n]/).filter((row) => row.trim());
  const marks = [",", ";", "\t"].map((mark) => [(head ?? "").split(mark).length, mark]);
  const [, mark] = marks.reduce((most, one) => (one[0] > most[0] ? one : most));
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const [letter, row] = [text[i], rows.at(-1)];
    if (quoted && letter === '"' && text[i + 1] === '"') { row[row.length - 1] += '"'; i += 1; }
    else if (letter === '"' && (quoted || row.at(-1) === "")) quoted = !quoted;
    else if (quoted) row[row.length - 1] += letter;
    else if (letter === mark) row.push("");
    else if (letter === "\n") rows.push([""]);
    else if (letter !== "\r") row[row.length - 1] += letter;
  }
  return rows.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some(Boolean));
}

function cellControl(column, id) {
  const about = { id, name: column.name };
  if (column.kind === "choice") {
    return control("select", about, make("option", { value: "", text: "–" }),
      ...column.choices.map(([value, text]) => make("option", { value, text })));
  }
  if (column.kind === "day") return control("input", { ...about, type: "text", placeholder: "2027-06-30" });
  if (column.kind === "percent") return control("input", { ...about, type: "text", inputMode: "decimal" });
  return control("textarea", { ...about, rows: 2 });
}

// Returns a cell as our tables write it: a choice in small letters; see `Column.meant`.
function meant(column, cell) {
  const code = cell.toLowerCase().replaceAll(" ", "_");
  return column?.kind === "choice" && column.choices.some(([value]) => value === code) ? code : cell;
}

// Returns a day, written as 2027-06-30 or 30.06.2027, in the first way; nothing if there is none.
function dayOf(cell) {
  const dotted = cell.match(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/);
  const iso = dotted ? [dotted[3], dotted[2].padStart(2, "0"), dotted[1].padStart(2, "0")].join("-") : cell;
  const day = new Date(`${iso}T00:00:00Z`);
  const real = /^\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(+day) && day.toISOString().startsWith(iso);
  return real ? iso : "";
}

// What is wrong with a cell, in the words of `centralasia.own.sheets`; nothing if nothing is.
function faultOf(column, cell, words) {
  if (!cell) return column.required ? words.cellEmpty : "";
  if (column.kind === "choice" && !column.choices.some(([value]) => value === meant(column, cell))) {
    return fill(words.cellNone, { cell, choices: column.choices.map(([value]) => value).join(", ") });
  }
  if (column.kind === "day") return dayOf(cell) ? "" : fill(words.cellDay, { cell });
  if (column.kind === "percent") {
    const number = Number(cell.replace(",", ".").replace(/\s*%$/, ""));
    if (!(number >= 0 && number <= 100)) return fill(words.cellPercent, { cell });
    return number > 0 && number < 1 ? fill(words.cellShare, { cell, percent: 100 * number }) : "";
  }
  return "";
}

// What two cells of a row, each of them in order, say against each other: the column and the fault.
function faultBetween(row, asked, words) {
  if (row.verdict) {
    if (!row.criterion) return ["criterion", words.cellUndecided];
    const choices = asked.verdicts[row.kind === "forecast" ? "forecast" : "fact"];
    if (!choices.includes(row.verdict)) {
      return ["verdict", fill(words.cellVerdict, { verdict: row.verdict, kind: row.kind, choices: choices.join(", ") })];
    }
  }
  if (row.due && dayOf(row.due) <= dayOf(row.made)) return ["due", words.cellEarly];
  return null;
}

function fillTable(el, asked, store, words, told) {
  const group = `ca-table-${++forms}`;
  const pages = control("select", { id: `${group}-rows` });
  const back = button(words.back, () => turn(page - 1));
  const forth = button(words.forth, () => turn(page + 1));
  const heading = make("p", { className: "ca-kicker" });
  const controls = asked.columns.map((column) => cellControl(column, `${group}-${column.name}`));
  const cells = asked.columns.map((column, i) => make("p", { className: "ca-cell" },
    make("label", { htmlFor: controls[i].id, textContent: column.label }), controls[i]));
  const status = make("div", { className: "ca-status", role: "status" });
  const file = control("input", { type: "file", accept: ".csv,.txt,text/csv" });
  const add = button(words.addRow, () => { rows = Math.min(MOST_ROWS, count() + 1); turn(rows - 1); controls[0].focus(); });
  const buttons = [add, button(words.takeTable, () => save(csvOf(table(asked.names)), asked.file)),
    ...(asked.forPartner ? [button(words.takeForPartner, () => save(csvOf(table(["id", "claim"])), asked.forPartner))] : []),
    make("label", { className: "ca-file" }, words.bringTable, file)];
  el.append(make("div", { className: "ca-pager" }, back,
    make("label", { htmlFor: pages.id, textContent: words.row }), pages, forth),
    heading, ...cells, status, make("div", { className: "ca-pager" }, ...buttons));
  let page = 0;
  let rows = asked.rows;

  const item = (row, name) => `${asked.sheet}/${row}/${name}`;
  function kept() {
    const found = new Map();
    for (const { kind, item: place, answer } of store.lines()) {
      if (kind === "cell" && place.startsWith(`${asked.sheet}/`)) found.set(place, answer);
    }
    return found;
  }
  const cellOf = (all, row, name) => all.get(item(row, name)) ?? "";
  const idOf = (all, row) => cellOf(all, row, "id") || `${asked.letter}${row}`;
  const begun = (all, row) => asked.columns.some(({ name }) => cellOf(all, row, name));
  function count() {
    const used = [...kept().keys()].map((place) => Number(place.split("/")[1]));
    return Math.max(rows, ...used.filter((row) => row <= MOST_ROWS));
  }
  function table(names) {
    const all = kept();
    const filled = [...Array(count()).keys()].map((n) => n + 1).filter((row) => begun(all, row));
    return [names, ...filled.map((row) => names.map((name) => (name === "id" ? idOf(all, row) : cellOf(all, row, name))))];
  }

  function turn(next) {
    if (next < 0 || next >= count()) return;
    page = next;
    draw();
  }

  async function keep(lines) {
    told.problem = await store.add(lines.map(([place, text]) => line(place, "cell", text)));
    draw();
  }

  async function bring() {
    const [chosen] = file.files;
    if (!chosen) return;
    const bytes = chosen.size > LARGEST ? [] : new Uint8Array(await chosen.arrayBuffer());
    file.value = "";
    const [head = [], ...body] = bytes.length ? rowsOf(decoded(bytes).replace(/^\ufeff/, "")) : [];
    const names = head.map((name) => name.toLowerCase());
    const known = ["id", ...asked.columns.map(({ name }) => name)];
    if (!asked.columns.some(({ name }) => names.includes(name))) {
      status.textContent = fill(words.noTable, { columns: known.join(", ") });
      return;
    }
    const all = kept();
    const columns = new Map(asked.columns.map((column) => [column.name, column]));
    // A comma without quotes cuts a cell in two: what stands before it is half of what was meant.
    const cut = body.map((row) => row.slice(names.length).some(Boolean));
    const cell = (n, name) => (cut[n] && name === names.at(-1) ? ""
      : meant(columns.get(name), body[n]?.[names.indexOf(name)] ?? ""));
    // A later state of the same table adds to it; another table takes its place.
    const [{ name: first }] = asked.columns;
    const same = !names.includes(first) || body.some((_, n) => cell(n, first) && cell(n, first) === cellOf(all, n + 1, first));
    const last = Math.min(MOST_ROWS, same ? body.length : Math.max(count(), body.length));
    const came = [...Array(last).keys()].flatMap((n) => known.filter((name) => !same || names.includes(name))
      .map((name) => [item(n + 1, name), cell(n, name)]))
      .filter(([place, text]) => (text || all.get(place)) && all.get(place) !== text);
    await keep(came);
    const said = fill(words.tableBrought, { n: Math.min(body.length, MOST_ROWS),
      without: names.filter((name) => name && !known.includes(name)).join(", ") || "–" });
    status.textContent = [said, ...cut.flatMap((is, n) => (is ? [fill(words.rowCut, { n: n + 1 })] : []))].join(" ");
  }

  controls.forEach((node, i) => node.addEventListener("change", () => {
    keep([[item(page + 1, asked.columns[i].name), node.value.trim()]]);
  }));
  pages.addEventListener("change", () => turn(pages.selectedIndex));
  file.addEventListener("change", bring);

  // What is being typed stays: a control that has the focus is left alone while its row is shown.
  let shown = -1;
  function show(node, text) {
    if (shown === page && node.matches(":focus")) return;
    if (node.nodeName === "SELECT" && ![...node.options].some(({ value }) => value === text)) {
      node.append(make("option", { value: text, text }));
    }
    node.value = text;
  }

  function draw() {
    const all = kept();
    const names = [...Array(count()).keys()].map((n) => `${begun(all, n + 1) ? "✓ " : ""}${idOf(all, n + 1)}: `
      + `${cellOf(all, n + 1, asked.columns[0].name).slice(0, 60)}`);
    const drawn = JSON.stringify(names);
    if (pages.dataset.drawn !== drawn) {
      pages.dataset.drawn = drawn;
      pages.replaceChildren(...names.map((text, value) => make("option", { value, text })));
    }
    pages.selectedIndex = page;
    back.ariaDisabled = String(page === 0);
    forth.ariaDisabled = String(page === count() - 1);
    heading.textContent = fill(words.rowOf, { id: idOf(all, page + 1), n: page + 1, all: count() });
    controls.forEach((node, i) => show(node, cellOf(all, page + 1, asked.columns[i].name)));
    shown = page;
    const row = Object.fromEntries(asked.columns.map(({ name }) => [name, cellOf(all, page + 1, name)]));
    const faults = !begun(all, page + 1) ? [] : asked.columns
      .map((column) => [column.name, faultOf(column, row[column.name], words)]).filter(([, fault]) => fault);
    if (!faults.length) faults.push(...[faultBetween(row, asked, words)].filter(Boolean));
    const said = [told.problem, ...faults.map(([column, fault]) => fill(words.cellFault, { n: page + 1, id: idOf(all, page + 1), column, fault }))];
    status.replaceChildren(...said.filter(Boolean).map((text) => paragraph(text)));
  }
  return draw;
}
