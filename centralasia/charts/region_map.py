"""The map of the region, with a year slider: bases, sites, pipelines, railways, roads and dams."""

import json
from collections.abc import Sequence
from functools import cache

import altair as alt
import pandas as pd

from centralasia import tables
from centralasia.charts import geography as geo
from centralasia.charts.frame import finish, source_line
from centralasia.charts.sites import KINDS, OPERATORS, chosen_sites, site_rows, sites_in
from centralasia.charts.theme import INK, MUTED, PAPER, POWER_NAMES, POWERS, STATES
from centralasia.paths import data_dir

FIRST_YEAR, LAST_YEAR = 1991, 2025
# None of these shapes stands for a power or a state elsewhere in the course.
_SHAPES = {
    "base": "M0,-1.1L1,-0.35L0.65,0.95L-0.65,0.95L-1,-0.35Z",
    "site": "M0.5,-0.95L1,-0.45L1,0.45L0.5,0.95L-0.5,0.95L-1,0.45L-1,-0.45L-0.5,-0.95Z",
    "oil_pipeline": "M0,-1.25C0.35,-0.75 0.95,-0.2 0.95,0.3A0.95,0.95 0 1,1 -0.95,0.3"
    "C-0.95,-0.2 -0.35,-0.75 0,-1.25Z",
    "gas_pipeline": "M-1.25,-0.7L0.75,-0.7L1.25,0L0.75,0.7L-1.25,0.7L-0.8,0Z",
    "railway": "M-1.25,-0.65L1.25,-0.65L1.25,0.65L-1.25,0.65Z",
    "road": "M-0.65,-0.8L0.65,-0.8L1.2,0.8L-1.2,0.8Z",
    "power_line": "M-1.2,-0.85L1.2,-0.85L0.35,0.95L-0.35,0.95Z",
    "dam": "M-1,-0.9L1,-0.9L1,0.1A1,1 0 0,1 -1,0.1Z",
    "dry_port": "M-1.25,0L-0.7,-0.8L0.7,-0.8L1.25,0L0.7,0.8L-0.7,0.8Z",
}
_SEA, _LAND, _FIVE_LAND, _BORDER = "#dbe6ea", "#ebe9e2", "#f8f1dd", "#a49f92"
# Where the names of states stand: a matter of room, not of data.
_NAMES = {
    "KAZ": (48.9, 66.6), "UZB": (42.9, 61.6), "TKM": (39.6, 57.6), "KGZ": (41.6, 76.4),
    "TJK": (38.3, 73.2), "RUS": (54.6, 58.5), "CHN": (42.6, 85.6), "IRN": (34.6, 57.0),
    "AFG": (34.3, 65.4), "MNG": (48.4, 90.4), "PAK": (33.9, 72.2), "AZE": (41.0, 48.4),
}  # fmt: skip
# Colours that stand in the rows as they are: only the filled symbols carry a legend.
_TONE = alt.Color("tone:N", scale=None)
_STROKE = alt.Stroke("tone:N", scale=None)
_CAPITALS = {"TJK": ("center", 0, -26), "KGZ": ("left", 5, 15)}
# The two legends stand one under the other: side by side they would not fit a telephone.
_STACKED = alt.ExprRef("{top: {direction: 'vertical', anchor: 'start', margin: 4}}")
_WIDEST = 780
_RATIO = round((geo.TOP - geo.BOTTOM) / (2 * geo.HALF_WIDTH), 4)
_LEFT, _RIGHT = "(width - map_width) / 2", "(width + map_width) / 2"


