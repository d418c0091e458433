// One question: options, how sure one is, a button, and what came of it. Native form controls, so
// that keyboard and screen reader work as in any form.

let forms = 0;

// From chance to certainty, in per cent.
function levelsOf(nOptions) {
  const chance = Math.round(100 / nOptions);
  return [chance, ...[10, 20, 30, 40, 50, 60, 70, 80, 90, 100].filter((level) => level > chance)];
}

function levelWords(level, words) {
  const least = [100, 85, 65, 45, 0].find((from) => level >= from);
  return fill(words.level, { level, word: words[`from${least}`] });
}

function percent(probability) {
  return Math.round(100 * probability);
}

function optionRow(text, index, group) {
  const input = control("input", { type: "radio", name: group, value: String(index) });
  return make("label", { className: "ca-option" }, input, make("span", { textContent: text }),
    make("b"));
}

function questionForm(words) {
  const group = `ca-form-${Math.random().toString(36).slice(2)}-${++forms}`;
  const kicker = make("p", { className: "ca-kicker" });
  const legend = control("legend", { tabIndex: -1 });
  const options = make("div");
  const level = control("input", { type: "range", id: `${group}-level`, min: 0, step: 1 });
  const levelText = make("span", { ariaHidden: "true" });
  const main = control("button", { type: "button", className: "ca-main" });
  const status = make("div", { className: "ca-status", role: "status" });
  const fieldset = make("fieldset", {}, legend, options);
  const sure = make("div", { className: "ca-sure" },
    make("label", { htmlFor: level.id, textContent: words.sure }), " ", levelText, level,
    make("div", { className: "ca-ends", ariaHidden: "true" },
      make("span", { textContent: words.guess }), make("span", { textContent: words.certain })));
  const node = make("div", { className: "ca-form" }, kicker, fieldset, sure, main, status);
  let asked = {};
  let levels = [];

  const inputs = () => [...options.querySelectorAll("input")];
  const chosen = () => inputs().findIndex((input) => input.checked);
  const showLevel = () => {
    const said = levels.length ? levelWords(levels[level.value], words) : "";
    level.setAttribute("aria-valuetext", said);
    levelText.textContent = said;
  };
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };

  function begin() {
    legend.textContent = asked.prompt;
    const short = asked.options.every((text) => text.length < 40) && asked.options.length > 4;
    options.className = short ? "ca-options ca-short" : "ca-options";
    options.replaceChildren(...asked.options.map((text, i) => optionRow(text, i, group)));
    levels = asked.options.length ? levelsOf(asked.options.length) : [];
    const near = levels.map((one) => Math.abs(one - 100 * (asked.confidence ?? 0)));
    level.max = levels.length - 1;
    level.value = near.indexOf(Math.min(...near));
    inputs().forEach((input, i) => { input.checked = i === asked.choice; });
  }

  // What a learner has chosen and not yet saved stays, as long as it is the same question.
  function show(next) {
    const key = JSON.stringify([next.key, next.prompt, next.options]);
    const fresh = key !== asked.drawn;
    asked = { ...next, drawn: key };
    if (fresh) begin();
    kicker.textContent = asked.kicker ?? "";
    kicker.hidden = !asked.kicker;
    options.hidden = Boolean(asked.folded);
    fieldset.disabled = level.disabled = Boolean(asked.locked);
    [...options.children].forEach((row, i) => { row.lastChild.textContent = asked.marks?.[i] ?? ""; });
    sure.hidden = levels.length === 0 || options.hidden;
    showLevel();
    main.textContent = asked.button ?? "";
    main.hidden = !asked.button;
    say(asked.status ?? "");
  }

  level.addEventListener("input", showLevel);
  main.addEventListener("click", () => {
    const choice = chosen();
    if (!asked.locked && asked.options.length && choice < 0) return say(asked.chooseFirst ?? words.choose);
    return asked.press({ choice, answer: asked.options[choice],
      confidence: levels.length ? levels[level.value] / 100 : null });
  });
  return { node, show, say, focus: () => legend.focus() };
}
