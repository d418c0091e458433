"""Series over time: one panel with labelled lines, or small panels side by side."""

from __future__ import annotations

import altair as alt
import pandas as pd

from centralasia.charts import series
from centralasia.charts.frame import finish, ready_made
from centralasia.charts.sizing import in_columns

_PANEL_WIDTH, _PANEL_HEIGHT, _LINES_HEIGHT = 240, 130, 300
# What Vega-Lite calls the width of the panels in the first row of a joined chart.
_WIDTH_SIGNAL = "concat_0_child_width"
_GAP = {"row": 66, "column": 58}
_LABEL_PX = 7.2


@ready_made
def lines(
    frame: pd.DataFrame,
    *,
    y: str,
    color: str,
    title: str,
    description: str,
    source: str,
    unit: str,
    x: str = "year",
    subtitle: str | None = None,
    baseline_zero: bool = True,
    annotate: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw series in one panel, each with its name at the end of its line.

    Lines differ by colour and by dash. A year without a value breaks the line.

    Parameters
    ----------
    frame
        One row an observation.
    y
        The column of values.
    color
        The column that tells series apart, such as ``"country"`` with ISO alpha-3 codes.
    title
        What the chart shows.
    description
        The content in words, for readers who do not see the chart.
    source
        The line under the chart.
    unit
        The unit of the values, written over the axis.
    x
        The column of years, or of dates.
    subtitle
        The line under the title.
    baseline_zero
        Whether the axis of values starts at zero.
    annotate
        Moments to mark: a column named like ``x`` and a column ``label``.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If a series has two values at one moment.

    Examples
    --------
    >>> from centralasia import tables
    >>> money = tables.load("macro").query("indicator == 'remittances_gdp_pct'")
    >>> chart = lines(money[money["country"].isin(["KGZ", "TJK"])], y="value", color="country",
    ...     title="Remittances", description="Two lines.", source="Source: x.", unit="% of GDP")
    >>> chart.to_dict()["width"]
    'container'
    """
    data = series.complete(frame, x, y, [color])
    ends = series.span(data[y], baseline_zero, 0 if annotate is None else 0.13)
    data["at"] = series.label_heights(data, x, y, ends, _LINES_HEIGHT)
    label_width = round(data["series"].str.len().max() * _LABEL_PX) + 8
    across = series.moment_axis(
        data,
        x,
        "Year" if x == "year" else "Date",
        alt.Scale(range=[0, alt.ExprRef(f"width - {label_width}")], nice=False, zero=False),
        alt.ExprRef(f"width - {label_width} < 170 ? 2 : 5"),
    )
    layers = series.line_layers(data, y, across, _values(y, unit, ends), unit, "series")
    marks = (*series.moments(annotate, data, x, across), *layers)
    chart = alt.layer(*marks, data=data.drop(columns=[color]), height=_LINES_HEIGHT)
    return finish(chart, title, subtitle=subtitle, description=description, source=source)


@ready_made
def small_multiples(
    frame: pd.DataFrame,
    *,
    y: str,
    facet: str,
    title: str,
    description: str,
    source: str,
    unit: str,
    x: str = "year",
    color: str | None = None,
    subtitle: str | None = None,
    baseline_zero: bool = True,
    shared_y: bool = True,
    annotate: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draw one small panel for each value of a column, in as many columns as the page has room.

    Parameters
    ----------
    frame
        One row an observation.
    y
        The column of values.
    facet
        The column that makes the panels, such as ``"country"`` with ISO alpha-3 codes.
    title
        What the chart shows.
    description
        The content in words, for readers who do not see the chart.
    source
        The line under the chart.
    unit
        The unit of the values, written into the subtitle.
    x
        The column of years, or of dates.
    color
        The column that tells apart series inside a panel; one series a panel when left out.
    subtitle
        What is measured; the unit is added to it where it does not end with it.
    baseline_zero
        Whether the axes of values start at zero.
    shared_y
        Whether all panels have one scale. If not, the subtitle says so.
    annotate
        Moments to mark in every panel: a column named like ``x`` and a column ``label``.

    Returns
    -------
    altair.VConcatChart
        The panels, and the source line as the last row.

    Raises
    ------
    ValueError
        If a series has two values at one moment.

    Examples
    --------
    >>> from centralasia import tables
    >>> money = tables.load("macro").query("indicator == 'remittances_gdp_pct'")
    >>> chart = small_multiples(money, y="value", facet="country", title="Remittances",
    ...     description="Panels.", source="Source: x.", unit="% of GDP")
    >>> chart.to_dict()["title"]["subtitle"]
    ['% of GDP']
    """
    data = series.complete(frame, x, y, [facet, color or facet])
    data["panel"] = data[facet].map(series.name)
    head = 0 if annotate is None else 0.32
    common = series.span(data[y], baseline_zero, head) if shared_y else None
    data["at"] = pd.concat(
        series.label_heights(
            part, x, y, common or series.span(part[y], baseline_zero, head), _PANEL_HEIGHT
        )
        for _, part in data.groupby("panel", sort=False)
    )
    said = data["code"].map(lambda code: series.SHORT.get(code, code))
    label = 0 if color is None else round(said.str.len().max() * 7.5) + 6
    ends_at = alt.ExprRef(f"{_WIDTH_SIGNAL} - {label}")
    place = alt.Scale(range=[0, ends_at], nice=False, zero=False)
    ticks = alt.ExprRef(f"{_WIDTH_SIGNAL} < 220 ? 2 : 5")
    across = series.moment_axis(data, x, None, place, ticks)
    up = _values(y, None, common, baseline_zero)
    layers = series.line_layers(data, y, across, up, unit, None if color is None else "code")
    panels = list(dict.fromkeys(data["panel"]))
    head_of = "State" if facet == "country" else facet.replace("_", " ").capitalize()
    chart = (
        alt.layer(
            *series.moments(annotate, data, x, across),
            *layers,
            width=_PANEL_WIDTH,
            height=_PANEL_HEIGHT,
        )
        .facet(
            alt.Facet("panel:N", title=head_of, header=alt.Header(title=None), sort=panels),
            data=data.drop(columns=list({facet, color} - {None})),
            columns=3,
            bounds="flush",
            spacing=_GAP,
        )
        .resolve_axis(x="independent", y="independent")
    )
    ends_so = subtitle is not None and subtitle.endswith(unit)
    measured = subtitle if ends_so else "; ".join(filter(None, (subtitle, unit)))
    if not shared_y:
        chart = chart.resolve_scale(y="independent")
        measured += "; each panel has its own scale"
    done = finish(chart, title, subtitle=measured, description=description, source=source)
    return done.properties(
        usermeta=in_columns(done.usermeta, len(panels), _PANEL_WIDTH, _GAP["column"])
    )


def _values(
    y: str, title: str | None, ends: tuple[float, float] | None, zero: bool = True
) -> alt.Y:
    """Return the axis of values, with its title written level over it."""
    scale = (
        alt.Scale(zero=zero, nice=4) if ends is None else alt.Scale(domain=list(ends), nice=False)
    )
    level = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -8}
    axis = alt.Axis(tickCount=4, **({} if title is None else level))
    return alt.Y(f"{y}:Q", title=title, scale=scale, axis=axis)
