"""Dated events in lanes, with filters and a reading line that can be used by keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from centralasia.charts.frame import SourceLine, finish, layered, pixels, ready_made, words
from centralasia.charts.inline import as_csv
from centralasia.charts.record.lanes import Lanes, laid_out
from centralasia.charts.sizing import width_left, wrapped
from centralasia.charts.theme import (
    DIMENSION_SHAPES,
    DIMENSIONS,
    INK,
    NO_DATA,
    PAPER,
    POWER_COLORS,
    POWER_NAMES,
    POWER_SHAPES,
)

_ROW = 15
_AXIS = 52
_LEADING = {"head": 18, "body": 16}
_PX = {"head": 7.4, "body": 6.4}
_SIZE = alt.ExprRef("width < 500 ? 46 : 85")
_TICKS = alt.ExprRef("width < 300 ? 4 : 8")
# A date text becomes the first and the last day that it may mean, and words.
_DATES = {
    "d": "datetime(+slice(datum.on, 0, 4), (+slice(datum.on, 5, 7) || 1) - 1,"
    " +slice(datum.on, 8) || 1)",
    "e": "length(datum.on) == 10 ? datum.d : length(datum.on) == 7"
    " ? timeOffset('month', datum.d) : timeOffset('year', datum.d)",
    "when": "timeFormat(datum.d, length(datum.on) == 10 ? '%-d %B %Y'"
    " : length(datum.on) == 7 ? '%B %Y' : '%Y')",
    "say": "datum.when + ', ' + datum.power + ', ' + datum.dim + ': ' + datum.title",
}
_TIPS = {
    "title": "Event",
    "when": "Date",
    "power": "Power",
    "dim": "Dimension",
    "text": "What happened",
    "id": "Id",
    "src": "Source",
}
_SOURCE = 'Source: the documents listed by tables.sources("events").'
_COLORS = {name: POWER_COLORS[key] for key, name in POWER_NAMES.items()}
_SHAPES = {name: POWER_SHAPES[key] for key, name in POWER_NAMES.items()}


@ready_made
def event_timeline(
    events: pd.DataFrame,
    *,
    title: str,
    description: str,
    lanes: Lanes = "dimension",
    subtitle: str | None = None,
    source: str | None = None,
    periods: Sequence[tuple[int, int]] = (),
    printed: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Draw events on their dates, in one lane for each dimension, power or state.

    Lists under the chart keep one power, one dimension or one span of years, and a slider walks
    through the events that are left, in order of date: what it points to is written out under the
    lanes. All of them work by keyboard and without a kernel. A bar stands for an event of which
    only the month or the year is known, a hollow symbol for one that no second source confirms.

    Parameters
    ----------
    events
        Rows of the table ``events``, as ``tables.load`` gives them.
    title
        What the chart shows.
    description
        The content in words, for readers who do not see the chart.
    lanes
        What divides the lanes. With ``"country"`` an event stands in the lane of each of the five
        states that it concerns. Shapes tell powers apart, or dimensions where powers have lanes.
    subtitle
        The line under the title; when left out, the number of events.
    source
        The line under the chart; when left out, the sources of the table.
    periods
        First and last years to offer for a closer look, such as ``[(1991, 1995), (1996, 1999)]``.
    printed
        For paper: short texts to stand beside events, by event id. Nothing is read out then.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If there is no event to draw.
    centralasia.course.Unknown
        If an event is told of a power that the course does not know.

    Examples
    --------
    >>> from centralasia import tables
    >>> russia = tables.load("events").query("power == 'russia' and stage == '1'")
    >>> chart = event_timeline(russia, title="Russia, 1991-1995", description="Events in 3 lanes.")
    >>> chart.to_dict()["title"]["subtitle"][0][2:9]
    ' events'
    """
    if events.empty:
        raise ValueError("There is no event to draw. Loosen the filter that made this frame.")
    heads, rows = laid_out(events, lanes)
    years = (int(rows["on"].str[:4].min()), int(rows["on"].str[:4].max()))
    controls = _controls(rows, [years, *periods])
    height = _ROW * max(float(row.split()[-1]) for row in rows["row"]) + _ROW
    steps = (
        alt.Chart()
        .transform_calculate(**_DATES)
        .transform_filter(" && ".join(test for _, test in controls))
        .transform_window(rank="dense_rank()", sort=[{"field": "d"}, {"field": "id"}])
        .transform_joinaggregate(n="max(rank)")
    )
    last = _reading_line() if printed is None else _beside(printed)
    marks = (*_lane_marks(heads, rows, lanes, height / _ROW), *last)
    sliders = [control for control, _ in controls]
    chart = layered(marks, sliders, data=as_csv(rows), height=height, transform=steps.transform)
    return finish(
        chart,
        title,
        subtitle=subtitle or _subtitle(rows),
        description=description,
        source=source or SourceLine.of(_SOURCE, "events"),
        below=_below(rows) if printed is None else str(_AXIS),
        left=0,
    )


