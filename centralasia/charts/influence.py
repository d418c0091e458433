"""The influence index: sliders for its weights, and a map of all weightings that says who leads."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from centralasia import measures
from centralasia.charts.frame import checked_once, finish, words
from centralasia.charts.inline import Inline, one_row
from centralasia.charts.theme import INK, MUTED, POWER_COLORS, POWER_NAMES, POWERS

STEPS = 20
"""Weights on the map are multiples of 1/20, which makes 231 weightings."""
SCALES = {"Lowest 0, highest 1": "minmax", "Share of the three powers": "share"}
_HEIGHT, _ROW, _HALF_ROOT_3 = 470, 28, 0.8660254
_WIDE = "(width >= 560)"
_SIDE = f"({_WIDE} ? min(450, width * 0.52) : min(234, width - 8))"
_LEFT = f"({_WIDE} ? width - 6 - {_SIDE} : (width - {_SIDE}) / 2)"
_APEX = f"({_WIDE} ? 34 : 246)"
_OWN = ("inf_w0", "inf_w1", "inf_w2")
_SIGNS = {"RUS": "●", "CHN": "■", "USA": "▲"}
_PATHS = {"RUS": "circle", "CHN": "square", "USA": "triangle-up", "tie": "diamond"}


@checked_once
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
        One row a case and power: ``case`` (a label such as a state and a period), ``power`` (RUS,
        CHN, USA) and one numeric column for each of the three measures.
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
        If there are not three measures, a weight is out of range, a power is missing from a case,
        or a measure has no value or does not vary (see `centralasia.measures.weighted_index`).

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
    table = {str(case): _scaled(rows, weights) for case, rows in values.groupby("case", sort=False)}
    grid = _grid()
    marks = [_verdict(), *_bars(), *_counts(grid), _points(grid), *_corners(weights), _here()]
    chart = alt.layer(*marks).properties(height=_HEIGHT).add_params(*_params(table, weights))
    return finish(chart, title, description=description, source=source, below=8, left=0)


def _scaled(rows: pd.DataFrame, weights: Mapping[str, float]) -> dict[str, list[list[float]]]:
    """Return for each scale the three powers' scaled values on the three measures."""
    frame = rows.set_index(rows["power"].astype(str))[list(weights)].reindex(POWERS)
    result = {}
    for label, scale in SCALES.items():
        alone = [{other: other == one for other in weights} for one in weights]
        columns = [
            measures.weighted_index(frame, only, scale=scale)[list(POWERS)] for only in alone
        ]
        result[label] = pd.concat(columns, axis=1).round(6).to_numpy().tolist()
    return result


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


def _score(power: int, *weights: str) -> str:
    """Return the expression for a power's index under three weights."""
    return " + ".join(f"{w} * inf_now[{power}][{n}]" for n, w in enumerate(weights))


def _leader(first: str, second: str, third: str) -> str:
    """Return the expression for the leader of three scores, or "tie"."""
    top = f"max({first}, {second}, {third}) - 1e-6"
    ahead = [f"({score} > {top})" for score in (first, second, third)]
    names = " : ".join(f"{a} ? '{p}'" for a, p in zip(ahead, POWERS, strict=True))
    return f"{' + '.join(ahead)} > 1 ? 'tie' : {names} : ''"


def _px(name: str, channel: type = alt.X) -> alt.X | alt.Y:
    return channel(f"{name}:Q", scale=None, axis=None)


def _place(chart: alt.Chart, second: str, third: str) -> alt.Chart:
    """Place a weighting by its second and third weight: corners lower left, lower right, top."""
    return chart.transform_calculate(
        px=f"{_LEFT} + {_SIDE} * ({second} + ({third}) / 2)",
        py=f"{_APEX} + {_SIDE} * {_HALF_ROOT_3} * (1 - ({third}))",
    )


def _grid() -> alt.Chart:
    """Return all weightings with the three scores and the leader of each."""
    side = STEPS + 1
    grid = alt.Chart(alt.sequence(0, side * side, as_="n"))
    grid = grid.transform_calculate(i=f"floor(datum.n / {side})", j=f"datum.n % {side}")
    grid = grid.transform_filter(f"datum.i + datum.j <= {STEPS}")
    grid = grid.transform_calculate(
        a=f"datum.i / {STEPS}", b=f"datum.j / {STEPS}", c=f"1 - (datum.i + datum.j) / {STEPS}"
    )
    weights = ("datum.a", "datum.b", "datum.c")
    grid = grid.transform_calculate(**{f"s{n}": _score(n, *weights) for n in range(3)})
    return grid.transform_calculate(leader=_leader("datum.s0", "datum.s1", "datum.s2"))


def _points(grid: alt.Chart) -> alt.Chart:
    shapes = alt.Scale(domain=list(_PATHS), range=list(_PATHS.values()))
    size = alt.ExprRef(f"pow({_SIDE} / {STEPS} * 0.68, 2)")
    mark = {"filled": True, "opacity": 0.8, "size": size, "aria": False}
    return (
        _place(grid, "datum.b", "datum.c")
        .mark_point(**mark)
        .encode(
            x=_px("px"),
            y=_px("py", alt.Y),
            color=_color("leader"),
            shape=alt.Shape("leader:N", scale=shapes, legend=None),
        )
    )


