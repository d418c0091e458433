"""The layers of the trade explorer: lines, gap bars and warnings."""

import altair as alt
import pandas as pd

from centralasia.charts.inline import as_csv
from centralasia.charts.sizing import wrapped
from centralasia.charts.theme import (
    GRID,
    INK,
    MUTED,
    PAPER,
    POWER_COLORS,
    STATE_COLORS,
    text_color,
)
from centralasia.charts.trade.reports import packed, signed, warnings

AXIS = 46
# What stands above the plot takes a line more where its heading breaks.
MORE = "(width < 320 ? 17 : 0)"
_KEY_ROOM = f"(132 + {MORE})"
_WARNING = "(width < 320 ? 84 : 162)"
DASHES = {"own": [1, 0], "partner": [7, 2.5], "compilation": [3, 2.5], "estimates": [1.5, 2]}
_COMPILATION, _ESTIMATES = "#6a7079", "#9a6b1f"
PAIR = (
    "datum.country == trade_country && datum.partner == trade_partner && datum.flow == trade_flow"
)
LIT = "trade_reporter == 'all' || datum.reporter == trade_reporter"


def report_lines(frame: pd.DataFrame) -> alt.LayerChart:
    """Return a line for each report and its points."""
    dash = alt.Scale(domain=list(DASHES), range=list(DASHES.values()))
    line = alt.Chart().mark_line(strokeWidth=2.2)
    line = line.encode(
        stroke=alt.Stroke("tone:N", scale=None),
        strokeDash=alt.StrokeDash("style:N", scale=dash, legend=None),
        description=alt.Description("series:N"),
    )
    points = alt.Chart().transform_filter("isValid(datum.plotted)").mark_point(filled=True, size=26)
    points = points.encode(
        fill=alt.Fill("tone:N", scale=None),
        shape=alt.Shape("style:N", scale=shapes(), legend=None),
        description=alt.Description("say:N"),
    )
    tips = {"when": "Year", "shown": "Value", "series": "Reported by"}
    return (
        alt.layer(line, points, data=as_csv(styled(packed(frame))))
        .transform_filter(PAIR)
        .transform_calculate(list="split(datum.values, ';')")
        .transform_calculate(years="sequence(datum.first, datum.first + length(datum.list))")
        .transform_flatten(["years", "list"], ["year", "value"])
        .transform_calculate(usd_m="datum.value == '' ? null : toNumber(datum.value)")
        .transform_calculate(
            plotted=_plotted("usd_m"), shown=_money("datum.usd_m"), when="'' + datum.year"
        )
        .transform_calculate(say="datum.series + ', ' + datum.when + ': ' + datum.shown")
        .encode(
            x=_x(),
            y=_y(),
            detail=[alt.Detail("series:N"), alt.Detail("part:N")],
            opacity=alt.condition(LIT, alt.value(1), alt.value(0.18)),
            tooltip=[alt.Tooltip(f"{name}:N", title=label) for name, label in tips.items()],
        )
    )


def gap_bars(gaps: pd.DataFrame) -> alt.Chart:
    """Return a bar from the exporter's to the importer's value of a year."""
    rows = gaps.assign(
        exporter=gaps["exporter"].round(1),
        importer=gaps["importer"].round(1),
        gap=[signed(x) for x in gaps["relative"]],
    )
    return (
        alt.Chart(as_csv(rows.drop(columns="relative")))
        .transform_filter(PAIR)
        .transform_calculate(
            low=_plotted("exporter"),
            high=_plotted("importer"),
            seller=_money("datum.exporter"),
            buyer=_money("datum.importer"),
            when="'' + datum.year",
        )
        .transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(strokeWidth=5, color="#c9c6bc", opacity=0.75, aria=False)
        .encode(
            x=_x(),
            y=_y("low"),
            y2=alt.Y2("high:Q"),
            tooltip=[
                alt.Tooltip("when:N", title="Year"),
                alt.Tooltip("seller:N", title="Exporter says"),
                alt.Tooltip("buyer:N", title="Importer says"),
                alt.Tooltip("gap:N", title="Importer over exporter"),
            ],
        )
    )


