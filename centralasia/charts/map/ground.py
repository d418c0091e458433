"""The ground of the region map: sea, land, names and capitals, and the frame around them."""

import json
from collections.abc import Collection
from functools import cache

import altair as alt

from centralasia import tables
from centralasia.charts.frame import words
from centralasia.charts.inline import Inline, one_row
from centralasia.charts.map import geography as geo
from centralasia.charts.theme import INK, MUTED, PAPER, STATES
from centralasia.paths import data_dir

_SEA, _LAND, _FIVE_LAND, _BORDER = "#dbe6ea", "#ebe9e2", "#f8f1dd", "#a49f92"
# Where the names of states stand: a matter of room, not of data.
_NAMES = {
    "KAZ": (48.9, 66.6), "UZB": (42.9, 61.6), "TKM": (39.6, 57.6), "KGZ": (41.6, 76.4),
    "TJK": (38.3, 73.2), "RUS": (53.4, 84.6), "CHN": (42.6, 85.6), "IRN": (34.6, 57.0),
    "AFG": (34.3, 65.4), "MNG": (48.4, 90.4), "PAK": (33.9, 72.2), "AZE": (41.0, 48.4),
}  # fmt: skip
# On a telephone's map these would be cut off, or run into each other.
_WIDE_ONLY = ["Azerbaijan", "Mongolia", "Pakistan"]
_CAPITALS = {"TJK": ("left", 22, -22), "KGZ": ("left", 5, 15)}
WIDEST = 780
RATIO = round((geo.TOP - geo.BOTTOM) / (2 * geo.HALF_WIDTH), 4)
# Where the frame begins and ends in a plot that may be wider.
LEFT, RIGHT = "(width - map_width) / 2", "(width + map_width) / 2"


def frame_size() -> tuple[alt.Parameter, ...]:
    """Return what a map sets by the width of the page: its own width, its height, its type."""
    return (
        alt.param(name="map_width", expr=f"min(width, {WIDEST})"),
        # Vega takes a signal of this name for the height of the view: the map keeps its shape.
        alt.param(name="height", expr=f"{RATIO} * map_width"),
        alt.param(name="map_unit", expr="map_width < 520 ? 0.72 : 1"),
    )


def ground() -> tuple[alt.Chart, alt.Chart]:
    """Return sea, neighbours and the five."""
    five = f"indexof({json.dumps(list(STATES))}, datum.id) >= 0"
    frame = {
        "x": alt.ExprRef(LEFT),
        "x2": alt.ExprRef(RIGHT),
        "y": 0,
        "y2": alt.ExprRef("height"),
    }
    sea = alt.Chart(one_row()).mark_rect(color=_SEA, aria=False, **frame)
    shapes = Inline(values=_shapes(), format=alt.TopoDataFormat(type="topojson", feature="region"))
    land = (
        alt.Chart(shapes)
        .mark_geoshape(clip=True, strokeJoin="round", aria=False)
        .encode(
            fill=alt.FillValue(_LAND, condition={"test": five, "value": _FIVE_LAND}),
            stroke=alt.StrokeValue(_BORDER, condition={"test": five, "value": "#8a836f"}),
            strokeWidth=alt.StrokeWidthValue(0.6, condition={"test": five, "value": 1.1}),
        )
        .project(**projection())
    )
    return sea, land


def state_names(without: Collection[str] = ()) -> tuple[alt.Chart, ...]:
    """Return the names of states and the capitals, without those capitals that the map names."""
    states = tables.load("countries").set_index("country")
    values = [
        {"name": states.loc[code, "name"], "lat": lat, "lon": lon, "five": code in STATES}
        for code, (lat, lon) in _NAMES.items()
    ]
    place = {"latitude": alt.Latitude("lat:Q"), "longitude": alt.Longitude("lon:Q")}
    names = alt.Chart(Inline(values=values)).encode(**place)
    style = {
        "fontSize": alt.ExprRef("map_unit * (datum.five ? 13 : 11.5)"),
        "fontStyle": alt.ExprRef("datum.five ? 'normal' : 'italic'"),
        "fontWeight": alt.ExprRef("datum.five ? 600 : 400"),
        "opacity": alt.ExprRef(f"map_unit < 1 && indexof({_WIDE_ONLY}, datum.name) >= 0 ? 0 : 1"),
        "clip": True,
    }
    colour = alt.ExprRef(f"datum.five ? '#6b6350' : '{MUTED}'")
    cities = [
        {"name": row.capital, "lat": row.capital_lat, "lon": row.capital_lon}
        | dict(zip(("align", "dx", "dy"), _CAPITALS.get(row.Index, ("left", 6, -1)), strict=True))
        for row in states.loc[[*STATES, "AFG"]].itertuples()
        if row.capital not in without
    ]
    base = alt.Chart(Inline(values=cities)).encode(**place)
    capital = {
        "fontSize": alt.ExprRef("map_unit < 1 ? 10 : 11"),
        "align": alt.ExprRef("datum.align"),
        "dx": alt.ExprRef("map_unit * datum.dx"),
        # On a phone the name of a state stands where there was room for that of its capital.
        "dy": alt.ExprRef("map_unit < 1 ? map_unit * min(datum.dy, -3) : datum.dy"),
    }
    parts = (
        names.mark_text(fill=colour, **style).encode(**words("name")),
        base.mark_square(size=16, fill=INK, opacity=1, aria=False),
        base.mark_text(fill=INK, **capital).encode(**words("name")),
    )
    return tuple(part.project(**projection()) for part in parts)


def edges() -> tuple[alt.Chart, ...]:
    """Return strips of paper over what lies east and west of the frame, and the frame."""
    base = alt.Chart(one_row())
    tall = {"y": -1, "y2": alt.ExprRef("height + 1"), "aria": False}
    left, right = alt.ExprRef(LEFT), alt.ExprRef(RIGHT)
    west = base.mark_rect(color=PAPER, x=0, x2=left, **tall)
    east = base.mark_rect(color=PAPER, x=right, x2=alt.ExprRef("width"), **tall)
    frame = base.mark_rect(
        fill=None,  # a fill, however pale, would keep the mouse from the sites
        stroke=_BORDER,
        x=left,
        x2=right,
        y=0,
        y2=alt.ExprRef("height"),
        aria=False,
    )
    return west, east, frame


def projection() -> dict:
    """Return the projection of `geography`, fitted to the width that the page gives."""
    scale = f"map_width / {2 * geo.HALF_WIDTH}"
    down = round(geo.TOP / (geo.TOP - geo.BOTTOM), 5)
    return {
        "type": "conicEqualArea",
        "parallels": list(geo.PARALLELS),
        "rotate": [-geo.CENTRE_LON, 0, 0],
        "center": [0, geo.CENTRE_LAT],
        "scale": alt.ExprRef(scale),
        "translate": alt.ExprRef(f"[width / 2, height * {down}]"),
    }


@cache
def _shapes() -> str:
    return (data_dir() / "region.topo.json").read_text(encoding="utf-8").strip()
