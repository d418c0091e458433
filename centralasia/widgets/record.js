// What the learner has done, how far their confidence can be trusted, what comes next, and the file
// that moves the answers from one place to another.

const ENOUGH = 10; // answers that a band needs before anything is said about it
const BANDS = [[0, "band0"], [0.45, "band45"], [0.65, "band65"], [0.85, "band85"]];

function textTable(caption, heads, rows) {
  const cell = (text, i) => {
    const node = make(i ? "td" : "th", i ? {} : { scope: "row" }, text);
    node.dataset.head = heads[i]; // on a telephone it stands beside the text
    return node;
  };
  const region = make("div", { className: "ca-scroll", role: "region", tabIndex: 0, ariaLabel: caption },
    make("table", { className: "ca-stack" }, make("caption", { textContent: caption }),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell))))));
  region.dataset.lmSuppressShortcuts = "true";
  return region;
}

// What was answered, as kind and item.
const givenIn = (lines) => new Set(lines.map(({ item, kind }) => `${kind} ${item}`));

// What was answered of all that the lessons ask: `known` has item, lesson, kind, number of options.
// A claim that several lessons ask stands there for each of them.
function stateOfAll(known, lines) {
  const right = new Map(scored(lines).map(({ item, kind, correct }) => [`${kind} ${item}`, correct]));
  const given = givenIn(lines);
  return known.map(([item, lesson, kind, options]) => {
    const key = `${kind} ${item}`;
    return { item, lesson, kind, options, done: given.has(key), right: right.get(key) ?? null };
  });
}

// The lessons that were begun. What one lesson alone asks, begins it; a claim that several ask begins
// the first of them if none is begun otherwise, so that nothing that was done has no lesson.
function begunIn(all) {
  const askers = new Map();
  for (const { item, kind, lesson, done } of all) {
    if (done) askers.set(`${kind} ${item}`, [...askers.get(`${kind} ${item}`) ?? [], lesson]);
  }
  const begun = new Set([...askers.values()].filter(({ length }) => length === 1).flat());
  for (const several of askers.values()) if (!several.some((one) => begun.has(one))) begun.add(several[0]);
  return begun;
}

// The lesson that the learner is in: that of the newest answer. Claims do not count, for one lesson
// may ask for a claim of another.
function lessonOf(known, lines, lessons) {
  const own = new Map(known.filter(([, , kind]) => kind !== "claim").map(([item, lesson]) => [item, lesson]));
  return lines.map(({ item }) => own.get(item)).filter(Boolean).at(-1) ?? lessons[0]?.number;
}

function openOf(all, number) {
  return all.filter((one) => one.lesson === number && !one.done);
}

// The lesson to go on with after one that is done: the next that is not, or else the first such.
function nextOpen(all, number, lessons) {
  const find = (name) => lessons.find((one) => one.number === name);
  for (let one = find(find(number)?.next); one; one = find(one.next)) {
    if (openOf(all, one.number).length) return one;
  }
  return lessons.find((one) => openOf(all, one.number).length);
}

function whatNext(all, number, lessons, words) {
  const open = (kind) => openOf(all, number).filter((one) => one.kind === kind).length;
  const parts = [["prediction", "openPredictions"], ["claim", "openClaims"], ["quiz", "openQuiz"]]
    .filter(([kind]) => open(kind)).map(([kind, word]) => fill(words[word], { n: open(kind) }));
  const now = parts.length ? fill(words.openIn, { number, parts: parts.join(", ") })
    : fill(words.lessonDone, { number });
  const here = lessons.find((one) => one.number === number);
  const later = parts.length ? lessons.find((one) => one.number === here?.next)
    : nextOpen(all, number, lessons);
  const comes = later ? fill(parts.length ? words.then : words.nextLesson, later)
    : parts.length ? "" : words.courseDone;
  return [now, here?.exercise ? fill(words.exerciseToo, here) : "", comes].filter(Boolean).join(" ");
}

function doneTable(all, lessons, words) {
  const kinds = ["prediction", "claim", "quiz"];
  const cellsOf = (some) => kinds.map((kind) => {
    const here = some.filter((one) => one.kind === kind);
    const done = here.filter((one) => one.done).length;
    const known = here.filter((one) => one.right !== null).length;
    const right = here.filter((one) => one.right).length;
    return here.length ? fill(known ? words.doneOf : words.doneOpen, { done, n: here.length, right }) : "";
  });
  const begun = begunIn(all);
  const rows = lessons.filter(({ number }) => begun.has(number)).map(({ number, title, page }) => {
    const name = `${number} · ${title}`;
    return [page ? make("a", { href: page, textContent: name }) : name,
      ...cellsOf(all.filter(({ lesson }) => lesson === number))];
  });
  const once = new Map(all.map((one) => [`${one.kind} ${one.item}`, one]));
  rows.push([words.allLessons, ...cellsOf([...once.values()])]);
  return textTable(words.doneTable, [words.lessonHead, words.predictions, words.claims, words.quiz], rows);
}