def warning_texts(frame: pd.DataFrame) -> alt.LayerChart:
    """Return the warnings beside the points where they begin."""
    rows = warnings(frame)
    rows["usd_m"] = rows["usd_m"].round(1)
    late = "datum.year > (width < 320 ? 2007 : 2003)"
    high = f"scale('y', datum.plotted) < (height + {_KEY_ROOM}) / 2"
    look = {
        "fontSize": 11,
        "lineHeight": 13,
        "baseline": "line-bottom",
        "align": alt.ExprRef(f"{late} ? 'right' : 'left'"),
        "dx": alt.ExprRef(f"{late} ? -8 : 8"),
        # Up into the free room, or down beside a point that stands high: a text of several lines
        # hangs from its first line.
        "dy": alt.ExprRef(f"{high} ? 4 : ({late} ? 3 : -24) - 13 * length(datum.lines)"),
    }
    ring = alt.Chart().mark_point(filled=False, size=110, stroke=INK, strokeWidth=1.4, aria=False)
    halo = alt.Chart().mark_text(fill=PAPER, stroke=PAPER, strokeWidth=4, aria=False, **look)
    text = alt.Chart().mark_text(fill=MUTED, **look)
    lines, said = alt.Text("lines:N"), alt.Description("text:N")
    return (
        alt.layer(
            ring,
            halo.encode(text=lines),
            text.encode(text=lines, description=said),
            data=as_csv(rows),
        )
        .transform_filter(PAIR)
        .transform_calculate(
            plotted=_plotted("usd_m"), lines=wrapped("datum.text", 6, _WARNING, least=14)
        )
        .transform_filter("isValid(datum.plotted)")
        .encode(x=_x(), y=_y())
    )


def _x() -> alt.X:
    axis = alt.Axis(format="d", tickMinStep=1, tickCount=alt.ExprRef("width < 480 ? 5 : 10"))
    domain = alt.Scale(domain=[1991.5, 2025.5], nice=False, zero=False)
    return alt.X("year:Q", axis=axis, scale=domain, title="Year")


def _y(field: str = "plotted") -> alt.Y:
    steps = [round(d + s, 4) for d in range(-1, 7) for s in (0, 0.30103, 0.69897)]
    value = "(trade_scale == 'log' ? pow(10, datum.value) : datum.value)"
    axis = alt.Axis(
        labelExpr=f"datum.value == 0 && trade_scale != 'log' ? '0' : {_money(value)}",
        values=alt.ExprRef(f"trade_scale == 'log' ? {steps} : null"),
        tickCount=6,
        gridColor=GRID,
        titleAngle=0,
        titleAlign="left",
        titleX=-AXIS,
        titleY=alt.ExprRef(f"{_KEY_ROOM} - 16"),
    )
    scale = alt.Scale(
        zero=False,
        nice=False,
        domainMin=alt.ExprRef("trade_scale == 'log' ? null : 0"),
        padding=alt.ExprRef("trade_scale == 'log' ? 10 : 0"),
        range=[alt.ExprRef("height"), alt.ExprRef(_KEY_ROOM)],
    )
    return alt.Y(f"{field}:Q", axis=axis, scale=scale, title="US dollars, current prices")


def styled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the series with colour and kind of line."""
    rows = frame.copy()
    tones, styles = [], []
    for row in rows.itertuples():
        if row.reporter == "country":
            tone, style = text_color(STATE_COLORS[row.country]), "own"
        elif row.reporter == "partner":
            tone, style = text_color(POWER_COLORS[row.partner]), "partner"
        else:
            guessed = "estimates" in row.series
            tone, style = (_ESTIMATES, "estimates") if guessed else (_COMPILATION, "compilation")
        tones.append(tone)
        styles.append(style)
    return rows.assign(tone=tones, style=styles)


def shapes() -> alt.Scale:
    """Return the scale that gives each kind of line its symbol."""
    return alt.Scale(domain=list(DASHES), range=["circle", "square", "diamond", "triangle-up"])


def _money(value: str) -> str:
    """Return a Vega expression that writes million dollars for readers."""
    return (
        f"{value} >= 1000 ? '$' + format({value} / 1000, ',.3~r') + ' bn'"
        f" : '$' + format({value}, ',.3~r') + ' m'"
    )


def _plotted(field: str) -> str:
    """Return a Vega expression for a value's place on the axis that is chosen."""
    value = f"datum.{field}"
    return f"trade_scale != 'log' ? {value} : {value} > 0 ? log({value}) / LN10 : null"
