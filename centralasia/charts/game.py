"""The game of linking and excluding: its payoffs and what trust is worth, as T moves."""

from __future__ import annotations

import altair as alt
import pandas as pd

from centralasia import games
from centralasia.charts.frame import finish, layered, pixels, ready_made, tips, words
from centralasia.charts.inline import one_row
from centralasia.charts.theme import INK, MUTED, POWER_COLORS

LOW, HIGH = 2, 6
"""The ends of the slider, and the T at which the game changes."""
_SIDE, _HEAD, _ROW, _NARROW = 0.62, 54, 92, 330
_STABLE = "#f3e3b3"
_TIPS = {
    "r": "Russia does",
    "c": "China does",
    "russian": "Russia's payoff",
    "chinese": "China's payoff",
    "who": "Who would change",
}


@ready_made
def payoff_game(
    *, title: str, description: str, source: str, temptation: float = 3
) -> alt.LayerChart:
    """Draw the payoffs of linking and excluding, with a slider for T.

    Each of the four outcomes says who would leave it, and the stable ones are filled.

    Parameters
    ----------
    title, description, source
        What the chart shows, its content in words, and the line under it.
    temptation
        T, what excluding alone pays, when the chart opens; from 2 to 6.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If the slider does not reach the temptation.

    Examples
    --------
    >>> chart = payoff_game(title="The game", description="Four outcomes.", source="Source: x.")
    >>> [p["value"] for p in chart.to_dict()["params"] if "bind" in p]
    [3]
    """
    slider = _slider("game_t", temptation)
    cells = _cells()
    place = {"x": _x("x0"), "x2": alt.X2("x1"), "y": pixels("y0"), "y2": alt.Y2("y1")}
    # The numbers lie over their cell, and tell the same.
    box = alt.Chart(cells).transform_calculate(**_payoffs("game_t")).encode(tooltip=tips(_TIPS))
    rect = box.mark_rect(stroke=MUTED, aria=False).encode(
        fill=alt.condition("datum.stable", alt.value(_STABLE), alt.value("transparent")),
        strokeWidth=alt.condition("datum.stable", alt.value(2.5), alt.value(1)),
        **place,
    )
    middle = {"x": _x("xm"), "y": pixels("y0")}
    texts = [
        _text(box, "russian", POWER_COLORS["RUS"], align="right", dx=-8, dy=30, fontSize=19),
        _text(box, "chinese", POWER_COLORS["CHN"], align="left", dx=8, dy=30, fontSize=19),
        _text(box, "said", INK, dy=58, fontSize=11, lineBreak="|"),
    ]
    marks = [rect, *[text.encode(**middle) for text in texts], *_heads(), _verdict()]
    chart = layered(marks, [slider], height=_HEAD + 2 * _ROW + 30)
    return finish(chart, title, description=description, source=source, below=8, left=0)


@ready_made
def trust_lines(
    *, title: str, description: str, source: str, temptation: float = 3
) -> alt.LayerChart:
    """Draw what linking and excluding pay by how likely the other is to link, with a slider for T.

    Parameters
    ----------
    title, description, source
        What the chart shows, its content in words, and the line under it.
    temptation
        T, what excluding alone pays, when the chart opens; from 2 to 6.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If the slider does not reach the temptation.

    Examples
    --------
    >>> chart = trust_lines(title="Trust", description="Two lines.", source="Source: x.")
    >>> chart.to_dict()["width"]
    'container'
    """
    slider = _slider("trust_t", temptation)
    ends = pd.DataFrame(
        {"p": [0.0, 1.0] * 2, "act": ["link"] * 2 + ["exclude"] * 2, "end": [1, 4, 2, 0]}
    )
    base = alt.Chart(ends).transform_calculate(
        pay="datum.act == 'exclude' && datum.p == 1 ? trust_t : datum.end",
        name="datum.act == 'link' ? 'Linking' : 'Excluding'",
    )
    space = alt.Scale(domain=[0, 1], range=[0, alt.ExprRef("width - 78")], nice=False)
    ticks = alt.Axis(values=[0, 0.5, 1])
    across = alt.X("p:Q", title="How likely the other is to link", scale=space, axis=ticks)
    up = alt.Y("pay:Q", title="Expected payoff", scale=alt.Scale(domain=[0, HIGH]))
    dash = alt.StrokeDash("act:N", legend=None, scale=alt.Scale(range=[[6, 3], [1, 0]]))
    lines = base.mark_line(strokeWidth=2.6, color=INK).encode(
        x=across,
        y=up,
        strokeDash=dash,
        description=alt.Description("name:N"),
    )
    # A line would tell of its first end wherever one points at it.
    corners = base.mark_point(size=60, filled=True, opacity=1, color=INK).encode(
        x=across,
        y=up,
        description=alt.Description("name:N"),
        tooltip=tips(
            {"name": "Act", "p": "How likely the other is to link", "pay": "Expected payoff"}
        ),
    )
    names = base.transform_filter("datum.p == 1").mark_text(
        align="left", dx=6, fontWeight=600, aria=False
    )
    point = alt.Chart(one_row()).transform_calculate(
        p="1 / (5 - trust_t)", pay="1 + 3 / (5 - trust_t)"
    )
    point = point.transform_filter("trust_t < 4")
    label = "format(datum.p, '.2f') + ' needed'"
    needed = point.transform_calculate(label=label)
    marks = [
        lines,
        corners,
        names.encode(x=across, y=up, **words("name")),
        point.mark_rule(color=MUTED, strokeDash=[3, 3], aria=False).encode(x=across),
        needed.mark_point(size=90, filled=True, color=INK, aria=False).encode(x=across, y=up),
        needed.mark_text(dy=18, align="left", dx=4).encode(x=across, y=up, **words("label")),
    ]
    chart = layered(marks, [slider], height=250)
    return finish(chart, title, description=description, source=source)


