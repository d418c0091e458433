// The teacher's board, on the projector as well: what the class sees, the steps, and below them
// the desk. In full screen the desk is hidden. What it says comes with the page and from the room.
import decodeQR from "./qr/decode.js";

const part = (id) => document.getElementById(id);
const words = JSON.parse(document.body.dataset.words);
const PAUSE = 1000;
const KEY = "centralasia-board";
const letter = (n) => String.fromCharCode(65 + n);

let tally = null;
let ends = null; // when the clock is over, by this page's own clock
let lesson = "";

// The key comes behind the # of the address, and leaves it at once: a projector shows addresses.
function key() {
  const [given, number] = location.hash.slice(1).split("&");
  if (given) {
    sessionStorage.setItem(KEY, given);
    lesson = number ?? "";
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? "";
}

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function say(text) {
  if (part("status").textContent !== text) part("status").textContent = text;
}

let said = ""; // what came of the last act; a look does not wipe it out

async function reach(path, content) {
  const about = { headers: { Authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}` },
    signal: AbortSignal.timeout(6000) };
  const sent = content && { method: "POST", body: JSON.stringify(content) };
  let reply;
  try {
    reply = await fetch(path, { ...about, ...sent });
  } catch {
    throw new Error(fill(words.noRoom, { command: "centralasia room" }));
  }
  gone(reply.status === 403);
  if (reply.status === 403) throw new Error(words.noKey);
  if (!reply.ok) {
    const told = await reply.json();
    throw Object.assign(new Error(told.error), { status: reply.status });
  }
  return reply;
}

// A room that is not this board's: nothing of the old one is left to be seen.
function gone(really) {
  part("stage").hidden = part("desk").hidden = part("warnings").hidden = really;
}

function take(told) {
  tally = told;
  ends = told.left === null ? null : Date.now() + 1000 * told.left;
  draw();
}

async function tell(what, value, more = {}) {
  try {
    const told = await (await reach("teacher", { do: what, value, ...more })).json();
    said = told.done;
    take(told);
    say(said);
    return true;
  } catch (error) {
    said = error.message;
    say(said);
    if (error.status === 409 && what === "ask" && !more.drop
        && await agreed(words.dropAsk)) return tell(what, value, { ...more, drop: true });
    return false;
  }
}

function agreed(text) {
  const dialog = part("sure-dialog");
  part("sure-text").textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// --- what is seen ---------------------------------------------------------------------------

function picture({ size, path }) {
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(SVG, "svg");
  const ink = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("aria-hidden", "true");
  ink.setAttribute("d", path);
  ink.setAttribute("fill", "currentColor");
  svg.append(ink);
  return svg;
}

function countRow(name, counts, n) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const share = all ? Math.round((100 * counts[n]) / all) : 0;
  const ink = make("span", { className: "ink" });
  ink.style.width = `${share}%`;
  return make("div", { className: `count ${name}` },
    make("span", { className: "name", textContent: words[name] }),
    make("span", { className: "track", ariaHidden: "true" }, ink),
    make("span", { textContent: fill(words.count, { n: counts[n], share }) }));
}

function drawOptions(result) {
  const drawn = JSON.stringify([result?.options, result?.counts, result?.right]);
  if (drawOptions.drawn === drawn) return;
  drawOptions.drawn = drawn;
  part("options").replaceChildren(...(result?.options ?? []).map((text, n) => {
    const line = make("div", { className: "text" },
      make("span", { className: "letter", textContent: letter(n) }), make("span", {}, text));
    const row = make("li", {}, line);
    if (result.right === n) {
      row.classList.add("right");
      line.append(make("span", { className: "mark", textContent: words.right }));
    }
    if (result.counts) {
      row.append(make("div", { className: "counts" }, ...Object.entries(result.counts).map(
        ([name, counts]) => countRow(name, counts, n))));
    }
    return row;
  }));
}

function drawClock() {
  const left = ends === null ? null : Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  part("clock").textContent = left === null ? ""
    : left === 0 ? words.timeOver
      : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

function drawWarnings() {
  const drawn = JSON.stringify(tally.warnings);
  if (drawWarnings.drawn === drawn) return;
  drawWarnings.drawn = drawn;
  part("alert").hidden = !tally.warnings.length;
  part("alert").textContent = fill(words.look, { n: tally.warnings.length });
  part("warnings").replaceChildren(...tally.warnings.map(({ text, empty, unlock }) => {
    const row = make("li", { textContent: text });
    if (empty) {
      const out = make("button", { type: "button", textContent: words.evict });
      out.addEventListener("click", async () => {
        if (await agreed(fill(words.evictAsk, { address: empty }))) tell("empty", empty);
      });
      row.append(" ", out);
    }
    if (unlock) {
      const let_in = make("button", { type: "button", textContent: words.unlock });
      let_in.addEventListener("click", () => tell("unlock"));
      row.append(" ", let_in);
    }
    return row;
  }));
}

function drawHands(result) {
  const drawn = JSON.stringify([tally.number, tally.last, result?.options.length]);
  if (drawHands.drawn === drawn) return;
  drawHands.drawn = drawn;
  part("hands").replaceChildren(...(result?.options ?? []).map((_text, n) =>
    make("label", {}, letter(n), make("input", { type: "number", min: 0, max: 1000,
      value: result.hands?.[n] ?? 0, ariaLabel: fill(words.hand, { letter: letter(n) }) }))));
}

function drawPlaces() {
  const drawn = JSON.stringify(tally.places);
  if (drawPlaces.drawn !== drawn) {
    drawPlaces.drawn = drawn;
    part("address").replaceChildren(...tally.places.map(({ ip, name }) =>
      make("option", { value: ip, textContent: name ? `${ip} (${name})` : ip })));
  }
  const now = new URL(tally.students).hostname;
  if (document.activeElement !== part("address")) part("address").value = now;
}

function draw() {
  const { result, round, last, said: lines } = tally;
  part("board").className = result ? "" : "waiting";
  part("door").hidden = result !== null && round === null;
  part("round").textContent = !result ? ""
    : words[round ?? (last === "before" ? "closedBefore" : "closedAfter")];
  part("answers").textContent = lines.answers;
  part("prompt").textContent = result ? result.prompt : words.nothing;
  drawOptions(result);
  part("sure").textContent = lines.sure;
  part("where").textContent = fill(words.openPage, { address: tally.students });
  part("code").textContent = tally.code;
  part("phones").textContent = lines.phones;
  part("guests").textContent = lines.guests;
  if (draw.qr !== tally.qr.path) {
    draw.qr = tally.qr.path;
    part("qr").replaceChildren(picture(tally.qr));
  }
  part("close").disabled = round === null;
  part("again").disabled = !result || round !== null;
  part("reveal").disabled = !result || round !== null || !result.known || tally.revealed;
  part("time").disabled = round === null;
  part("unlock").disabled = !tally.guests.guessing.length
    && !Object.keys(tally.guests.held).length;
  part("counts").disabled = !tally.records;
  const noMore = !result || tally.revealed;
  part("given").disabled = part("camera").disabled = noMore;
  part("counted").firstElementChild.disabled = noMore;
  if (noMore) stopCamera();
  if (document.activeElement !== part("people")) part("people").value = tally.guests.people ?? "";
  drawWarnings();
  drawHands(result);
  drawPlaces();
  drawClock();
  fit();
}

// In full screen, on a projector, all of it is seen at once: what does not fit is set smaller.
function fit() {
  const stage = part("stage");
  const set = (scale) => stage.style.setProperty("--scale", scale);
  set(1);
  if (!document.fullscreenElement) return;
  for (let n = 19; n > 6 && stage.scrollHeight > stage.clientHeight; n -= 1) set(n / 20);
}

// --- what can be asked ----------------------------------------------------------------------

async function offer(number) {
  const found = await (await reach(`teacher/questions?lesson=${number}`)).json();
  const options = (pairs) => pairs.map(([value, textContent]) =>
    make("option", { value, textContent }));
  // Sorted, for an object has "10" before "00".
  part("lesson").replaceChildren(...options(Object.entries(found.lessons).sort().map(
    ([known, title]) => [known, `${known} · ${title}`])));
  part("lesson").value = found.lesson;
  // Without prompts, which the class would read: those of a quiz tell what a prediction asks.
  part("item").replaceChildren(...options(found.items.map((item) => [item, item])));
}

const attempt = (act) => async (...given) => {
  try {
    await act(...given);
  } catch (error) {
    said = error.message;
    say(said);
  }
};

// --- codes and files ------------------------------------------------------------------------

let film = null;

function stopCamera() {
  film?.getTracks().forEach((track) => track.stop());
  film = null;
  part("seen").hidden = true;
  part("camera").textContent = words.readCamera;
}

async function readCamera() {
  if (film) {
    stopCamera();
    return;
  }
  try {
    film = await navigator.mediaDevices.getUserMedia({ video: { width: 1280 } });
  } catch (error) {
    said = fill(words.noCamera, { why: error.name });
    say(said);
    return;
  }
  const seen = part("seen");
  seen.srcObject = film;
  seen.hidden = false;
  await seen.play();
  part("camera").textContent = words.stopCamera;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let before = "";
  while (film) {
    canvas.width = seen.videoWidth;
    canvas.height = seen.videoHeight;
    pen.drawImage(seen, 0, 0);
    let text = "";
    try {
      text = decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height));
    } catch { /* no code in this picture */ }
    if (text && text !== before) {
      before = text;
      if (await tell("code", text)) say(`${fill(words.byCode, { code: text })}. ${said}`);
    }
    await new Promise((resolve) => { setTimeout(resolve, 150); });
  }
}

async function save(path, name) {
  const content = await (await reach(path)).blob();
  const link = make("a", { href: URL.createObjectURL(content), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  said = words.saved;
  say(said);
}

// --- what happens ---------------------------------------------------------------------------

const ask = () => tell("ask", null, { item: part("item").value,
  confidence: part("confidence").checked, seconds: Number(part("seconds").value) });
const onClick = {
  ask,
  close: () => tell("turn", "close"),
  again: async () => {
    if (await tell("turn", "after")) await tell("time", Number(part("seconds").value));
  },
  reveal: () => tell("turn", "reveal"),
  time: () => tell("time", Number(part("seconds").value)),
  renew: () => tell("renew"),
  unlock: () => tell("unlock"),
  empty: async () => { if (await agreed(words.emptyAsk)) await tell("empty"); },
  camera: readCamera,
  counts: () => save("teacher/counts", "room.csv"),
  page: () => save(`teacher/page?lesson=${part("lesson").value}`,
    `answer-${part("lesson").value}.html`),
  alert: () => document.exitFullscreen(),
  full: () => (document.fullscreenElement ? document.exitFullscreen()
    : part("board").requestFullscreen()),
};
for (const [id, act] of Object.entries(onClick)) {
  part(id).addEventListener("click", attempt(act));
}
part("lesson").addEventListener("change", attempt(() => offer(part("lesson").value)));
part("people").addEventListener("change", () => tell("people", Number(part("people").value)));
part("address").addEventListener("change", () => tell("address", part("address").value));
part("typed").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await tell("code", part("given").value)) part("given").value = "";
  part("given").focus();
});
part("given").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  part("typed").requestSubmit();
});
part("counted").addEventListener("submit", (event) => {
  event.preventDefault();
  tell("hands", [...part("hands").querySelectorAll("input")].map((input) => Number(input.value)));
});

let broken = false;
async function watch() {
  try {
    if (!part("lesson").options.length) await offer(lesson);
    take(await (await reach("teacher")).json());
    if (broken) say(said);
    broken = false;
  } catch (error) {
    broken = true;
    say(error.message);
  }
  setTimeout(watch, PAUSE);
}

key();
window.addEventListener("hashchange", () => { key(); });
for (const changed of ["resize", "fullscreenchange"]) {
  window.addEventListener(changed, () => requestAnimationFrame(fit));
}
setInterval(drawClock, 250);
watch();
