// The search page: goes through the text of every section, which `book.search` writes, and shows
// each finding with the words around it. It works from a disk as well, for it asks for nothing.

(() => {
  const MOST = 60;
  const field = document.getElementById("ca-words");
  const list = document.getElementById("ca-results");
  // One letter for one letter, so that a place in the folded text is a place in the text.
  const plain = (text) => [...text].map((letter) => {
    const bare = letter.normalize("NFD")[0].toLowerCase();
    return bare === "ı" ? "i" : bare.length === letter.length ? bare : letter;
  }).join("");
  // How a name is compared: without what stands between its letters, as in Alma-Ata or O‘zbekiston.
  const bare = (text) => plain(text).replace(/[^\p{L}\p{N}]|[ʻʼ]/gu, "");
  const sections = window.CENTRALASIA_SECTIONS.map(([kind, address, title, text]) => (
    { kind, address, title, text, inTitle: plain(title), inText: plain(text) }));
  const letter = /[\p{L}\p{N}]/u;

  // The glossary's names: by each of them the terms that have it, and the name to look for as well.
  const terms = new Map();
  for (const [anchor, names] of Object.entries(window.CENTRALASIA_NAMES)) {
    for (const name of names) {
      if (!terms.has(bare(name))) terms.set(bare(name), []);
      terms.get(bare(name)).push({ address: `glossary.html#${anchor}`, name: names[0] });
    }
  }

  function places(text, word) {
    const found = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      if (!at || !letter.test(text[at - 1])) found.push(at);
    }
    return found;
  }

  // Each word comes with what it is called otherwise; any of these will do.
  function weigh(section, asked, words, named) {
    const { address, inTitle: title, kind } = section;
    // What is named by the words comes before what mentions them: a page first, then a term.
    const isPage = !address.includes("#") && [title, plain(kind)].includes(asked);
    let weight = isPage ? 400 : 0;
    for (const ways of words) {
      const inTitle = ways.some((way) => places(section.inTitle, way).length);
      const inText = Math.max(...ways.map((way) => places(section.inText, way).length));
      if (!inTitle && !inText) return isPage ? weight : 0;
      weight += 20 * inTitle + Math.min(inText, 5);
    }
    if (address.toLowerCase() === `claims/${asked}.html`) return weight + 400;
    if (named.includes(address)) return weight + 300;
    if (title === asked) return weight + 200;
    return weight + (title.endsWith(asked) ? 100 : 0);
  }

  // How many letters two words differ by: put in, left out, changed, or two that changed places.
  function differ(a, b) {
    const rows = [[...Array(b.length + 1).keys()]];
    for (let i = 1; i <= a.length; i += 1) {
      rows.push([i]);
      for (let j = 1; j <= b.length; j += 1) {
        rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[a.length][b.length];
  }

  // How often each word stands in the book.
  function countWords() {
    const counts = new Map();
    const every = [...sections.flatMap(({ inTitle, inText }) => [inTitle, inText]),
      ...Object.values(window.CENTRALASIA_NAMES).flat().map(plain)];
    for (const text of every) {
      for (const [one] of text.matchAll(/[\p{L}\p{N}]+/gu)) counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    return counts;
  }

  // The word of the book that is nearest to one that it does not have; of several the most frequent.
  function nearest(word, counts) {
    if (counts.has(word)) return word;
    const most = word.length < 4 ? 0 : word.length < 7 ? 1 : 2;
    const near = [...counts].filter(([one]) => Math.abs(one.length - word.length) <= most)
      .map(([one, n]) => ({ one, n, far: differ(word, one) })).filter(({ far }) => far <= most);
    near.sort((a, b) => a.far - b.far || b.n - a.n);
    return near[0]?.one ?? word;
  }

  // The words of a question, each with its other names; a name of several words stays together.
  function waysOf(asked) {
    const called = (name) => [...new Set((terms.get(bare(name)) ?? []).map((term) => plain(term.name)))];
    const whole = called(asked);
    if (whole.length) return [[asked, ...whole]];
    return asked.split(/\s+/).filter(Boolean).map((word) => [word, ...called(word)]);
  }

  function look(asked) {
    const words = waysOf(asked);
    const named = (terms.get(bare(asked)) ?? []).map(({ address }) => address);
    const found = sections.map((section) => [weigh(section, asked, words, named), section])
      .filter(([weight]) => weight).sort(([a], [b]) => b - a).map(([, section]) => section);
    return { words, found };
  }

  function excerpt({ text, inText, inTitle }, words) {
    const named = words.every((ways) => ways.some((way) => places(inTitle, way).length));
    const marks = words.flat().flatMap((word) => places(inText, word).map((at) => [at, at + word.length]))
      .sort(([a], [b]) => a - b);
    const middle = named ? 0 : marks[0]?.[0] ?? 0;
    const start = middle < 90 ? 0 : text.indexOf(" ", middle - 80) + 1;
    const end = text.length - start < 260 ? text.length : text.lastIndexOf(" ", start + 240);
    const shown = document.createElement("p");
    let at = start;
    if (start) shown.append("… ");
    for (const [from, to] of marks) {
      if (from < at || to > end) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      shown.append(text.slice(at, from), mark);
      at = to;
    }
    shown.append(text.slice(at, end), end < text.length ? " …" : "");
    return shown;
  }

  function show() {
    const asked = new URLSearchParams(location.search).get("q")?.trim() ?? "";
    field.value = asked;
    const status = document.getElementById("ca-found");
    if (!plain(asked)) return field.focus();
    document.title = `${asked}: ${document.title}`;
    let { words, found } = look(plain(asked));
    let said = !found.length ? "nothing_found" : found.length > MOST ? "found_more" : "found";
    const others = words.flatMap(([first, ...more]) => more.filter((way) => way !== first));
    let instead = "";
    if (!found.length) {
      const counts = countWords();
      instead = plain(asked).split(/\s+/).map((word) => nearest(word, counts)).join(" ");
      if (instead !== plain(asked)) ({ words, found } = look(instead));
      if (found.length) said = "found_near";
    }
    const told = { words: asked, instead, n: found.length, shown: MOST };
    status.textContent = [centralasiaSay(said, told),
      found.length && others.length ? centralasiaSay("found_as", { names: others.join(", ") }) : ""].filter(Boolean).join(" ");
    list.append(...found.slice(0, MOST).map((section) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = section.address;
      link.textContent = section.title;
      const kind = document.createElement("span");
      kind.className = "ca-quiet";
      kind.textContent = section.kind;
      row.append(link, " ", kind, excerpt(section, words));
      return row;
    }));
  }

  show();
})();
