// The rows of a case as a table that somebody without Python can search, narrow by the values of its
// columns, and sort; how many rows are left is said.

const MOST_VALUES = 30; // a column with more of them, or with longer ones, has no list to choose from
const LONGEST = 40;

// Numbers by size, texts as people sort them, empty cells last.
function inOrderOf(a, b) {
  if (a === "" || b === "") return Number(a === "") - Number(b === "");
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

function rowsTable(columns, rows, say) {
  const status = make("p", { className: "ca-count", role: "status" });
  const lines = rows.map((row) => make("tr", {}, ...row.map((value) => make("td", { textContent: value,
    className: typeof value === "number" ? "ca-number" : "" }))));
  const body = make("tbody", {}, ...lines);
  const words = rows.map((row) => row.join(" ").toLowerCase());
  let sorted = null; // { at, down }

  const search = control("input", { type: "search", autocomplete: "off", spellcheck: false });
  const lists = columns.map((_name, at) => {
    const values = [...new Set(rows.map((row) => row[at]))].sort(inOrderOf);
    const isFew = values.length > 1 && values.length <= MOST_VALUES && values.length < rows.length;
    if (!isFew || values.some((value) => String(value).length > LONGEST)) return null;
    const texts = [say("anyValue"), ...values.map((value) => (value === "" ? say("noValue") : value))];
    const list = control("select", {}, ...texts.map((text) => make("option", { text })));
    return { list, takes: (row) => list.selectedIndex < 1 || values[list.selectedIndex - 1] === row[at] };
  });
  const reset = control("button", { type: "button", textContent: say("allRows") });
  const labelled = (text, input) => make("label", {}, text, input);

  function show() {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = rows.map((row, n) => asked.every((word) => words[n].includes(word))
      && lists.every((one) => !one || one.takes(row)));
    lines.forEach((line, n) => { line.hidden = !shown[n]; });
    const count = say("shownRows", { shown: shown.filter(Boolean).length, n: rows.length });
    const order = sorted ? say(sorted.down ? "sortedDown" : "sortedUp", { column: columns[sorted.at] }) : "";
    status.textContent = [count, order].filter(Boolean).join(" ");
    reset.disabled = shown.every(Boolean);
  }

  const heads = columns.map((name, at) => {
    const button = control("button", { type: "button", textContent: name, title: say("sortBy", { column: name }) });
    const head = make("th", { scope: "col" }, button);
    button.addEventListener("click", () => {
      sorted = { at, down: sorted?.at === at && !sorted.down };
      const order = rows.map((_row, n) => n).sort((a, b) => {
        const by = inOrderOf(rows[a][at], rows[b][at]);
        const isEmpty = rows[a][at] === "" || rows[b][at] === "";
        return (sorted.down && !isEmpty ? -by : by) || a - b;
      });
      body.append(...order.map((n) => lines[n]));
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      show();
    });
    return head;
  });

  search.addEventListener("input", show);
  lists.forEach((one) => one?.list.addEventListener("change", show));
  reset.addEventListener("click", () => {
    search.value = "";
    lists.forEach((one) => { if (one) one.list.selectedIndex = 0; });
    show();
    search.focus();
  });
  show();
  return make("div", { className: "ca-rows" },
    make("div", { className: "ca-narrow" }, labelled(say("searchRows"), search),
      ...columns.flatMap((name, at) => (lists[at] ? [labelled(name, lists[at].list)] : [])), reset),
    status,
    make("div", { className: "ca-scroll", tabIndex: 0, role: "region", ariaLabel: say("table") },
      make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body)));
}