def region_map(
    infrastructure: pd.DataFrame | None = None,
    *,
    kinds: Sequence[str] | None = None,
    year: int = 2010,
    title: str = "Who built and held what in Central Asia, year by year",
) -> alt.LayerChart:
    """Return the map of the region with a slider for the year.

    The slider, the choice of kind and the box for unfinished works are controls of the browser:
    they need no kernel and take the keyboard. A site is shown from the year it was commissioned
    to the year it closed, both included. A line is a straight segment between its two ends.

    Parameters
    ----------
    infrastructure
        Rows of the table ``infrastructure``; all when left out.
    kinds
        The kinds to keep, such as ``["base", "site"]``.
    year
        Where the slider stands at first, from 1991 to 2025.
    title
        What the map shows.

    Returns
    -------
    altair.LayerChart
        Parameters ``map_year``, ``map_kind`` and ``map_planned``.

    Raises
    ------
    ValueError
        If the year is outside the slider, a kind is unknown or no row is left.

    Examples
    --------
    >>> chart = region_map(kinds=["base"], year=2004)
    >>> [p.name for p in chart.params if p.name.startswith("map_y")]
    ['map_year']
    """
    frame = chosen_sites(infrastructure, kinds)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"The slider runs from {FIRST_YEAR} to {LAST_YEAR}; {year} is outside.")
    rows = _as_csv(site_rows(frame))
    present = [kind for kind in KINDS if frame["kind"].eq(kind).any()]
    chart = alt.layer(_ground(), _names(), _sites(rows, present), _edges()).add_params(
        *_controls(present, year)
    )
    return finish(
        chart,
        title,
        subtitle="Straight lines are schematic: they join two ends. "
        "Dashed and hollow: agreed or unfinished.",
        description=_description(frame, year),
        source=source_line(
            "infrastructure",
            "natural_earth_world_atlas",
            note="Boundaries and capitals are today's as Natural Earth gives them, which endorses "
            "no claim. Where symbols would cover each other, a thin line leads to the place.",
        ),
        below=8,
    ).configure_legend(layout=_STACKED)


def _controls(kinds: list[str], year: int) -> list[alt.Parameter]:
    labels = [KINDS[kind] for kind in kinds]
    slider = alt.binding_range(min=FIRST_YEAR, max=LAST_YEAR, step=1, name="Year ")
    choice = alt.binding_select(
        options=["all", *labels], labels=["All kinds", *labels], name="Kind "
    )
    box = alt.binding_checkbox(name="Also what was agreed or is unfinished ")
    return [
        alt.param(name="map_year", value=year, bind=slider),
        alt.param(name="map_kind", value="all", bind=choice),
        alt.param(name="map_planned", value=False, bind=box),
        alt.param(name="map_width", expr=f"min(width, {_WIDEST})"),
        # Vega takes a signal of this name for the height of the view: the map keeps its shape.
        alt.param(name="height", expr=f"{_RATIO} * map_width"),
        alt.param(name="map_unit", expr="map_width < 520 ? 0.72 : 1"),
    ]


@cache
def _shapes() -> str:
    return (data_dir() / "region.topo.json").read_text(encoding="utf-8").strip()


def _as_csv(rows: list[dict]) -> alt.InlineData:
    """Return rows as one string: a notebook would give each number of a list a line of its own."""
    frame = pd.DataFrame(rows).astype(dict.fromkeys(("a", "s", "e"), "Int64"))
    numbers = {c: "number" for c in frame.columns if pd.api.types.is_numeric_dtype(frame[c])}
    return alt.InlineData(
        values=frame.to_csv(index=False, lineterminator="\n"),
        format=alt.CsvDataFormat(type="csv", parse=numbers),
    )


def _ground() -> alt.LayerChart:
    """Return sea, neighbours and the five."""
    five = f"indexof({json.dumps(list(STATES))}, datum.id) >= 0"
    frame = {
        "x": alt.ExprRef(_LEFT),
        "x2": alt.ExprRef(_RIGHT),
        "y": 0,
        "y2": alt.ExprRef("height"),
    }
    sea = alt.Chart(alt.InlineData(values=[{}])).mark_rect(color=_SEA, **frame)
    shapes = alt.InlineData(
        values=_shapes(), format=alt.TopoDataFormat(type="topojson", feature="region")
    )
    land = (
        alt.Chart(shapes)
        .mark_geoshape(clip=True, strokeJoin="round")
        .encode(
            fill=alt.condition(five, alt.value(_FIVE_LAND), alt.value(_LAND)),
            stroke=alt.condition(five, alt.value("#8a836f"), alt.value(_BORDER)),
            strokeWidth=alt.condition(five, alt.value(1.1), alt.value(0.6)),
        )
        .project(**_projection())
    )
    return alt.layer(sea, land)


def _projection() -> dict:
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


