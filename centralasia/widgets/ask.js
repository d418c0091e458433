// What the course asks: each function puts a question into an element and draws it anew from the
// lines of the store whenever they change; `told` holds what went wrong with the last answer. The store is Python's file in a notebook, and the
// browser's own memory in the book; the questions come from `questions.py` in both.

function line(item, kind, answer, confidence = null, correct = null) {
  return { item, kind, answer, confidence, correct };
}

function nameAnswer(words, { answer, confidence }) {
  return { answer, level: percent(confidence ?? 0) };
}

function paragraph(textContent, className = "") {
  return make("p", { textContent, className });
}

// ---- a prediction, and its answer

function askPrediction(el, asked, store, words, told) {
  const form = questionForm(words);
  el.append(form.node);

  function standing({ all, last, first, shown }) {
    if (!last) return shown === null ? "" : words.alreadyShown;
    const kept = fill(words.kept, nameAnswer(words, last));
    if (!first) return `${kept} ${words.notScored}`;
    return `${kept} ${all.length > 1 ? words.firstCounts : shown === null ? words.readOn : ""}`.trim();
  }

  function draw() {
    const mine = said(store.lines(), asked.item, "prediction");
    form.show({
      key: mine.all.length, kicker: words.yourPrediction, prompt: asked.prompt,
      options: asked.options, choice: asked.options.indexOf(mine.last?.answer),
      confidence: mine.last?.confidence, button: words.savePrediction,
      status: told.problem || standing(mine), press,
    });
  }

  async function press({ answer, confidence }) {
    told.problem = await store.add([line(asked.item, "prediction", answer, confidence)]);
    draw();
  }
  return draw;
}

function showAnswer(el, asked, store, words, told) {
  let open = asked.open ?? false;
  const body = make("div", { tabIndex: -1 });
  el.append(body);

  async function reveal() {
    open = true;
    if (said(store.lines(), asked.item, "prediction").shown === null) {
      await store.add([line(asked.item, "reveal", asked.answer)]);
    }
    draw();
    body.focus();
  }

  function compared({ first }) {
    if (!first) return [paragraph(words.noPrediction)];
    const hit = first.answer === asked.answer;
    return [make("p", { className: hit ? "ca-same" : "ca-other" },
      make("strong", { textContent: hit ? words.asYouSaid : words.notAsYouSaid }),
      ` ${fill(words.youSaid, nameAnswer(words, first))}`)];
  }

  function closed({ last }) {
    if (last) return [paragraph(fill(words.readyToSee, nameAnswer(words, last)))];
    const way = document.getElementById(`ask-${asked.item}`);
    const link = way ? [" ", make("a", { href: `#${way.id}`, textContent: words.toPrediction })] : [];
    return [make("p", {}, words.predictFirst, ...link)];
  }

  function draw() {
    const mine = said(store.lines(), asked.item, "prediction");
    const shown = open || mine.shown !== null;
    const state = JSON.stringify([shown, mine.first, mine.last]);
    if (el.dataset.drawn === state) return;
    el.dataset.drawn = state;
    el.dataset.state = shown ? "shown" : "closed";
    const head = [paragraph(fill(words.theAnswer, asked), "ca-kicker"), paragraph(asked.prompt)];
    body.replaceChildren(...head, ...(shown
      ? [make("p", {}, make("strong", { textContent: asked.answer })), ...compared(mine),
        ...(asked.explanation ? [paragraph(asked.explanation)] : [])]
      : [...closed(mine), button(words.showAnswer, reveal, "ca-main")]));
  }
  return draw;
}

// ---- claims: alone, with the evidence, beside the course's verdict

