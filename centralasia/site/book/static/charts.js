// Draws the charts of a page, those that the reader is near first and the others when the browser
// has time, so that a print has all of them. Beside the picture of each stand its data as a table,
// their sources, and files to take along. Works from a disk as well: Vega is loaded by script
// elements, and each chart's data stand in the page, once. The build puts above this line NIGHT, a
// dark colour for each colour of the charts, NAMES for codes, and what all pages share.

const HERE = document.currentScript.src;
const ROOT = new URL("../", HERE);
const say = globalThis.centralasiaSay;
const DAY = Object.fromEntries(Object.entries(NIGHT).map(([light, dark]) => [dark, light]));
const MOST_ROWS = 200;
const NEAR = 24; // pixels from a finger to the event that it means
const WALKED = ["year", "map_year", "shown_year", "nth"]; // sliders along which time goes on

const drawn = new Map(); // what is known of each chart on the page

function load(name) {
  return new Promise((resolve, reject) => {
    const tag = make("script", { src: new URL(`${name}.js`, HERE).href, onload: resolve });
    tag.onerror = () => reject(new Error(`${name} was not loaded`));
    document.head.append(tag);
  });
}

let vega, sources;
const withVega = () => (vega ??= load("vega.min").then(() => load("vega-lite.min")).then(() => load("vega-embed.min")));
const withSources = () => (sources ??= load("chart-sources").then(() => globalThis.CENTRALASIA_SOURCES));

// ---- light and dark

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function isNight(spec) {
  const { theme } = document.body.dataset;
  return spec.config?.background in NIGHT && (theme === "dark" || (theme !== "light" && prefersDark.matches));
}

