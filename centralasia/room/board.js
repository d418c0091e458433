// The teacher's board: what to ask, the steps, and the counts of both rounds as a table of bars.

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function control(tag, properties) {
  const node = make(tag, properties);
  node.dataset.lmSuppressShortcuts = "true";
  return node;
}

function share(count, counts) {
  const all = counts.reduce((sum, n) => sum + n, 0);
  return all ? Math.round((100 * count) / all) : 0;
}

function bar(count, counts) {
  const part = share(count, counts);
  const cell = make("td", { className: "ca-number" });
  const ink = make("span", { ariaHidden: "true" });
  ink.style.cssText = `display:inline-block;height:.8em;margin-right:.5em;background:currentColor;
    opacity:.55;width:${part * 1.2}px`;
  cell.append(ink, `${count} (${part} %)`);
  return cell;
}

function drawCounts(part, tally) {
  const result = tally.result;
  part.counts.hidden = !result;
  if (!result) return;
  part.caption.textContent = result.prompt;
  part.rows.replaceChildren(...result.options.map((text, i) => {
    const right = tally.revealed && i === tally.right ? " ✓ right" : "";
    return make("tr", {}, make("th", { scope: "row", textContent: text + right }),
      bar(result.before[i], result.before), bar(result.after[i], result.after));
  }));
}

function draw(part, model) {
  const tally = model.get("tally");
  part.code.textContent = tally.code ?? "";
  part.where.textContent = model.get("students");
  const open = { before: "First round is open.", after: "Second round is open." }[tally.round];
  part.state.textContent = `${tally.seated ?? 0} phones in the room. ${open ?? "Nothing is open."}`;
  drawCounts(part, tally);
  if (part.status.textContent !== model.get("status")) part.status.textContent = model.get("status");
}

function button(text, act) {
  const node = control("button", { type: "button", textContent: text });
  node.addEventListener("click", act);
  return node;
}

function build(model, el) {
  const id = `ca-board-${Math.random().toString(36).slice(2)}`;
  const part = {
    where: make("strong"), code: make("strong", { className: "ca-code" }), state: make("p"),
    caption: make("caption"), rows: make("tbody"),
    status: make("div", { className: "ca-status", role: "status" }),
  };
  const chosen = control("select", { id });
  chosen.append(...model.get("items").map(({ item, prompt }) =>
    make("option", { value: item, textContent: `${item}: ${prompt.slice(0, 90)}` })));
  chosen.style.maxWidth = "100%";
  const file = control("input", { id: `${id}-file`, value: "room.json" });
  const step = (name) => () => model.send({ step: name });
  const head = make("tr", {}, ...["Answer", "Before", "After"].map((text) =>
    make("th", { scope: "col", textContent: text })));
  part.counts = make("table", {}, part.caption, make("thead", {}, head), part.rows);
  el.classList.add("ca", "ca-panel");
  el.append(
    make("p", {}, "Open ", part.where, " and enter"), make("p", {}, part.code), part.state,
    make("p", {}, make("label", { htmlFor: id, textContent: "Question " }), chosen),
    make("p", { className: "ca-steps" },
      button("Ask it", () => model.send({ ask: chosen.value })), " ",
      button("Close", step("close")), " ", button("Ask again", step("after")), " ",
      button("Show what is right", step("reveal"))),
    make("div", { className: "ca-scroll", tabIndex: 0, role: "region", ariaLabel: "Counts" }, part.counts),
    make("p", {}, make("label", { htmlFor: file.id, textContent: "Keep the counts in " }), file, " ",
      button("Save", () => model.send({ save: file.value }))),
    part.status);
  return part;
}

function render({ model, el }) {
  const part = build(model, el);
  const redraw = () => draw(part, model);
  model.on("change", redraw);
  redraw();
  return () => model.off("change", redraw);
}

export default { render };