def _slider(name: str, temptation: float) -> alt.Parameter:
    if not LOW <= temptation <= HIGH:
        raise ValueError(f"T runs from {LOW} to {HIGH}, not {temptation}.")
    bind = alt.binding_range(min=LOW, max=HIGH, step=0.25, name="T, what excluding alone pays ")
    return alt.param(name=name, value=temptation, bind=bind)


def _cells() -> pd.DataFrame:
    """Return the four outcomes, with payoffs where T plays no part, and their places."""
    rows = []
    russia, china = games.link_or_exclude(0)
    for i, r in enumerate(games.ACTIONS):
        for j, c in enumerate(games.ACTIONS):
            rows.append(
                {
                    "r": r,
                    "c": c,
                    "pr": russia.loc[r, c],
                    "pc": china.loc[r, c],
                    "x0": _SIDE + j,
                    "x1": _SIDE + j + 1,
                    "xm": _SIDE + j + 0.5,
                    "y0": _HEAD + i * _ROW,
                    "y1": _HEAD + (i + 1) * _ROW,
                }
            )
    return pd.DataFrame(rows)


def _payoffs(t: str) -> dict[str, str]:
    """Return the expressions that fill in T and find who would leave an outcome."""
    leaves = (
        "datum.{0} == 'link' ? (datum.{1} == 'link' ? {2} > 4 : true)"
        " : (datum.{1} == 'link' ? {2} < 4 : false)"
    )
    leaves_r, leaves_c = leaves.format("r", "c", t), leaves.format("c", "r", t)
    both = f"({leaves_r}) && ({leaves_c})"
    return {
        "russian": f"datum.r == 'exclude' && datum.c == 'link' ? {t} : datum.pr",
        "chinese": f"datum.c == 'exclude' && datum.r == 'link' ? {t} : datum.pc",
        "stable": f"!({leaves_r}) && !({leaves_c})",
        "who": f"{both} ? 'Both would change' : ({leaves_r}) ? 'Russia would change'"
        f" : ({leaves_c}) ? 'China would change' : 'Stable'",
        "said": f"width < {_NARROW} ? replace(datum.who, ' ', '|') : datum.who",
    }


def _x(name: str) -> alt.X:
    return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, _SIDE + 2], nice=False))


def _text(chart: alt.Chart, field: str, color: str, **mark: object) -> alt.Chart:
    return chart.mark_text(color=color, fontWeight=600, **mark).encode(**words(field))


def _heads() -> list[alt.Chart]:
    """Return the names of the actions beside and above the outcomes."""
    tops = pd.DataFrame({"x": [_SIDE + 0.5, _SIDE + 1.5], "t": ["China links", "China excludes"]})
    sides = pd.DataFrame(
        {"y": [_HEAD + _ROW * (i + 0.5) for i in range(2)], "t": ["links", "excludes"]}
    ).assign(x=_SIDE - 0.05)
    top = alt.Chart(tops).mark_text(y=_HEAD - 14, color=POWER_COLORS["CHN"], fontWeight=600)
    side = {"align": "right", "color": POWER_COLORS["RUS"], "fontWeight": 600}
    return [
        top.encode(x=_x("x"), **words("t")),
        alt.Chart(sides).mark_text(dy=7, **side).encode(x=_x("x"), y=pixels("y"), **words("t")),
        alt.Chart(sides.assign(t="Russia"))
        .mark_text(dy=-9, **side)
        .encode(x=_x("x"), y=pixels("y"), **words("t")),
    ]


def _verdict() -> alt.Chart:
    """Return the line above the outcomes that names the game."""
    said = (
        "'T = ' + game_t + (game_t < 4 ? ': stag hunt' : game_t == 4 ? ': the flip'"
        ' : ": prisoner\'s dilemma")'
        f" + (width < {_NARROW} ? '' : game_t < 4 ? ', two stable outcomes'"
        " : game_t == 4 ? ', linking holds by a tie' : ', one stable outcome')"
    )
    return alt.Chart(one_row()).mark_text(
        text=alt.ExprRef(said), x=0, y=6, align="left", fontSize=15, fontWeight=600, color=INK
    )
