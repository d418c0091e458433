"""Show a learner's notebook to somebody else without running anything that is in it.

A page of formgrader or of feedback carries what learners wrote. Left as it is, a script in a text,
an output or a raw cell would run with the rights of whoever opens the page: in formgrader, to give
its author points. `nbgrader_config.py` sends every page that nbgrader makes through here.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import bleach
import nbformat
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool

_TEXT = (
    "a",
    "abbr",
    "b",
    "br",
    "code",
    "del",
    "em",
    "i",
    "img",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
)
_BLOCKS = (
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "ul",
)
_TABLES = ("caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr")
TAGS = frozenset([*_TEXT, *_BLOCKS, *_TABLES, *(f"h{n}" for n in range(1, 7))])
ATTRIBUTES = ("alt", "class", "colspan", "rowspan", "scope", "title")
MOST_TAGS, MOST_TEXT = 4_000, 20_000
"""What is larger is shown as plain text, for nested tags and half-open formulas take a time that
grows with their square."""
MOST_TAGS_IN_ALL = 20_000
IMAGES = ("image/png", "image/jpeg")
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_LINK = re.compile(r"https?://|mailto:|#")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img" and name == "src":
        return bool(_PICTURE.fullmatch(value))
    if tag == "a" and name == "href":
        return bool(_LINK.match(value))
    return name in ATTRIBUTES


def clean(html: str) -> str:
    """Return HTML in which nothing runs, loads or looks like a part of the page around it.

    Examples
    --------
    >>> clean('<p onclick="x()">Trade <script>alert(1)</script>fell</p><img src="//x/y.png">')
    '<p>Trade fell</p><img>'
    """
    if html.count("<") > MOST_TAGS:
        return _as_text(html)
    return bleach.clean(
        _UNSEEN.sub("", html),
        tags=TAGS,
        attributes=_allowed,
        protocols=("http", "https", "mailto", "data"),
        strip=True,
    )


def _as_text(source: str) -> str:
    return f"<pre>{escape(source)}</pre>"


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Return Markdown as clean HTML; for the filter of that name in nbconvert's templates."""
    if len(source) > MOST_TEXT:
        return _as_text(source)
    cell = context.get("cell", {})
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    return clean(MarkdownWithMath(renderer=renderer).render(source))


class Safe(Preprocessor):
    """Leave only what can be shown: clean outputs, pictures, and cells without odd metadata."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean a notebook for a page."""
        nb.metadata.pop("widgets", None)
        room = [MOST_TAGS_IN_ALL]
        for cell in nb.cells:
            kept = {k: v for k, v in cell.metadata.items() if k == "nbgrader"}
            cell.metadata = nbformat.from_dict(kept)
            if cell.cell_type == "raw":
                cell.cell_type, cell.source = "markdown", _as_text(cell.source)
            if cell.cell_type == "code":
                shown = [_shown(output, room) for output in cell.outputs]
                cell.outputs = [output for output in shown if output.get("data") != {}]
        return nb, resources


def _shown(output: NotebookNode, room: list[int]) -> NotebookNode:
    """Return an output with the data that a page may show, and that it has room for."""
    if "data" not in output:
        return output
    data = {}
    for kind, value in output.data.items():
        text = "".join(value) if isinstance(value, list) else value
        if not isinstance(text, str):
            continue
        if kind == "text/html":
            room[0] -= text.count("<")
            if room[0] >= 0:
                data[kind] = clean(text)
        elif kind == "text/plain" or (kind in IMAGES and _BASE64.fullmatch(text)):
            data[kind] = text
    output.data, output.metadata = nbformat.from_dict(data), NotebookNode()
    return output
