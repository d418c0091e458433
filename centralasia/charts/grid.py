"""The claims counted on the grid of stages and dimensions."""

from __future__ import annotations

import altair as alt
import pandas as pd

from centralasia import course
from centralasia.charts.frame import finish, pixels, ready_made, words
from centralasia.charts.theme import DIMENSIONS, MUTED, PAPER

_HEAD, _NAME, _ROW, _CELL = 26, 28, 40, 34
_LABEL, _GAP = 0.95, 0.03
_MANY = 17


@ready_made
def claim_grid(
    claims: pd.DataFrame,
    *,
    title: str,
    description: str,
    source: str,
    subtitle: str | None = None,
) -> alt.LayerChart:
    """Count a text's claims on its grid of stages and dimensions, and mark the empty cells.

    Claims that frame a power's policy or look ahead belong to no dimension; the line under the
    chart says how many they are.

    Parameters
    ----------
    claims
        Rows of the table ``claims``, as ``tables.load`` gives them: those of one text. The stages
        are those of the text's lessons.
    title
        What the chart shows.
    description
        The content in words, for readers who do not see the chart.
    source
        The line under the chart.
    subtitle
        The line under the title; when left out, how many of the cells are filled.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    centralasia.course.Unknown
        If a claim is about a stage that no lesson of its text is about.

    Examples
    --------
    >>> from centralasia import tables
    >>> essay = tables.load("claims").query("text == 'essay'")
    >>> chart = claim_grid(essay, title="Half of the grid is empty",
    ...     description="A grid of 24 cells.", source="Source: the essay.")
    >>> chart.to_dict()["title"]["subtitle"]
    ['12 of 24 cells hold a claim']
    """
    cells = _cells(claims)
    filled = int((cells["n"] > 0).sum())
    outside = len(claims) - int(cells["n"].sum())
    rest = f"{outside} more claims frame the policy or look ahead, and have no cell.\n"
    height = float(cells["top"].max()) + _CELL
    return finish(
        alt.layer(*_grid_heads(cells), _grid_cells(cells), height=height),
        title,
        subtitle=subtitle or f"{filled} of {len(cells)} cells hold a claim",
        description=description,
        source=(rest if outside else "") + source,
        below=12,
        left=0,
    )


def _cells(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with the number and the ids of their claims, and their places."""
    keys = ["power", "stage", "dimension"]
    text = claims[[*keys, "claim_id"]].astype("str")
    found = text.groupby(keys)["claim_id"].agg(list).to_dict()
    texts = set(claims["text"])
    rows, top, last = [], _HEAD, ""
    for i, stage in enumerate(one for one in course.stages() if one.text in texts):
        power = course.power(stage.power)
        top, last = top + _NAME * (stage.power != last), stage.power
        for column, dimension in enumerate(DIMENSIONS):
            ids = found.pop((stage.power, stage.stage, dimension), [])
            fill = _tint(power.color, len(ids))
            rows.append(
                {
                    "power": power.name,
                    "stage": f"{stage.stage}: {stage.years}",
                    "dimension": dimension.capitalize(),
                    "n": len(ids),
                    "ids": ", ".join(ids) or "none",
                    "fill": fill,
                    "left": _LABEL + column + _GAP,
                    "right": _LABEL + column + 1 - _GAP,
                    "top": top + _ROW * i,
                }
            )
    _refuse_strays(found)
    return pd.DataFrame(rows)


def _refuse_strays(found: dict[tuple[str, str, str], list[str]]) -> None:
    """Refuse claims about a stage that has no lesson: the line under the chart would be false."""
    for (power, stage, dimension), ids in found.items():
        if stage.isdigit() and dimension in DIMENSIONS:
            raise course.Unknown(
                f"Table claims, {ids[0]}: no lesson of its text is about stage {stage} of "
                f"{power!r}. A new stage needs a row of kind stage in data/lessons.csv."
            )


def _tint(color: str, claims: int) -> str:
    """Return a colour mixed with the paper's, stronger with the root of the number of claims."""
    strength = 0.25 + 0.75 * min(1.0, (claims / _MANY) ** 0.5)
    pairs = [(int(color[i : i + 2], 16), int(PAPER[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(c * strength + p * (1 - strength)):02x}" for c, p in pairs)


def _x(name: str) -> alt.X:
    domain = [0, _LABEL + len(DIMENSIONS)]
    return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=domain, nice=False))


def _grid_heads(cells: pd.DataFrame) -> list[alt.Chart]:
    """Return the names of dimensions, powers and stages."""
    columns = cells.groupby("dimension", sort=False, as_index=False)["left"].first()
    columns["left"] += 0.5 - _GAP
    stages = cells.drop_duplicates(["power", "stage"])[["power", "stage", "top"]]
    powers = stages.drop_duplicates("power").assign(top=lambda f: f["top"] - 12)
    stages = stages.assign(top=stages["top"] + _CELL / 2)
    left = {"align": "left", "x": 0}
    # Under the number of its stage, a span of years fits beside the cells of a telephone's page.
    years = alt.ExprRef("width < 400 ? split(datum.stage, ': ') : datum.stage")
    small = alt.ExprRef("width < 320 ? 11 : 12")
    return [
        alt.Chart(columns)
        .mark_text(y=8, fontWeight=600, fontSize=alt.ExprRef("width < 320 ? 10 : 12"))
        .encode(x=_x("left"), **words("dimension")),
        alt.Chart(powers)
        .mark_text(**left, fontWeight=600, fontSize=13)
        .encode(y=pixels("top"), **words("power")),
        alt.Chart(stages)
        .mark_text(**left, color=MUTED, text=years, lineHeight=14, fontSize=small)
        .encode(y=pixels("top"), description=alt.Description("stage:N")),
    ]


def _grid_cells(cells: pd.DataFrame) -> alt.LayerChart:
    """Return the cells: filled by number of claims, or dashed where there is none.

    The number shows what its cell shows: over it the mouse no longer meets the cell.
    """
    tips = {"power": "Power", "stage": "Stage", "dimension": "Dimension", "n": "Claims"}
    tips |= {"ids": "Which"}
    some, none = (alt.Chart().transform_filter(f"datum.n {sign} 0") for sign in (">", "=="))
    place = {"x": _x("left"), "x2": alt.X2("right:Q"), "y": pixels("top"), "y2": alt.Y2("bottom:Q")}
    place["description"] = alt.Description("say:N")
    middle = {"x": _x("x"), "y": pixels("y")}
    marks = [
        some.mark_rect().encode(fill=alt.Fill("fill:N", scale=None), **place),
        none.mark_rect(
            fill=PAPER, stroke=MUTED, strokeDash=[3, 3], strokeWidth=1, opacity=0.8
        ).encode(**place),
        some.mark_text(fontSize=15, fontWeight=600, aria=False).encode(
            text=alt.Text("n:Q"), color=alt.Color("ink:N", scale=None), **middle
        ),
        none.mark_text(text="none", color=MUTED, fontSize=12, aria=False).encode(**middle),
    ]
    return (
        alt.layer(*marks, data=cells)
        .transform_calculate(
            bottom=f"datum.top + {_CELL}",
            x="(datum.left + datum.right) / 2",
            y=f"datum.top + {_CELL / 2}",
            # By name, for these two stay as they are where other colours become dark.
            ink="contrast(datum.fill, 'white') >= 4.5 ? 'white' : 'black'",
            say="datum.power + ', ' + datum.stage + ', ' + datum.dimension + ': ' + datum.n",
        )
        .encode(tooltip=[alt.Tooltip(f"{key}:N", title=text) for key, text in tips.items()])
    )
