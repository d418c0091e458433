"""How a chart reaches the page: the mime bundle, and the style of what stands around it."""

import base64
import json
from functools import cache
from pathlib import Path

import altair

from centralasia.charts.sizing import width_left, wrapped
from centralasia.fitting import demand

demand(altair)

_SUBTITLE_PX = 7.0
# vega-embed's own style makes a chart as narrow as its content, so that `width="container"` has
# nothing to fill. This one gives the chart the width of the output and lays out the controls.
_EMBED_CSS = (
    ".vega-embed{position:relative;display:block;box-sizing:border-box;width:100%;max-width:1100px;"
    "padding-right:6px}"
    ".vega-embed .chart-wrapper{width:100%;overflow-x:auto}"
    ".vega-embed svg.marks{display:block}"
    ".vega-bindings{display:flex;flex-wrap:wrap;gap:6px 20px;padding:8px 0}"
    ".vega-bind label{display:flex;flex-wrap:wrap;align-items:center;gap:2px 8px;font-size:14px}"
    ".vega-bind-name{font-weight:600}"
    ".vega-bind input[type=range]{width:min(300px,42vw);min-height:24px}"
    ".vega-bind select{font-size:14px;min-height:28px;max-width:100%}"
    ".vega-bind-radio{display:flex;flex-wrap:wrap;gap:2px 12px}"
    ".vega-embed details{position:relative;width:max-content;margin:4px 0}"
    ".vega-embed summary{list-style:none;cursor:pointer;font-size:12px;opacity:.85}"
    ".vega-embed summary::-webkit-details-marker,.vega-embed summary svg{display:none}"
    ".vega-embed summary::after{content:'Save chart';text-decoration:underline}"
    ".vega-embed .vega-actions{position:absolute;left:0;z-index:9;background:#fff;padding:4px 0;"
    "border:1px solid #bbb;border-radius:4px}"
    ".vega-embed .vega-actions a{display:block;padding:4px 12px;white-space:nowrap;color:#20242b}"
)
EMBED_OPTIONS = {
    "renderer": "svg",
    "actions": {"export": True, "source": False, "compiled": False, "editor": False},
    "defaultStyle": _EMBED_CSS,
}


def render(spec: dict, **options: object) -> tuple[dict, dict]:
    """Return Altair's own mimetype bundle, with a subtitle that breaks and a picture in it.

    Without a picture, JupyterLab 4.6 makes one, stores it in the notebook, and draws the chart
    again because the notebook changed. Where several charts load at once, each drawing sets off
    two more, and the page can stand still for good (measured: 7 of 14 loads of a page with four
    charts on a busy machine; none of 12 with a picture). Hosts that cannot draw show the picture.

    Parameters
    ----------
    spec
        A Vega-Lite specification.
    **options
        Options of the renderer, such as ``embed_options``.

    Returns
    -------
    tuple of dict
        The mime bundle and its metadata.
    """
    from altair.vegalite.v5.display import mimetype_renderer  # Altair 6 has none

    bundle, metadata = mimetype_renderer(_reflowed(spec), **options)
    return bundle | {"image/png": notice()}, metadata


def _reflowed(spec: dict) -> dict:
    """Return the chart with a subtitle that breaks to fit the page, as its title does.

    Vega-Lite draws an expression there, but its schema, and so Altair, takes only fixed lines. A
    subtitle under a title that a reader wrote stays as it is.
    """
    title = spec.get("title")
    if not isinstance(title, dict) or not isinstance(title.get("text"), dict):
        return spec
    if not isinstance(title.get("subtitle"), list):
        return spec
    text = json.dumps(" ".join(title["subtitle"]), ensure_ascii=False)
    lines = wrapped(text, _SUBTITLE_PX, width_left(single="vconcat" not in spec))
    return spec | {"title": title | {"subtitle": {"expr": lines}}}


@cache
def notice() -> str:
    """Return what stands for a chart where none is drawn, as a PNG in base64."""
    picture = Path(__file__).with_name("notice.png").read_bytes()
    return base64.b64encode(picture).decode("ascii")
