"""The influence index: sliders for its weights, bars, and a map of all weightings."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from centralasia import measures
from centralasia.charts.frame import finish, layered, ready_made, tips, words
from centralasia.charts.influence.weightings import (
    POWERS,
    SCORES,
    SIDE,
    WIDE,
    leader,
    power_color,
    px,
    score_of,
    weighting_map,
)
from centralasia.charts.inline import Inline, one_row

SCALES = {"Lowest 0, highest 1": "minmax", "Share of all powers together": "share"}
_HEIGHT, _ROW = 470, 28
_OWN = ("inf_w0", "inf_w1", "inf_w2")


@ready_made
def influence_index(
    values: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    title: str,
    description: str,
    source: str,
) -> alt.LayerChart:
    """Draw an index of three measures, with sliders for its weights and a map of all weightings.

    The bars rank the powers under the reader's weights. Each point of the triangle is a weighting:
    at a corner one measure counts alone, in the middle all count alike. Its colour and shape say
    who leads there, a ring marks the reader's weights, and the lines beside it count the points.
    The reader also chooses the case and how measures are brought to one scale.

    Parameters
    ----------
    values
        One row a case and power: ``case`` (a label such as a state and a period), ``power`` (the
        codes of those that the course ranks: RUS, CHN, USA) and one numeric column for each of
        the three measures.
    weights
        The three measures, by column, and their weights when the chart opens: whole numbers from
        0 to 10, not all 0.
    title, description, source
        What the chart shows, its content in words, and the line under it.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If there are not three measures, a weight is out of range, a power is missing from a case
        or is not one that the course ranks, or a measure has no value or does not vary (see
        `centralasia.measures.weighted_index`).

    Examples
    --------
    >>> rows = pd.DataFrame({"case": "A", "power": ["RUS", "CHN", "USA"], "trade": [2, 3, 1],
    ...     "arms": [5, 1, 0], "votes": [0.8, 0.9, 0.2]})
    >>> chart = influence_index(rows, {"trade": 5, "arms": 5, "votes": 5}, title="An index",
    ...     description="Bars and a triangle.", source="Source: x.")
    >>> [p["value"] for p in chart.to_dict()["params"] if "bind" in p]
    ['A', 'Lowest 0, highest 1', 5, 5, 5]
    """
    if len(weights) != 3:
        raise ValueError(f"The map of weightings takes three measures, not {len(weights)}.")
    if not all(0 <= w <= 10 for w in weights.values()) or not sum(weights.values()):
        raise ValueError("Weights run from 0 to 10, and one at least must be above 0.")
    table = {
        str(case): _scaled(str(case), rows, weights)
        for case, rows in values.groupby("case", sort=False)
    }
    marks = [_verdict(), *_bars(), *weighting_map(weights)]
    chart = layered(marks, _params(table, weights), height=_HEIGHT)
    return finish(chart, title, description=description, source=source, below=8, left=0)


def _scaled(
    case: str, rows: pd.DataFrame, weights: Mapping[str, float]
) -> dict[str, list[list[float]]]:
    """Return for each scale the powers' scaled values on the three measures."""
    codes = [power.area for power in POWERS]
    there = rows["power"].astype(str)
    if missing := [code for code in codes if code not in set(there)]:
        raise ValueError(f"{case}: there is no value for {', '.join(missing)}.")
    if unranked := sorted({*there} - {*codes}):
        raise ValueError(
            f"{case}: {', '.join(unranked)} is not among the powers that are ranked, "
            f"{', '.join(codes)}. Which are stands in data/powers.csv, column 'ranked'."
        )
    frame = rows.set_index(there)[list(weights)].loc[codes]
    return {
        label: measures.scaled_criteria(frame, scale).round(6).to_numpy().tolist()
        for label, scale in SCALES.items()
    }


def _params(table: dict, weights: Mapping[str, float]) -> list[alt.Parameter]:
    cases = alt.binding_select(options=list(table), name="Case ")
    scales = alt.binding_radio(options=list(SCALES), name="Scale ")
    sliders = [
        alt.param(
            name=f"inf_w{n}",
            value=weight,
            bind=alt.binding_range(min=0, max=10, step=1, name=f"Weight of {measure} "),
        )
        for n, (measure, weight) in enumerate(weights.items())
    ]
    return [
        alt.param(name="inf_table", value=table),
        alt.param(name="inf_case", value=next(iter(table)), bind=cases),
        alt.param(name="inf_scale", value=next(iter(SCALES)), bind=scales),
        *sliders,
        alt.param(name="inf_now", expr="inf_table[inf_case][inf_scale]"),
        alt.param(name="inf_sum", expr="inf_w0 + inf_w1 + inf_w2"),
    ]


def _bars() -> list[alt.Chart]:
    """Return one bar a power, ranked under the reader's weights, with name and value."""
    rows = [
        {"n": n, "power": power.area, "name": f"{power.sign} {power.name}"}
        for n, power in enumerate(POWERS)
    ]
    each = " : ".join(f"datum.n == {n} ? {score_of(n, *_OWN)}" for n in range(len(POWERS)))
    end = f"({WIDE} ? width - 30 - {SIDE} : width - 4)"
    base = (
        alt.Chart(Inline(values=rows))
        .transform_calculate(score=f"inf_sum > 0 ? ({each} : 0) / inf_sum : 0")
        .transform_window(rank="row_number()", sort=[alt.SortField("score", order="descending")])
        .transform_calculate(
            y0=f"30 + {_ROW} * (datum.rank - 1)",
            ym=f"39 + {_ROW} * (datum.rank - 1)",
            y1=f"48 + {_ROW} * (datum.rank - 1)",
            x0="112",
            x1=f"112 + datum.score * max(20, {end} - 156)",
            said="format(datum.score, '.2f')",
            left="0",
        )
        .encode(tooltip=tips({"name": "Power", "said": "Score from 0 to 1"}))
    )
    color = power_color("power")
    middle = px("ym", alt.Y)
    names = base.mark_text(align="left", fontWeight=600).encode(**words("name"), x=px("left"))
    said = base.mark_text(align="left", dx=5).encode(**words("said"), x=px("x1"))
    return [
        base.mark_rect(aria=False).encode(
            x=px("x0"),
            x2=alt.X2("x1"),
            y=px("y0", alt.Y),
            y2=alt.Y2("y1"),
            color=color,
        ),
        names.encode(y=middle, color=color),
        said.encode(y=middle),
    ]


def _verdict() -> alt.Chart:
    """Return the line that says who leads under the reader's weights, and by how much."""
    scores = [f"({score_of(n, *_OWN)}) / inf_sum" for n in range(len(POWERS))]
    row = alt.Chart(one_row()).transform_calculate(**{f"s{n}": s for n, s in enumerate(scores)})
    row = row.transform_calculate(leader=leader(), top=f"max({', '.join(SCORES)})")
    behind = ", ".join(f"{score} < datum.top ? {score} : 0" for score in SCORES)
    row = row.transform_calculate(lead=f"datum.top - max({behind})")
    names = " : ".join(f"datum.leader == '{p.area}' ? '{p.name}'" for p in POWERS)
    said = (
        "inf_sum == 0 ? 'Give a measure some weight' : datum.leader == 'tie' ? 'A tie'"
        f" : ({names} : '') + ' leads by ' + format(datum.lead, '.2f')"
    )
    mark = {"align": "left", "x": 0, "y": 8, "fontSize": 15, "fontWeight": 600}
    return row.transform_calculate(said=said).mark_text(**mark).encode(**words("said"))
