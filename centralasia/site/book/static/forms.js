// The questions of the book: their answers stay in this browser, as lines of the progress file. What
// asks, and the store, are the widgets' own scripts, which the build puts above this one.

const PLACE = "centralasia-place";
const ROOT = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

// ---- the store, and where this page draws a chart of a claim

function bookStore(words) {
  const store = browserStore(words);
  return {
    ...store,
    chart: ({ chart, options }) => {
      const node = make("div", { className: "ca-chart" }, make("p", { textContent: chart.description ?? "" }));
      node.append(make("script", { type: "application/json", textContent: JSON.stringify({ spec: chart, options }) }));
      setTimeout(() => window.centralasiaChart(node));
      return node;
    },
    where: () => (store.isBlocked() ? words.keptVisit : location.protocol === "file:" ? words.keptFolder : words.keptHere),
  };
}

// ---- the forms of a page

function withPages(lessons) {
  return lessons.map((one) => ({ ...one, page: new URL(one.page, ROOT).href }));
}

function putInto(place, asked, store, words, course) {
  if (asked.asks === "record") Object.assign(asked, course);
  const el = make("div");
  el.dataset.asks = asked.asks;
  place.replaceChildren(el);
  put(el, asked, store, words);
  if (asked.asks === "record") place.append(notice(store, words));
}

function putAll(store, words, course) {
  const places = new Map();
  for (const place of document.querySelectorAll(".ca-question")) {
    const data = place.querySelector("script[type='application/json']");
    const asked = JSON.parse(data.textContent);
    putInto(place, asked, store, words, course);
    for (const { id } of asked.claims ?? []) places.set(`ask-${id}`, place);
    for (const { item } of asked.items ?? []) places.set(`ask-${item}`, place);
  }
  const first = document.querySelector(".ca-question:not(:has([data-asks=record], [data-asks=review]))");
  const record = make("a", { href: new URL("record.html", ROOT).href, textContent: words.myRecord });
  first?.after(notice(store, words, " ", record));
  return places;
}

// Says where the answers are, for as long as that holds.
function notice(store, words, ...more) {
  const node = make("p", { className: "ca-quiet ca-kept" });
  const draw = () => node.replaceChildren(store.where(), ...more);
  draw();
  store.watch(draw);
  return node;
}

// A link to a question leads to its form, and in a check to its claim.
function goToQuestion(places) {
  const name = decodeURIComponent(location.hash.slice(1));
  const place = document.getElementById(name) ?? places.get(name);
  if (!place?.classList.contains("ca-question")) return;
  place.querySelector(".ca-panel")?.dispatchEvent(new CustomEvent("ca-go", { detail: name.slice(4) }));
  const go = () => place.scrollIntoView({ block: "start" });
  go();
  // What stands above it still grows as charts are drawn.
  const wait = setInterval(go, 300);
  const end = () => clearInterval(wait);
  setTimeout(end, 3000);
  for (const moved of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    window.addEventListener(moved, end, { once: true, passive: true });
  }
}

// ---- the way through the course

function anchorOf({ item }) {
  return `#ask-${item}`;
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(PLACE));
  } catch {
    return null;
  }
}

// Remembers the section of a lesson that was read last.
function rememberPlace({ number, title }) {
  const marks = [...document.querySelectorAll("article h2, .ca-stop")];
  const keep = () => {
    const mark = marks.filter((one) => one.getBoundingClientRect().top < innerHeight / 2).at(-1);
    try {
      localStorage.setItem(PLACE, JSON.stringify({ number, title, ...placeOf(mark) }));
    } catch { /* nothing is kept: one begins at the beginning */ }
  };
  window.addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", keep);
}

// Where to go on: where one stopped, or, where that is done, with the next part or lesson that is not.
function onward(place, lines, course) {
  const number = place?.number ?? (lines.length ? lessonOf(course.known, lines, course.lessons) : null);
  const here = course.lessons.find((one) => one.number === number);
  if (!here) return {};
  const all = stateOfAll(course.known, lines);
  if (!openOf(all, number).length && !claimsLeft(here, lines)) {
    const lesson = nextOpen(all, number, course.lessons);
    const isBegun = lesson && all.some((one) => one.lesson === lesson.number && one.kind !== "claim" && one.done);
    return { all, here, done: "lessonDone", lesson, part: isBegun ? partLeft(lesson, 1, lines) : 0 };
  }
  const part = place?.part ? partLeft(here, place.part, lines) : 0;
  const moved = part && part !== place.part;
  return { all, here, lesson: here, ...(moved ? { done: "stopDone", part } : { place }) };
}

function drawContinue(node, store, words, course) {
  return () => {
    const { all, here, lesson, done, part, place } = onward(remembered(), store.lines(), course);
    node.hidden = !here;
    if (!here) return;
    const said = done ? fill(words[done], here) : "";
    if (!lesson) {
      node.replaceChildren(paragraph(`${said} ${words.courseDone}`),
        make("p", {}, make("a", { href: new URL("record.html", ROOT).href, className: "ca-go", textContent: words.myRecord })));
      return;
    }
    const name = `${lesson.number} · ${lesson.title}`;
    const section = part ? lesson.parts[part - 1].title : place?.section;
    const anchor = part > 1 ? `part-${part}` : place?.anchor;
    const text = !section ? words.continueIn : place ? words.continueAt : words.continueWith;
    const there = make("a", { href: `${lesson.page}${anchor ? `#${anchor}` : ""}`, className: "ca-go",
      textContent: fill(text, { name, section }) });
    node.replaceChildren(...(said ? [paragraph(said)] : []), make("p", {}, there),
      ...(lesson === here || part ? [paragraph(whatNext(all, lesson.number, course.lessons, words))] : []));
  };
}