def _below(rows: pd.DataFrame) -> str:
    """Return the distance to the source line, which leaves room for the longest event's text."""
    about = rows[["power", "dim", "id", "src"]].astype("str").sum(axis=1).str.len().max() + 40
    parts = [("head", rows["title"].str.len().max()), ("body", about)]
    parts.append(("body", rows["text"].str.len().max()))
    # Lines end at words, so that each leaves some of its room.
    heights = [
        f"{_LEADING[k]} * ceil({n * _PX[k]:.0f} / ({width_left(less=25)}))" for k, n in parts
    ]
    return f"{_AXIS + 14} + {' + '.join(heights)}"


def _subtitle(rows: pd.DataFrame) -> str:
    text = f"{len(rows)} events"
    if not rows["sure"].all():
        text += "; hollow: no second source"
    if (rows["on"].str.len() < 10).any():
        text += "; bar: only the month or year is known"
    return text


def _controls(
    rows: pd.DataFrame, periods: Sequence[tuple[int, int]]
) -> list[tuple[alt.Parameter, str]]:
    """Return each control with the test that an event must pass."""
    spans = [f"{first}–{last}" for first, last in dict.fromkeys(periods)]
    controls = [(alt.param("years", value=spans[0]), "true")]
    if len(spans) > 1:
        test = "year(datum.e) >= +slice(years, 0, 4) && year(datum.d) <= +slice(years, 5)"
        controls = [(alt.param("years", value=spans[0], bind=_choice(spans, "Years")), test)]
    for name, column, label in (("power", "power", "Power"), ("dimension", "dim", "Dimension")):
        found = [v for v in (*POWER_NAMES.values(), *DIMENSIONS) if (rows[column] == v).any()]
        if len(found) > 1:
            choice = _choice(["all", *found], label)
            test = f"({name} == 'all' || datum.{column} == {name})"
            controls.append((alt.param(name, value="all", bind=choice), test))
    slider = alt.binding_range(min=1, max=len(rows), step=1, name="Event")
    return [*controls, (alt.param("nth", value=1, bind=slider), "true")]


def _choice(options: Sequence[str], label: str) -> alt.BindRadioSelect:
    return alt.binding_select(options=list(options), name=label)