function coloured(spec, colors) {
  const text = JSON.stringify(spec).replaceAll('"white"', '"#ffffff"');
  return JSON.parse(text.replace(/#[0-9a-f]{6}\b/g, (color) => colors[color] ?? color));
}

// Vega draws the symbols of some keys in a black of its own.
function inDark(spec) {
  const made = coloured(spec, NIGHT);
  made.config.legend = { symbolBaseFillColor: NIGHT["#000000"], ...made.config.legend };
  return made;
}

// What a reader has chosen in a chart, by name.
function chosen({ spec, result }) {
  const bound = (spec.params ?? []).filter((param) => param.bind && !param.select);
  return bound.map(({ name }) => [name, result.view.signal(name)]);
}

// The chart as it is now, in light colours: for paper, and for who takes it along.
function lightView(one, container) {
  const { vgSpec } = one.result;
  const light = new window.vega.View(window.vega.parse(one.night ? coloured(vgSpec, DAY) : vgSpec), { renderer: "svg" });
  light.initialize(container, make("div"));
  for (const [name, value] of chosen(one)) light.signal(name, value);
  return light.run();
}

// ---- the picture

async function put(one) {
  const kept = one.result ? chosen(one) : [];
  one.result?.finalize();
  one.night = isNight(one.spec);
  one.chart.dataset.look = one.night ? "dark" : "light";
  one.controls.replaceChildren();
  one.forget();
  one.result = await window.vegaEmbed(one.picture, one.night ? inDark(one.spec) : one.spec, {
    mode: "vega-lite", ...one.options, actions: false, bind: one.controls,
    tooltip: { theme: one.night ? "dark" : "light" },
  });
  one.controls.prepend(one.picked); // Vega has emptied it
  const { view } = one.result;
  for (const [name, value] of kept) view.signal(name, value);
  if (kept.length) await view.runAsync();
  one.controls.querySelectorAll("input[type=range]").forEach((slider) => walkAlong(slider));
}

async function draw(chart) {
  if (chart.dataset.state) return;
  chart.dataset.state = "drawing";
  const { spec, options } = JSON.parse(chart.querySelector("script").textContent);
  await withVega();
  const picture = make("div", { className: "ca-picture" });
  const controls = make("div", { className: "ca-controls vega-bindings" });
  const said = make("p", { className: "ca-aloud", role: "status" });
  const panel = make("div", {}, picture, controls, said);
  const picked = make("p", { className: "ca-picked", hidden: true, ariaHidden: "true" });
  const one = { chart, spec, options, picture, controls, said, picked };
  nameByHand(one);
  chart.append(panel);
  try {
    await put(one);
  } catch (error) {
    panel.remove();
    chart.dataset.state = "failed";
    throw error;
  }
  chart.querySelector("p").remove();
  drawn.set(chart, one);
  window.centralasiaReachable.observe(picture);
  if (!chart.closest(".ca-asked")) addTabs(one, panel);
  sayWhatChanges(one);
  readEvents(one);
  one.names.hidden = hasWalk(one) || named(one).length < 2;
  chart.dataset.state = "drawn";
}

// A slider is hard to move by one step on a phone; these buttons do it, and one walks on by itself.
function walkAlong(slider) {
  if (!WALKED.includes(slider.name)) return;
  const go = (by) => {
    slider.value = Number(slider.value) + by;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  let walk;
  const stop = () => {
    clearInterval(walk);
    walk = undefined;
    play.textContent = say("play");
  };
  const play = make("button", { type: "button", className: "ca-play", textContent: say("play"), onclick: () => {
    if (walk) return stop();
    if (slider.value === slider.max) slider.value = Number(slider.min) - 1;
    play.textContent = say("pause");
    const step = () => (play.isConnected && slider.value !== slider.max ? go(1) : stop());
    step();
    walk = setInterval(step, slider.name === "nth" ? 2500 : 700);
  } });
  const step = (sign, label, by) => make("button", { type: "button", textContent: sign, ariaLabel: label,
    onclick: () => { stop(); go(by); } });
  slider.addEventListener("pointerdown", stop);
  slider.closest(".vega-bind").append(make("span", { className: "ca-steps" },
    step("◂", say("step_back"), -1), play, step("▸", say("step_on"), 1)));
}

// What a picture says in words: the texts of its marks, as they are read out.
function texts({ picture }) {
  const marks = picture.querySelectorAll("svg.marks .role-mark:not([aria-hidden=true]) text");
  return [...marks].map((text) => text.getAttribute("aria-label") ?? text.textContent).filter(Boolean);
}

// Who moves a control hears what it changed in the picture, once it rests.
function sayWhatChanges(one) {
  let before, rest;
  one.told = () => {
    before ??= texts(one);
    clearTimeout(rest);
    rest = setTimeout(() => {
      const now = texts(one);
      const old = new Set(before);
      before = undefined;
      const fresh = [...new Set(now)].filter((text) => !old.has(text));
      const more = fresh.length > 4 ? say("more_changes", { n: fresh.length - 4 }) : "";
      one.said.textContent = [...fresh.slice(0, 4), more].filter(Boolean).join(". ");
    }, 800);
  };
  one.controls.addEventListener("input", one.told, true); // before Vega draws
}

// Whether a slider goes from one event to the next and writes it out.
const hasWalk = ({ spec }) => Boolean(spec.params?.some(({ name }) => name === "nth"));

// The event nearest to where the reader clicks or taps becomes the one that is written out.
function readEvents(one) {
  if (!hasWalk(one)) return;
  one.picture.addEventListener("click", ({ clientX, clientY }) => {
    let least = NEAR, rank;
    for (const mark of one.picture.querySelectorAll("svg.marks path")) {
      const event = mark.__data__?.datum?.rank;
      if (!event) continue;
      const box = mark.getBoundingClientRect();
      const far = Math.hypot(clientX - (box.left + box.right) / 2, clientY - (box.top + box.bottom) / 2);
      if (far < least) [least, rank] = [far, event];
    }
    if (!rank) return;
    one.told();
    one.result.view.signal("nth", rank).runAsync().then(() => {
      writePicked(one);
      const covered = clientY + NEAR - one.controls.getBoundingClientRect().top;
      if (covered > 0) scrollBy({ top: covered });
    });
  });
  one.controls.addEventListener("input", () => one.result.view.runAsync().then(() => writePicked(one)));
  const again = () => one.picked.hasChildNodes() && keepInSight(one);
  addEventListener("scroll", again, { passive: true });
  addEventListener("resize", again);
}

// The parts of the picture that write out the event that was picked.
const written = ({ picture }) => [...picture.querySelectorAll("svg.marks text")]
  .filter((text) => text.__data__?.datum?.read);

function writePicked(one) {
  const [first] = written(one);
  if (!first) return;
  const { title, about, text } = first.__data__.datum;
  one.picked.replaceChildren(make("b", { textContent: title }), make("small", { textContent: about }), text);
  keepInSight(one);
}

// While the picture with the text of the event goes on below the window, its words stand above the
// slider, which stays in sight. They are aloud already, as what changed.
function keepInSight(one) {
  const { controls, picked } = one;
  const texts = written(one);
  if (!texts.length) return;
  const before = picked.hidden ? 0 : picked.offsetHeight;
  const bottom = Math.max(...texts.map((each) => each.getBoundingClientRect().bottom));
  picked.hidden = bottom <= innerHeight - (controls.offsetHeight - before);
}

// What a chart tells under the mouse: each mark once, with its places. A text that lies on a symbol
// tells the same as the symbol; a line tells at each of its points.
const DRAWN_THROUGH = ["line", "area", "trail"];

function named({ picture }) {
  const found = new Map();
  for (const node of picture.querySelectorAll("svg.marks :is(path, line, rect, text)")) {
    const item = node.__data__;
    const items = DRAWN_THROUGH.includes(item?.mark?.marktype) ? item.mark.items : [item];
    for (const one of items) {
      if (!one?.tooltip) continue;
      const key = JSON.stringify(one.tooltip);
      if (!found.has(key)) found.set(key, { key, tooltip: one.tooltip, places: [] });
      found.get(key).places.push({ node, item: one });
    }
  }
  return [...found.values()];
}

function boxOf({ node, item }) {
  if (!DRAWN_THROUGH.includes(item.mark.marktype)) return node.getBoundingClientRect();
  const { x, y } = new DOMPoint(item.x, item.y).matrixTransform(node.getScreenCTM());
  return new DOMRect(x, y, 0, 0);
}

// How far a finger is from what it may mean; of a line without points only what it hits counts.
function distance({ places }, { clientX, clientY, target }) {
  return Math.min(...places.map((one) => {
    if (one.node.nodeName === "line") return one.node === target ? 0 : Infinity;
    const { left, right, top, bottom } = boxOf(one);
    return Math.hypot(Math.max(left - clientX, 0, clientX - right), Math.max(top - clientY, 0, clientY - bottom));
  }));
}

function sizeOf({ places: [first] }) {
  const { width, height } = boxOf(first);
  return width * height;
}

function place(node, round) {
  Object.entries(round).forEach(([name, value]) => { node.style[name] = `${value}px`; });
}

// A finger has no mouse to point with, and neither has a keyboard: a tap names the mark beside it, and
// writes under the picture all that it stands for; a second tap on the same place goes on to the next
// one there, and two buttons go through all.
function nameByHand(one) {
  const text = make("p", { textContent: say("name_hint") });
  const ring = make("div", { className: "ca-ring" });
  const label = make("div", { className: "ca-label", ariaHidden: "true" });
  let now;
  const tell = (mark) => {
    now = mark.key;
    const told = typeof mark.tooltip === "object" ? Object.entries(mark.tooltip) : [["", mark.tooltip]];
    const spoken = told.map(([key, value]) => [key && headOf({ field: key }), textOf({}, value)]);
    const [[, first], ...rest] = spoken.filter(([, value]) => value !== "–");
    const said = () => [make("strong", { textContent: first }), ...rest.map(([key, value]) => ` · ${key ? `${key}: ` : ""}${value}`)];
    text.replaceChildren(...said());
    one.said.textContent = text.textContent;
    label.replaceChildren(...said().slice(0, 3));
    one.picture.append(ring, label);
    const box = boxOf(mark.places.find(({ node }) => node.nodeName !== "line") ?? mark.places[0]);
    const frame = one.picture.getBoundingClientRect();
    const [left, top] = [box.left - frame.left + one.picture.scrollLeft, box.top - frame.top];
    place(ring, { left, top, width: box.width, height: box.height });
    const most = one.picture.scrollLeft + one.picture.clientWidth - label.offsetWidth;
    place(label, { left: Math.max(0, Math.min(left + box.width / 2 - label.offsetWidth / 2, most)),
      top: top < frame.height / 2 ? top + box.height + 8 : top - label.offsetHeight - 8 });
  };
  one.forget = () => {
    if (now) text.textContent = say("name_hint");
    now = undefined;
    ring.remove();
    label.remove();
  };
  const step = (by) => {
    const all = named(one);
    const at = all.findIndex(({ key }) => key === now);
    if (all.length) tell(all[(at + by + all.length + (at < 0 && by < 0)) % all.length]);
  };
  const button = (sign, label, by) => make("button", { type: "button", textContent: sign, ariaLabel: label, onclick: () => step(by) });
  one.names = make("div", { className: "ca-names", hidden: true },
    make("span", { className: "ca-steps" }, button("◂", say("name_back"), -1), button("▸", say("name_on"), 1)), text);
  one.picture.after(one.names);
  one.picture.addEventListener("click", (tap) => {
    const near = named(one).map((mark) => ({ mark, far: distance(mark, tap), size: sizeOf(mark) }))
      .filter(({ far }) => far < NEAR).sort((a, b) => a.far - b.far || a.size - b.size);
    if (!near.length) return one.forget();
    const at = near.findIndex(({ mark }) => mark.key === now);
    tell(near[(at + 1) % near.length].mark);
  });
  one.controls.addEventListener("input", one.forget);
}

// ---- tabs, by the pattern of the ARIA Authoring Practices

let unnamed = 0;

function addTabs(one, panel) {
  const { chart, spec } = one;
  const id = chart.id || `chart-live-${(unnamed += 1)}`;
  const kinds = [["chart", "tab_chart", panel], ["table", "tab_table"],
    ...(spec.usermeta?.centralasia ? [["source", "tab_source"]] : []), ["download", "tab_download"]];
  const fill = { table: fillTable, source: fillSource, download: fillDownload };
  const tabs = kinds.map(([kind, word, given]) => {
    const own = given ?? make("div", { hidden: true });
    own.setAttribute("role", "tabpanel");
    Object.assign(own, { id: `${id}-${kind}` });
    own.setAttribute("aria-labelledby", `${id}-${kind}-tab`);
    own.classList.add(`ca-of-${kind}`);
    const tab = make("button", { type: "button", id: `${id}-${kind}-tab`, textContent: say(word) });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", own.id);
    return { kind, tab, own };
  });
  const show = (at) => tabs.forEach(({ kind, tab, own }, n) => {
    if (one.picture.clientWidth) one.width = one.picture.clientWidth;
    tab.setAttribute("aria-selected", n === at);
    tab.tabIndex = n === at ? 0 : -1;
    own.hidden = n !== at;
    if (n === at && !own.hasChildNodes()) fill[kind](one, own);
  });
  const list = make("div", { className: "ca-tabs" }, ...tabs.map(({ tab }) => tab));
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", say("tabs"));
  list.addEventListener("click", ({ target }) => {
    const at = tabs.findIndex(({ tab }) => tab === target);
    if (at >= 0) show(at);
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.findIndex(({ tab }) => tab === event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    show(to % tabs.length);
    tabs[to % tabs.length].tab.focus();
  });
  panel.before(list);
  chart.append(...tabs.slice(1).map(({ own }) => own));
  one.source = tabs.find(({ kind }) => kind === "source")?.own;
  show(0);
}

// ---- the data that a chart draws: its marks tell of them under the mouse, column by column

function* unitsOf(spec, above = { transform: [], encoding: {}, facets: [] }) {
  const facet = spec.facet?.field ? [spec.facet] : Object.values(spec.facet ?? {}).filter((part) => part?.field);
  const unit = {
    data: spec.data ?? above.data,
    transform: [...above.transform, ...(spec.transform ?? [])],
    encoding: { ...above.encoding, ...spec.encoding },
    facets: [...above.facets, ...facet],
  };
  const parts = [...(spec.layer ?? []), ...(spec.vconcat ?? []), ...(spec.hconcat ?? []), ...(spec.concat ?? []),
    ...(spec.spec ? [spec.spec] : [])];
  if (!parts.length) yield unit;
  for (const part of parts) yield* unitsOf(part, unit);
}

const PLACES = ["row", "column", "facet", "color", "fill", "stroke", "shape", "x", "x2", "y", "y2", "text"];

function encodedIn({ encoding }) {
  const channels = PLACES.flatMap((name) => encoding[name] ?? []);
  return channels.filter(({ field, scale }) => field && scale !== null);
}

const told = ({ encoding }) => [encoding.tooltip ?? []].flat().filter(({ field }) => field);

// A filter that asks a control is left out, so that the table has all that one can choose.
function stepsOf(spec, { transform }) {
  const names = (spec.params ?? []).map(({ name }) => name);
  const asks = (filter) => typeof filter !== "string" || names.some((name) => new RegExp(`(?<![.\\w])${name}\\b`).test(filter));
  const left = transform.filter((step) => "filter" in step && asks(step.filter));
  const by = left.flatMap(({ filter }) => [...String(filter).matchAll(/datum\.(\w+) == (\w+)\b/g)]);
  const picked = by.filter(([, , name]) => names.includes(name)).map(([, field, name]) => {
    const { bind = {} } = spec.params.find((param) => param.name === name);
    const labels = bind.labels ? Object.fromEntries(bind.options.map((option, n) => [option, bind.labels[n]])) : {};
    return { field, title: (bind.name ?? field).trim(), labels };
  });
  return { steps: transform.filter((step) => !left.includes(step)), picked };
}

function rowsOf(spec, unit, transform) {
  const params = (spec.params ?? []).filter(({ select }) => !select).map(({ bind, ...param }) => param);
  const bare = { data: unit.data, datasets: spec.datasets, params, transform, mark: "point", encoding: {} };
  const compiled = window.vegaLite.compile(bare, { logger: QUIET }).spec;
  const view = new window.vega.View(window.vega.parse(compiled), { renderer: "none" }).run();
  const rows = view.data(compiled.marks[0].from.data);
  view.finalize();
  return rows;
}

const QUIET = Object.fromEntries(["level", "error", "warn", "info", "debug"].map((name) => [name, () => QUIET]));

const headOf = ({ field, title }) => {
  const head = (title ?? "").trim() || (NAMES[field] ?? field.replaceAll("_", " "));
  return head[0].toUpperCase() + head.slice(1);
};

function textOf({ type, format, labels }, value) {
  if (value === null || value === undefined || value === "" || Number.isNaN(value)) return "–";
  if (labels && value in labels) return labels[value];
  const day = /^(\d{4}-\d\d-\d\d)(T00:00:00)?$/.exec(value);
  if (day) return window.vega.defaultLocale().timeFormat("%-d %B %Y")(new Date(`${day[1]}T00:00:00`));
  if (typeof value === "number") {
    return format || !Number.isInteger(value) ? window.vega.defaultLocale().format(format ?? ",.3~f")(value) : String(value);
  }
  return NAMES[value] ?? String(value);
}

// A cell of a file: numbers in full, names for codes.
const plain = ({ labels }, value) => labels?.[value]
  ?? (typeof value === "string" ? NAMES[value] ?? value.replace("T00:00:00", "") : value ?? "");

// Tables with the same columns are one; what stands in several marks stands there once.
function tablesOf(one) {
  if (one.tables) return one.tables;
  const units = [...unitsOf(one.spec)].filter(({ data }) => data && data.name !== "empty" && !data.sequence);
  const telling = units.some((unit) => told(unit).length) ? told : encodedIn;
  const tables = new Map();
  for (const unit of units.filter((each) => telling(each).length)) {
    const { steps, picked } = stepsOf(one.spec, unit);
    const columns = [];
    for (const column of [...picked, ...unit.facets, ...telling(unit)]) {
      if (!columns.some(({ field }) => field === column.field)) columns.push(column);
    }
    const key = columns.map(headOf).join("|");
    if (!tables.has(key)) tables.set(key, { columns, rows: new Map() });
    const { rows } = tables.get(key);
    for (const row of rowsOf(one.spec, unit, steps)) {
      const shown = columns.map((column) => textOf(column, row[column.field]));
      if (!rows.has(shown.join("|"))) rows.set(shown.join("|"), { shown, values: columns.map((column) => plain(column, row[column.field])) });
    }
  }
  const widest = Math.max(...[...tables.values()].map(({ columns }) => columns.length));
  one.tables = [...tables.values()].filter(({ columns }) => columns.length > 1 || widest === 1)
    .map(({ columns, rows }) => slim(columns, [...rows.values()]));
  return one.tables;
}

// A panel that bears the name of its one line says nothing new.
function slim(columns, rows) {
  const keep = columns.map((_, n) => !columns.some((_other, m) => m > n && rows.every(({ shown }) => shown[n] === shown[m])));
  const kept = (cells) => cells.filter((_, n) => keep[n]);
  return { heads: kept(columns).map(headOf), rows: rows.map(({ shown, values }) => ({ shown: kept(shown), values: kept(values) })) };
}

const NUMBER = /^[-+−]?[\d,. ]*%?$/;

function tableOf({ heads, rows }) {
  const left = heads.map((_, n) => !rows.every(({ shown }) => NUMBER.test(shown[n]) || shown[n] === "–"));
  const cell = (tag, text, n) => make(tag, { textContent: text, className: text.length > 40 ? "ca-long" : left[n] ? "ca-text" : "" });
  const head = make("tr", {}, ...heads.map((text, n) => Object.assign(cell("th", text, n), { scope: "col" })));
  const lines = rows.slice(0, MOST_ROWS).map(({ shown }) => make("tr", {}, ...shown.map((text, n) => cell("td", text, n))));
  const table = make("table", { className: "dataframe" }, make("thead", {}, head), make("tbody", {}, ...lines));
  const wide = make("div", { className: "ca-scroll", tabIndex: 0, ariaLabel: say("table") }, table);
  wide.setAttribute("role", "region");
  return wide;
}

function fillTable(one, panel) {
  for (const table of tablesOf(one)) {
    panel.append(tableOf(table));
    const n = table.rows.length;
    const said = n > MOST_ROWS ? say("rows_first", { shown: MOST_ROWS, n }) : say("rows_all", { n });
    panel.append(make("p", { className: "ca-quiet", textContent: said }));
  }
  if (!panel.hasChildNodes()) panel.append(make("p", { textContent: say("no_rows") }));
}

// ---- whose data they are

async function fillSource(one, panel) {
  const { sources: names, source } = one.spec.usermeta.centralasia;
  panel.replaceChildren(make("p", { textContent: source ?? say("fetching_sources") }));
  if (!names) return;
  const known = await withSources();
  const link = (text, page) => make("a", { textContent: text, href: new URL(page, ROOT).href });
  const tableLinks = (tables) => tables.flatMap((name, n) => [n ? ", " : "", link(name, known.tables[name].page)]);
  const sourceOf = (id, within = []) => {
    const { title, publisher, terms, url, tables } = known.sources[id];
    const name = url ? make("a", { textContent: title, href: url }) : title;
    return make("li", {}, make("strong", {}, name), publisher ? ` ${publisher}.` : "",
      make("span", { className: "ca-terms" }, say("terms", { terms }), " ", ...within));
  };
  const tableOf = (name) => {
    const { title, about, page, terms, sources: ids, more } = known.tables[name];
    const whose = [...ids.map((id) => sourceOf(id)), ...(more ? [make("li", {}, link(say("more_sources", { n: more }), page))] : [])];
    return make("li", {}, make("strong", {}, link(title, page)), ` ${say("table_named", { name })} ${about} `,
      ids.length ? "" : say("own_table", { terms: terms.join("; ") }), make("ul", {}, ...whose));
  };
  const alone = (id) => {
    const { tables } = known.sources[id];
    return sourceOf(id, tables.length ? [say("in_tables"), " ", ...tableLinks(tables), "."] : []);
  };
  panel.replaceChildren(make("ul", {}, ...names.map((name) => (known.tables[name] ? tableOf(name) : alone(name)))));
}

// ---- what one takes along

function csvOf({ heads, rows }) {
  return forSpreadsheet([heads, ...rows.map(({ values }) => values)]);
}

function fillDownload(one, panel) {
  const page = location.pathname.split("/").at(-1).replace(".html", "") || "chart";
  const name = `${page}-${panel.id.replace(/-download$/, "")}`;
  const picture = async (give) => {
    const box = make("div", { className: "ca-paper" });
    box.style.width = `${one.width ?? 800}px`;
    one.chart.append(box);
    const light = lightView(one, box);
    try {
      await give(light);
    } finally {
      light.finalize();
      box.remove();
    }
  };
  const act = (text, onclick) => make("li", {}, make("button", { type: "button", textContent: text, onclick }));
  const tables = tablesOf(one);
  const numbered = (n) => (tables.length > 1 ? `-${n + 1}` : "");
  panel.append(make("ul", { className: "ca-plain" },
    ...tables.map((table, n) => act(say("save_csv", { n: tables.length > 1 ? ` (${n + 1})` : "" }),
      () => save(csvOf(table), `${name}${numbered(n)}.csv`, "text/csv"))),
    act(say("save_png"), () => picture(async (light) => make("a", { href: await light.toImageURL("png", 2), download: `${name}.png` }).click())),
    act(say("save_svg"), () => picture(async (light) => save(await light.toSVG(), `${name}.svg`, "image/svg+xml")))),
  make("p", { className: "ca-quiet", textContent: say("save_note") }));
}

// ---- the page

async function drawAll(charts) {
  const idle = window.requestIdleCallback ?? ((action) => setTimeout(action, 200));
  for (const chart of charts) {
    await new Promise(idle);
    await draw(chart);
  }
  // A print has the sources too.
  for (const { source, ...one } of drawn.values()) if (source && !source.hasChildNodes()) fillSource(one, source);
}

let turning = Promise.resolve();

function turn() {
  turning = turning.then(async () => {
    for (const one of drawn.values()) if (one.night !== isNight(one.spec)) await put(one);
  });
}

// Paper is light: a dark chart is drawn anew beside itself, at once, and goes again.
addEventListener("beforeprint", () => {
  for (const one of drawn.values()) {
    if (!one.night) continue;
    one.paper = make("div", { className: "ca-paper" });
    one.picture.after(one.paper);
    one.light = lightView(one, one.paper);
    one.chart.dataset.look = "paper";
  }
});
addEventListener("afterprint", () => {
  for (const one of drawn.values()) {
    one.light?.finalize();
    one.paper?.remove();
    one.chart.dataset.look = one.night ? "dark" : "light";
    one.light = one.paper = undefined;
  }
});

window.centralasiaNames = NAMES;
window.centralasiaChart = draw; // a form's evidence may be a chart, and a live page makes new ones

document.addEventListener("DOMContentLoaded", () => {
  const charts = [...document.querySelectorAll(".ca-chart")];
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
  }, { rootMargin: "600px" });
  charts.forEach((chart) => near.observe(chart));
  addEventListener("load", () => drawAll(charts));
  prefersDark.addEventListener("change", turn);
  new MutationObserver(turn).observe(document.body, { attributeFilter: ["data-theme"] });
});
