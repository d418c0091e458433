// A role-play without Python: what `rules` and `session` do, from the same tables. A test plays the
// same rounds in both. The rounds stay in this browser; a file takes them along, in the form that
// `Session.save` has.

// Works out a condition or points, as `Expression.as_data` writes them.
const ACTS = {
  "+": (a, b) => a + b, "-": (a, b) => (b === undefined ? -a : a - b), "*": (a, b) => a * b, "/": (a, b) => a / b,
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
  "==": (a, b) => a === b, "!=": (a, b) => a !== b,
  not: (a) => !a, and: (...all) => all.every(Boolean), or: (...all) => all.some(Boolean),
};

function worth(tree, values) {
  if (typeof tree === "number") return tree;
  if (typeof tree === "string") return values[tree];
  const [act, ...parts] = tree;
  if (act !== "compare") return Number(ACTS[act](...parts.map((part) => worth(part, values))));
  const sides = parts.filter((_part, i) => i % 2 === 0).map((part) => worth(part, values));
  const signs = parts.filter((_part, i) => i % 2);
  return Number(signs.every((sign, i) => ACTS[sign](sides[i], sides[i + 1])));
}

// The roles that an outcome scores, in order: a role with a term on a move that was left out has none.
function scoredRoles({ terms, roles }, outcome) {
  const unknown = new Set(terms.filter(({ names }) => names.some((name) => !(name in outcome))).map(({ role }) => role));
  const scored = new Set(terms.map(({ role }) => role).filter((role) => !unknown.has(role)));
  return roles.filter(({ role }) => scored.has(role));
}

function explained(game, outcome) {
  const roles = new Set(scoredRoles(game, outcome).map(({ role }) => role));
  return game.terms.filter(({ role, condition }) => roles.has(role) && (condition === null || worth(condition, outcome)))
    .map(({ role, text, points }) => ({ role, text, points: worth(points, outcome) }));
}

function scoresOf(game, outcome) {
  const sums = new Map(scoredRoles(game, outcome).map(({ role }) => [role, 0]));
  for (const { role, points } of explained(game, outcome)) sums.set(role, sums.get(role) + points);
  return sums;
}

// As Python writes a number with one decimal: a quarter, which lies between two, goes to the even one.
function tenths(points) {
  return (Math.abs(points) % 1 === 0.25 ? points - Math.sign(points) * 0.05 : points).toFixed(1);
}

// Returns what a round comes to after those before it, or what is wrong with it.
function entered(game, rounds, changes, words) {
  if (rounds.length >= game.rounds.length) return { problem: words.over };
  const before = rounds.at(-1) ?? game.start;
  const after = { ...before, ...changes };
  for (const { move, kind, label, low, high } of game.moves) {
    const [least, most] = kind === "yes" ? [0, 1] : [low, high];
    const value = after[move];
    if (typeof value !== "number" || !(value >= least && value <= most) || (kind === "yes" && ![0, 1].includes(value))) {
      return { problem: fill(words.between, { move: label, low: least, high: most }) };
    }
  }
  const opened = game.rounds.slice(0, rounds.length + 1).flatMap(({ opens }) => opens);
  const ordered = game.rounds.some(({ opens }) => opens.length);
  const early = game.moves.filter(({ move }) => ordered && after[move] !== before[move] && !opened.includes(move));
  if (early.length) return { problem: fill(words.early, { lines: early.map(({ label }) => label).join("; ") }) };
  return { round: Object.fromEntries(game.moves.map(({ move }) => [move, after[move]])) };
}

// Returns the rounds of a file, or null if it is no game of this kind.
function roundsOf(game, text, words) {
  try {
    const kept = JSON.parse(text);
    if (kept.game !== game.game || !Array.isArray(kept.rounds)) return null;
    const rounds = [];
    for (const one of kept.rounds) {
      const { round } = entered(game, rounds, one, words);
      if (!round) return null;
      rounds.push(round);
    }
    return rounds;
  } catch {
    return null;
  }
}

function showScores(game, rounds, words) {
  const over = rounds.length >= game.rounds.length;
  if (!rounds.length || !(over || game.addsUp)) return { scores: {}, terms: [] };
  const all = rounds.map((round) => scoresOf(game, round));
  const names = new Map(game.roles.map(({ role, name }) => [role, name]));
  const columns = [...all[0].keys()];
  const row = (name, scores) => [name, ...columns.map((role) => (scores.has(role) ? tenths(scores.get(role)) : words.notOnRecord))];
  const rows = all.map((scores, i) => row(fill(words.roundNumber, { number: i + 1 }), scores));
  if (game.addsUp) {
    rows.push(row(words.together, new Map(columns.map((role) => [role, all.reduce((sum, scores) => sum + scores.get(role), 0)]))));
  }
  if (over && Object.keys(game.history).length) rows.push(row(words.history, scoresOf(game, game.history)));
  const terms = explained(game, rounds.at(-1)).map(({ role, text, points }) => (
    [names.get(role), text, `${points < 0 ? "" : "+"}${tenths(points)}`]));
  return { scores: { columns: columns.map((role) => names.get(role)), rows }, terms };
}

// What the board asks of its model, here without a kernel.
function playModel(game, words) {
  const key = `centralasia-play-${game.game}`;
  const heard = { change: new Set(), "change:values": new Set() };
  let rounds = [];
  let status = "";
  try {
    rounds = roundsOf(game, localStorage.getItem(key), words) ?? [];
  } catch { /* nothing is kept: one begins at the beginning */ }

  const text = () => `${JSON.stringify({ game: game.game, rounds }, null, 1)}\n`;
  const shown = {
    words: () => words,
    title: () => game.title,
    moves: () => game.moves,
    values: () => rounds.at(-1) ?? game.start,
    over: () => rounds.length >= game.rounds.length,
    step: () => fill(shown.over() ? words.allPlayed : words.roundOf, { number: rounds.length + 1, n: game.rounds.length }),
    rule: () => (shown.over() ? "" : fill(words.rule, game.rounds[rounds.length])),
    scores: () => showScores(game, rounds, words).scores,
    terms: () => showScores(game, rounds, words).terms,
    status: () => status,
  };

  function become(next, told) {
    rounds = next;
    status = told;
    try {
      localStorage.setItem(key, text());
    } catch { /* the game lasts for this visit */ }
    heard["change:values"].forEach((act) => act());
    tell();
  }

  function tell() {
    heard.change.forEach((act) => act());
  }

  function enter(changes) {
    const { round, problem } = entered(game, rounds, changes, words);
    if (round) return become([...rounds, round], fill(words.entered, { number: rounds.length + 1 }));
    status = problem;
    return tell();
  }

  async function take(file) {
    const found = roundsOf(game, await file.text(), words);
    if (found) return become(found, words.takenUp);
    status = words.noGame;
    return tell();
  }

  function files() {
    const file = control("input", { type: "file", accept: ".json,application/json" });
    file.addEventListener("change", async () => {
      const [chosen] = file.files;
      file.value = "";
      if (chosen) await take(chosen);
    });
    const keep = button(words.save, () => save(text(), `role-play-${game.game}.json`, "application/json"));
    return [keep, " ", make("label", { className: "ca-file ca-file-alone" }, words.load, file)];
  }

  return {
    get: (name) => shown[name](),
    on: (event, act) => heard[event].add(act),
    off: (event, act) => heard[event].delete(act),
    send: (content) => ("enter" in content ? enter(content.enter) : become(rounds.slice(0, -1), words.takenBack)),
    files,
  };
}
