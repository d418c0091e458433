"""The score board: forecasts with a confidence that the reader sets, beside what happened."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from centralasia.charts.frame import finish, layered, pixels, ready_made, tips, words
from centralasia.charts.inline import one_row
from centralasia.charts.theme import INK, MUTED

_HEAD, _ROW, _GROUP, _NAME, _END = 64, 24, 26, 66, 46
_MARKS = {1.0: "came true", 0.5: "came true in part", 0.0: "failed"}
_FORECAST, _OUTCOME = "#2d5a67", "#c8450b"
_TIPS = {"claim_id": "Claim", "wording": "Wording", "p": "Confidence", "came": "Outcome"}
_SAY = (
    "datum.claim_id + ': confidence ' + format(datum.p, '.0%') + ', ' + datum.came"
    " + ', squared error ' + format(datum.error, '.2f')"
)


@ready_made
def score_board(
    forecasts: pd.DataFrame,
    confidence: Mapping[str, float],
    *,
    title: str,
    description: str,
    source: str,
) -> alt.LayerChart:
    """Draw each forecast with its confidence, its outcome and its squared error.

    A slider for each kind of wording sets the confidence that it stands for; the Brier score of
    all forecasts follows.

    Parameters
    ----------
    forecasts
        One row a forecast: ``claim_id``, ``wording`` and ``outcome`` (1, 0.5 or 0).
    confidence
        The confidence, from 0 to 1, that each wording stands for when the chart opens.
    title, description, source
        What the chart shows, its content in words, and the line under it.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If a wording has no confidence, or a forecast has no outcome.

    Examples
    --------
    >>> rows = pd.DataFrame({"claim_id": ["XX-01"], "wording": ["plain"], "outcome": [0.0]})
    >>> chart = score_board(rows, {"plain": 0.9}, title="A score", description="One row.",
    ...     source="Source: x.")
    >>> [p["value"] for p in chart.to_dict()["params"] if "bind" in p]
    [0.9]
    """
    unknown = sorted(set(forecasts["wording"]) - set(confidence))
    if unknown:
        raise ValueError(f"No confidence is given for the wording {', '.join(unknown)}.")
    if not forecasts["outcome"].isin(_MARKS).all():
        raise ValueError("A forecast's outcome is 1, 0.5 or 0: leave out what is not resolved.")
    rows = _rows(forecasts, list(confidence))
    base = alt.Chart(rows).transform_calculate(p=_given(confidence))
    base = base.transform_calculate(error="pow(datum.p - datum.outcome, 2)")
    place, row = _x("p"), pixels("y")
    marks = [
        base.mark_rule(color=MUTED, strokeWidth=1.5, aria=False).encode(
            x=place, x2=alt.X2("outcome"), y=row, strokeDash=alt.value([2, 2])
        ),
        base.mark_point(filled=True, size=95, color=_FORECAST, opacity=1)
        .transform_calculate(say=_SAY)
        .encode(x=place, y=row, description=alt.Description("say:N"), tooltip=tips(_TIPS)),
        base.mark_point(shape="diamond", size=80, color=_OUTCOME, strokeWidth=2, aria=False).encode(
            x=_x("outcome"), y=row
        ),
        _edge(base, "claim_id:N", "left"),
        _edge(base.transform_calculate(shown="format(datum.error, '.2f')"), "shown:N", "right"),
        _groups(rows),
        _score(base),
        *_key(rows),
    ]
    sliders = [
        alt.param(
            name=f"sure_{n}",
            value=value,
            bind=alt.binding_range(
                min=0, max=1, step=0.05, name=f"{wording.capitalize()} wording means "
            ),
        )
        for n, (wording, value) in enumerate(confidence.items())
    ]
    height = _HEAD + _ROW * len(rows) + _GROUP * rows["wording"].nunique()
    chart = layered(marks, sliders, height=height)
    return finish(chart, title, description=description, source=source, left=0)


def _rows(forecasts: pd.DataFrame, wordings: list[str]) -> pd.DataFrame:
    """Return the forecasts by wording and outcome, each with the pixels of its row."""
    rows = forecasts[["claim_id", "wording", "outcome"]].astype({"wording": "str"})
    rank = rows["wording"].map(wordings.index)
    rows = rows.assign(rank=rank).sort_values(["rank", "outcome", "claim_id"], ignore_index=True)
    rows = rows.assign(came=rows["outcome"].map(_MARKS))
    groups = rows["rank"].rank(method="dense")
    return rows.assign(y=_HEAD + _ROW * (rows.index + 0.5) + _GROUP * groups).drop(columns="rank")


def _given(confidence: Mapping[str, float]) -> str:
    """Return the expression for the confidence that the sliders give a forecast."""
    steps = [f"datum.wording == '{w}' ? sure_{n} : " for n, w in enumerate(confidence)]
    return "".join(steps) + "null"


def _x(name: str) -> alt.X:
    ends = alt.Scale(domain=[0, 1], range=[_NAME, alt.ExprRef(f"width - {_END + 14}")], nice=False)
    return alt.X(
        f"{name}:Q",
        scale=ends,
        title="Confidence of the forecast, and outcome",
        axis=alt.Axis(tickCount=5, format=".0%"),
    )


def _edge(base: alt.Chart, field: str, side: str) -> alt.Chart:
    """Return texts at the left or right end of each row."""
    x = 0 if side == "left" else alt.ExprRef("width")
    text = base.mark_text(align=side, x=x, color=INK, fontSize=12, aria=False)
    return text.encode(y=pixels("y"), text=field)


def _groups(rows: pd.DataFrame) -> alt.Chart:
    """Return the name of each wording above its rows."""
    first = rows.drop_duplicates("wording")[["wording", "y"]]
    said = first.assign(y=first["y"] - _ROW, said=first["wording"].str.capitalize() + " wording")
    text = alt.Chart(said).mark_text(align="left", x=0, color=MUTED, fontSize=12, fontWeight=600)
    return text.encode(y=pixels("y"), **words("said"))


def _score(base: alt.Chart) -> alt.Chart:
    """Return the line above the rows with the Brier score."""
    over = "(width < 330 ? '' : ' over ' + datum.n + ' forecasts')"
    said = f"'Brier score ' + format(datum.brier, '.3f') + {over}"
    return (
        base.transform_aggregate(brier="mean(error)", n="count()")
        .transform_calculate(said=said)
        .mark_text(align="left", x=0, y=6, fontSize=15, fontWeight=600, color=INK)
        .encode(**words("said"))
    )


def _key(rows: pd.DataFrame) -> list[alt.Chart]:
    """Return what the signs mean, and below it how many came true, in part or not."""
    counts = rows["came"].value_counts()
    came = ", ".join(f"{counts.get(word, 0)} {word}" for word in _MARKS.values())
    signs = "'● confidence · ◆ outcome' + (width < 330 ? '' : ' · at the right: squared error')"
    return [
        alt.Chart(one_row()).mark_text(text=text, align="left", x=0, y=y, fontSize=12, color=MUTED)
        for text, y in ((alt.ExprRef(signs), 32), (came, 50))
    ]
