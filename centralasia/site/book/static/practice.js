// What an answer to the guest's case is worth, said as `centralasia.checks.judge` says it. Of a case
// of one's own it says only what is wrong with the form of an answer.

const SLACK = 1 + 1e-9; // as `centralasia.checks.units` has it
const SHORTEST_TITLE = 12;
const SHORTEST_DESCRIPTION = 40;

// As `centralasia.spreadsheets.number` reads it; null for what is no number.
function numberOf(text) {
  const plain = String(text).replace(/\s/g, "").replace(/%$/, "").replace("−", "-");
  const point = plain.split(",").length === 2 && !plain.includes(".") ? plain.replace(",", ".") : plain;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(point) ? Number(point) : null;
}

function squeezed(text) {
  return String(text).trim().split(/\s+/).join(" ").toLowerCase();
}

function near(a, b, tolerance) {
  return a === null || b === null ? a === b : Math.abs(a - b) <= tolerance * SLACK;
}

function practiceOf(say) {
  const right = (message) => ({ kind: "right", message });
  const wrong = (message) => ({ kind: "wrong", message });
  const cannot = (message) => ({ kind: "cannot_check", message });
  const yours = say("your_answer");

  function rangeFault(name, value, [unit, low, high]) {
    if (low <= value && value <= high) return null;
    if (high === 1 && value > 1 && value <= 100 && unit.includes("share")) return wrong(say("per_cent", { name, unit }));
    return wrong(say(value < low ? "below" : "above", { name, unit, bound: value < low ? low : high }));
  }

  // ---- each kind: the plain value of what a form gives, its fault of form, whether two are the
  // same, and in what they differ

  const number = {
    of: (_ask, given) => numberOf(given),
    fault: (ask, value) => (value === null ? cannot(say("noNumber")) : rangeFault(yours, value, [ask.unit, ask.low, ask.high])),
    key: (_ask, expected) => expected.value,
    same: (ask, value, expected) => near(value, expected, ask.tolerance),
    differs(ask, value, expected) {
      if (ask.unit.includes("per cent") && near(100 * value, expected, ask.tolerance)) return say("a_share", { name: yours, unit: ask.unit });
      return say(value > expected ? "higher" : "lower", { name: yours });
    },
  };

  const text = {
    of: (_ask, given) => given,
    fault: () => null,
    key: (_ask, expected) => expected.value,
    same: (_ask, value, expected) => squeezed(value) === squeezed(expected),
    differs: (_ask, value) => say("other_text", { answer: value }),
  };

  const codes = {
    of: (_ask, given) => given,
    fault: () => null,
    key: (_ask, expected) => expected.values,
    same: (_ask, value, expected) => [...value].sort().join() === [...new Set(expected)].sort().join(),
    differs: (ask, value, expected) => say("other_codes", { what: ask.what,
      extra: value.filter((code) => !expected.includes(code)).length,
      missing: expected.filter((code) => !value.includes(code)).length }),
  };

  const choice = {
    of: (_ask, given) => given,
    fault(_ask, { confidence }) {
      const sure = numberOf(confidence);
      return sure === null || sure < 0 || sure > 100 || (sure > 0 && sure < 1) ? cannot(say("no_confidence")) : null;
    },
    key: (_ask, expected) => ({ answer: expected.value }),
    same: (_ask, value, expected) => value.answer === expected.answer,
    differs: () => say("other_choice"),
  };

  // A table is a map from the words that a row is about to its numbers.
  const cellOf = (column, cell) => {
    const year = column.endsWith("year") && /^(\d{4})-(01-01|12-31)/.exec(cell);
    const number = numberOf(cell);
    return squeezed(year ? year[1] : number !== null && Number.isInteger(number) ? number : cell);
  };
  const isEmpty = (cell) => cell === null || String(cell).trim() === "";

  const table = {
    name: () => say("your_table"),
    of(ask, given) {
      const numbers = Object.keys(ask.numbers);
      const rows = given.filter((row) => row.slice(ask.by.length).some((cell) => !isEmpty(cell)));
      return rows.map((row) => [
        ask.by.map((column, n) => cellOf(column, row[n])).join(" "),
        numbers.map((_column, n) => {
          const cell = row[ask.by.length + n];
          return isEmpty(cell) ? null : numberOf(cell) ?? NaN;
        }),
      ]);
    },
    fault(ask, rows) {
      const keys = rows.map(([key]) => key);
      const twice = keys.find((key, n) => keys.indexOf(key) !== n);
      if (twice !== undefined) return wrong(say("twice", { name: table.name(), row: twice }));
      for (const [n, [column, told]] of Object.entries(ask.numbers).entries()) {
        const known = rows.map(([, numbers]) => numbers[n]).filter((value) => value !== null);
        if (known.some(Number.isNaN)) return cannot(say("no_number_in", { column }));
        for (const value of known) {
          const fault = rangeFault(say("a_value", { column }), value, told);
          if (fault) return fault;
        }
      }
      return null;
    },
    key(ask, { columns, rows }) {
      const place = [...ask.by, ...Object.keys(ask.numbers)].map((column) => columns.indexOf(column));
      return table.of(ask, rows.map((row) => place.map((n) => row[n])));
    },
    faults(ask, rows, expected) {
      const found = new Map(rows);
      const wanted = new Map(expected);
      const tolerances = Object.values(ask.numbers).map((told) => told[3]);
      return {
        missing: [...wanted.keys()].filter((key) => !found.has(key)),
        extra: [...found.keys()].filter((key) => !wanted.has(key)),
        differ: [...wanted.keys()].filter((key) => found.has(key)
          && !tolerances.every((tolerance, n) => near(found.get(key)[n], wanted.get(key)[n], tolerance))),
      };
    },
    same: (ask, rows, expected) => Object.values(table.faults(ask, rows, expected)).every((keys) => !keys.length),
    differs(ask, rows, expected) {
      const { missing, extra, differ } = table.faults(ask, rows, expected);
      const parts = [
        missing.length && say("missing", { row: missing[0] }),
        extra.length && say("extra", { row: extra[0] }),
        differ.length && say("differ", { n: differ.length, total: expected.length, row: differ[0] }),
      ];
      return say("faults", { name: table.name(), faults: parts.filter(Boolean).join("; ") });
    },
  };

  // A chart is its rows first; with the right ones, each fault of what surrounds them is said.
  const asTable = (ask) => ({ by: ask.series ? [ask.x, ask.series] : [ask.x],
    numbers: { [ask.y]: ["", -Infinity, Infinity, ask.tolerance] } });
  const chart = {
    of: (ask, given) => ({ ...given, rows: table.of(asTable(ask), given.rows ?? []) }),
    fault: (ask, { rows }) => table.fault(asTable(ask), rows),
    key: (ask, expected) => ({ rows: table.key(asTable(ask), expected) }),
    same: (ask, { rows }, expected) => table.same(asTable(ask), rows, expected.rows),
    differs: (ask, { rows }, expected) => table.differs(asTable(ask), rows, expected.rows),
    shown(ask, given) {
      const { marks, turned, zero } = ask.guest;
      if (!marks.includes(given.mark)) return say("other_mark");
      const isTurned = turned && given.x !== ask.x;
      const axes = isTurned ? { x: ask.y, y: ask.x } : { x: ask.x, y: ask.y };
      for (const [axis, wanted] of Object.entries(axes)) {
        if (given[axis] !== wanted) return say("other_field", { axis, there: given[axis] || say("nothing"), field: wanted });
      }
      if (ask.series && given.series !== ask.series) return say("no_series", { series: ask.series });
      const title = { x: given.x_title.trim(), y: given.y_title.trim() };
      const measure = isTurned ? "x" : "y";
      const faults = [
        zero && given.zero === "no" && say("baseline"),
        !title[measure] || title[measure] === ask.y ? say("no_unit", { field: ask.y })
          : !(title.x && title.y) && ask.x.toLowerCase() !== "year" && say("no_words", { field: ask.x }),
        given.title.trim().length < SHORTEST_TITLE && say("no_title"),
        given.description.trim().length < SHORTEST_DESCRIPTION && say("no_description"),
      ].filter(Boolean);
      return faults.length ? say("values_right", { faults: faults.join(" ") }) : null;
    },
  };

  const KINDS = { number, text, codes, choice, table, chart };

  // What is to be said of an answer that somebody gave; `ask.guest` holds the guest's key, if this
  // is the guest's case.
  return function judge(ask, given) {
    const kind = KINDS[ask.kind];
    const value = kind.of(ask, given);
    const fault = kind.fault(ask, value);
    if (!ask.guest) return fault ?? cannot(say("form_right"));
    if (fault?.kind === "cannot_check") return fault;
    const is = (plain) => kind.same(ask, value, kind.key(ask, plain));
    if (!fault && is(ask.guest.expected)) {
      const shown = kind.shown?.(ask, given);
      if (shown) return wrong(shown);
      const sure = ask.kind === "choice" && `${Math.round(numberOf(given.confidence))}%`;
      return right(sure ? say("sure", { sure }) : say(ask.kind === "chart" ? "chart_right" : "right"));
    }
    const mistake = ask.guest.mistakes.find((one) => is(one.value));
    if (mistake) return wrong(mistake.message);
    return fault ?? wrong(kind.differs(ask, value, kind.key(ask, ask.guest.expected)));
  };
}
