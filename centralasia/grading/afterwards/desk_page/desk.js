// One argument a screen, the rubric beside it. Texts are set as texts, never as markup.
const words = JSON.parse(document.body.dataset.words);
const at = (id) => document.getElementById(id);
const say = (text, parts = {}) =>
  text.replace(/\{(\w+)\}/g, (all, name) => parts[name] ?? all);
let desk = null;
let here = 0;
let criterion = 0;

const made = (tag, text, className) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};

const essay = () => desk.essays[here];
const given = (name) => essay().marks.find((mark) => mark.criterion === name);

function show() {
  const all = desk.essays.length;
  const left = desk.essays.filter((one) => !one.done).length;
  at("state").textContent = left ? say(words.left, { n: left }) : words.allDone;
  const one = essay();
  at("title").textContent =
    say(words.essay, { word: one.word, n: here + 1, all }) + (one.done ? ` · ${words.done}` : "");
  at("case").textContent = one.case;
  at("numbers").replaceChildren(
    ...one.numbers.flatMap(([name, value]) => [made("dt", name), made("dd", value)]),
  );
  at("scheme").replaceChildren(...desk.scheme.split("\n").map((line) => made("p", line)));
  at("alike").replaceChildren(...one.alike.map((text) => made("li", text)));
  at("text").textContent = one.text;
  at("length").textContent = say(words.words, { n: one.words });
  at("rubric").replaceChildren(...desk.rubric.map(field));
  at("before").disabled = here === 0;
  at("next").disabled = here === all - 1;
  choose(Math.max(0, desk.rubric.findIndex((row) => !given(row.criterion))));
}

function field(row, number) {
  const set = made("fieldset");
  set.append(made("legend", row.criterion));
  for (const other of essay().others) {
    const mark = other.marks.find((one) => one.criterion === row.criterion);
    if (!mark) continue;
    const gave = say(words.gave, { marker: other.marker, level: mark.level });
    set.append(made("p", mark.comment ? `${gave}: ${mark.comment}` : gave, "gave"));
  }
  row.levels.forEach((text, level) => {
    const label = made("label");
    const input = made("input");
    Object.assign(input, { type: "radio", name: `c${number}`, value: level });
    input.checked = given(row.criterion)?.level === level;
    input.addEventListener("change", () => setLevel(number, level));
    label.append(input, made("b", String(level)), made("span", text));
    set.append(label);
  });
  const comment = made("textarea");
  comment.rows = 1;
  comment.value = given(row.criterion)?.comment ?? "";
  comment.setAttribute("aria-label", say(words.comment, { criterion: row.criterion }));
  comment.addEventListener("input", () => {
    const mark = given(row.criterion);
    if (mark) mark.comment = comment.value;
    essay().done = false;
    later();
  });
  set.append(comment);
  set.addEventListener("focusin", () => choose(number));
  return set;
}

const fields = () => [...at("rubric").children];

function choose(number) {
  criterion = number;
  fields().forEach((set, n) => set.classList.toggle("here", n === number));
}

function setLevel(number, level) {
  const name = desk.rubric[number].criterion;
  const set = fields()[number];
  const mark = given(name);
  if (mark) mark.level = level;
  else essay().marks.push({ criterion: name, level, comment: set.querySelector("textarea").value });
  set.querySelector(`input[value="${level}"]`).checked = true;
  essay().done = false;
  later();
}

let waiting = null;
function later() {
  clearTimeout(waiting);
  waiting = setTimeout(() => send(essay(), false), 400);
}

async function send(one, done) {
  clearTimeout(waiting);
  try {
    const answer = await fetch("mark", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ word: one.word, marks: one.marks, done }),
    });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.error);
    one.done = found.marked;
    at("message").textContent = found.marked ? words.marked : words.kept;
    return true;
  } catch (error) {
    const why = error instanceof TypeError ? words.noServer : error.message;
    at("message").textContent = say(words.lost, { why });
    if (!done) waiting = setTimeout(() => send(one, false), 3000);
    return false;
  }
}

async function go(step) {
  const to = here + step;
  if (to < 0 || to >= desk.essays.length) return;
  if (!essay().done && essay().marks.length) await send(essay(), false);
  here = to;
  show();
  window.scrollTo(0, 0);
  at("text").focus({ preventScroll: true });
}

async function finish() {
  const missing = desk.rubric.map((row) => row.criterion).filter((name) => !given(name));
  if (missing.length) {
    at("message").textContent = say(words.needs, { names: missing.join(", ") });
    choose(desk.rubric.findIndex((row) => row.criterion === missing[0]));
    fields()[criterion].scrollIntoView({ block: "nearest" });
    return;
  }
  if (!(await send(essay(), true))) return;
  const after = desk.essays.findIndex((one, n) => n > here && !one.done);
  const next = after >= 0 ? after : desk.essays.findIndex((one) => !one.done);
  if (next >= 0) here = next;
  show();
  window.scrollTo(0, 0);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !desk) return;
  const typing = event.target.tagName === "TEXTAREA";
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing) return;
  if (/^[0-3]$/.test(event.key)) {
    setLevel(criterion, Number(event.key));
    choose(Math.min(criterion + 1, desk.rubric.length - 1));
    fields()[criterion].scrollIntoView({ block: "nearest" });
  } else if (event.key === "n") go(1);
  else if (event.key === "p") go(-1);
  else if (event.key === "c") fields()[criterion].querySelector("textarea").focus();
  else if (event.key === "Enter" && !["BUTTON", "SUMMARY"].includes(event.target.tagName)) finish();
  else return;
  event.preventDefault();
});
at("before").addEventListener("click", () => go(-1));
at("next").addEventListener("click", () => go(1));
at("done").addEventListener("click", finish);
at("rubric").addEventListener("submit", (event) => event.preventDefault());

async function begin() {
  desk = await (await fetch("essays")).json();
  here = Math.max(0, desk.essays.findIndex((one) => !one.done));
  show();
}
begin();