def _names() -> alt.LayerChart:
    """Return the names of states and the capitals."""
    states = tables.load("countries").set_index("country")
    values = [
        {"name": states.loc[code, "name"], "lat": lat, "lon": lon, "five": code in STATES}
        for code, (lat, lon) in _NAMES.items()
    ]
    place = {"latitude": "lat:Q", "longitude": "lon:Q"}
    names = alt.Chart(alt.InlineData(values=values)).encode(**place)
    style = {
        "fontSize": alt.ExprRef("map_unit * (datum.five ? 13 : 11.5)"),
        "fontStyle": alt.ExprRef("datum.five ? 'normal' : 'italic'"),
        "fontWeight": alt.ExprRef("datum.five ? 600 : 400"),
        "clip": True,
    }
    colour = alt.ExprRef(f"datum.five ? '#6b6350' : '{MUTED}'")
    cities = [
        {"name": row.capital, "lat": row.capital_lat, "lon": row.capital_lon}
        | dict(zip(("align", "dx", "dy"), _CAPITALS.get(row.Index, ("left", 6, -1)), strict=True))
        for row in states.loc[[*STATES, "AFG"]].itertuples()
    ]
    base = alt.Chart(alt.InlineData(values=cities)).encode(**place)
    capital = {
        "fontSize": 11,
        "opacity": alt.ExprRef("map_unit < 1 ? 0 : 1"),
        **{side: alt.ExprRef(f"datum.{side}") for side in ("align", "dx", "dy")},
    }
    parts = (
        names.mark_text(fill=colour, **style).encode(text="name:N"),
        base.mark_square(size=16, fill=INK, opacity=1),
        base.mark_text(fill=INK, **capital).encode(text="name:N"),
    )
    return alt.layer(*(part.project(**_projection()) for part in parts))


def _sites(rows: alt.InlineData, kinds: Sequence[str]) -> alt.LayerChart:
    """Return the sites of the chosen year and kind: lines, symbols, letters and their number."""
    status = (
        "isValid(datum.e) && datum.e < map_year ? ''"
        " : isValid(datum.s) && datum.s <= map_year ? 'service'"
        " : isValid(datum.a) && datum.a <= map_year ? 'agreed' : ''"
    )
    shown = (
        "(datum.status == 'service' || map_planned && datum.status == 'agreed')"
        " && (map_kind == 'all' || datum.kind == map_kind)"
    )
    parts = (_lines(), _leaders(), *_symbols(kinds), _letters(), *_readout())
    return (
        alt.layer(*(part.project(**_projection()) for part in parts), data=rows)
        .transform_calculate(status=status)
        .transform_filter(shown)
    )


def _tooltip() -> list[alt.Tooltip]:
    words = {
        "name": "Site",
        "kind": "Kind",
        "operator": "Run or paid for by",
        "agreed": "Agreed",
        "service": "In service",
        "capacity": "Size",
        "title": "Legal title",
        "note": "Note",
        "source": "Source",
    }
    return [alt.Tooltip(f"{field}:N", title=word) for field, word in words.items()]


def _lines() -> alt.Chart:
    dash = alt.condition("datum.status == 'agreed'", alt.value([5, 4]), alt.value([1, 0]))
    return (
        alt.Chart()
        .mark_rule(clip=True, strokeWidth=alt.ExprRef("map_unit * 2.4"), opacity=0.8)
        .encode(
            latitude="from_lat:Q",
            longitude="from_lon:Q",
            latitude2="to_lat:Q",
            longitude2="to_lon:Q",
            color=_TONE,
            strokeDash=dash,
            tooltip=_tooltip(),
        )
        .transform_filter("isValid(datum.to_lat)")
    )


def _leaders() -> alt.Chart:
    """Return the thin lines from symbols that were moved to the places that they stand for."""
    return (
        alt.Chart()
        .mark_rule(clip=True, strokeWidth=0.8, color=INK)
        .encode(latitude="at_lat:Q", longitude="at_lon:Q", latitude2="lat:Q", longitude2="lon:Q")
    )


