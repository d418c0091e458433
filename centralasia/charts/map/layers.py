"""The sites on the region map: lines, symbols, letters, and the year in large figures."""

from collections.abc import Sequence

import altair as alt

from centralasia.charts.map.ground import RIGHT, projection
from centralasia.charts.map.sites import KINDS, OPERATORS
from centralasia.charts.theme import INK, MUTED, PAPER, scale

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
# Colours that stand in the rows as they are: only the filled symbols carry a legend.
_TONE = alt.Color("tone:N", scale=None)
_STROKE = alt.Stroke("tone:N", scale=None)


def site_layers(
    rows: alt.InlineData, kinds: Sequence[str], operators: Sequence[str]
) -> tuple[alt.Chart, ...]:
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
    base = (
        alt.Chart(rows)
        .transform_calculate(status=status)
        .transform_filter(shown)
        .project(**projection())
    )
    return (
        _lines(base),
        _leaders(base),
        *_symbols(base, kinds, operators),
        _letters(base),
        *_readout(base),
    )


def _tooltip() -> list[alt.Tooltip]:
    words = {
        "name": "Site",
        "kind": "Kind",
        "who": "Run or paid for by",
        "agreed": "Agreed",
        "service": "In service",
        "capacity": "Size",
        "title": "Legal title",
        "note": "Note",
        "source": "Source",
    }
    return [alt.Tooltip(f"{field}:N", title=word) for field, word in words.items()]


def _lines(base: alt.Chart) -> alt.Chart:
    dash = alt.condition("datum.status == 'agreed'", alt.value([5, 4]), alt.value([1, 0]))
    return (
        base.mark_rule(
            clip=True, strokeWidth=alt.ExprRef("map_unit * 2.4"), strokeOpacity=0.8, aria=False
        )
        .encode(
            latitude=alt.Latitude("from_lat:Q"),
            longitude=alt.Longitude("from_lon:Q"),
            latitude2=alt.Latitude2("to_lat:Q"),
            longitude2=alt.Longitude2("to_lon:Q"),
            color=_TONE,
            strokeDash=dash,
            tooltip=_tooltip(),
        )
        .transform_filter("isValid(datum.to_lat)")
    )


def _leaders(base: alt.Chart) -> alt.Chart:
    """Return the thin lines from symbols that were moved to the places that they stand for."""
    return base.mark_rule(clip=True, strokeWidth=0.8, color=INK, aria=False).encode(
        latitude=alt.Latitude("at_lat:Q"),
        longitude=alt.Longitude("at_lon:Q"),
        latitude2=alt.Latitude2("lat:Q"),
        longitude2=alt.Longitude2("lon:Q"),
    )


def _symbols(
    base: alt.Chart, kinds: Sequence[str], operators: Sequence[str]
) -> tuple[alt.Chart, alt.Chart]:
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
        scale=scale(OPERATORS, operators),
        legend=alt.Legend(**look, columns=_columns(3, 6), symbolType="circle"),
    )
    placed = base.encode(
        latitude=alt.Latitude("lat:Q"),
        longitude=alt.Longitude("lon:Q"),
        shape=kind,
        tooltip=_tooltip(),
    )
    # What is said of a symbol, the letter on it says: once is enough.
    look = {
        "clip": True,
        "opacity": 1,
        "aria": False,
        "size": alt.ExprRef("map_unit * map_unit * 190"),
    }
    built = placed.mark_point(filled=True, stroke="#ffffff", strokeWidth=1, **look)
    hollow = placed.mark_point(fill=PAPER, strokeWidth=1.8, **look)
    return (
        built.encode(color=operator).transform_filter("datum.status == 'service'"),
        hollow.encode(stroke=_STROKE).transform_filter("datum.status == 'agreed'"),
    )


def _columns(middling: int, wide: int) -> alt.ExprRef:
    """Return the columns that fit: a legend wider than the page would leave the map no width."""
    narrow = "map_width < 330 ? 1 : map_width < 520 ? 2"
    return alt.ExprRef(f"{narrow} : map_width < 700 ? {middling} : {wide}")


def _letters(base: alt.Chart) -> alt.Chart:
    """Return the letter of the operator on each symbol, for readers who do not see its colour."""
    return (
        base.mark_text(
            clip=True,
            fontSize=alt.ExprRef("map_unit * 9.5"),
            fontWeight=700,
            dy=0.5,
            fill=alt.ExprRef("datum.status == 'agreed' ? datum.tone : '#ffffff'"),
        )
        .encode(
            latitude=alt.Latitude("lat:Q"),
            longitude=alt.Longitude("lon:Q"),
            text=alt.Text("letter:N"),
            tooltip=_tooltip(),
            description=alt.Description("say:N"),
        )
        .transform_calculate(
            letter="slice(datum.operator, 0, 1)",
            say="join([datum.name, datum.kind, datum.who, datum.service], ', ')",
        )
    )


def _readout(base: alt.Chart) -> tuple[alt.Chart, alt.Chart]:
    """Return the year in large figures and the number of sites that are shown."""
    counted = base.transform_aggregate(shown="count()")
    corner = {
        "align": "right",
        "baseline": "bottom",
        "fill": INK,
        "x": alt.ExprRef(f"{RIGHT} - 12 * map_unit"),
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
