"""The picture beside each stored chart, for whatever shows a lesson file and draws no charts.

GitHub, nbviewer, Colab, pages and PDFs that nbconvert makes, and a marker's page show it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

PNG = "image/png"
VEGA = "application/vnd.vegalite.v5+json"
"""What a chart stands under among the forms of an output."""
VEGA_LITE = "5.20"
"""What Altair 5.5 writes."""
WIDTH = 680
"""Of a chart in a picture, in pixels."""
SHADES = 32
"""The colours that a picture keeps, which makes it a quarter as heavy."""
DRAWN_OF = "centralasia-chart"
"""Where a picture's metadata have the checksum of the chart that it was drawn from."""


def put(notebook: NotebookNode, before: NotebookNode) -> NotebookNode:
    """Put the picture of each chart beside it, in place of a notice.

    A picture that was drawn of the very chart is taken over, for another machine has other fonts
    and would draw other bytes.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        With new outputs; it is changed.
    before : nbformat.NotebookNode
        As it was stored.

    Returns
    -------
    nbformat.NotebookNode
        The same.
    """
    drawn = {out.metadata.get(PNG, {}).get(DRAWN_OF): out.data.get(PNG) for out in charts(before)}
    for output in charts(notebook):
        spec = output.data[VEGA]
        checksum = of(spec)
        output.data[PNG] = drawn.get(checksum) or picture(spec)
        output.metadata[PNG] = {DRAWN_OF: checksum, "alt": spec.get("description", "")}
    return notebook


def charts(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Return the outputs of a notebook that are charts."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return (output for output in outputs if VEGA in output.get("data", {}))


def of(spec: dict[str, Any]) -> str:
    """Return the checksum by which a picture knows its chart.

    Examples
    --------
    >>> of({"mark": "bar", "width": 3}) == of({"width": 3, "mark": "bar"})
    True
    """
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def picture(spec: dict[str, Any]) -> str:
    """Return a chart as a PNG in base64, `WIDTH` pixels wide where it takes the width of a page.

    Parameters
    ----------
    spec : dict
        Vega-Lite.
    """
    import vl_convert
    from PIL import Image

    png = vl_convert.vegalite_to_png(sized(spec, WIDTH), vl_version=VEGA_LITE, allowed_base_urls=[])
    image = Image.open(io.BytesIO(png)).convert("RGB")
    kept = io.BytesIO()
    image.quantize(SHADES, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return base64.b64encode(kept.getvalue()).decode("ascii")


def sized(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """Return a chart for paper: one that would take the width of a page on a screen has its own.

    Parameters
    ----------
    spec : dict
        Vega-Lite.
    width : int
        Pixels.

    Examples
    --------
    >>> chart = {"width": "container", "params": [{"name": "height", "expr": "0.5 * map_width"}]}
    >>> sized(chart, 600)
    {'width': 600, 'params': [], 'height': 300}
    """
    if spec.get("width") != "container":
        return spec
    made = {**spec, "width": width}
    for param in spec.get("params", []):
        # Under this name Vega takes a signal for the height, which only a page on a screen has.
        if param["name"] == "height":
            made["params"] = [one for one in spec["params"] if one is not param]
            made["height"] = round(float(param["expr"].split(" * ")[0]) * width)
    return made
