// The phone's side: enter a code, answer the question that stands, see when it closes. What it says
// comes with the page. An answer is kept here until the room says that it has it: a phone that
// loses the network sends it when it is back, or says that it came too late.
const part = (id) => document.getElementById(id);
const words = JSON.parse(document.querySelector("main").dataset.words);
const PAUSE = 1500;
const PATIENCE = 6000; // milliseconds, for a reply
const STORE = "centralasia-room";
const letter = (answer) => String.fromCharCode(65 + answer.choice);

let shown = null; // what the room last said
let draft = load(); // the answer given here: session, question, round, choice, level, sent
let online = true;
let refusal = ""; // what the room said when it refused a code or an answer
let sending = false;

function load() {
  try {
    return JSON.parse(localStorage.getItem(STORE));
  } catch {
    return null;
  }
}

function keep(answer) {
  draft = answer;
  try {
    if (answer === null) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, JSON.stringify(answer));
  } catch { /* a phone that keeps nothing sends while the page is open */ }
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

async function reach(path, content) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), PATIENCE);
  try {
    const sent = content && { method: "POST", body: JSON.stringify(content) };
    const reply = await fetch(path, { ...sent, signal: gone.signal });
    const told = [204, 304].includes(reply.status) ? {} : await reply.json();
    online = true;
    return { status: reply.status, told };
  } catch {
    online = false;
    return { status: 0, told: {} };
  } finally {
    clearTimeout(timer);
  }
}

const about = (answer) => answer && shown && answer.session === shown.session
  && answer.question === shown.question;
const open = (answer) => about(answer) && answer.round === shown.round;

// Send what is kept, until the room has it or does not want it.
async function deliver() {
  if (sending || !shown || !draft || draft.sent || draft.late) return;
  if (!open(draft)) {
    keep({ ...draft, late: true });
    return;
  }
  sending = true;
  const answer = draft;
  const { status, told } = await reach("answer", answer);
  sending = false;
  if (status === 204) {
    shown.mine[answer.round] = { choice: answer.choice, level: answer.level };
    if (draft === answer) keep({ ...answer, sent: true });
    else await deliver(); // changed while it was on its way
  } else if (status === 409) {
    if (draft === answer) keep({ ...answer, late: true });
  } else if (status === 403) {
    leave();
  } else if (status === 400) {
    refusal = told.error;
    if (draft === answer) keep(null);
  } // without a connection, or too fast: at the next look
  draw();
}

function leave() {
  shown = null;
  refusal = words.anew;
}

// --- what is seen ---------------------------------------------------------------------------

function choice(name, value, checked, className, ...texts) {
  const row = document.createElement("label");
  row.className = className;
  const input = Object.assign(document.createElement("input"), { type: "radio", name, value });
  input.checked = checked;
  row.append(input, ...texts);
  return row;
}

function span(text, className = "") {
  return Object.assign(document.createElement("span"), { textContent: text, className });
}

function optionRow(text, index) {
  const row = choice("choice", index, false, "option",
    span(`${String.fromCharCode(65 + index)} `, "letter"), span(text));
  if (index === shown.right) {
    row.classList.add("right");
    row.append(Object.assign(document.createElement("b"), { textContent: words.right }));
  }
  return row;
}

function build() {
  part("prompt").textContent = shown.prompt;
  part("options").replaceChildren(...shown.options.map(optionRow));
  part("levels").replaceChildren(...shown.levels.map((level) =>
    choice("level", level, false, "level", span(`${level} %`))));
}

// The answer that this phone stands by in the round that is shown.
function mine() {
  if (open(draft) && !draft.late) return draft;
  return shown.mine[shown.last];
}

function mark() {
  const answer = mine();
  part("options").querySelectorAll("input").forEach((input) => {
    input.checked = answer !== null && Number(input.value) === answer.choice;
  });
  part("levels").querySelectorAll("input").forEach((input) => {
    input.checked = answer !== null && Number(input.value) === answer.level;
  });
  const sure = shown.round === null ? answer?.level != null : answer !== null;
  part("sure").hidden = shown.levels.length === 0 || !sure;
}