function checkClaims(el, asked, store, words, told) {
  const alone = questionForm(words);
  const again = questionForm(words);
  const evidence = make("div", { className: "ca-evidence", tabIndex: -1 });
  const verdict = make("div", { className: "ca-verdict", tabIndex: -1 });
  const summary = paragraph("", "ca-quiet");
  const pages = control("select", { id: `ca-pages-${++forms}` });
  const back = button(words.back, () => turn(page - 1));
  const forth = button(words.forth, () => turn(page + 1));
  const pager = make("div", { className: "ca-pager" }, back,
    make("label", { htmlFor: pages.id, textContent: words.claim }), pages, forth);
  el.append(pager, alone.node, evidence, again.node, verdict, summary);
  const ids = asked.claims.map(({ id }) => id);
  const stateOf = (id) => {
    const lines = store.lines();
    return { alone: said(lines, id, "claim_alone"), mine: said(lines, id, "claim") };
  };
  let page = Math.max(0, ids.findIndex((id) => !stateOf(id).mine.last));
  pages.addEventListener("change", () => turn(pages.selectedIndex));
  el.addEventListener("ca-go", ({ detail }) => turn(ids.indexOf(detail)));

  function turn(next) {
    if (next < 0 || next >= ids.length) return;
    page = next;
    told.problem = "";
    draw();
  }

  function drawPager() {
    const names = asked.claims.map(({ id, short }) => `${stateOf(id).mine.last ? "✓ " : ""}${id}: ${short}`);
    const drawn = JSON.stringify(names);
    if (pages.dataset.drawn !== drawn) {
      pages.dataset.drawn = drawn;
      pages.replaceChildren(...names.map((text, i) => make("option", { value: i, text })));
    }
    pager.hidden = ids.length < 2;
    pages.selectedIndex = page;
    // Not disabled, which would throw away the focus of whoever has just pressed it.
    back.ariaDisabled = String(page === 0);
    forth.ariaDisabled = String(page === ids.length - 1);
  }

  function drawEvidence(claim, visible) {
    const drawn = visible ? claim.id : "";
    evidence.hidden = !visible;
    if (evidence.dataset.drawn === drawn) return;
    evidence.dataset.drawn = drawn;
    const shown = asked.shown[claim.evidence];
    const parts = [paragraph(fill(words.evidence, { claim: claim.id }), "ca-kicker")];
    if (shown?.html) parts.push(make("div", { innerHTML: shown.html }));
    if (shown?.chart) parts.push(store.chart ? store.chart(shown) : paragraph(words.chartBelow));
    if (!shown && !claim.rules) parts.push(paragraph(words.noEvidence));
    evidence.replaceChildren(...(visible ? [...parts, make("div", { innerHTML: claim.rules })] : []));
    store.look?.(visible && shown?.chart ? claim.id : "");
  }

  function compared(claim, first, mine) {
    const before = first.first?.answer;
    const yours = mine.first?.answer;
    if (!yours) return words.sawBefore;
    if (yours === claim.verdict) {
      return !before ? words.same : before === yours ? words.stayedSame : words.movedToward;
    }
    if (!before || before === yours) return words.differs;
    return before === claim.verdict ? words.movedAway : words.movedElsewhere;
  }

  function drawVerdict(claim, first, mine, visible) {
    const drawn = visible ? JSON.stringify([claim.id, first.last, mine.last]) : "";
    if (verdict.dataset.drawn === drawn) return;
    verdict.dataset.drawn = drawn;
    const same = mine.first?.answer === claim.verdict;
    verdict.replaceChildren(...(!visible ? [] : [
      make("div", { className: same ? "ca-same" : "ca-other" },
        paragraph(`${fill(words.verdictOn, { claim: claim.id })} · ${fill(words.step, { number: 3 })}`, "ca-kicker"),
        make("p", {}, make("strong", { textContent: asked.verdicts[claim.scale]
          .find(([key]) => key === claim.verdict)[1] })),
        paragraph(compared(claim, first, mine))),
      make("div", { innerHTML: claim.grounds }),
      ...(page + 1 < ids.length
        ? [button(words.nextClaim, () => { turn(page + 1); alone.focus(); }, "ca-main")] : [])]));
  }

  function draw() {
    const claim = asked.claims[page];
    const { alone: first, mine } = stateOf(claim.id);
    const scale = asked.verdicts[claim.scale];
    const options = scale.map(([, word]) => word);
    const at = (one) => scale.findIndex(([key]) => key === one?.answer);
    const second = first.last !== null || mine.last !== null;
    const seen = mine.last === null && mine.shown !== null;
    const counted = mine.first ?? mine.last; // it may have come back, which counts no more
    const forecast = claim.scale === "forecast";
    const kicker = ids.length < 2 ? claim.kind
      : fill(words.claimOf, { number: page + 1, n: ids.length, kind: claim.kind });
    const marks = (one, word) => scale.map(([key], i) => [i === at(one) ? word : "",
      mine.last && key === claim.verdict ? words.ours : ""].filter(Boolean).join(", "));
    drawPager();
    alone.show({
      key: [claim.id, first.all.length, mine.all.length > 0], prompt: `${claim.claim} ${forecast ? words.aloneForecast : words.alone}`,
      kicker: `${kicker} · ${fill(words.step, { number: 1 })}`, options,
      choice: at(first.last), confidence: first.last?.confidence,
      locked: second, folded: second,
      button: second ? "" : words.showEvidence,
      status: !second && told.problem ? told.problem : first.last ? fill(words.atFirst, { ...nameAnswer(words, first.last), answer: options[at(first.last)] ?? first.last.answer })
        : seen ? words.sawBefore : "",
      press: keepAlone(claim, scale),
    });
    drawEvidence(claim, second);
    again.node.hidden = !second;
    again.show({
      key: [claim.id, mine.all.length], prompt: forecast ? words.againForecast : words.again,
      kicker: fill(words.step, { number: 2 }), options,
      choice: at(counted), confidence: counted?.confidence,
      locked: mine.last !== null, marks: counted ? marks(counted, words.yours) : [],
      button: mine.last ? "" : words.showVerdict, status: told.problem, press: keepAgain(claim, scale),
    });
    drawVerdict(claim, first, mine, mine.last !== null);
    const { n, ...sum } = moves(store.lines(), ids);
    summary.textContent = n > 1 ? fill(words.moves, { n, ...sum }) : "";
    summary.hidden = n < 2;
  }

  const keepAlone = (claim, scale) => async ({ choice, confidence }) => {
    told.problem = await store.add([line(claim.id, "claim_alone", scale[choice][0], confidence)]);
    draw();
    evidence.focus();
  };

  const keepAgain = (claim, scale) => async ({ choice, confidence }) => {
    const [verdictNow] = scale[choice];
    const lines = [line(claim.id, "claim", verdictNow, confidence, verdictNow === claim.verdict)];
    // The verdict is shown next, so what is said from now on does not count.
    if (said(store.lines(), claim.id, "claim").shown === null) {
      lines.push(line(claim.id, "reveal", claim.verdict));
    }
    told.problem = await store.add(lines);
    draw();
    verdict.focus();
  };
  return draw;
}

