// The parts of a lesson, between which one can stop: ticks for those that are done, and where one
// goes on another day. A part is done when its questions are answered, or, where it has none, when
// its end was seen; which ends were seen stays in this browser.

const READ = "centralasia-read";

function partsRead() {
  try {
    return JSON.parse(localStorage.getItem(READ)) ?? {};
  } catch {
    return {};
  }
}

// Marks a part as read when its end comes into sight, which the end of the lesson is for the last.
function watchEnds(number, draw) {
  const ends = [...document.querySelectorAll(".ca-stop, .ca-way")];
  const seen = new IntersectionObserver((entries) => {
    const read = partsRead();
    const now = new Set(read[number]);
    for (const { target, isIntersecting } of entries) if (isIntersecting) now.add(ends.indexOf(target) + 1);
    if (now.size === (read[number]?.length ?? 0)) return;
    try {
      localStorage.setItem(READ, JSON.stringify({ ...read, [number]: [...now] }));
    } catch { /* such parts get no tick */ }
    draw();
  });
  ends.forEach((end) => seen.observe(end));
}

// How much of a part is done: how many of its questions are answered, and whether all of it is.
function stateOfPart(asks, place, given, read) {
  const done = asks.filter((ask) => given.has(ask)).length;
  return { done, whole: asks.length ? done === asks.length : read.includes(place) };
}

// The place of the first part that is not done: from one on, or else of those with an open question, or
// else of all; 0 if there is none. What a reader believed before a lesson is not asked for after it.
function partLeft({ number, parts }, from, lines) {
  const given = givenIn(lines);
  const read = partsRead()[number] ?? [];
  const left = parts.map(({ asks }, i) => (stateOfPart(asks, i + 1, given, read).whole ? 0 : i + 1)).filter(Boolean);
  const isOpen = (ask) => !given.has(ask) && !ask.startsWith("misconception_before ");
  const asking = left.filter((place) => parts[place - 1].asks.some(isOpen));
  return left.find((place) => place >= from) ?? asking[0] ?? left[0] ?? 0;
}

// Whether a lesson asks for claims that were not judged: of the course, or examples as in lesson 15,
// which the record does not count.
function claimsLeft({ parts }, lines) {
  const given = givenIn(lines);
  return parts.some(({ asks }) => asks.some((ask) => ask.startsWith("claim ") && !given.has(ask)));
}

function drawUnits(node, store, words) {
  const rows = [...node.querySelectorAll("li")];
  const draw = () => {
    const given = givenIn(store.lines());
    const read = partsRead()[node.dataset.lesson] ?? [];
    rows.forEach((row, i) => {
      const asks = row.dataset.asks ? row.dataset.asks.split(";") : [];
      const { done, whole } = stateOfPart(asks, i + 1, given, read);
      row.querySelector(".ca-tick")?.remove();
      if (!done && !whole) return;
      const tick = make("span", { className: "ca-tick" }, whole ? " ✓" : ` ${done}/${asks.length}`);
      tick.append(make("span", { className: "ca-aloud", textContent: whole ? words.partDone : words.tickPart }));
      row.append(tick);
    });
  };
  watchEnds(node.dataset.lesson, draw);
  return draw;
}

// Where one goes on: the section that was read last or, once its part's end was reached, the next;
// and which part that is in.
function placeOf(mark) {
  if (mark?.classList.contains("ca-stop")) {
    const anchor = mark.querySelector("a").hash.slice(1);
    return { section: mark.dataset.title, anchor, part: Number(anchor.replace("part-", "")) };
  }
  const name = mark ? [...mark.childNodes].filter(({ nodeName }) => nodeName === "#text")
    .map(({ data }) => data).join("").trim() : "";
  const before = [...document.querySelectorAll(".ca-stop")]
    .filter((stop) => mark && stop.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING);
  return { section: name, anchor: mark?.closest("section")?.id ?? "", part: before.length + 1 };
}