function closedStatus() {
  const { before, after } = shown.mine;
  const end = shown.right === null ? words.closed : words.reveal;
  if (draft?.late) return `${end} ${fill(words.late, { letter: letter(draft) })}`;
  if (shown.last === "after" && before && after) {
    return `${end} ${fill(words.both, { before: letter(before), after: letter(after) })}`;
  }
  if (shown.last === "after" && before) {
    return `${end} ${fill(words.noneAfter, { letter: letter(before) })}`;
  }
  const answer = shown.mine[shown.last];
  return `${end} ${answer ? fill(words.mine, { letter: letter(answer) }) : words.none}`;
}

function openStatus() {
  const answer = mine();
  if (answer) {
    const waits = answer === draft && !draft.sent;
    const text = waits ? words.sending
      : shown.levels.length && answer.level === null ? words.howSure : words.taken;
    return fill(text, { letter: letter(answer) });
  }
  const late = draft?.late ? `${fill(words.late, { letter: letter(draft) })} ` : "";
  if (shown.round === "before") return late + words.choose;
  const { before } = shown.mine;
  return late + (before ? `${words.again} ${fill(words.first, { letter: letter(before) })}` : words.again);
}

function status() {
  if (!online) {
    const waits = draft && !draft.sent && !draft.late;
    return waits ? fill(words.kept, { letter: letter(draft) }) : words.noConnection;
  }
  if (refusal) return refusal;
  if (!shown) return "";
  if (shown.prompt === null) return words.wait;
  return shown.round === null ? closedStatus() : openStatus();
}

function draw() {
  part("door").hidden = shown !== null;
  part("question").hidden = shown === null || shown.prompt === null;
  if (shown !== null && shown.prompt !== null) {
    part("choices").disabled = part("sure").disabled = shown.round === null;
    mark();
  }
  const text = status();
  if (part("status").textContent !== text) part("status").textContent = text;
}

function take(told) {
  const asked = shown === null || shown.session !== told.session
    || shown.question !== told.question;
  const first = !shown || shown.version !== told.version || asked;
  if (first) refusal = "";
  shown = told;
  if (draft && ((draft.sent && !open(draft)) || (draft.late && asked))) keep(null);
  if (shown.prompt !== null && first) build();
}

// --- what happens ---------------------------------------------------------------------------

async function look() {
  const since = shown ? `${shown.session}.${shown.version}` : "";
  const { status: found, told } = await reach(`question?since=${since}`);
  if (found === 200) take(told);
  else if (found === 403 && shown) leave();
  await deliver();
  draw();
}

let timer;
async function watch() {
  clearTimeout(timer);
  await look();
  clearTimeout(timer); // another look may have begun meanwhile
  timer = setTimeout(watch, PAUSE + Math.random() * 500);
}

async function join(code) {
  const { status: found, told } = await reach("join", { code });
  refusal = "";
  if (found === 200) {
    take(told);
    await deliver();
  } else if (found) refusal = told.error;
  draw();
}

part("door").addEventListener("submit", (event) => {
  event.preventDefault();
  join(part("code").value);
});

part("question").addEventListener("submit", (event) => event.preventDefault());

part("question").addEventListener("change", (event) => {
  if (shown.round === null) return;
  const { session, question, round } = shown;
  const before = mine();
  const given = Number(event.target.value);
  const answer = event.target.name === "choice"
    ? { choice: given, level: before?.level ?? null } : { choice: before.choice, level: given };
  refusal = "";
  keep({ session, question, round, ...answer, sent: false });
  draw();
  deliver();
});

// A phone that was asleep looks at once.
document.addEventListener("visibilitychange", () => { if (!document.hidden) watch(); });
window.addEventListener("online", watch);

// A QR code brings the code along, behind the # that no browser sends.
async function begin() {
  await look();
  const brought = location.hash.slice(1);
  if (brought) {
    history.replaceState(null, "", location.pathname);
    if (!shown) await join(brought);
  }
  watch();
}

begin();
