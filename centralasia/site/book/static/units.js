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

function drawUnits(node, store, words) {
  const rows = [...node.querySelectorAll("li")];
  const draw = () => {
    const given = new Set(store.lines().map(({ item, kind }) => `${kind} ${item}`));
    const read = partsRead()[node.dataset.lesson] ?? [];
    rows.forEach((row, i) => {
      const asks = row.dataset.asks ? row.dataset.asks.split(";") : [];
      const done = asks.filter((ask) => given.has(ask)).length;
      row.querySelector(".ca-tick")?.remove();
      if (asks.length ? !done : !read.includes(i + 1)) return;
      const whole = done === asks.length;
      const tick = make("span", { className: "ca-tick" }, whole ? " ✓" : ` ${done}/${asks.length}`);
      tick.append(make("span", { className: "ca-aloud", textContent: whole ? words.partDone : words.tickPart }));
      row.append(tick);
    });
  };
  watchEnds(node.dataset.lesson, draw);
  return draw;
}

// Where one goes on: the section that was read last or, once its part's end was reached, the next.
function placeOf(mark) {
  if (mark?.classList.contains("ca-stop")) {
    return { section: mark.dataset.title, anchor: mark.querySelector("a").hash.slice(1) };
  }
  const name = mark ? [...mark.childNodes].filter(({ nodeName }) => nodeName === "#text")
    .map(({ data }) => data).join("").trim() : "";
  return { section: name, anchor: mark?.closest("section")?.id ?? "" };
}
