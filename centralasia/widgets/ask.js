// One question: options, how sure one is, a button, and what came of it.
// Native form controls, so that keyboard and screen reader work as in any form.

let forms = 0;

const PATIENCE = 5000; // milliseconds
const NO_REPLY = "Python has not replied, so this answer may not be kept. If a cell is still " +
  "running ([*]), wait for it. If not, run this cell again with Shift + Enter, then answer.";

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// A control that keeps its keys. Else JupyterLab takes them: an arrow leaves for the next cell,
// and two d's delete the cell. The attribute works on the focused element only.
function control(tag, properties) {
  const node = make(tag, properties);
  node.dataset.lmSuppressShortcuts = "true";
  return node;
}

// Shift + Enter and its kin run the cell from here too, and do not press the button.
function giveUpEnter(event, el) {
  const held = event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;
  if (event.key !== "Enter" || !held || !el.contains(event.target)) return;
  const { dataset } = event.target;
  delete dataset.lmSuppressShortcuts;
  setTimeout(() => { dataset.lmSuppressShortcuts = "true"; });
}

function optionRow(text, index, group) {
  const input = control("input", { type: "radio", name: group, value: String(index) });
  return make("label", { className: "ca-option" }, input, make("span", { textContent: text }),
    make("b"));
}

function build(el) {
  const group = `ca-form-${Math.random().toString(36).slice(2)}-${++forms}`;
  const part = {
    group,
    back: control("button", { type: "button", textContent: "Previous" }),
    page: control("select", { id: `${group}-page` }),
    forth: control("button", { type: "button", textContent: "Next" }),
    pageLabel: make("label", { htmlFor: `${group}-page` }),
    kicker: make("p", { className: "ca-kicker" }),
    legend: control("legend", { tabIndex: -1 }),
    options: make("div"),
    level: control("input", { type: "range", id: `${group}-level`, min: 0, step: 1 }),
    levelText: make("span", { ariaHidden: "true" }),
    button: control("button", { type: "button", className: "ca-main" }),
    status: make("div", { className: "ca-status", role: "status" }),
  };
  part.pager = make("div", { className: "ca-pager" }, part.back, part.pageLabel, part.page,
    part.forth);
  part.fieldset = make("fieldset", {}, part.legend, part.options);
  part.sure = make("div", { className: "ca-sure" },
    make("label", { htmlFor: part.level.id, textContent: "How sure are you?" }), " ",
    part.levelText, part.level,
    make("div", { className: "ca-ends", ariaHidden: "true" },
      make("span", { textContent: "a guess" }), make("span", { textContent: "certain" })));
  el.classList.add("ca", "ca-panel");
  el.append(part.pager, part.kicker, part.fieldset, part.sure, part.button, part.status);
  return part;
}

function drawQuestion(part, model) {
  const options = model.get("options");
  const drawn = JSON.stringify([model.get("prompt"), options]);
  if (part.drawn !== drawn) {
    part.drawn = drawn;
    part.legend.textContent = model.get("prompt");
    const short = options.every((text) => text.length < 40) && options.length > 4;
    part.options.className = short ? "ca-options ca-short" : "ca-options";
    part.options.replaceChildren(...options.map((text, i) => optionRow(text, i, part.group)));
  }
  part.fieldset.disabled = model.get("locked");
  const marks = model.get("marks");
  part.options.querySelectorAll("label").forEach((row, i) => {
    row.firstChild.checked = i === model.get("choice");
    row.lastChild.textContent = marks[i] ?? "";
  });
}

function drawLevel(part, model) {
  const levels = model.get("levels");
  const words = model.get("level_words");
  const level = model.get("level");
  part.sure.hidden = levels.length === 0;
  part.level.max = levels.length - 1;
  part.level.value = level;
  part.level.disabled = model.get("locked");
  part.level.setAttribute("aria-valuetext", words[level] ?? "");
  part.levelText.textContent = words[level] ?? "";
}

function drawPager(part, model) {
  const pages = model.get("pages");
  const page = model.get("page");
  const drawn = JSON.stringify(pages);
  if (part.drawnPages !== drawn) {
    part.drawnPages = drawn;
    part.page.replaceChildren(...pages.map((text, i) => make("option", { value: i, text })));
  }
  part.pager.hidden = pages.length < 2;
  part.pageLabel.textContent = model.get("page_label");
  part.page.selectedIndex = page;
  // Not disabled, which would throw away the focus of whoever has just pressed it.
  part.back.ariaDisabled = String(page === 0);
  part.forth.ariaDisabled = String(page >= pages.length - 1);
}

function draw(part, model) {
  drawPager(part, model);
  drawQuestion(part, model);
  drawLevel(part, model);
  part.kicker.textContent = model.get("kicker");
  part.button.textContent = model.get("button");
  part.button.hidden = !model.get("button");
  if (part.status.textContent !== model.get("status")) {
    part.status.textContent = model.get("status");
  }
}

// Say so if Python stays silent: after a restart the form still stands there and nobody listens.
function listener(part, redraw) {
  let timer;
  const complain = () => { part.status.textContent = NO_REPLY; };
  return {
    wait(send) {
      clearTimeout(timer);
      timer = setTimeout(complain, PATIENCE);
      try { send(); } catch { complain(); }
    },
    heard() {
      clearTimeout(timer);
      redraw();
    },
  };
}

function render({ model, el }) {
  const part = build(el);
  const redraw = () => draw(part, model);
  const kernel = listener(part, redraw);
  const turn = (page) => {
    if (page < 0 || page >= model.get("pages").length) return;
    model.set("page", page);
    kernel.wait(() => model.save_changes());
  };
  part.options.addEventListener("change", (event) => {
    model.set("choice", Number(event.target.value));
    model.save_changes();
  });
  part.level.addEventListener("input", () => {
    model.set("level", Number(part.level.value));
    model.save_changes();
  });
  part.page.addEventListener("change", () => turn(part.page.selectedIndex));
  part.back.addEventListener("click", () => turn(model.get("page") - 1));
  part.forth.addEventListener("click", () => turn(model.get("page") + 1));
  // The press carries the answer: pending changes of state may arrive later than a message.
  part.button.addEventListener("click", () => kernel.wait(() => model.send(
    { press: true, choice: model.get("choice"), level: model.get("level") })));
  const receive = (message) => {
    if (message.heard) kernel.heard();
    if (message.focus === "question") part.legend.focus();
  };
  const enter = (event) => giveUpEnter(event, el);
  model.on("change", redraw);
  model.on("change:prompt", kernel.heard);
  model.on("msg:custom", receive);
  window.addEventListener("keydown", enter, true); // before JupyterLab, which listens to document
  redraw();
  return () => {
    model.off("change", redraw);
    model.off("change:prompt", kernel.heard);
    model.off("msg:custom", receive);
    window.removeEventListener("keydown", enter, true);
  };
}

export default { render };
