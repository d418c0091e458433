"""What `lines` and `small_multiples` share: complete series, label places, line layers."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import pandas as pd

from centralasia.charts.frame import pixels, words
from centralasia.charts.theme import (
    INK,
    MUTED,
    PAPER,
    POWER_COLORS,
    POWER_DASHES,
    POWER_NAMES,
    STATE_COLORS,
    STATE_DASHES,
    STATE_NAMES,
    text_color,
)

LABEL_STEP = 15
_OTHERS = ("#575d67", "#9a7d55", "#4f8f86", "#a98ba8")
_OTHER_DASHES = ((5, 2, 1, 2), (1, 3), (8, 2), (3, 3))
NAMES = STATE_NAMES | POWER_NAMES
SHORT = POWER_NAMES | {"USA": "US", "WLD": "World"}
"""Names that fit beside the lines of a small panel, where others have their code."""
COLORS = STATE_COLORS | POWER_COLORS
_DASHES = STATE_DASHES | POWER_DASHES


def complete(frame: pd.DataFrame, x: str, y: str, by: Sequence[str]) -> pd.DataFrame:
    """Return the series with a row for every whole year, empty where there is no value.

    Parameters
    ----------
    frame
        One row an observation.
    x, y
        The columns of moments and of values.
    by
        The columns that make a series; the last one names it.

    Returns
    -------
    pandas.DataFrame
        Columns ``x``, ``y``, those of ``by``, ``code``, ``series`` (its name) and ``alone`` (a
        value with none before or after it), in the order of the theme, then of the frame.

    Raises
    ------
    ValueError
        If a series has two values at one moment, or there is no value at all.

    Examples
    --------
    >>> gap = pd.DataFrame({"year": [2000, 2002], "v": [1.0, 2.0], "country": "KAZ"})
    >>> complete(gap, "year", "v", ["country"])[["year", "v", "alone"]].values.tolist()
    [[2000, 1.0, True], [2001, nan, False], [2002, 2.0, True]]
    """
    keys = list(dict.fromkeys(by))
    known = frame[[*keys, x, y]].dropna(subset=[y]).astype(dict.fromkeys(keys, "str"))
    if known.empty:
        raise ValueError(f"There is no value of '{y}' to draw.")
    if known.duplicated([*keys, x]).any():
        twice = known[known.duplicated([*keys, x])].iloc[0]
        raise ValueError(f"{dict(twice)} is a second value at one moment: keep one row for each.")
    order = list(NAMES)
    rank = {k: order.index(k) if k in order else len(order) for k in set(known[keys].stack())}
    parts = []
    for _, part in known.groupby(keys, sort=False):
        series = part.set_index(x).sort_index()
        if pd.api.types.is_integer_dtype(part[x].dtype):
            series = series.reindex(range(series.index.min(), series.index.max() + 1))
            series[keys] = series[keys].ffill()
        there = series[y].notna()
        beside = there.shift(1, fill_value=False) | there.shift(-1, fill_value=False)
        parts.append(series.assign(alone=there & ~beside).rename_axis(x).reset_index())
    done = pd.concat(parts).sort_values(
        keys, key=lambda c: c.map(rank), kind="stable", ignore_index=True
    )
    return done.assign(code=done[keys[-1]], series=done[keys[-1]].map(name))


def name(key: str) -> str:
    """Return the name of a state or power, or the key itself."""
    return NAMES.get(key, key)


def span(values: pd.Series, zero: bool, head: float = 0.0) -> tuple[float, float]:
    """Return the ends of an axis, with some air above and, where it does not start at 0, below.

    Parameters
    ----------
    values
        The values to cover.
    zero
        Whether the axis covers zero.
    head
        The share of the axis to keep free at its top.

    Examples
    --------
    >>> span(pd.Series([10.0, 100.0]), zero=True)
    (0.0, 105.0)
    """
    low, high = float(values.min()), float(values.max())
    low, high = (min(low, 0.0), max(high, 0.0)) if zero else (low, high)
    extent = (high - low) or abs(high) or 1.0
    air = 0.05 * extent
    return (low if zero and low == 0 else low - air, high + max(air, extent * head / (1 - head)))


def label_heights(
    data: pd.DataFrame, x: str, y: str, ends: tuple[float, float], height: int
) -> pd.Series:
    """Return, for the last value of each series, where its label stands; missing elsewhere.

    Labels keep `LABEL_STEP` pixels between them and stay inside the axis.

    Parameters
    ----------
    data
        A frame from `complete`.
    x, y
        The columns of moments and of values.
    ends
        The ends of the axis of values.
    height
        The height of the plot in pixels.

    Returns
    -------
    pandas.Series
        On the scale of the values, with the index of ``data``.

    Examples
    --------
    >>> two = pd.DataFrame({"x": [1, 1], "y": [5.0, 5.0], "code": ["a", "b"]})
    >>> label_heights(two, "x", "y", (0, 10), 150).tolist()
    [5.0, 6.0]
    """
    last = (
        data.dropna(subset=y).sort_values(x).groupby("code")[y].tail(1).sort_values(kind="stable")
    )
    step = (ends[1] - ends[0]) * LABEL_STEP / height
    places: list[float] = []
    for value in last:
        places.append(max(value, places[-1] + step) if places else value)
    limit = ends[1]
    for i in reversed(range(len(places))):
        places[i] = min(places[i], limit)
        limit = places[i] - step
    return pd.Series(places, last.index).reindex(data.index)


def line_layers(
    data: pd.DataFrame, y: str, across: alt.X, up: alt.Y, unit: str, label: str | None
) -> list[alt.Chart]:
    """Return lines, lone points, labels at the ends, and the points that carry the tooltips."""
    codes = list(dict.fromkeys(data["code"]))
    others = [code for code in codes if code not in NAMES]
    colors = COLORS | {c: _OTHERS[i % len(_OTHERS)] for i, c in enumerate(others)}
    dashes = _DASHES | {c: _OTHER_DASHES[i % len(_OTHERS)] for i, c in enumerate(others)}
    hues = alt.Scale(domain=codes, range=[colors[c] for c in codes])
    steps = alt.Scale(domain=codes, range=[list(dashes[c]) for c in codes])
    inks = {
        "condition": [
            {"test": f"datum.code == '{c}'", "value": text_color(colors[c])} for c in codes
        ],
        "value": INK,
    }
    color = alt.Color("code:N", scale=hues, legend=None)
    base = alt.Chart().encode(x=across, y=up)
    say = f"datum.series + ', ' + {_moment(across)} + ': ' + format(datum['{y}'], ',.3~f')"
    say += f" + ' ' + {json.dumps(unit)}"
    tips = [
        alt.Tooltip("series:N", title="Series"),
        alt.Tooltip(across.shorthand, title="Year" if across.shorthand.endswith("Q") else "Date"),
        alt.Tooltip(f"{y}:Q", title=unit, format=",.3~f"),
    ]
    marks = [
        base.mark_line().encode(
            color=color,
            strokeDash=alt.StrokeDash("code:N", scale=steps, legend=None),
            description=alt.Description("series:N"),
        ),
        base.transform_filter("datum.alone")
        .mark_point(size=22, opacity=1, aria=False)
        .encode(color=color),
        base.transform_filter(f"isValid(datum['{y}'])")
        .mark_point(size=110, opacity=0)
        .transform_calculate(say=say)
        .encode(tooltip=tips, description=alt.Description("say:N")),
    ]
    if label is not None:
        text = base.transform_filter("isValid(datum.at)").mark_text(
            align="left", dx=6, fontWeight=600, aria=False
        )
        if label == "code":
            short = json.dumps({code: SHORT.get(code, code) for code in codes})
            text = text.transform_calculate(code_said=f"{short}[datum.code]")
            label = "code_said"
        marks.append(text.encode(y=alt.Y("at:Q"), text=alt.Text(f"{label}:N"), color=inks))
    return marks


def _moment(across: alt.X) -> str:
    """Return a Vega expression for a year as it is, or for a date in words."""
    column, kind = across.shorthand.split(":")
    return f"datum['{column}']" if kind == "Q" else f"timeFormat(datum['{column}'], '%-d %B %Y')"


def moments(
    annotate: pd.DataFrame | None, data: pd.DataFrame, x: str, across: alt.X
) -> list[alt.Chart]:
    """Return rules with labels at moments, each label on the side that has room."""
    if annotate is None:
        return []
    marked = annotate[[x, "label"]].sort_values(x, ignore_index=True)
    marked["line"] = [3 + 13 * (i % 3) for i in range(len(marked))]
    marked["late"] = marked[x] > data[x].min() + (data[x].max() - data[x].min()) / 2
    base = alt.Chart(marked).encode(x=across)
    drawn = [base.mark_rule(strokeDash=[2, 2], opacity=0.8, aria=False)]
    for late, align, dx in (("false", "left", 4), ("true", "right", -4)):
        side = base.transform_filter(f"datum.late == {late}").encode(
            y=pixels("line"), **words("label")
        )
        style = {"align": align, "dx": dx, "baseline": "top", "fontSize": 11, "color": MUTED}
        drawn += [
            side.mark_text(**style, stroke=PAPER, strokeWidth=4, strokeJoin="round", aria=False),
            side.mark_text(**style),
        ]
    return drawn


def moment_axis(
    data: pd.DataFrame, x: str, title: str | None, scale: alt.Scale, ticks: int | alt.ExprRef = 5
) -> alt.X:
    """Return the axis of years, or of dates."""
    if pd.api.types.is_datetime64_any_dtype(data[x].dtype):
        return alt.X(f"{x}:T", title=title, scale=scale, axis=alt.Axis(tickCount=ticks))
    axis = alt.Axis(format="d", tickCount=ticks, tickMinStep=1, labelFlush=False)
    return alt.X(f"{x}:Q", title=title, scale=scale, axis=axis)
