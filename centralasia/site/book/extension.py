"""What Sphinx asks while it makes a page; runs in Sphinx's own environment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from textwrap import shorten
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]  # of Sphinx's environment

from centralasia.language import _
from centralasia.site.book import terms

_CAPTION = '<p class="caption" role="heading"'
_NO_PROSE = (nodes.title, nodes.literal, nodes.literal_block, nodes.reference, nodes.raw)
_CLAIM = re.compile(r'<p class="ca-claim">(.*?)</p>')
_LINK = re.compile(r"<(/?)a\b")


def setup(app: Any) -> dict[str, bool]:
    """Let the book's templates and contents be as the book needs them."""
    app.connect("html-page-context", _complete, priority=900)  # after the theme
    app.connect("doctree-resolved", _link_terms)
    return {"parallel_read_safe": True}


def _complete(_app: Any, _page: str, _template: str, context: dict[str, Any], tree: Any) -> None:
    context["ours"] = _
    context["description"] = _described(context.get("body", ""), tree)
    # Sphinx says that the captions of its contents are headings, and not of which level.
    contents = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = contents.replace(_CAPTION, f'{_CAPTION} aria-level="2"')


def _described(body: str, tree: nodes.document | None) -> str:
    """Return what a page says of itself where a link to it is shared: its claim or first words."""
    if claim := _CLAIM.search(body):
        text = unescape(claim[1])
    else:
        paragraphs = tree.findall(nodes.paragraph) if tree is not None else ()
        text = next((found for one in paragraphs if (found := one.astext().strip())), "")
    return shorten(text, 200, placeholder=" …")


def _link_terms(_app: Any, page: nodes.document, name: str) -> None:
    """Link the first mention of each term in each section of a lesson to the glossary."""
    if not name.startswith("lessons/"):
        return
    of_page: set[str] = set()
    here: set[str] = set()
    for part in (part for lesson in page.children for part in lesson.children):
        if isinstance(part, nodes.section):
            here = set()
        for text in list(_prose(part)):
            here |= _link(text, here | of_page)
        of_page |= here & terms.once()


def _prose(part: nodes.Node) -> Iterator[nodes.Text]:
    """Yield the texts of a part that are neither code, heading nor link.

    A link that the course's own templates wrote is HTML, so its text stands between two raw nodes.
    """
    in_link = False
    for node in part.findall():
        if isinstance(node, nodes.raw):
            for end in _LINK.findall(node.astext()):
                in_link = not end
        elif isinstance(node, nodes.Text) and not in_link and not _within(node, _NO_PROSE):
            yield node


def _within(node: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kinds):
            return True
    return False


def _link(text: nodes.Text, seen: set[str]) -> set[str]:
    """Link what a text mentions first; return which terms these are."""
    pieces: list[nodes.Node] = []
    new: set[str] = set()
    words, done = text.astext(), 0
    for mention in terms.mentions(words):
        if mention.anchor in seen | new:
            continue
        new.add(mention.anchor)
        link = (
            f'<a class="ca-term" href="../glossary.html#{mention.anchor}">'
            f"{escape(words[mention.start : mention.end])}</a>"
        )
        pieces += [nodes.Text(words[done : mention.start]), nodes.raw("", link, format="html")]
        done = mention.end
    if pieces:
        text.parent.replace(text, [*pieces, nodes.Text(words[done:])])
    return new
