// What was wrong comes back: the questions and claims of an earlier lesson that the learner answered
// wrongly and has not put right since. The new answer is a line like any other, so the first one goes
// on counting.

// The first answer to each item that was wrong, with all later ones; the surest first.
function wrongAtFirst(items, lines) {
  return items.map((one) => ({ ...one, ...said(lines, one.item, one.kind) }))
    .filter(({ first }) => first?.correct === false)
    .sort((a, b) => (b.first.confidence ?? 0) - (a.first.confidence ?? 0));
}

function askAgain(el, asked, store, words, told) {
  const form = questionForm(words);
  el.append(paragraph(fill(words.comesBack, asked), "ca-kicker"), form.node);
  const before = new Map(); // how many answers an item had when it came back
  let items = [];
  let at = 0;

  // What is due is settled once, so that nothing goes away under the reader's hands.
  function begin() {
    items = wrongAtFirst(asked.items, store.lines()).slice(0, asked.most).filter(({ last }) => !last.correct);
    items.forEach(({ item, all }) => before.set(item, all.length));
  }

  function answered({ item, kind }) {
    const { all, last } = said(store.lines(), item, kind);
    return all.length > before.get(item) ? last : null;
  }

  function draw() {
    if (!items.length) begin();
    el.hidden = !items.length;
    if (!items.length) return;
    if (at >= items.length) return close();
    const item = items[at];
    const mine = answered(item);
    const choice = item.options.findIndex((one) => (one.key ?? one.text) === mine?.answer);
    form.show({
      key: [item.item, Boolean(mine)], prompt: item.prompt,
      kicker: fill(words.questionOf, { number: at + 1, n: items.length }),
      options: item.options.map(({ text }) => text), choice, confidence: mine?.confidence,
      locked: mine !== null,
      marks: mine ? item.options.map(({ correct }, i) => (correct
        ? (i === choice ? words.rightYours : words.right) : i === choice ? words.wrongYours : "")) : [],
      status: `${mine ? replyTo(item, item.options[choice], words) : ""} ${told.problem}`.trim(),
      button: mine ? (at + 1 < items.length ? words.next : words.finish) : words.check,
      press: mine ? goOn : keep,
    });
  }

  async function keep({ choice, confidence }) {
    const { item, kind, options } = items[at];
    const { key, text, correct } = options[choice];
    told.problem = await store.add([line(item, kind, key ?? text, confidence, correct)]);
    draw();
  }

  function goOn() {
    told.problem = "";
    at += 1;
    draw();
    form.focus();
  }

  function close() {
    const right = items.filter((item) => answered(item)?.correct).length;
    form.show({ key: "end", options: [], prompt: words.reviewed,
      status: fill(right < items.length ? words.rightNowMore : words.rightNow, { right, n: items.length }) });
  }
  return draw;
}

// In the record: what was wrong at first, what came back of it, and how that went.
function cameBack(lines, words) {
  const kinds = ["quiz", "claim", "misconception_after"];
  const given = new Map(lines.filter(({ kind }) => kinds.includes(kind))
    .map(({ item, kind }) => [`${kind} ${item}`, { item, kind }]));
  const wrong = wrongAtFirst([...given.values()], lines);
  const again = wrong.filter(({ all }) => all.length > 1);
  if (!wrong.length) return [];
  const right = again.filter(({ last }) => last.correct).length;
  const told = paragraph(fill(again.length ? words.backSum : words.backNone,
    { wrong: wrong.length, again: again.length, right }));
  if (!again.length) return [told];
  return [told, textTable(words.backTable, [words.questionHead, words.askedHead, words.nowHead],
    again.map(({ item, all, last }) => [item, String(all.length - 1), last.correct ? words.right : words.stillWrong]))];
}
