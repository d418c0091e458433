"""Where one period ends and the next begins: two break years on sliders, several series."""

from __future__ import annotations

import altair as alt
import pandas as pd

from centralasia.charts.frame import finish, layered, pixels, ready_made, words
from centralasia.charts.inline import as_csv
from centralasia.charts.theme import GRID, INK, MUTED, PAPER, POWER_COLORS

_LANE, _HEAD, _PLOT = 134, 46, 76
_LOW, _HIGH = "min(break_one, break_two)", "max(break_one, break_two)"
_PERIOD = f"(datum.year >= {_LOW} ? 1 : 0) + (datum.year >= {_HIGH} ? 1 : 0)"
_HEIGHT = f"{_HEAD} + datum.lane * {_LANE} + {_PLOT} * (1 - ({{}}) / datum.most)"
_FORMAT = "format(datum.{}, datum.most < 10 ? '.2~f' : ',.0f')"


@ready_made
def break_finder(
    series: pd.DataFrame,
    *,
    breaks: tuple[int, int],
    title: str,
    description: str,
    source: str,
) -> alt.LayerChart:
    """Draw several series under each other, with two sliders that cut them into periods.

    A thick line is the mean of a period. Under its name stands how much of its variation lies
    between the periods, as `measures.share_between_periods` computes it. The sliders take the
    keyboard and need no kernel.

    Parameters
    ----------
    series
        Columns ``year`` (whole), ``indicator`` (name and unit, as it is to be read) and ``value``
        (none below 0); one value a year and indicator.
    breaks
        Where the sliders stand at first: the first years of the second and third period.
    title, description, source
        What the chart shows, its content in words, and the line under it.

    Returns
    -------
    altair.LayerChart
        Parameters ``break_one`` and ``break_two``.

    Raises
    ------
    ValueError
        If a break lies outside the years, a value is negative, or a year comes twice.

    Examples
    --------
    >>> two = pd.DataFrame({"year": [2001, 2002], "indicator": "Soldiers", "value": [1, 3]})
    >>> chart = break_finder(two, breaks=(2002, 2002), title="Two years",
    ...     description="Soldiers rise from one to three.", source="Source: none.")
    >>> [p.name for p in chart.params if p.name.startswith("break")]
    ['break_one', 'break_two']
    """
    rows = _rows(series)
    first, last = int(rows["year"].min()), int(rows["year"].max())
    if not all(first < year <= last for year in breaks):
        raise ValueError(f"A break lies between {first + 1} and {last}: it begins a new period.")
    base = (
        alt.Chart(as_csv(rows))
        .transform_calculate(period=_PERIOD)
        .transform_joinaggregate(own="mean(value)", groupby=["lane", "period"])
        .transform_joinaggregate(all="mean(value)", groupby=["lane"])
    )
    x = alt.X(
        "year:Q",
        title="Year",
        scale=alt.Scale(domain=[first - 0.5, last + 0.5], nice=False),
        axis=alt.Axis(format="d", grid=False, tickMinStep=1),
    )
    lanes = rows.drop_duplicates("lane")[["lane", "indicator", "most"]]
    marks = (*_frames(lanes), _rules(lanes, x), *_values(base, x), *_means(base, x), *_scores(base))
    height = _LANE * len(lanes) - 8
    return finish(
        layered(marks, _sliders(first + 1, last, breaks), height=height),
        title,
        subtitle="Thick lines: the mean of each period.",
        description=description,
        source=source,
    )


def _rows(series: pd.DataFrame) -> pd.DataFrame:
    rows = series.dropna(subset=["value"]).astype({"year": int, "indicator": str})
    if rows["value"].lt(0).any() or rows.duplicated(["year", "indicator"]).any():
        raise ValueError("Each indicator needs one value a year, none of them below 0.")
    lane = {name: i for i, name in enumerate(rows["indicator"].unique())}
    most = rows.groupby("indicator", sort=False)["value"].transform("max")
    table = rows.assign(lane=rows["indicator"].map(lane), most=most)
    return table[["year", "indicator", "value", "lane", "most"]].reset_index(drop=True)


def _sliders(first: int, last: int, breaks: tuple[int, int]) -> list[alt.Parameter]:
    names = {"break_one": "First break, new period from ", "break_two": "Second break, from "}
    return [
        alt.param(name=n, value=v, bind=alt.binding_range(min=first, max=last, step=1, name=label))
        for (n, label), v in zip(names.items(), breaks, strict=True)
    ]