def _color(field: str) -> alt.Color:
    look = alt.Scale(domain=list(_PATHS), range=[*POWER_COLORS.values(), MUTED])
    return alt.Color(f"{field}:N", scale=look, legend=None)


def _one() -> alt.Chart:
    return alt.Chart(one_row())


def _here() -> alt.Chart:
    """Return the ring at the reader's weights."""
    ring = _place(_one().transform_filter("inf_sum > 0"), "inf_w1 / inf_sum", "inf_w2 / inf_sum")
    mark = {
        "size": 190,
        "filled": False,
        "stroke": INK,
        "strokeWidth": 3,
        "opacity": 1,
        "aria": False,
    }
    return ring.mark_point(**mark, fill="#fff").encode(x=_px("px"), y=_px("py", alt.Y))


def _bars() -> list[alt.Chart]:
    """Return one bar a power, ranked under the reader's weights, with name and value."""
    rows = [
        {"n": n, "power": power, "name": f"{_SIGNS[power]} {POWER_NAMES[power]}"}
        for n, power in enumerate(POWERS)
    ]
    each = " : ".join(f"datum.n == {n} ? {_score(n, *_OWN)}" for n in range(len(POWERS)))
    end = f"({_WIDE} ? width - 30 - {_SIDE} : width - 4)"
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
    )
    color = _color("power")
    middle = _px("ym", alt.Y)
    names = base.mark_text(align="left", fontWeight=600).encode(**words("name"), x=_px("left"))
    said = base.mark_text(align="left", dx=5).encode(**words("said"), x=_px("x1"))
    return [
        base.mark_rect(aria=False).encode(
            x=_px("x0"), x2=alt.X2("x1"), y=_px("y0", alt.Y), y2=alt.Y2("y1"), color=color
        ),
        names.encode(y=middle, color=color),
        said.encode(y=middle),
    ]


def _verdict() -> alt.Chart:
    """Return the line that says who leads under the reader's weights, and by how much."""
    scores = [f"({_score(n, *_OWN)}) / inf_sum" for n in range(3)]
    row = _one().transform_calculate(**{f"s{n}": score for n, score in enumerate(scores)})
    s = ("datum.s0", "datum.s1", "datum.s2")
    row = row.transform_calculate(
        leader=_leader(*s),
        lead=f"max({', '.join(s)}) - ({' + '.join(s)} - max({', '.join(s)}) - min({', '.join(s)}))",
    )
    names = " : ".join(f"datum.leader == '{p}' ? '{POWER_NAMES[p]}'" for p in POWERS)
    said = (
        "inf_sum == 0 ? 'Give a measure some weight' : datum.leader == 'tie' ? 'A tie'"
        f" : ({names} : '') + ' leads by ' + format(datum.lead, '.2f')"
    )
    mark = {"align": "left", "x": 0, "y": 8, "fontSize": 15, "fontWeight": 600}
    return row.transform_calculate(said=said).mark_text(**mark).encode(**words("said"))


def _counts(grid: alt.Chart) -> list[alt.Chart]:
    """Return the lines that say what share of all weightings each power leads."""
    flags = {key: f"datum.leader == '{key}' ? 1 : 0" for key in (*POWERS, "tie")}
    sums = [alt.AggregatedFieldDef(op="sum", field=key, **{"as": f"n_{key}"}) for key in flags]
    total = (STEPS + 1) * (STEPS + 2) // 2
    counted = grid.transform_calculate(**flags).transform_aggregate(sums)
    lines = [_line(_one(), f"'Who leads under {total} weightings:'", 132, INK)]
    for n, power in enumerate(POWERS):
        share = f"format(datum.n_{power} / {total}, '.1%')"
        said = f"'{_SIGNS[power]} {POWER_NAMES[power]} ' + {share}"
        lines.append(_line(counted, said, 152 + 19 * n, POWER_COLORS[power], fontWeight=600))
    tied = f"datum.n_tie > 0 ? ' · ◆ tie ' + format(datum.n_tie / {total}, '.1%') : ''"
    tied = f"'○ your weights' + ({tied})"
    lines.append(_line(counted, tied, 209, MUTED))
    return lines


def _line(chart: alt.Chart, said: str, y: int, color: str, **mark: object) -> alt.Chart:
    text = chart.transform_calculate(said=said)
    return text.mark_text(align="left", x=0, y=y, color=color, **mark).encode(**words("said"))


def _corners(weights: Mapping[str, float]) -> list[alt.Chart]:
    """Return the names of the measures at the corners where each counts alone."""
    ends = [("0", "0", "left", 22), ("1", "0", "right", 22), ("0", "1", "center", -17)]
    marks = []
    for measure, (second, third, align, dy) in zip(weights, ends, strict=True):
        corner = _place(_one(), second, third)
        said = f"only {measure}"
        text = {"align": align, "dy": dy, "text": said, "description": said, "fontWeight": 600}
        marks.append(corner.mark_text(**text).encode(x=_px("px"), y=_px("py", alt.Y)))
    return marks
