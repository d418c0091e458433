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

from centralasia.pictures import VEGA

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
MOST_TAGS, MOST_TEXT, LONGEST_TAG = 4_000, 20_000, 20_000
"""What is larger is shown as plain text, for nested tags, half-open formulas and the attributes of
one tag take a time that grows with their square. So do the colours of a terminal's text."""
MOST_TAGS_IN_ALL, MOST_SHOWN, MOST_COLOURS = 20_000, 100_000, 1_000
CUT = "\n… the rest is not shown here."
CLASS = re.compile(r"[a-z]{1,2}[0-9]?|anchor-link|dataframe|highlight|table")
"""Of Pygments, pandas and nbconvert. Others are those of formgrader's own windows and bars."""
IMAGES = ("image/png", "image/jpeg")
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_LINK = re.compile(r"https?://|mailto:|#")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")
_ATTACHED = re.compile(r'src="attached-([0-9]{1,4})"')
_COLOUR = re.compile(r"\x1b\[[^@-~]{0,100}[@-~]")


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img" and name == "src":
        return bool(_PICTURE.fullmatch(value) or _ATTACHED.fullmatch(f'src="{value}"'))
    if name == "class":
        return all(CLASS.fullmatch(one) for one in value.split())
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
    if html.count("<") > MOST_TAGS or max(map(len, html.split("<"))) > LONGEST_TAG:
        return _as_text(html)
    kept: str = bleach.clean(
        _UNSEEN.sub("", html),
        tags=TAGS,
        attributes=_allowed,
        protocols=("http", "https", "mailto", "data"),
        strip=True,
    )
    return kept


def _as_text(source: str) -> str:
    return f"<pre>{escape(_cut(source))}</pre>"


def _cut(text: str) -> str:
    """Return a text up to a length, and without colours if it has very many."""
    if len(text) > MOST_SHOWN:
        text = text[:MOST_SHOWN] + CUT
    return _COLOUR.sub("", text) if text.count("\x1b") > MOST_COLOURS else text


class _Renderer(IPythonRenderer):
    """Leaves a mark where an attached picture belongs, and a gap where there is none."""

    def __init__(self, attachments: dict[str, Any]) -> None:
        super().__init__(escape=False)
        self._attached = attachments
        self.pictures: list[str] = []

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture; nbconvert's own method stops the page if it is not attached."""
        if not url.startswith("attachment:"):
            return super().image(text, url, title)
        bundle = self._attached.get(url.removeprefix("attachment:"))
        for kind in IMAGES:
            data = bundle.get(kind) if isinstance(bundle, dict) else None
            data = "".join(data) if isinstance(data, list) else data
            if isinstance(data, str) and _BASE64.fullmatch(data):
                self.pictures.append(f"data:{kind};base64,{data}")
                return super().image(text, f"attached-{len(self.pictures) - 1}", title)
        return super().image(text, "", title)

    def filled(self, html: str) -> str:
        """Return clean HTML with the pictures at their marks."""
        return _ATTACHED.sub(self._picture, html)

    def _picture(self, mark: re.Match[str]) -> str:
        number = int(mark[1])
        return f'src="{self.pictures[number]}"' if number < len(self.pictures) else ""


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Return Markdown as clean HTML; for the filter of that name in nbconvert's templates."""
    if len(source) > MOST_TEXT:
        return _as_text(source)
    cell = context.get("cell", {})
    renderer = _Renderer(cell.get("attachments") or {})
    return renderer.filled(clean(MarkdownWithMath(renderer=renderer).render(source)))


class Safe(Preprocessor):
    """Leave only what can be shown: clean outputs, pictures, and cells without odd metadata."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean a notebook for a page."""
        nb.metadata.pop("widgets", None)
        tags = _Tags(MOST_TAGS_IN_ALL)
        for cell in nb.cells:
            kept = {k: v for k, v in cell.metadata.items() if k == "nbgrader"}
            cell.metadata = nbformat.from_dict(kept)
            if cell.cell_type == "raw":
                cell.cell_type, cell.source = "markdown", _as_text(cell.source)
            if cell.cell_type == "code":
                shown = [_shown(output, tags) for output in cell.outputs]
                cell.outputs = [output for output in shown if output.get("data") != {}]
        return nb, resources


class _Tags:
    """How many tags a page can still take."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, html: str) -> bool:
        """Say whether the page can take this too."""
        self.left -= html.count("<")
        return self.left >= 0


def _shown(output: NotebookNode, tags: _Tags) -> NotebookNode:
    """Return an output with the data that a page may show, as far as there is place for them."""
    if "data" not in output:
        for part in ("text", "evalue"):
            if part in output:
                output[part] = _cut("".join(output[part]))
        if "traceback" in output:
            output.traceback = [_cut("\n".join(output.traceback))]
        return output
    data = {}
    for kind, value in output.data.items():
        if kind == VEGA:
            data[kind] = value  # no page shows it; one of feedback draws it
            continue
        text = "".join(value) if isinstance(value, list) else value
        if not isinstance(text, str):
            continue
        if kind == "text/html":
            if tags.take(text):
                data[kind] = clean(text)
        elif kind == "text/plain":
            data[kind] = _cut(text)
        elif kind in IMAGES and _BASE64.fullmatch(text):
            data[kind] = text
    said = {kind: alt for kind in data if (alt := _alternative(output, kind))}
    output.data, output.metadata = nbformat.from_dict(data), nbformat.from_dict(said)
    return output


def _alternative(output: NotebookNode, kind: str) -> dict[str, str]:
    """Return what an output says of a picture to who cannot see it; the page's template escapes it.

    Nothing else of an output's metadata reaches a page.
    """
    about = output.get("metadata", {}).get(kind)
    alt = about.get("alt") if isinstance(about, dict) and kind in IMAGES else None
    return {"alt": _cut(alt)} if isinstance(alt, str) else {}
