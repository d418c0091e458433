// The board of a role-play: a form for the round, a table of scores, and what they are made of.
// What it says comes from Python, in `words`.

function field(move, group) {
  const id = `${group}-${move.move}`;
  const input = move.kind === "yes"
    ? control("input", { type: "checkbox", id })
    : control("input", { type: "number", id, min: move.low, max: move.high, step: "any" });
  const label = make("label", { htmlFor: id }, move.label);
  const by = make("span", { className: "ca-quiet", textContent: ` (${move.by})` });
  const row = make("p", {}, ...(move.kind === "yes" ? [input, " ", label, by]
    : [label, by, make("br"), input]));
  return { row, input, move };
}

function read({ input, move }) {
  return move.kind === "yes" ? Number(input.checked) : input.valueAsNumber;
}

function write({ input, move }, value) {
  if (move.kind === "yes") input.checked = Boolean(value);
  else input.value = value;
}

function cells(tag, texts) {
  return texts.map((textContent) => make(tag, { textContent, className: "ca-number",
    ...(tag === "th" ? { scope: "col" } : {}) }));
}

function drawScores(part, model) {
  const { columns, rows } = model.get("scores");
  part.scores.hidden = !columns;
  if (!columns) return;
  part.head.replaceChildren(make("th", { scope: "col", textContent: model.get("words").round }), ...cells("th", columns));
  part.body.replaceChildren(...rows.map(([name, ...points]) =>
    make("tr", {}, make("th", { scope: "row", textContent: name }), ...cells("td", points))));
}

function drawTerms(part, model) {
  const terms = model.get("terms");
  part.made.hidden = terms.length === 0;
  part.terms.replaceChildren(...terms.map(([role, text, points]) =>
    make("li", { textContent: `${role}: ${points}, ${text}` })));
}

function draw(part, model) {
  part.step.textContent = model.get("step");
  part.rule.textContent = model.get("rule");
  part.enter.disabled = model.get("over");
  drawScores(part, model);
  drawTerms(part, model);
  if (part.status.textContent !== model.get("status")) part.status.textContent = model.get("status");
}

function build(model, el) {
  const words = model.get("words");
  const group = `ca-play-${Math.random().toString(36).slice(2)}`;
  const part = {
    step: make("legend"), rule: make("p", { className: "ca-rule" }), head: make("tr"), body: make("tbody"), terms: make("ul"),
    status: make("div", { className: "ca-status", role: "status" }),
    fields: model.get("moves").map((move) => field(move, group)),
  };
  part.enter = button(words.enter, () => model.send({ enter:
    Object.fromEntries(part.fields.map((one) => [one.move.move, read(one)])) }), "ca-main");
  const file = control("input", { id: `${group}-file`, value: "role-play.json" });
  part.scores = make("table", {}, make("caption", { textContent: words.scores }),
    make("thead", {}, part.head), part.body);
  part.made = make("details", {}, control("summary", { textContent: words.terms }), part.terms);
  el.classList.add("ca", "ca-panel");
  el.append(
    make("p", { className: "ca-kicker", textContent: model.get("title") }),
    make("fieldset", {}, part.step, part.rule, ...part.fields.map((one) => one.row)),
    part.enter, " ", button(words.undo, () => model.send({ undo: true })),
    part.status,
    control("div", { className: "ca-scroll", tabIndex: 0, role: "region", ariaLabel: words.scores },
      part.scores),
    part.made,
    make("p", {}, ...model.files?.() ?? [make("label", { htmlFor: file.id, textContent: words.file }), " ", file, " ",
      button(words.save, () => model.send({ save: file.value })), " ",
      button(words.load, () => model.send({ load: file.value }))]));
  return part;
}

function render({ model, el }) {
  const part = build(model, el);
  const fill = () => part.fields.forEach((one) => write(one, model.get("values")[one.move.move]));
  const redraw = () => draw(part, model);
  model.on("change:values", fill);
  model.on("change", redraw);
  const endEnter = enterRunsTheCell(el);
  fill();
  redraw();
  return () => {
    endEnter();
    model.off("change:values", fill);
    model.off("change", redraw);
  };
}
