// What a learner said, as the lines of the progress file have it. `centralasia.progress` reads the
// file by the same rules, and a test holds the two together.

const VERSION = 1;
const LARGEST = 8_000_000;
const KINDS = ["prediction", "claim_alone", "claim", "quiz", "reveal", "cell",
  "misconception_before", "misconception_after"];
const CLOSED_BY_REVEAL = ["prediction", "claim_alone", "claim"];

function isLine(line) {
  const { v, time, item, kind, answer, confidence = null, correct = null } = line ?? {};
  return Number.isInteger(v) && v <= VERSION && KINDS.includes(kind)
    && typeof time === "string" && /^\d{4}-\d\d-\d\d/.test(time) && !Number.isNaN(moment(line))
    && typeof item === "string" && typeof answer === "string"
    && (confidence === null || (typeof confidence === "number" && confidence >= 0 && confidence <= 1))
    && [null, true, false].includes(correct);
}

// A time without a zone is UTC, as in Python.
function moment({ time }) {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time.replace(" ", "T")}Z`);
}

function identity(line) {
  const { item, kind, answer, confidence = null, correct = null } = line;
  return JSON.stringify([moment(line), item, kind, answer, confidence, correct]);
}

function inOrder(lines) {
  return [...lines].sort((a, b) => moment(a) - moment(b)); // of one second: as the file has them
}

// Returns the rows of a text that are answers, each as it stands there, how many are none, and how
// many of these a newer release of the course wrote.
function readLines(text) {
  const rows = text.replace(/^\ufeff/, "").split(/\r\n|[\r\n]/).filter((row) => row.trim());
  const good = [];
  let newer = 0;
  for (const row of rows) {
    try {
      const line = JSON.parse(row);
      if (isLine(line)) good.push([line, row.trim()]);
      else newer += Number.isInteger(line?.v) && line.v > VERSION;
    } catch { /* it is counted with the others that are no answers */ }
  }
  return { good, unread: rows.length - good.length - newer, newer };
}

// Returns the rows that a text has and the lines here have not, each once.
function newRows(here, good) {
  const known = new Set(here.map(identity));
  return good.filter(([line]) => !known.has(identity(line)) && known.add(identity(line)))
    .map(([, row]) => row);
}

function newLine({ item, kind, answer, confidence = null, correct = null }) {
  const time = `${new Date().toISOString().slice(0, 19)}+00:00`;
  return { v: VERSION, time, item, kind, answer, confidence, correct };
}

// The first time that the answer to an item was shown: its place among the lines, or -1.
function shownAt(lines, item) {
  return lines.findIndex((line) => line.kind === "reveal" && line.item === item);
}

// What was said on an item: all of it, what counts (the first, unless the answer was shown before),
// and whether the answer was shown first.
function said(lines, item, kind) {
  const all = lines.filter((line) => line.item === item && line.kind === kind);
  const shown = CLOSED_BY_REVEAL.includes(kind) ? shownAt(lines, item) : -1;
  const first = all[0] ?? null;
  const late = first !== null && shown >= 0 && lines.indexOf(first) > shown;
  return { all, last: all.at(-1) ?? null, first: late ? null : first, late,
    shown: shown >= 0 ? lines[shown].answer : null };
}

// The answers that are scored, one an item and kind, each with `correct`.
function scored(lines) {
  const seen = new Set();
  const found = [];
  for (const line of lines) {
    const key = JSON.stringify([line.item, line.kind]);
    if (line.kind === "reveal" || seen.has(key)) continue;
    seen.add(key);
    const { first, shown } = said(lines, line.item, line.kind);
    const correct = line.kind === "prediction"
      ? (shown === null ? null : line.answer === shown) : line.correct ?? null;
    if (first === line && correct !== null && line.confidence !== null) {
      found.push({ ...line, correct });
    }
  }
  return found;
}

// How far the evidence moved somebody who judged claims twice, and whether toward the record.
function moves(lines, ids) {
  const sum = { n: 0, before: 0, after: 0, changed: 0, toward: 0, away: 0, elsewhere: 0 };
  for (const id of ids) {
    const alone = said(lines, id, "claim_alone").first;
    const { first, shown } = said(lines, id, "claim");
    if (!alone || !first || shown === null) continue;
    const [was, is] = [alone.answer === shown, first.answer === shown];
    sum.n += 1;
    sum.before += was;
    sum.after += is;
    if (alone.answer === first.answer) continue;
    sum.changed += 1;
    sum[is ? "toward" : was ? "away" : "elsewhere"] += 1;
  }
  return sum;
}