def _frames(lanes: pd.DataFrame) -> tuple[alt.Chart, ...]:
    """Return the name, the ground line and the highest value of each lane."""
    base = alt.Chart(as_csv(lanes)).transform_calculate(
        top=f"{_HEAD} + datum.lane * {_LANE}",
        low=f"{_HEAD + _PLOT} + datum.lane * {_LANE}",
        head=f"12 + datum.lane * {_LANE}",
        peak=_FORMAT.format("most"),
    )
    ends = {"x": 0, "x2": alt.ExprRef("width")}
    small = {"align": "right", "baseline": "middle", "x": -6, "fill": MUTED, "fontSize": 11}
    return (
        base.mark_rule(color=GRID, aria=False, **ends).encode(y=pixels("top")),
        base.mark_rule(color=MUTED, aria=False, **ends).encode(y=pixels("low")),
        base.mark_text(
            align="left", baseline="middle", x=0, fill=INK, fontSize=12.5, fontWeight=600
        ).encode(y=pixels("head"), **words("indicator")),
        base.mark_text(**small, aria=False).encode(y=pixels("top"), text=alt.Text("peak:N")),
        base.mark_text(text="0", **small, aria=False).encode(y=pixels("low")),
    )


def _rules(lanes: pd.DataFrame, x: alt.X) -> alt.Chart:
    moments = lanes[["lane"]].merge(pd.DataFrame({"which": [1, 2]}), how="cross")
    rules = alt.Chart(as_csv(moments)).transform_calculate(
        year=f"(datum.which == 1 ? {_LOW} : {_HIGH}) - 0.5",
        top=f"{_HEAD - 6} + datum.lane * {_LANE}",
        low=f"{_HEAD + _PLOT} + datum.lane * {_LANE}",
    )
    return rules.mark_rule(color=INK, strokeDash=[4, 3], aria=False).encode(
        x=x, y=pixels("top"), y2=alt.Y2("low")
    )


def _values(base: alt.Chart, x: alt.X) -> tuple[alt.Chart, alt.Chart]:
    placed = base.transform_calculate(y=_HEIGHT.format("datum.value"))
    drawn = placed.encode(x=x, y=pixels("y"), detail=alt.Detail("lane:N"))
    tips = [
        alt.Tooltip("indicator:N"),
        alt.Tooltip("year:Q"),
        alt.Tooltip("value:Q", format=",.4~g"),
    ]
    say = "datum.indicator + ', ' + datum.year + ': ' + format(datum.value, ',.4~g')"
    dots = drawn.mark_circle(color=MUTED, size=26, opacity=1).transform_calculate(say=say)
    dots = dots.encode(tooltip=tips, description=alt.Description("say:N"))
    return drawn.mark_line(color=MUTED, strokeWidth=1, aria=False), dots


def _means(base: alt.Chart, x: alt.X) -> tuple[alt.Chart, ...]:
    periods = base.transform_aggregate(
        begin="min(year)", end="max(year)", own="mean(value)", groupby=["lane", "period", "most"]
    ).transform_calculate(
        year="datum.begin - 0.5",
        until="datum.end + 0.5",
        middle="(datum.begin + datum.end) / 2",
        y=_HEIGHT.format("datum.own"),
        said=_FORMAT.format("own"),
    )
    line = periods.mark_rule(color=POWER_COLORS["USA"], strokeWidth=3.5, aria=False)
    text = {"fontSize": 11.5, "fontWeight": 700, "dy": -9}
    there = periods.encode(x=alt.X("middle:Q", title="Year"), y=pixels("y"), **words("said"))
    return (
        line.encode(x=x, x2=alt.X2("until"), y=pixels("y")),
        there.mark_text(stroke=PAPER, strokeWidth=4, aria=False, **text),
        there.mark_text(fill=POWER_COLORS["USA"], **text),
    )


def _scores(base: alt.Chart) -> tuple[alt.Chart]:
    """Return the share of each series' variation that lies between the periods."""
    shares = (
        base.transform_calculate(
            within="pow(datum.value - datum.own, 2)", total="pow(datum.value - datum.all, 2)"
        )
        .transform_aggregate(within="sum(within)", total="sum(total)", groupby=["lane"])
        .transform_calculate(
            said="format(1 - datum.within / datum.total, '.0%') + ' lies between periods'",
            head=f"29 + datum.lane * {_LANE}",
        )
    )
    drawn = shares.mark_text(fontSize=12, fill=MUTED, align="left", baseline="middle", x=0)
    return (drawn.encode(y=pixels("head"), **words("said")),)
