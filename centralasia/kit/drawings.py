"""Charts as a slide shows them: large type, and title and source outside of the picture.

A lesson's chart is made for a page that is read at arm's length. On a slide its title becomes the
slide's, its source line the slide's foot, and its type is raised to what the last row can read.
"""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from centralasia.charts.map import ground
from centralasia.kit.teaching import LISTED
from centralasia.pictures import VEGA_LITE, sized

TYPE = 18.0
"""Pixels of the smallest type on a slide of 1280 by 720."""
WIDE = 1236
"""Pixels that a chart may be wide on such a slide."""
CONTROLS = 248
"""Pixels beside a chart for its sliders and menus, not yet enlarged."""
ZOOMS = (1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.72, 0.66, 0.6, 0.54)
"""How much a chart is enlarged; type that is then still too small is raised alone."""
_QUOTED = re.compile(r'replace\(\(?("(?:[^"\\]|\\.)*")')
_WRAPPED = re.compile(r"(?<=\) / )(\d+\.?\d*)(?=\)\) \+ '\}\))")
_OF_THE_FILE = " + ' · ' + datum.id + ' · ' + datum.src"
"""In a timeline's text: the ids of an event and of its source, which say nothing to a class."""
_CAPITALS = "map_unit < 1 ? 0 : 1"
"""Where a map shows the names of capitals, which in large type would run into those of states."""
_LETTER = "map_unit * 9.5"
"""The type of the letter on a map's symbol, which fits the symbol and no larger one."""
_SPARE = 28
"""Pixels of padding at the sides that a chart has in any case."""
_BESIDE = {"orient": "right", "direction": "vertical", "columns": 1, "labelLimit": 0}
"""A map's legend, which over the map would take its height."""

Spec = dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """A chart for a slide."""

    live: Spec
    """Vega-Lite, without title and source line, with room for its controls."""
    live_zoom: float
    """By which it is enlarged on a screen."""
    zoom: float
    """By which its picture is enlarged."""
    svg: str
    """As it stands on a page that does not move, not yet enlarged."""
    width: float
    height: float
    """Pixels of the picture, not yet enlarged."""
    title: str
    subtitle: str
    source: str
    description: str


def drawing(spec: Spec, room: Callable[[str, str], float]) -> Drawing:
    """Return a chart in the largest form that fits a slide.

    Parameters
    ----------
    spec : dict
        Vega-Lite, as a lesson stores it.
    room : callable
        Given the subtitle and the source line, the pixels that are left for the chart's height.

    Returns
    -------
    Drawing
        All its type has `TYPE` pixels or more.
    """
    bare, title, subtitle, source = _taken_apart(spec)
    text, height = json.dumps(bare), room(subtitle, source)
    live, zoom, svg, wide, high = _drawn(text, height, 0)
    live_zoom = zoom
    if any("bind" in param for param in bare.get("params", [])):
        live, live_zoom, *_picture = _drawn(text, height, CONTROLS)
    about = spec.get("description", "")
    return Drawing(live, live_zoom, zoom, svg, wide, high, title, subtitle, source, about)


def map_on_page(spec: Spec, width: int) -> Drawing:
    """Return a map for a page at arm's length, in its own type and with its legend above it.

    Parameters
    ----------
    spec : dict
        Vega-Lite, as `charts.region_map` makes it.
    width : int
        Pixels of the map.

    Returns
    -------
    Drawing
        Not enlarged.
    """
    import vl_convert

    bare, title, subtitle, source = _taken_apart(spec)
    still = _still(bare, width, width * ground.RATIO + _SPARE)
    svg = vl_convert.vegalite_to_svg(still, vl_version=VEGA_LITE)
    about = spec.get("description", "")
    return Drawing(bare, 1, 1, svg, *_size(svg), title, subtitle, source, about)


def head(spec: Spec) -> str:
    """Return what a chart says above itself."""
    return _taken_apart(spec)[1]