function bandWords({ n, mean, share }, words) {
  if (!n) return words.noneYet;
  if (n < ENOUGH) return fill(words.tooFew, { n: ENOUGH });
  const gap = mean - share;
  return Math.abs(gap) <= 0.1 ? words.inLine : gap > 0 ? words.surer : words.trusted;
}

function calibration(answers, words) {
  const rows = BANDS.map(([from, name], i) => {
    const to = BANDS[i + 1]?.[0] ?? Infinity;
    const here = answers.filter(({ confidence }) => confidence >= from && confidence < to);
    const mean = here.reduce((sum, { confidence }) => sum + confidence, 0) / here.length;
    const share = here.filter(({ correct }) => correct).length / here.length;
    const said = (value) => (here.length ? `${percent(value)} %` : "");
    return [words[name], String(here.length), said(mean), said(share),
      bandWords({ n: here.length, mean, share }, words)];
  });
  return textTable(words.bandTable, [words.bandHead, words.answersHead, words.confidenceHead,
    words.rightHead, words.wordsHead], rows);
}

// The learner's own curve: how often what was called so sure was right; the larger the more answers.
function curve(answers, words) {
  const side = 240;
  const svg = (tag, attributes, text = "") => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    node.textContent = text;
    return node;
  };
  const at = (x, y) => [30 + x * (side - 50), 10 + (1 - y) * (side - 50)];
  const line = (from, to, dash) => svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1],
    stroke: "currentColor", "stroke-dasharray": dash, "stroke-opacity": dash ? 0.6 : 1 });
  const label = (x, y, text, anchor) => svg("text", { x, y, "font-size": 11, fill: "currentColor",
    "text-anchor": anchor }, text);
  const points = BANDS.map(([from], i) => {
    const here = answers.filter(({ confidence }) => confidence >= from
      && confidence < (BANDS[i + 1]?.[0] ?? Infinity));
    const mean = (of) => here.reduce((sum, one) => sum + of(one), 0) / here.length;
    return { n: here.length, x: mean(({ confidence }) => confidence), y: mean(({ correct }) => Number(correct)) };
  }).filter(({ n }) => n);
  const told = points.map(({ n, x, y }) => fill(words.curvePoint, { n, sure: percent(x), right: percent(y) }));
  const drawn = svg("svg", { viewBox: `0 0 ${side} ${side}`, width: side, height: side, role: "img",
    "aria-label": `${words.curve} ${told.join("; ")}` });
  const places = points.map(({ x, y }) => at(x, y));
  drawn.append(line(at(0, 0), at(1, 0), ""), line(at(0, 0), at(0, 1), ""), line(at(0, 0), at(1, 1), "4 4"),
    ...places.slice(1).map((place, i) => line(places[i], place, "")),
    ...points.map(({ n }, i) => svg("circle", { cx: places[i][0], cy: places[i][1],
      r: 4 + Math.min(6, Math.sqrt(n)), fill: "currentColor" })),
    label(...at(0, -0.09), "0 %", "start"), label(...at(1, -0.09), "100 %", "end"),
    label(at(0.5, 0)[0], side - 8, words.curveX, "middle"), label(34, 20, words.curveY, "start"));
  return make("figure", { className: "ca-curve" }, drawn, make("figcaption", { textContent: words.curveNote }));
}

// What a blind guess earns: one in so many right, and the Brier score of who says so each time.
function againstChance(answers, options, words) {
  const counted = answers.filter(({ item, kind }) => options.has(`${kind} ${item}`));
  if (!counted.length) return [];
  const n = counted.length;
  const chance = counted.map(({ item, kind }) => 1 / options.get(`${kind} ${item}`));
  const sum = (values) => values.reduce((all, value) => all + value, 0);
  const hits = counted.filter(({ correct }) => correct).length;
  const brier = sum(counted.map(({ confidence, correct }) => (confidence - correct) ** 2)) / n;
  const told = paragraph(fill(words.againstChance, { hits, n, blind: sum(chance).toFixed(1) }));
  return n < ENOUGH ? [told] : [told,
    paragraph(fill(words.brier, { score: brier.toFixed(2),
      blind: (sum(chance.map((c) => c * (1 - c))) / n).toFixed(2) })),
  ];
}

// Items whose answer was shown before anything was said, or on which all was said after that.
function seenFirst(lines) {
  const items = new Set(lines.filter(({ kind }) => kind === "reveal").map(({ item }) => item));
  return [...items].filter((item) => !["prediction", "claim"].some((kind) => said(lines, item, kind).first)).length;
}

