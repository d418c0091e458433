// The store of a browser: the lines of the progress file under one name, for all pages of one origin.
// The book, its live pages and the browser edition share it, so that an answer given in one of them
// stands in the others. Where a browser lets pages keep nothing, answers last until the page is left.

const KEY = "centralasia-answers";

function browserStore(words = {}) {
  const watching = new Set();
  let memory = "";
  let blocked = isBlocked();
  let read = { text: null, lines: [] };

  function isBlocked() {
    try {
      return Boolean(localStorage.blocked); // a page of the book puts this in place; see page.html
    } catch {
      return true;
    }
  }

  function text() {
    return blocked ? memory : localStorage.getItem(KEY) ?? "";
  }

  const told = () => watching.forEach((draw) => draw());

  function keep(whole) {
    memory = whole;
    try {
      localStorage.setItem(KEY, whole);
    } catch {
      blocked = true;
    }
    told();
  }

  const append = (rows) => {
    const before = text();
    keep(`${before}${before && !before.endsWith("\n") ? "\n" : ""}${rows.map((row) => `${row}\n`).join("")}`);
  };

  function lines() {
    const now = text();
    if (read.text !== now) {
      read = { text: now, lines: inOrder(readLines(now).good.map(([one]) => one)) };
    }
    return read.lines;
  }

  function bringRows(good) {
    const rows = newRows(lines(), good);
    if (rows.length) append(rows);
    return { new: rows.length, known: good.length - rows.length };
  }

  window.addEventListener("storage", ({ key }) => {
    if (key === KEY || key === null) told();
  });
  return {
    lines,
    text,
    add: async (answers) => {
      append(answers.map((answer) => JSON.stringify(newLine(answer))));
      return "";
    },
    bring: async (file) => {
      const { good, unread, newer } = readLines(file);
      if (!good.length) return { problem: newer ? words.allNewer : words.noAnswers };
      return { ...bringRows(good), unread, newer };
    },
    // Lines that Python has written; see `jupyter/forms.js`.
    take: (given) => bringRows(given.map((line) => [line, JSON.stringify(line)])),
    erase: () => keep(""),
    watch: (draw) => (watching.add(draw), () => watching.delete(draw)),
    isBlocked: () => blocked,
  };
}