def _lane_marks(
    heads: pd.DataFrame, rows: pd.DataFrame, lanes: Lanes, bottom: float
) -> list[alt.Chart]:
    """Return the lanes' names and borders, and the events on them."""
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[bottom, -0.5], nice=False, zero=False))
    first = alt.ExprRef("datetime(+slice(years, 0, 4), 0, 1)")
    last = alt.ExprRef("datetime(+slice(years, 5) + 1, 0, 1)")
    scale = alt.Scale(domainMin=first, domainMax=last)
    x = alt.X("d:T", title="Date", scale=scale, axis=alt.Axis(tickCount=_TICKS, grid=True))
    found = [name for name in POWER_NAMES.values() if (rows["power"] == name).any()]
    colors = {name: _COLORS[name] for name in found}
    shape = _key(alt.Shape, "power", {name: _SHAPES[name] for name in found}, len(found) > 1)
    power_key = len(found) > 1 and lanes != "power"
    if lanes == "power":
        shape = _key(alt.Shape, "dim", DIMENSION_SHAPES)
    lanes_drawn = alt.Chart(heads).encode(y=y)
    base = _on_its_lines(alt.Chart()).encode(x=x, y=y)
    points = base.mark_point(size=_SIZE, strokeWidth=1.4, opacity=1).encode(
        shape=shape,
        stroke=_key(alt.Stroke, "power", colors, power_key),
        fill=_key(alt.Fill, "power", colors, power_key),
        fillOpacity=alt.condition("datum.sure", alt.value(1), alt.value(0)),
        tooltip=[alt.Tooltip(f"{name}:N", title=label) for name, label in _TIPS.items()],
        description=alt.Description("say:N"),
    )
    spans = base.transform_filter("datum.d < datum.e").mark_rule(
        strokeWidth=7, opacity=0.3, aria=False
    )
    return [
        lanes_drawn.transform_filter("datum.row > 1").mark_rule(
            color=NO_DATA, yOffset=-_ROW, aria=False
        ),
        lanes_drawn.mark_text(align="left", fontWeight=600, x=0, fontSize=13).encode(
            **words("lane")
        ),
        spans.encode(x2=alt.X2("e:T"), stroke=_key(alt.Stroke, "power", colors, power_key)),
        points,
    ]


def _on_its_lines(events: alt.Chart) -> alt.Chart:
    """Return a chart with each event once on every line that it takes."""
    split = events.transform_calculate(row="split(datum.row, ' ')").transform_flatten(["row"])
    return split.transform_calculate(row="+datum.row")


def _key(
    channel: type, field: str, values: Mapping[str, str], legend: bool = True
) -> alt.SchemaBase:
    """Return a channel with the course's values for a field."""
    scale = alt.Scale(domain=list(values), range=list(values.values()))
    key = alt.Legend(title=None, symbolOpacity=1) if legend else None
    return channel(f"{field}:N", scale=scale, legend=key)


def _beside(texts: Mapping[str, str]) -> list[alt.Chart]:
    """Return a text beside each of some events, on a ground that hides its neighbours."""
    found = _on_its_lines(alt.Chart())
    found = found.transform_calculate(beside=f"{dict(texts)}[datum.id] || ''")
    found = found.encode(x=alt.X("d:T"), y=alt.Y("row:Q"), text=alt.Text("beside:N"))
    look = {"align": "left", "dx": 7, "fontWeight": 600, "aria": False}
    return [found.mark_text(**look, stroke=PAPER, strokeWidth=3), found.mark_text(**look)]


def _reading_line() -> list[alt.Chart]:
    """Return a ring around the event that the slider points to, and its text under the lanes."""
    here = alt.Chart().transform_filter("datum.rank == min(nth, datum.n)")
    ring = here.mark_point(size=330, filled=False, aria=False, stroke=INK, strokeWidth=2, opacity=1)
    once = here.transform_calculate(
        head=wrapped("datum.title", _PX["head"], width_left()),
        about="datum.rank + ' of ' + datum.n + ' · ' + datum.when + ' · ' + datum.power"
        " + ', ' + datum.dim + ' · ' + datum.id + ' · ' + datum.src",
    ).transform_calculate(
        body=wrapped("datum.about + '\\n' + datum.text", _PX["body"], width_left()),
        read="datum.about + '. ' + datum.text",
        top=f"height + {_AXIS}",
        next=f"height + {_AXIS + 4} + {_LEADING['head']} * length(datum.head)",
    )
    text = {"align": "left", "baseline": "top", "x": 0, "color": INK}
    bold = once.mark_text(**text, fontSize=14, lineHeight=_LEADING["head"], fontWeight=600)
    head = bold.encode(
        y=pixels("top"), text=alt.Text("head:N"), description=alt.Description("title:N")
    )
    body = once.mark_text(**text, lineHeight=_LEADING["body"])
    body = body.encode(
        y=pixels("next"), text=alt.Text("body:N"), description=alt.Description("read:N")
    )
    return [
        _on_its_lines(ring).encode(x=alt.X("d:T"), y=alt.Y("row:Q")),
        head,
        body,
    ]
