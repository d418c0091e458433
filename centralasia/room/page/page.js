// The phone's side: enter a code, answer the question that stands, see when it closes.
const part = (id) => document.getElementById(id);
const PAUSE = 1500;
let version = -1;

function say(text) {
  if (part("status").textContent !== text) part("status").textContent = text;
}

async function send(path, content) {
  const reply = await fetch(path, { method: "POST", body: JSON.stringify(content) });
  const told = reply.status === 204 ? {} : await reply.json();
  if (!reply.ok) throw new Error(told.error);
  return told;
}

function optionRow(text, index, shown) {
  const row = document.createElement("label");
  row.className = "option";
  const input = Object.assign(document.createElement("input"),
    { type: "radio", name: "choice", value: index, checked: index === shown.mine });
  const words = Object.assign(document.createElement("span"), { textContent: text });
  row.append(input, words);
  if (index === shown.right) {
    row.append(Object.assign(document.createElement("b"), { textContent: "✓ right" }));
  }
  return row;
}

function show(shown) {
  version = shown.version;
  part("door").hidden = true;
  part("question").hidden = shown.prompt === null;
  part("question").firstElementChild.disabled = !shown.open;
  part("prompt").textContent = shown.prompt ?? "";
  part("options").replaceChildren(
    ...(shown.options ?? []).map((text, index) => optionRow(text, index, shown)));
  if (shown.prompt === null) say("You are in. Wait for the first question.");
  else if (!shown.open) say(shown.right === null ? "Closed. Look at the screen." : "See what is right.");
  else if (shown.round === "after") say("Once more, now that you have seen the data.");
  else say("Choose an answer.");
}

async function watch() {
  try {
    const reply = await fetch(`question?since=${version}`);
    if (reply.status === 200) show(await reply.json());
    else if (reply.status === 403) part("door").hidden = false;
    else if (part("status").textContent.startsWith("No connection")) version = -1;
  } catch {
    say("No connection. It is tried again by itself.");
  }
  setTimeout(watch, PAUSE + Math.random() * 500);
}

part("door").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    show(await send("join", { code: part("code").value }));
    part("prompt").focus?.();
  } catch (error) {
    say(error.message);
  }
});

part("options").addEventListener("change", async (event) => {
  try {
    await send("answer", { version, choice: Number(event.target.value) });
    say("Your answer is in.");
  } catch (error) {
    say(error.message);
  }
});

watch();