def _symbols(kinds: Sequence[str]) -> tuple[alt.Chart, alt.Chart]:
    """Return the symbols: filled for what is in service, hollow for what is not."""
    shapes = {KINDS[kind]: _SHAPES[kind] for kind in kinds}
    look = {
        "title": None,
        "symbolOpacity": 1,
        "symbolSize": 110,
        "symbolStrokeWidth": 0,
    }
    kind = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=list(shapes), range=list(shapes.values())),
        legend=alt.Legend(**look, columns=_columns(3, 5), symbolFillColor=MUTED),
    )
    operator = alt.Color(
        "operator:N",
        scale=alt.Scale(domain=list(OPERATORS), range=list(OPERATORS.values())),
        legend=alt.Legend(**look, columns=_columns(3, 6), symbolType="circle"),
    )
    base = alt.Chart().encode(latitude="lat:Q", longitude="lon:Q", shape=kind, tooltip=_tooltip())
    look = {"clip": True, "opacity": 1, "size": alt.ExprRef("map_unit * map_unit * 190")}
    built = base.mark_point(filled=True, stroke="#ffffff", strokeWidth=1, **look)
    hollow = base.mark_point(fill=PAPER, strokeWidth=1.8, **look)
    return (
        built.encode(color=operator).transform_filter("datum.status == 'service'"),
        hollow.encode(stroke=_STROKE).transform_filter("datum.status == 'agreed'"),
    )


def _columns(middling: int, wide: int) -> alt.ExprRef:
    return alt.ExprRef(f"map_width < 520 ? 2 : map_width < 700 ? {middling} : {wide}")


def _letters() -> alt.Chart:
    """Return the letter of the operator on each symbol, for readers who do not see its colour."""
    return (
        alt.Chart()
        .mark_text(
            clip=True,
            fontSize=alt.ExprRef("map_unit * 9.5"),
            fontWeight=700,
            dy=0.5,
            fill=alt.ExprRef("datum.status == 'agreed' ? datum.tone : '#ffffff'"),
        )
        .encode(latitude="lat:Q", longitude="lon:Q", text="letter:N", tooltip=_tooltip())
        .transform_calculate(letter="slice(datum.operator, 0, 1)")
    )


def _readout() -> tuple[alt.Chart, alt.Chart]:
    """Return the year in large figures and the number of sites that are shown."""
    counted = alt.Chart().transform_aggregate(shown="count()")
    corner = {
        "align": "right",
        "baseline": "bottom",
        "fill": INK,
        "x": alt.ExprRef(f"{_RIGHT} - 12 * map_unit"),
    }
    year = counted.mark_text(
        text=alt.ExprRef("'' + map_year"),
        fontSize=alt.ExprRef("map_unit * 36"),
        fontWeight=700,
        y=alt.ExprRef("height - 24 * map_unit"),
        **corner,
    )
    number = counted.mark_text(
        text=alt.ExprRef("datum.shown + (datum.shown == 1 ? ' site shown' : ' sites shown')"),
        fontSize=alt.ExprRef("map_unit * 12.5"),
        y=alt.ExprRef("height - 10 * map_unit"),
        **corner,
    )
    return year, number


def _edges() -> alt.LayerChart:
    """Return strips of paper over what lies east and west of the frame, and the frame."""
    base = alt.Chart(alt.InlineData(values=[{}]))
    tall = {"y": -1, "y2": alt.ExprRef("height + 1")}
    left, right = alt.ExprRef(_LEFT), alt.ExprRef(_RIGHT)
    west = base.mark_rect(color=PAPER, x=0, x2=left, **tall)
    east = base.mark_rect(color=PAPER, x=right, x2=alt.ExprRef("width"), **tall)
    frame = base.mark_rect(
        fillOpacity=0, stroke=_BORDER, x=left, x2=right, y=0, y2=alt.ExprRef("height")
    )
    return alt.layer(west, east, frame)


def _description(frame: pd.DataFrame, year: int) -> str:
    """Return the map in words: what was there in the year that it opens with, and who held it."""
    shown = sites_in(frame, year)
    kinds = shown["kind"].astype(str).value_counts().reindex(KINDS).dropna().astype(int)
    listed = ", ".join(f"{KINDS[kind].lower()} {number}" for kind, number in kinds.items())
    held = shown["operators"].astype(str).str.split(";")
    powers = ", ".join(
        f"{POWER_NAMES[p]} {int(held.map(lambda x, p=p: p in x).sum())}" for p in POWERS
    )
    return (
        f"Map of Central Asia and its neighbours with a slider for the year, {FIRST_YEAR} to "
        f"{LAST_YEAR}. In {year} it shows {len(shown)} sites: {listed}. "
        f"Run or paid for by, alone or with others: {powers}. The rest is held by the five states "
        "themselves or by other states. The folded table lists all sites."
    )