// At the end of a lesson: what is open in it, each with its place, and the next lesson.
function drawWay(node, store, words, course) {
  const { lesson: number } = node.dataset;
  return () => {
    const all = stateOfAll(course.known, store.lines());
    const open = openOf(all, number);
    const kinds = { prediction: words.openPredictions, claim: words.openClaims, quiz: words.openQuiz };
    const parts = Object.entries(kinds).flatMap(([kind, text]) => {
      const here = open.filter((one) => one.kind === kind);
      return here.length ? [make("li", {}, make("a", { href: anchorOf(here[0]), textContent: fill(text, { n: here.length }) }))] : [];
    });
    const here = course.lessons.find((one) => one.number === number);
    const next = course.lessons.find((one) => one.number === here?.next);
    node.replaceChildren(
      paragraph(parts.length ? fill(words.openHere, { number }) : fill(words.lessonDone, { number })),
      ...(parts.length ? [make("ul", {}, ...parts)] : []),
      make("p", { className: "ca-doors" },
        ...(next ? [make("a", { href: next.page, className: "ca-go", textContent: fill(words.toNext, next) })] : []),
        ...(here?.exercise ? [make("a", { href: here.page.replace("/lessons/", "/forms/"), textContent: words.practise })] : []),
        make("a", { href: new URL("record.html", ROOT).href, textContent: words.myRecord })));
  };
}

// Ticks in the contents: a lesson that is done, and how much of one that was begun.
function drawTicks(store, words, course) {
  const links = [...document.querySelectorAll(".sidebar-tree a, article .ca-cards a")];
  const of = (page) => links.filter(({ href }) => href.split("#")[0] === page || (href === location.href
    && page === location.href.split("#")[0]));
  return () => {
    const all = stateOfAll(course.known, store.lines());
    const begun = begunIn(all);
    for (const { number, page } of course.lessons) {
      const here = all.filter(({ lesson }) => lesson === number);
      const done = here.filter((one) => one.done).length;
      for (const link of of(page)) {
        link.querySelector(".ca-tick")?.remove();
        if (!begun.has(number)) continue;
        const whole = done === here.length;
        const tick = make("span", { className: "ca-tick" }, whole ? " ✓" : ` ${done}/${here.length}`);
        tick.append(make("span", { className: "ca-aloud", textContent: whole ? words.tickDone : words.tickPart }));
        link.append(tick);
      }
    }
  };
}

// The claims whose verdict the reader has seen: they were judged, or the verdict was opened.
function shownIn(lines) {
  return new Set(lines.filter(({ kind }) => kind === "claim" || kind === "reveal").map(({ item }) => item));
}

// The list of claims: its style sheet shows the verdicts of these rows.
function drawList(rows, store) {
  return () => {
    const known = shownIn(store.lines());
    for (const row of rows) row.toggleAttribute("data-known", known.has(row.dataset.claim));
    document.dispatchEvent(new Event("centralasia-known"));
  };
}

// All claims: those that were judged carry the verdict, and with the button the others as well.
function drawLedger(node, store, words) {
  const button = node.querySelector("button");
  const legend = Object.fromEntries([...node.querySelectorAll("li")].map((one) =>
    [one.dataset.verdict, [...one.children].map(({ textContent }) => textContent)]));
  let all = false;
  const draw = () => {
    const known = shownIn(store.lines());
    for (const claim of node.querySelectorAll("dd a")) {
      const shown = all || known.has(claim.dataset.claim);
      const [sign, word] = legend[claim.dataset.verdict];
      claim.toggleAttribute("data-known", shown);
      claim.textContent = shown ? `${sign} ${claim.dataset.claim.slice(3)}` : claim.dataset.claim.slice(3);
      claim.title = shown ? `${claim.dataset.claim}: ${word}` : claim.dataset.claim;
      claim.setAttribute("aria-label", `${claim.textContent}, ${claim.title}`);
    }
    button.textContent = all ? words.ledgerHide : words.ledgerShow;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    all = !all;
    draw();
  });
  return draw;
}

// A page that shows a verdict closes its claim for the score, unless it was judged before.
function noteShown(store) {
  for (const node of document.querySelectorAll("[data-shows]")) {
    const { shows: item, verdict: answer } = node.dataset;
    const note = () => {
      if (said(store.lines(), item, "claim").shown === null) store.add([line(item, "reveal", answer)]);
    };
    if (node.nodeName === "DETAILS") node.addEventListener("toggle", () => node.open && note());
    else note();
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const course = { ...COURSE, lessons: withPages(COURSE.lessons) };
  const store = bookStore(WORDS);
  // A live page asks what a cell gives, and hands Python the answers; see live.js.
  window.centralasiaForms = {
    ask: (place, asked) => putInto(place, asked, store, WORDS, course),
    answers: store.text,
  };
  noteShown(store);
  const places = putAll(store, WORDS, course);
  const draws = [drawTicks(store, WORDS, course)];
  document.querySelectorAll(".ca-continue").forEach((node) => draws.push(drawContinue(node, store, WORDS, course)));
  document.querySelectorAll(".ca-ledger").forEach((node) => draws.push(drawLedger(node, store, WORDS)));
  draws.push(drawList(document.querySelectorAll("tr[data-claim]"), store));
  document.querySelectorAll(".ca-units").forEach((node) => draws.push(drawUnits(node, store, WORDS)));
  document.querySelectorAll(".ca-way").forEach((node) => draws.push(drawWay(node, store, WORDS, course)));
  for (const draw of draws) {
    draw();
    store.watch(draw);
  }
  const way = document.querySelector(".ca-way");
  if (way) rememberPlace(course.lessons.find(({ number }) => number === way.dataset.lesson));
  goToQuestion(places);
  window.addEventListener("hashchange", () => goToQuestion(places));
});
