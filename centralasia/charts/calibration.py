"""Calibration curves: how sure forecasters were, and how often they turned out right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd
from numpy.typing import ArrayLike

from centralasia import measures
from centralasia.charts.frame import finish, ready_made, tips
from centralasia.charts.inline import one_row
from centralasia.charts.theme import INK, MUTED, PAPER

_COLORS, _SHAPES, _SIGNS = (INK, "#2d7f8f"), ("circle", "square"), ("●", "■")
_SAY = (
    "datum.who + ': ' + datum.n + ' answers at ' + format(datum.p, '.0%') + ', of which '"
    " + datum.whole + ' came true or were right, ' + (datum.half ? datum.half + ' in part, ' : '')"
    " + (datum.n - datum.whole - datum.half) + ' failed; mean outcome '"
    " + format(datum.true, '.2f')"
)
_TIPS = {"who": "Who", "p": "Confidence", "true": "Mean outcome", "n": "Answers"}
_COUNTED = "outcome: right 1, in part ½, failed or wrong 0"
_AXIS, _HEAD, _LINE, _PLOT = 50, 12, 18, 320


@ready_made
def calibration_curves(
    forecasters: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    title: str,
    description: str,
    source: str,
    bins: Sequence[float],
    enough: int = 10,
) -> alt.LayerChart:
    """Draw for one or two forecasters how often they were right, by how sure they were.

    On the diagonal sureness and success are alike; below it a forecaster was surer than right. A
    number beside a point says how many answers it stands for, and its description how many of
    these came true, came true in part and failed.

    Parameters
    ----------
    forecasters
        By name, probabilities from 0 to 1 and outcomes, as in `measures.brier_score`. One who has
        no answer is named and has no curve.
    title, description, source
        What the chart shows, its content in words, and the line under it.
    bins
        Edges of the bands of confidence, from 0 to 1, as in `measures.calibration_table`.
    enough
        Points of fewer answers are hollow: too few to say anything.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If there are more than two forecasters, or as in `measures.calibration_table`.

    Examples
    --------
    >>> both = {"a text": ([0.9, 0.9, 0.6], [1, 0, 1]), "you": ([], [])}
    >>> chart = calibration_curves(both, title="Two curves", description="One point each.",
    ...     source="Source: x.", bins=[0, 0.75, 1])
    >>> [x.mark.text for x in chart.layer if x.mark.type == "text"][1:3]
    ['● a text: Brier score 0.327 over 3', '■ you: no answer yet']
    """
    if not 1 <= len(forecasters) <= len(_COLORS):
        raise ValueError(f"Give one or two forecasters, not {len(forecasters)}.")
    points = _points(forecasters, bins).assign(few=lambda t: t["n"] < enough)
    ends = pd.DataFrame({"p": [0.0, 1.0], "true": [0.0, 1.0]})
    said = [_summary(who, *given) for who, given in forecasters.items()]
    said = [f"{sign} {text}" for sign, text in zip(_SIGNS, said, strict=False)]
    said += [_COUNTED, f"hollow: fewer than {enough} answers", "dotted: as sure as right"]
    top = _LINE * len(said) + _HEAD
    up = alt.Scale(domain=[0, 1], nice=False, range=[alt.ExprRef("height"), top])
    percent = {"format": ".0%", "tickCount": 5}
    across = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("p:Q", title="Confidence", scale=across, axis=alt.Axis(**percent))
    y = alt.Y("true:Q", title="Mean outcome", scale=up, axis=alt.Axis(tickCount=5))
    names = list(forecasters)
    colors = alt.Scale(domain=names, range=_COLORS)
    shape = alt.Shape("who:N", scale=alt.Scale(domain=names, range=_SHAPES), legend=None)
    drawn = alt.Chart(points).encode(x=x, y=y)
    color = alt.Color("who:N", scale=colors, legend=None)
    edge = alt.Stroke("who:N", scale=colors, legend=None)
    inside = alt.Fill("who:N", scale=colors, legend=None)
    fill = alt.condition("datum.few", alt.value(PAPER), inside)
    layers = [
        alt.Chart(ends).mark_line(color=MUTED, strokeDash=[2, 3], aria=False).encode(x=x, y=y),
        drawn.mark_line(strokeWidth=1.5, aria=False).encode(color=color),
        drawn.mark_point(size=110, strokeWidth=2, opacity=1)
        .transform_calculate(say=_SAY)
        .encode(
            shape=shape,
            stroke=edge,
            fill=fill,
            description=alt.Description("say:N"),
            tooltip=tips(_TIPS),
        ),
        drawn.mark_text(dy=-15, fontSize=12, fontWeight=600, aria=False).encode(
            text=alt.Text("n:Q"), color=color
        ),
        *[_note(text, _LINE * n) for n, text in enumerate(said)],
    ]
    chart = alt.layer(*layers, height=_PLOT + top)
    return finish(chart, title, description=description, source=source, left=_AXIS)


def _points(
    forecasters: Mapping[str, tuple[ArrayLike, ArrayLike]], bins: Sequence[float]
) -> pd.DataFrame:
    """Return a row for each forecaster and each band that has an answer."""
    found = [
        measures.calibration_table(p, outcome, bins=bins).assign(
            who=who, **_counts(p, outcome, bins)
        )
        for who, (p, outcome) in forecasters.items()
        if len(p)
    ]
    columns = {"mean_probability": "p", "share_true": "true"}
    columns |= {name: name for name in ("n", "whole", "half", "who")}
    if not found:
        return pd.DataFrame(columns=list(columns.values()))
    table = pd.concat(found, ignore_index=True)
    return table[table["n"] > 0][list(columns)].rename(columns=columns).round(4)


def _counts(p: ArrayLike, outcome: ArrayLike, bins: Sequence[float]) -> dict[str, pd.Series]:
    """Return how many outcomes of each band are 1, and how many lie between 0 and 1."""
    result = pd.Series(outcome, dtype=float).to_numpy()
    whole, half = result == 1, (result > 0) & (result < 1)
    table = {
        name: measures.calibration_table(p, of, bins=bins)
        for name, of in (("whole", whole), ("half", half))
    }
    return {
        name: (found["share_true"] * found["n"]).fillna(0).round().astype(int)
        for name, found in table.items()
    }


def _summary(who: str, p: ArrayLike, outcome: ArrayLike) -> str:
    if not len(p):
        return f"{who}: no answer yet"
    return f"{who}: Brier score {measures.brier_score(p, outcome):.3f} over {len(p)}"


def _note(text: str, y: int) -> alt.Chart:
    mark = {"align": "left", "x": -_AXIS, "y": y, "fontSize": 12, "color": INK}
    return alt.Chart(one_row()).mark_text(text=text, **mark)