function showRecord(el, asked, store, words) {
  const body = make("div");
  const word = make("p", { role: "status" });
  const { known, lessons } = asked;
  const options = new Map(known.map(([item, , kind, n]) => [`${kind} ${item}`, n]));
  el.append(body, moving(store, words, word), word);

  return function draw() {
    const lines = store.lines();
    const all = stateOfAll(known, lines);
    const number = lessonOf(known, lines, lessons);
    const answers = scored(lines).filter(({ kind }) => !kind.startsWith("misconception"));
    const { n, ...sum } = moves(lines, new Set(known.filter(([, , kind]) => kind === "claim").map(([item]) => item)));
    const comes = make("p", {}, make("strong", { textContent: whatNext(all, number, lessons, words) }));
    const there = openOf(all, number).length ? lessons.find((one) => one.number === number)
      : nextOpen(all, number, lessons);
    if (there?.page && lines.length) comes.append(" ", make("a", { href: there.page, textContent: words.goOn }));
    const record = !lines.length ? [paragraph(words.nothingYet)] : [
      doneTable(all, lessons, words),
      paragraph(words.askedTwice, "ca-quiet"),
      ...(answers.length ? [calibration(answers, words), curve(answers, words), ...againstChance(answers, options, words)]
        : [paragraph(words.nothingScored)]),
      ...(n ? [paragraph(fill(words.moves, { n, ...sum }))] : []),
      ...cameBack(lines, words),
      paragraph(fill(words.whatCounts, { n: seenFirst(lines) }), "ca-quiet"),
    ];
    body.replaceChildren(...record, comes);
  };
}

// ---- the file

function moving(store, words, word) {
  const file = control("input", { type: "file", accept: ".txt,.jsonl,text/plain" });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    const bytes = chosen.size > LARGEST ? [] : new Uint8Array(await chosen.arrayBuffer());
    file.value = "";
    const came = await store.bring(bytes.length ? decoded(bytes) : "");
    word.textContent = came.problem || [fill(words.brought, came),
      came.unread ? fill(words.broughtUnread, came) : "",
      came.newer ? fill(words.broughtNewer, came) : ""].filter(Boolean).join(" ");
  });
  const buttons = [
    button(words.takeAlong, () => save(store.text(), `central-asia-answers-${new Date().toISOString().slice(0, 10)}.txt`)),
    make("label", { className: "ca-file" }, words.bringIn, file),
  ];
  if (store.erase) {
    buttons.push(button(words.erase, () => {
      if (!window.confirm(words.eraseSure)) return;
      store.erase();
      word.textContent = words.erased;
    }));
  }
  return make("div", { className: "ca-moving" }, paragraph(words.moving, "ca-quiet"),
    make("div", { className: "ca-pager" }, ...buttons));
}

// ---- what was gained between two answers to the same twelve questions

function gained(gain, lines) {
  const first = (item, kind) => said(lines, item, kind).all[0];
  return gain.map(({ item, ...about }) => {
    const after = first(item, "misconception_after");
    const before = first(item, "misconception_before");
    const late = after && before && moment(before) > moment(after);
    return { ...about, before: late ? undefined : before?.answer, after: after?.answer };
  });
}

function gainLine(gain, lines, words) {
  const both = gained(gain, lines).filter(({ before, after }) => before && after);
  if (!both.length) return words.nothingBefore;
  const n = both.length;
  const hits = (when) => both.filter((one) => one[when] === one.right).length;
  const [before, after] = [hits("before"), hits("after")];
  const told = fill(words.gained, { before, after, n });
  if (before === n) return `${told} ${words.nothingToGain}`;
  const share = (after - before) / (n - before);
  const said = { part: percent(share), gain: share.toFixed(2), n };
  return `${told} ${fill(share > 0 ? words.madeUp : words.madeUpNone, said)}`;
}

function showGain(el, asked, store, words) {
  return function draw() {
    const lines = store.lines();
    const again = gained(asked.gain, lines).filter(({ after }) => after);
    if (!again.length) return el.replaceChildren(paragraph(asked.later));
    const sign = (answer, right) => (!answer ? words.noAnswer : answer === right ? words.right : `✗ ${answer}`);
    const rows = again.map(({ prompt, before, after, right, lesson }) => (
      [prompt, sign(before, right), sign(after, right), lesson]));
    return el.replaceChildren(paragraph(gainLine(asked.gain, lines, words)),
      textTable(words.gainTable, [words.questionHead, words.beforeHead, words.afterHead, words.lessonHead], rows));
  };
}

const ASKS = { prediction: askPrediction, answer: showAnswer, claims: checkClaims, in_turn: askInTurn,
  review: askAgain, record: showRecord, gain: showGain, table: fillTable };

// Puts a question into an element; returns what ends it.
function put(el, asked, store, words) {
  el.classList.add("ca", "ca-panel");
  const told = { problem: "" };
  const draw = ASKS[asked.asks](el, asked, store, words, told);
  draw();
  return store.watch(() => {
    told.problem = ""; // what was kept after all needs no warning
    draw();
  });
}
