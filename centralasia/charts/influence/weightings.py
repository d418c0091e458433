"""The map of all weightings of three measures: a triangle of points that says who leads where."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from centralasia import course
from centralasia.charts.frame import words
from centralasia.charts.inline import one_row
from centralasia.charts.theme import INK, MUTED, scale

STEPS = 20
"""Weights on the map are multiples of 1/20, which makes 231 weightings."""
POWERS = course.ranked()
SCORES = tuple(f"datum.s{n}" for n in range(len(POWERS)))
"""Where a row keeps each power's index, in the order of `POWERS`."""
_TIE, _TIED = "tie", "◆"
_SHAPES = {power.area: power.shape for power in POWERS} | {_TIE: "diamond"}
_COLORS = {power.area: power.color for power in POWERS} | {_TIE: MUTED}
_LINE, _FIRST_LINE = 19, 152
_HALF_ROOT_3 = 0.8660254
WIDE = "(width >= 560)"
SIDE = f"({WIDE} ? min(450, width * 0.52) : min(234, width - 8))"
_LEFT = f"({WIDE} ? width - 6 - {SIDE} : (width - {SIDE}) / 2)"
_APEX = f"({WIDE} ? 34 : 246)"


def weighting_map(weights: Mapping[str, float]) -> list[alt.Chart]:
    """Return the triangle of all weightings, its corners, the reader's ring and what it counts.

    It reads the parameters of `centralasia.charts.influence.index.influence_index`.
    """
    grid = _grid()
    return [*_counts(grid), _points(grid), *_corners(weights), _here()]


def score_of(power: int, *weights: str) -> str:
    """Return the expression for a power's index under three weights."""
    return " + ".join(f"{w} * inf_now[{power}][{n}]" for n, w in enumerate(weights))


def leader() -> str:
    """Return the expression for the power that leads by the scores of a row, or "tie"."""
    top = f"max({', '.join(SCORES)}) - 1e-6"
    ahead = [f"({score} > {top})" for score in SCORES]
    names = " : ".join(f"{a} ? '{p.area}'" for a, p in zip(ahead, POWERS, strict=True))
    return f"{' + '.join(ahead)} > 1 ? '{_TIE}' : {names} : ''"


def px(name: str, channel: type = alt.X) -> alt.X | alt.Y:
    """Return a place in pixels, read from a column as it is."""
    return channel(f"{name}:Q", scale=None, axis=None)


def power_color(field: str) -> alt.Color:
    """Return the colour of a power, or that of a tie."""
    return alt.Color(f"{field}:N", scale=scale(_COLORS), legend=None)


def _grid() -> alt.Chart:
    """Return all weightings with the powers' scores and the leader of each."""
    side = STEPS + 1
    grid = alt.Chart(alt.sequence(0, side * side, as_="n"))
    grid = grid.transform_calculate(i=f"floor(datum.n / {side})", j=f"datum.n % {side}")
    grid = grid.transform_filter(f"datum.i + datum.j <= {STEPS}")
    grid = grid.transform_calculate(
        a=f"datum.i / {STEPS}", b=f"datum.j / {STEPS}", c=f"1 - (datum.i + datum.j) / {STEPS}"
    )
    weights = ("datum.a", "datum.b", "datum.c")
    grid = grid.transform_calculate(**{f"s{n}": score_of(n, *weights) for n in range(len(POWERS))})
    return grid.transform_calculate(leader=leader())


def _place(chart: alt.Chart, second: str, third: str) -> alt.Chart:
    """Place a weighting by its second and third weight: corners lower left, lower right, top."""
    return chart.transform_calculate(
        px=f"{_LEFT} + {SIDE} * ({second} + ({third}) / 2)",
        py=f"{_APEX} + {SIDE} * {_HALF_ROOT_3} * (1 - ({third}))",
    )


def _points(grid: alt.Chart) -> alt.Chart:
    size = alt.ExprRef(f"pow({SIDE} / {STEPS} * 0.68, 2)")
    mark = {"filled": True, "opacity": 0.8, "size": size, "aria": False}
    return (
        _place(grid, "datum.b", "datum.c")
        .mark_point(**mark)
        .encode(
            x=px("px"),
            y=px("py", alt.Y),
            color=power_color("leader"),
            shape=alt.Shape("leader:N", scale=scale(_SHAPES), legend=None),
        )
    )


def _counts(grid: alt.Chart) -> list[alt.Chart]:
    """Return the lines that say what share of all weightings each power leads."""
    flags = {key: f"datum.leader == '{key}' ? 1 : 0" for key in _COLORS}
    sums = [alt.AggregatedFieldDef(op="sum", field=key, **{"as": f"n_{key}"}) for key in flags]
    total = (STEPS + 1) * (STEPS + 2) // 2
    counted = grid.transform_calculate(**flags).transform_aggregate(sums)
    lines = [_line(alt.Chart(one_row()), f"'Who leads under {total} weightings:'", 132, INK)]
    at = [_FIRST_LINE + _LINE * n for n in range(len(POWERS) + 1)]
    for power, y in zip(POWERS, at, strict=False):
        share = f"format(datum.n_{power.area} / {total}, '.1%')"
        said = f"'{power.sign} {power.name} ' + {share}"
        lines.append(_line(counted, said, y, power.color, fontWeight=600))
    tied = f"' · {_TIED} tie ' + format(datum.n_{_TIE} / {total}, '.1%')"
    tied = f"'○ your weights' + (datum.n_{_TIE} > 0 ? {tied} : '')"
    lines.append(_line(counted, tied, at[-1], MUTED))
    return lines


def _line(chart: alt.Chart, said: str, y: int, color: str, **mark: object) -> alt.Chart:
    text = chart.transform_calculate(said=said)
    return text.mark_text(align="left", x=0, y=y, color=color, **mark).encode(**words("said"))


def _corners(weights: Mapping[str, float]) -> list[alt.Chart]:
    """Return the names of the measures at the corners where each counts alone."""
    ends = [("0", "0", "left", 22), ("1", "0", "right", 22), ("0", "1", "center", -17)]
    marks = []
    for measure, (second, third, align, dy) in zip(weights, ends, strict=True):
        corner = _place(alt.Chart(one_row()), second, third)
        said = f"only {measure}"
        text = {"align": align, "dy": dy, "text": said, "description": said, "fontWeight": 600}
        marks.append(corner.mark_text(**text).encode(x=px("px"), y=px("py", alt.Y)))
    return marks


def _here() -> alt.Chart:
    """Return the ring at the reader's weights."""
    one = alt.Chart(one_row()).transform_filter("inf_sum > 0")
    ring = _place(one, "inf_w1 / inf_sum", "inf_w2 / inf_sum")
    mark = {
        "size": 190,
        "filled": False,
        "stroke": INK,
        "strokeWidth": 3,
        "opacity": 1,
        "aria": False,
    }
    return ring.mark_point(**mark, fill="#fff").encode(x=px("px"), y=px("py", alt.Y))
