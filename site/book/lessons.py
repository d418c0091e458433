"""A notebook as a page of the book: its text, its stored outputs, and no kernel."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from urllib.parse import quote

from book import links
from centralasia import style

VEGA = "application/vnd.vegalite.v5+json"
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_WIDGET = '<div class="ca ca-panel">'


def lesson(notebook: dict, name: str, pages: dict[str, str]) -> dict:
    """Return a lesson as the book shows it.

    Parameters
    ----------
    notebook : dict
        The pristine notebook.
    name : str
        Its path in the course, such as ``notebooks/03-russia-3-return.ipynb``.
    pages : dict of str
        Pages of the book by notebook name, such as ``{"03-x": "lessons/03-x"}``.

    Raises
    ------
    links.LeadsNowhere
        If a link leads to nothing that the course knows.
    """
    page = copy.deepcopy(notebook)
    here = set().union(*(links.ids(html) for html in _html(page)))
    charts = 0
    for cell in page["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cell["source"] = links.in_text(cell["source"], here, pages)
            cell["metadata"] = {}
            continue
        cell["metadata"] = {"tags": ["hide-input"]}
        for output in cell["outputs"]:
            charts += _show(output, here, pages, f"{name}#{cell['id']}", charts)
    page["cells"].insert(1, _doors(name))
    return page


def exercise(notebook: dict, name: str, pages: dict[str, str]) -> dict:
    """Return an exercise as the book shows it: the questions, and a way to where one answers."""
    page = lesson(notebook, name, pages)
    for cell in page["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"] = {}
    return page


def _html(notebook: dict) -> list[str]:
    outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
    return ["".join(o.get("data", {}).get("text/html", "")) for o in outputs]


def _show(output: dict, here: set[str], pages: dict[str, str], name: str, charts: int) -> int:
    """Bring one output into the form for the book; return the number of charts in it."""
    data = output.get("data")
    if data is None:
        return 0
    if VEGA in data:
        options = output["metadata"].get(VEGA, {}).get("embed_options", {})
        output["data"] = {"text/html": _chart(data[VEGA], options, charts + 1)}
        output["metadata"] = {}
        return 1
    html = "".join(data.get("text/html", ""))
    if html:
        output["data"] = {"text/html": _plain(html, here, pages, name)}
    return 0


def _chart(spec: dict, options: dict, number: int) -> str:
    drawn = json.dumps({"spec": spec, "options": options}, ensure_ascii=False, sort_keys=True)
    drawn = drawn.replace("</", "<\\/")
    return (
        f'<div class="ca-chart" id="chart-{number}"><p>{spec.get("description", "A chart.")}</p>'
        "<noscript><p>The chart itself is drawn by JavaScript, which is off here.</p></noscript>"
        f'<script type="application/json">{drawn}</script></div>'
    )


def _plain(html: str, here: set[str], pages: dict[str, str], name: str) -> str:
    """Return an output without the sheet that the book has once for all pages."""
    html = links.in_html(_STYLE.sub("", html.replace(style.sheet(), "")), here, pages)
    if 'class="dataframe"' in html:
        html = re.sub(r' border="1"', "", html)
        return f'<div class="ca-scroll" tabindex="0" role="region" aria-label="Table">{html}</div>'
    if _WIDGET in html:
        html += (
            f'<p class="ca-live"><a href="{open_in_browser(name)}">Answer it with Python</a></p>'
        )
    return html


def open_in_browser(name: str, up: str = "../") -> str:
    """Return the address of a notebook, or of a cell as in ``x.ipynb#cell``, in the edition."""
    path, _, cell = name.partition("#")
    place = f"#{quote(cell)}" if cell else ""
    return f"{up}{links.LITE}notebooks/index.html?path={quote(path)}{place}"


def _doors(name: str) -> dict:
    """Return the cell that leads to the living notebook."""
    source = (
        f'<p class="ca-doors"><a href="{open_in_browser(name)}">Open it with Python in the browser'
        f'</a> <a href="../{links.LITE}files/{name}" download="{Path(name).name}">Download the '
        "notebook</a></p>"
    )
    return {"cell_type": "markdown", "id": "doors", "metadata": {}, "source": source}