// ---- questions in turn: a quiz, and the twelve that are asked before and after

function feedbackOf(item, option) {
  return [option.feedback, option.correct ? item.explanation : ""].filter(Boolean).join(" ");
}

function replyTo(item, option, words) {
  if (option.correct) return fill(words.isRight, { feedback: feedbackOf(item, option) });
  const right = item.options.find(({ correct }) => correct);
  return fill(words.isWrong, { feedback: option.feedback, right: right.text, why: feedbackOf(item, right) });
}

function askInTurn(el, asked, store, words, told) {
  const open = asked.kind !== "misconception_before"; // else nothing is given away
  const form = questionForm(words);
  const past = make("details", { className: "ca-past" });
  el.append(form.node, past);
  const answered = (item) => said(store.lines(), item.item, asked.kind).all;
  const started = new Map(); // how many answers an item had when its round began
  let round = 0;
  let at = next(0);

  function inRound(item) {
    const all = answered(item);
    return all.length > (started.get(item.item) ?? 0) ? all.at(-1) : null;
  }

  function next(from) {
    const found = asked.items.slice(from).findIndex((item) => !inRound(item));
    return found < 0 ? asked.items.length : from + found;
  }

  function drawPast() {
    const done = asked.items.filter((item) => answered(item).length);
    past.hidden = !open || !done.length;
    const rows = open ? done.map((item) => {
      const [first] = answered(item);
      const option = item.options.find(({ text }) => text === first.answer);
      return make("li", {}, make("strong", { textContent: item.prompt }), " ", first.answer, " ",
        option ? replyTo(item, option, words) : "");
    }) : [];
    past.replaceChildren(
      control("summary", { textContent: fill(words.soFar, { n: done.length, all: asked.items.length }) }),
      make("ol", {}, ...rows));
  }

  function draw() {
    drawPast();
    if (at >= asked.items.length) return close();
    const item = asked.items[at];
    const mine = inRound(item);
    const choice = item.options.findIndex(({ text }) => text === mine?.answer);
    const more = next(at) < asked.items.length || next(0) < asked.items.length;
    const marks = open && mine ? item.options.map(({ correct }, i) => (correct
      ? (i === choice ? words.rightYours : words.right) : i === choice ? words.wrongYours : "")) : [];
    const reply = !mine ? "" : open && choice >= 0 ? replyTo(item, item.options[choice], words) : words.keptShort;
    form.show({
      key: [round, item.item, Boolean(mine)], prompt: item.prompt,
      kicker: fill(words.questionOf, { number: at + 1, n: asked.items.length }),
      options: item.options.map(({ text }) => text), choice, confidence: mine?.confidence,
      locked: mine !== null, marks, chooseFirst: open ? words.choose : words.chooseOrGuess,
      status: `${reply} ${told.problem}`.trim(),
      button: mine ? (more ? words.next : open && asked.kind === "quiz" ? words.seeScore : words.finish)
        : open ? words.check : words.keep,
      press: mine ? goOn : keep,
    });
  }

  async function keep({ choice, answer, confidence }) {
    const { item, options } = asked.items[at];
    const correct = open ? options[choice].correct : null;
    told.problem = await store.add([line(item, asked.kind, answer, confidence, correct)]);
    draw();
  }

  function goOn() {
    told.problem = "";
    at = next(at) < asked.items.length ? next(at) : next(0);
    draw();
    form.focus();
  }

  function close() {
    const quiz = asked.kind === "quiz";
    form.show({
      key: [round, "end"], options: [], prompt: quiz ? words.score : words.allTwelve,
      button: quiz ? words.tryAgain : "", press: again,
      status: quiz ? score(asked.items, store.lines(), words)
        : open ? gainLine(asked.gain, store.lines(), words) : fill(words.thanks, asked),
    });
  }

  function again() {
    round += 1;
    asked.items.forEach((item) => started.set(item.item, answered(item).length));
    at = 0;
    draw();
    form.focus();
  }
  return draw;
}

function score(items, lines, words) {
  const first = items.map((item) => said(lines, item.item, "quiz").first);
  const hits = first.filter(({ correct }) => correct).length;
  const expected = first.reduce((sum, { confidence }) => sum + confidence, 0);
  const blind = items.reduce((sum, { options }) => sum + 1 / options.length, 0);
  const gap = expected - hits;
  const line = fill(words.scored, { hits, n: items.length, blind: blind.toFixed(1), expected: expected.toFixed(1) });
  return `${line} ${Math.abs(gap) < 1 ? words.scoredClose : gap > 0 ? words.scoredOver : words.scoredUnder}`;
}
