"""What the search page goes through: the text of every section of the finished pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

from centralasia import bibliography, tables
from centralasia.language import _
from centralasia.site.book import terms

_UNREAD = ", ".join(
    [
        *("script", "style", "button", "nav", "noscript", "svg", ".headerlink", ".cell_input"),
        *(".ca-doors", ".ca-live", ".ca-way", ".ca-filter", ".above-input"),
        # No excerpt gives a verdict away.
        *("#ca-open-all + label", ".ca-to-judge", ".ca-judged", "[data-shows]"),
    ]
)
_IN_LINE = {"a", "b", "cite", "code", "em", "i", "mark", "span", "strong", "sub", "sup"}
_TWICE = "forms"
"""The folder of the pages of forms, which ask what the exercises ask."""
_NOT_OURS = ("search.html", "genindex.html", "py-modindex.html", "404.html")


class Section(NamedTuple):
    """A heading with its text, an event, a work, a term or a function."""

    anchor: str
    heading: str
    """Empty for an event or a work."""
    text: str


def sections(page: str) -> list[Section]:
    """Return the sections of a page.

    Examples
    --------
    >>> sections('<article><section id="a"><h1>Oil<a class="headerlink">#</a></h1><p>By pipe.'
    ...          '</p></section></article>')
    [Section(anchor='a', heading='Oil', text='By pipe.')]
    """
    article = BeautifulSoup(page, "html.parser").article
    if article is None:
        return []
    for unread in article.select(_UNREAD):
        unread.decompose()
    for block in article.find_all(lambda tag: tag.name not in _IN_LINE):
        block.insert_before(" ")
        block.insert_after(" ")
    # From the innermost to the outermost, each taken out, so that none has the text of another.
    places = article.select("section[id], li[id], dt[id]")
    return [_section(place) for place in reversed(places)][::-1]


def _section(place: Tag) -> Section:
    anchor = str(place["id"])
    if place.name == "dt":
        heading = anchor if "sig" in place.get_attribute_list("class") else _words(place)
        body = place.find_next_sibling("dd")
        place.extract()
        return Section(anchor, heading, _words(body.extract()) if body else "")
    head = place.find(["h1", "h2", "h3"], recursive=False)
    heading = _words(head.extract()) if head else ""
    return Section(anchor, heading, _words(place.extract()))


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def _kinds() -> dict[str, str]:
    """Return what the pages of a folder, or a page of its own, are called in a result."""
    return {
        "lessons": _("Lesson"),
        "exercises": _("Exercise"),
        "claims": _("Claim"),
        "guide": _("Instructor's guide"),
        "events": _("Chronology"),
        "glossary": _("Glossary"),
        "methods": _("Methods"),
        "bibliography": _("Bibliography"),
        "codebook": _("Codebook"),
        "api": _("Python"),
        "record": _("My record"),
        "index": _("The course"),
    }


def write(site: Path) -> None:
    """Write the sections of all pages in a folder to ``searchindex.js``.

    Beside them stand the names of the glossary: by a name what else to look for.
    """
    events = bibliography.events(tables.load("events")["event_id"])
    named = {event.key: f"{event.date}: {event.title}" for event in events}
    rows = []
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        part = name.split("/")[0].removesuffix(".html")
        if name in _NOT_OURS or part == _TWICE:
            continue
        title = ""
        for n, (anchor, head, text) in enumerate(sections(path.read_text("utf-8"))):
            title = title or head
            if part == "events" and anchor in named:  # a lesson's own list is there as well
                head = named[anchor]
                text = text.removeprefix(head).lstrip(". ")
            if text and (head or part == "bibliography"):
                single = part in ("events", "glossary", "codebook", "api") and head
                full = head if single or head in ("", title) else f"{title}: {head}"
                address = f"{name}#{anchor}" if n else name
                rows.append((_kinds()[part], address, full or title, text))
    index = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    names = json.dumps(terms.spellings(), ensure_ascii=False, separators=(",", ":"))
    (site / "searchindex.js").write_text(
        f"window.CENTRALASIA_SECTIONS={index};\nwindow.CENTRALASIA_NAMES={names};\n", "utf-8"
    )
