// The search page: goes through the text of every section, which `book.search` writes, and shows
// each finding with the words around it. It works from a disk as well, for it asks for nothing.

(() => {
  const MOST = 60;
  const field = document.getElementById("ca-words");
  const list = document.getElementById("ca-results");
  // One letter for one letter, so that a place in the folded text is a place in the text.
  const plain = (text) => [...text].map((letter) => {
    const bare = letter.normalize("NFD")[0].toLowerCase();
    return bare.length === letter.length ? bare : letter;
  }).join("");
  const sections = window.CENTRALASIA_SECTIONS.map(([kind, address, title, text]) => (
    { kind, address, title, text, inTitle: plain(title), inText: plain(text) }));
  const letter = /[\p{L}\p{N}]/u;

  function places(text, word) {
    const found = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      if (!at || !letter.test(text[at - 1])) found.push(at);
    }
    return found;
  }

  function weigh(section, words) {
    let weight = 0;
    for (const word of words) {
      const inTitle = places(section.inTitle, word).length;
      const inText = places(section.inText, word).length;
      if (!inTitle && !inText) return 0;
      weight += 20 * Math.min(inTitle, 1) + Math.min(inText, 5);
    }
    // What is named by the words comes before what mentions them.
    const asked = words.join(" ");
    const claim = section.address.toLowerCase() === `claims/${asked}.html`;
    if (claim || section.inTitle === asked) return weight + 200;
    return weight + (section.inTitle.endsWith(asked) ? 100 : 0);
  }

  function excerpt({ text, inText, inTitle }, words) {
    const named = words.every((word) => places(inTitle, word).length);
    const marks = words.flatMap((word) => places(inText, word).map((at) => [at, at + word.length]))
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
    const words = plain(asked).split(/\s+/).filter(Boolean);
    if (!words.length) return field.focus();
    document.title = `${asked}: ${document.title}`;
    const found = sections.map((section) => [weigh(section, words), section])
      .filter(([weight]) => weight).sort(([a], [b]) => b - a);
    const said = !found.length ? "nothing_found" : found.length > MOST ? "found_more" : "found";
    status.textContent = centralasiaSay(said, { words: asked, n: found.length, shown: MOST });
    list.append(...found.slice(0, MOST).map(([, section]) => {
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