def _taken_apart(spec: Spec) -> tuple[Spec, str, str, str]:
    """Return a chart without what stands around it, and its title, subtitle and source."""
    bare = copy.deepcopy(spec)
    head = bare.pop("title", {})
    head = head if isinstance(head, dict) else {"text": head}
    title, subtitle = _text(head.get("text", "")), _text(head.get("subtitle", ""))
    source = ""
    if "vconcat" in bare:
        source = _text(bare["vconcat"].pop()["mark"]["text"])
        options = bare["usermeta"]["embedOptions"]
        options["patch"] = [p for p in options["patch"] if not p["path"].startswith("/marks/1/")]
    elif "layer" in bare and "text" in bare["layer"][-1].get("mark", {}):
        source = _text(bare["layer"].pop()["mark"]["text"])
    return bare, title, subtitle, LISTED.sub("", source)


def _text(value: object) -> str:
    """Return the text of a title, which may be an expression that breaks it into lines."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, dict):
        found = _QUOTED.search(value.get("expr", ""))
        return str(json.loads(found[1])) if found else ""
    return str(value)


@lru_cache(maxsize=512)  # more than the charts of all lessons, on screen and on paper
def _drawn(text: str, height: float, beside: int) -> tuple[Spec, float, str, float, float]:
    import vl_convert

    plain = json.loads(text)
    for zoom in ZOOMS:
        width = WIDE / zoom - beside
        spec = raised(_legend_beside(plain) if _is_map(plain) else plain, TYPE / zoom)
        svg = vl_convert.vegalite_to_svg(_still(spec, width, height / zoom), vl_version=VEGA_LITE)
        wide, high = _size(svg)
        if high * zoom <= height and wide <= width + 1:
            break
    else:
        zoom = min(height / high, zoom * width / wide)
    return spec, round(zoom, 3), svg, wide, high


def _is_map(spec: Spec) -> bool:
    return any(param["name"] == "height" for param in spec.get("params", []))


def _legend_beside(part: Any) -> Any:
    """Return a map with its legends to the right of it, one under the other."""
    if isinstance(part, list):
        return [_legend_beside(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: value | _BESIDE
        if name == "legend" and isinstance(value, dict) and "columns" in value
        else value | {"layout": {"right": {"direction": "vertical", "margin": 8}}}
        if name == "legend" and isinstance(value, dict) and "layout" in value
        else _legend_beside(value)
        for name, value in part.items()
    }


def _still(spec: Spec, width: float, height: float) -> Spec:
    """Return a chart for a page that does not move; a map takes its width from the height."""
    if not _is_map(spec):
        # Lines of text are broken by the width of the place, which only a page on a screen has.
        text = json.dumps(spec).replace("containerSize()[0]", str(math.floor(width)))
        return sized(json.loads(text), math.floor(width))
    # Under this name Vega takes a signal for the height, which only a page on a screen has.
    params = [param for param in spec["params"] if param["name"] != "height"]
    high = math.floor(height) - _SPARE
    size = {"width": round(high / ground.RATIO), "height": high, "autosize": {"type": "pad"}}
    return {**spec, **size, "params": params}


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'<svg[^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError("Vega drew no picture.")
    return float(found[1]), float(found[2])


def raised(part: Any, least: float) -> Any:
    """Return a chart, or a part of one, with no type smaller than so many pixels.

    Examples
    --------
    >>> raised({"mark": {"type": "text", "fontSize": 11, "lineHeight": 14}}, 22)["mark"]
    {'type': 'text', 'fontSize': 22, 'lineHeight': 28}
    """
    if isinstance(part, list):
        return [raised(one, least) for one in part]
    if isinstance(part, str):
        wider = _WRAPPED.sub(lambda found: f"{float(found[1]) * max(1, least / 12):.2f}", part)
        return "0" if part == _CAPITALS else wider.replace(_OF_THE_FILE, "")
    if not isinstance(part, dict):
        return part
    more = {}
    for name, value in part.items():
        if name in ("datasets", "usermeta"):
            more[name] = value
        elif name == "fontSize" or name.endswith("FontSize"):
            more[name] = _at_least(value, least)
        elif name == "lineHeight" and isinstance(value, int | float):
            given = part.get("fontSize", 12)
            by = max(1.0, least / given) if isinstance(given, int | float) else 1.0
            more[name] = round(value * by, 2) if by > 1 and value * by % 1 else int(value * by)
        else:
            more[name] = raised(value, least)
    return more


def _at_least(size: Any, least: float) -> Any:
    if isinstance(size, dict):
        if size.get("expr") == _LETTER:
            return size
        return {"expr": f"max({least:g}, {size['expr']})"} if "expr" in size else size
    return max(size, least)
