"""What the search page goes through: the text of every section of the finished pages."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

_KINDS = {
    "lessons": "Lesson",
    "exercises": "Exercise",
    "claims": "Claim",
    "guide": "Instructor's guide",
    "events": "Chronology",
    "glossary": "Glossary",
    "bibliography": "Bibliography",
    "codebook": "Codebook",
}
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_UNREAD = {"script", "style", "button", "nav", "noscript", "svg"}
_UNREAD_CLASSES = {"headerlink", "cell_input", "ca-doors", "ca-live", "ca-filter", "above-input"}
_IN_LINE = {"a", "b", "code", "em", "i", "mark", "span", "strong", "sub", "sup"}
_HEADS = {"h1", "h2", "h3", "dt"}


class _Sections(HTMLParser):
    """Reads a page's article in sections: one for a heading, an event, a work or a term."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list] = []  # anchor, heading, text
        self.open: list[tuple[str, bool, str | None]] = []  # tag, unread, what section it begins
        self.at: list[int] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        about = dict(attrs)
        if tag in _VOID:
            self._add(" ")
            return
        classes = set((about.get("class") or "").split())
        inside = tag == "article" or bool(self.inside)
        unread = tag in _UNREAD or bool(classes & _UNREAD_CLASSES)
        begins = None
        if inside and tag in ("section", "li", "dt") and about.get("id"):
            self.found.append([about["id"], "", ""])
            self.at.append(len(self.found) - 1)
            begins = tag
        self.open.append((tag, unread, begins))
        self.inside += tag == "article"
        self._add("" if tag in _IN_LINE else " ")

    def handle_endtag(self, tag: str) -> None:
        if tag not in (name for name, _, _ in self.open):
            return
        while self.open:
            name, _, begins = self.open.pop()
            if name == "article":
                self.inside -= 1
            if begins in ("section", "li"):
                self.at.pop()
            elif name == "dl":  # a term's section lasts until the next term or the end of the list
                while self.at and self.at[-1] >= 0 and self._is_term(self.at[-1]):
                    self.at.pop()
            if name == tag:
                break
        self._add("" if tag in _IN_LINE else " ")

    def _is_term(self, at: int) -> bool:
        return self.found[at][0].startswith("term-")

    def handle_data(self, data: str) -> None:
        self._add(data)

    def _add(self, text: str) -> None:
        if not (self.inside and self.at) or any(unread for _, unread, _ in self.open):
            return
        section = self.found[self.at[-1]]
        heads = _HEADS if self.open and self._is_term(self.at[-1]) else _HEADS - {"dt"}
        if any(tag in heads for tag, _, _ in self.open):
            section[1] += text
        else:
            section[2] += text


def sections(page: str) -> list[tuple[str, str, str]]:
    """Return anchor, heading and text of each section of a page.

    Examples
    --------
    >>> sections('<article><section id="a"><h1>Oil<a class="headerlink">#</a></h1><p>By pipe.'
    ...          '</p></section></article>')
    [('a', 'Oil', 'By pipe.')]
    """
    reader = _Sections()
    reader.feed(page)
    return [
        (key, " ".join(head.split()), " ".join(text.split())) for key, head, text in reader.found
    ]


def write(site: Path) -> None:
    """Write the sections of all pages in a folder to ``searchindex.js``."""
    rows = []
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if name in ("search.html", "genindex.html", "404.html"):
            continue
        kind = _KINDS.get(name.split("/")[0].removesuffix(".html"), "The course")
        title = ""
        for n, (anchor, head, text) in enumerate(sections(path.read_text("utf-8"))):
            title = title or head
            if anchor.startswith("EV-") and kind == "Chronology":
                head, _, text = text.partition(". ")
            if text and (head or kind == "Bibliography"):  # a lesson's own list is there as well
                address = f"{name}#{anchor}" if n else name
                single = kind in ("Chronology", "Glossary", "Codebook") and head
                named = head if single or head in ("", title) else f"{title}: {head}"
                rows.append((kind, address, named or title, text))
    index = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    (site / "searchindex.js").write_text(f"window.CENTRALASIA_SECTIONS={index};\n", "utf-8")
