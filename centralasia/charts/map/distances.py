"""A distance check on the map: how far one place is from another, by the shortest way."""

import json
from itertools import product

import altair as alt
import numpy as np
import pandas as pd

from centralasia.charts.frame import finish, layered, ready_made, source_line, tips, words
from centralasia.charts.inline import Inline
from centralasia.charts.map.ground import LEFT, edges, frame_size, ground, projection, state_names
from centralasia.charts.theme import INK, PAPER, POWER_COLORS
from centralasia.measures import EARTH_RADIUS_KM, great_circle_km

_TIPS = {"start": "From", "end": "To", "far": "Distance"}
_UNCHOSEN = "#8a836f"
# East of this meridian a name in the middle of its place would run out of a telephone's map.
_EAST = 84
_SHOWN = "datum.properties.start == from_place && datum.properties.end == to_place"


def distances(starts: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """Return the great-circle distance of every start to every end.

    Parameters
    ----------
    starts, ends
        Columns ``name``, ``lat`` and ``lon``, in decimal degrees; one row a place.

    Returns
    -------
    pandas.DataFrame
        Columns ``start``, ``end``, ``km`` (kilometres) and ``times`` (how many times the distance
        from that start to the first of the ends), in the order given.

    Raises
    ------
    ValueError
        If there is no place, a name comes twice, or a coordinate is missing or out of range.

    Examples
    --------
    >>> poles = pd.DataFrame({"name": ["North", "South"], "lat": [90, -90], "lon": [0, 0]})
    >>> line = pd.DataFrame({"name": ["Equator"], "lat": [0], "lon": [0]})
    >>> distances(line, poles)[["end", "km", "times"]].round(1).values.tolist()
    [['North', 10007.6, 1.0], ['South', 10007.6, 1.0]]
    """
    for places in (starts, ends):
        if places.empty or places["name"].duplicated().any():
            raise ValueError("Each list needs at least one place, and a name of its own for each.")
    pairs = starts.merge(ends, how="cross", suffixes=("_start", "_end"))
    at = [pairs[c] for c in ("lat_start", "lon_start", "lat_end", "lon_end")]
    km = pd.Series(great_circle_km(*at), index=pairs.index)
    first = km.groupby(pairs["name_start"], sort=False).transform("first")
    names = pairs[["name_start", "name_end"]].set_axis(["start", "end"], axis=1)
    return names.assign(km=km, times=km / first)


@ready_made
def distance_map(
    starts: pd.DataFrame,
    ends: pd.DataFrame,
    *,
    title: str,
    start: str | None = None,
    end: str | None = None,
) -> alt.LayerChart:
    """Draw the shortest way between two places that the reader chooses, and its length.

    Two rows of buttons choose where to start and where to go; they take the keyboard and need no
    kernel. The broken ring joins all places that are as far from the start as the end is.

    Parameters
    ----------
    starts, ends
        Columns ``name``, ``lat`` and ``lon``, in decimal degrees; one row a place. Distances are
        compared with the one to the first of the ends.
    title
        What the map shows.
    start, end
        The names that are chosen at first; the first of each list when left out.

    Returns
    -------
    altair.LayerChart
        Parameters ``from_place`` and ``to_place``.

    Raises
    ------
    ValueError
        If a name is not among the places, or as `distances` raises.

    Examples
    --------
    >>> here = pd.DataFrame({"name": ["Tashkent"], "lat": [41.31], "lon": [69.28]})
    >>> there = pd.DataFrame({"name": ["Kabul"], "lat": [34.53], "lon": [69.17]})
    >>> chart = distance_map(here, there, title="From Tashkent to Kabul")
    >>> chart.description[-28:]
    'From Tashkent: Kabul 754 km.'
    """
    found = distances(starts, ends)
    chosen = _choice("from_place", "From ", starts, start), _choice("to_place", "To ", ends, end)
    way = alt.Chart(_ways(starts, ends)).transform_filter(_SHOWN).project(**projection())
    colour = POWER_COLORS["USA"]
    look = {"filled": False, "clip": True, "fillOpacity": 0, "aria": False}
    ring = way.mark_geoshape(stroke=INK, strokeDash=[3, 4], strokeWidth=1.2, **look)
    line = way.mark_geoshape(stroke=colour, strokeWidth=3, **look)
    marks = (
        ring.transform_filter("datum.properties.part == 'ring'"),
        line.transform_filter("datum.properties.part == 'line'"),
        *_places(starts, "from_place", colour),
        *_places(ends, "to_place", INK),
    )
    named = state_names(without={*starts["name"], *ends["name"]})
    marks = (*ground(), *named, *marks, *edges(), *_readout(found))
    return finish(
        layered(marks, (*chosen, *frame_size())),
        title,
        subtitle="Ring: all places that are as far.",
        description=_description(title, found),
        source=source_line("infrastructure", "countries", "natural_earth_world_atlas"),
        below=8,
        left=0,
    )


def _choice(name: str, label: str, places: pd.DataFrame, value: str | None) -> alt.Parameter:
    options = places["name"].tolist()
    if value is not None and value not in options:
        raise ValueError(f"No place '{value}' here; choose from {', '.join(options)}.")
    return alt.param(
        name=name, value=value or options[0], bind=alt.binding_radio(options=options, name=label)
    )


def _ways(starts: pd.DataFrame, ends: pd.DataFrame) -> Inline:
    """Return a line and a ring for every pair, as shapes that the projection bends."""
    shapes = []
    for a, b in product(starts.itertuples(), ends.itertuples()):
        line = [[a.lon, a.lat], [b.lon, b.lat]]
        ring = _ring(a.lat, a.lon, great_circle_km(a.lat, a.lon, b.lat, b.lon))
        for part, points in (("line", line), ("ring", ring)):
            about = {"start": a.name, "end": b.name, "part": part}
            shape = {"type": "LineString", "coordinates": points}
            shapes.append({"type": "Feature", "properties": about, "geometry": shape})
    text = json.dumps({"type": "FeatureCollection", "features": shapes}, ensure_ascii=False)
    return Inline(values=text, format=alt.JsonDataFormat(type="json", property="features"))


def _ring(lat: float, lon: float, km: float, points: int = 73) -> list[list[float]]:
    """Return the places at one distance from another, as longitude and latitude.

    The direct problem on the sphere: Williams 2011, Aviation Formulary, "Lat/lon given radial and
    distance".
    """
    bearing, arc = np.linspace(0, 2 * np.pi, points), km / EARTH_RADIUS_KM
    phi = np.radians(lat)
    sine = np.sin(phi) * np.cos(arc) + np.cos(phi) * np.sin(arc) * np.cos(bearing)
    east = np.sin(bearing) * np.sin(arc) * np.cos(phi)
    turn = np.degrees(np.arctan2(east, np.cos(arc) - np.sin(phi) * sine))
    return np.column_stack([lon + turn, np.degrees(np.arcsin(sine))]).round(2).tolist()


def _places(places: pd.DataFrame, param: str, colour: str) -> tuple[alt.Chart, ...]:
    rows = places[["name", "lat", "lon"]].to_dict("records")
    base = alt.Chart(Inline(values=rows)).project(**projection())
    base = base.encode(
        latitude=alt.Latitude("lat:Q"),
        longitude=alt.Longitude("lon:Q"),
        tooltip=alt.Tooltip("name:N"),
        description=alt.Description("name:N"),
    )
    chosen = f"datum.name == {param}"
    dot = base.mark_circle(
        size=alt.ExprRef(f"{chosen} ? 110 : 50"), opacity=1, stroke=PAPER, strokeWidth=1
    ).encode(color=alt.condition(chosen, alt.value(colour), alt.value(_UNCHOSEN)))
    name = base.encode(text=alt.Text("name:N"))
    text = {
        "fontSize": alt.ExprRef("map_unit * 14"),
        "fontWeight": 700,
        "dy": alt.ExprRef("map_unit * -14"),
        "align": alt.ExprRef(f"map_unit < 1 && datum.lon > {_EAST} ? 'right' : 'center'"),
        "opacity": alt.ExprRef(f"{chosen} ? 1 : 0"),
    }
    # A light edge lies under the letters, so that they can be read over any ground.
    edge = name.mark_text(stroke=PAPER, strokeWidth=4, aria=False, **text)
    return dot, edge, name.mark_text(fill=colour, aria=False, **text)


def _readout(found: pd.DataFrame) -> tuple[alt.Chart, ...]:
    """Return the distance in large figures, and how it compares, in a corner of the map."""
    rows = found.assign(
        far=found["km"].map("{:,.0f} km".format),
        said=[_compared(row, found["end"].iloc[0]) for row in found.itertuples()],
    )[["start", "end", "far", "said"]]
    base = alt.Chart(Inline(values=rows.to_dict("records"))).transform_filter(
        "datum.start == from_place && datum.end == to_place"
    )
    corner = {"align": "left", "baseline": "top", "x": alt.ExprRef(f"{LEFT} + 12 * map_unit")}
    far = {"y": 10, "fontSize": alt.ExprRef("map_unit * 30"), "fontWeight": 700}
    said = {"y": alt.ExprRef("10 + 36 * map_unit"), "fontSize": alt.ExprRef("map_unit * 12.5")}
    ink, edge = {"fill": INK}, {"stroke": PAPER, "strokeWidth": 4, "aria": False}
    return tuple(
        base.mark_text(**corner, **place, **look).encode(**words(field), tooltip=tips(_TIPS))
        for field, place in (("far", far), ("said", said))
        for look in (edge, ink)
    )


def _compared(row: object, first: str) -> str:
    way = f"{row.start} to {row.end}"
    return way if row.end == first else f"{way}: {row.times:.1f} times as far as {first}"


def _description(title: str, found: pd.DataFrame) -> str:
    parts = [
        f"From {start}: " + ", ".join(f"{row.end} {row.km:,.0f} km" for row in rows.itertuples())
        for start, rows in found.groupby("start", sort=False)
    ]
    return (
        f"{title}. A map with buttons for where to start and where to go; it draws the shortest "
        f"way and a ring of equal distance. {'; '.join(parts)}."
    )
