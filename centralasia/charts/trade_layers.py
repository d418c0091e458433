"""The layers of the trade explorer: lines, gap bars, warnings and the key above the plot."""

import altair as alt
import pandas as pd

from centralasia.charts.frame import words
from centralasia.charts.inline import as_csv
from centralasia.charts.reports import PARTNERS, packed, warnings
from centralasia.charts.sizing import room, wrapped
from centralasia.charts.theme import (
    GRID,
    INK,
    MUTED,
    PAPER,
    POWER_COLORS,
    STATE_COLORS,
    STATE_NAMES,
    text_color,
)

IN_SENTENCE = {"USA": "the United States", "WLD": "the world"}
_AXIS = 46
# What stands above the plot takes a line more where its heading breaks.
_MORE = "(width < 320 ? 17 : 0)"
_KEY_ROOM = f"(132 + {_MORE})"
_HEADING_PX = 8.0
_WARNING = "(width < 320 ? 84 : 162)"
_SAMPLE = "(width < 320 ? 21 : 31)"
_DASHES = {"own": [1, 0], "partner": [7, 2.5], "compilation": [3, 2.5], "estimates": [1.5, 2]}
_COMPILATION, _ESTIMATES = "#6a7079", "#9a6b1f"
_PAIR = (
    "datum.country == trade_country && datum.partner == trade_partner && datum.flow == trade_flow"
)
_LIT = "trade_reporter == 'all' || datum.reporter == trade_reporter"
_HEADING = (
    "trade_flow == 'export' ? {state} + '’s exports to ' + {partner} :"
    " trade_flow == 'import' ? {state} + '’s imports from ' + {partner} :"
    " {state} + '’s turnover with ' + {partner}"
)


def report_lines(frame: pd.DataFrame) -> alt.LayerChart:
    """Return a line for each report and its points."""
    dash = alt.Scale(domain=list(_DASHES), range=list(_DASHES.values()))
    line = alt.Chart().mark_line(strokeWidth=2.2)
    line = line.encode(
        stroke=alt.Stroke("tone:N", scale=None),
        strokeDash=alt.StrokeDash("style:N", scale=dash, legend=None),
        description=alt.Description("series:N"),
    )
    points = alt.Chart().transform_filter("isValid(datum.plotted)").mark_point(filled=True, size=26)
    points = points.encode(
        fill=alt.Fill("tone:N", scale=None),
        shape=alt.Shape("style:N", scale=_shapes(), legend=None),
        description=alt.Description("say:N"),
    )
    tips = {"when": "Year", "shown": "Value", "series": "Reported by"}
    return (
        alt.layer(line, points, data=as_csv(_styled(packed(frame))))
        .transform_filter(_PAIR)
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
            opacity=alt.condition(_LIT, alt.value(1), alt.value(0.18)),
            tooltip=[alt.Tooltip(f"{name}:N", title=label) for name, label in tips.items()],
        )
    )


def gap_bars(gaps: pd.DataFrame) -> alt.Chart:
    """Return a bar from the exporter's to the importer's value of a year."""
    rows = gaps.assign(
        exporter=gaps["exporter"].round(1),
        importer=gaps["importer"].round(1),
        gap=[_signed(x) for x in gaps["relative"]],
    )
    return (
        alt.Chart(as_csv(rows.drop(columns="relative")))
        .transform_filter(_PAIR)
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
        .transform_filter(_PAIR)
        .transform_calculate(
            plotted=_plotted("usd_m"), lines=wrapped("datum.text", 6, _WARNING, least=14)
        )
        .transform_filter("isValid(datum.plotted)")
        .encode(x=_x(), y=_y())
    )


def line_key(frame: pd.DataFrame, gaps: pd.DataFrame) -> tuple[alt.Chart, ...]:
    """Return heading, mirror gap and the key of the lines, in the room above the plot."""
    keys = ["country", "partner", "flow"]
    heads = frame[keys].drop_duplicates()
    names = {"state": "datum.state", "partner": "datum.other"}
    heads = heads.assign(
        state=heads["country"].map(STATE_NAMES),
        other=[IN_SENTENCE.get(p, PARTNERS[p]) for p in heads["partner"]],
        gap=[gap_text(gaps, *row) for row in heads.itertuples(index=False)],
    )
    head = alt.Chart(as_csv(heads)).transform_filter(_PAIR)
    left = {"align": "left", "baseline": "middle", "x": -_AXIS}
    heading = alt.ExprRef(wrapped(f"({_HEADING.format(**names)})", _HEADING_PX, room()))
    order = "indexof(['country', 'partner', 'compilation'], datum.reporter)"
    rows = (
        alt.Chart(
            as_csv(
                _styled(packed(frame)).drop(columns=["first", "values", "part"]).drop_duplicates()
            )
        )
        .transform_filter(_PAIR)
        .transform_calculate(order=order)
        .transform_window(
            row="row_number()", sort=[alt.SortField("order"), alt.SortField("series")]
        )
        .encode(opacity=alt.condition(_LIT, alt.value(1), alt.value(0.3)))
    )
    at = alt.ExprRef(f"32 + {_MORE} + 18 * datum.row")
    sample = alt.ExprRef(f"{_SAMPLE} - {_AXIS}")
    dash = alt.Scale(domain=list(_DASHES), range=list(_DASHES.values()))
    tone = alt.ExprRef("datum.tone")
    return (
        head.mark_text(text=heading, fontSize=14, lineHeight=17, fontWeight=700, y=8, **left),
        head.mark_text(
            text=alt.ExprRef("datum.gap"), fill=MUTED, y=alt.ExprRef(f"28 + {_MORE}"), **left
        ),
        rows.mark_rule(y=at, strokeWidth=2.2, stroke=tone, aria=False).encode(
            x=alt.value(1 - _AXIS),
            x2=alt.value(sample),
            strokeDash=alt.StrokeDash("style:N", scale=dash, legend=None),
        ),
        rows.mark_point(
            filled=True,
            size=30,
            x=alt.ExprRef(f"{_SAMPLE} / 2 - {_AXIS}"),
            y=at,
            fill=tone,
            aria=False,
        ).encode(shape=alt.Shape("style:N", scale=_shapes(), legend=None)),
        rows.mark_text(
            align="left",
            baseline="middle",
            x=alt.ExprRef(f"{_SAMPLE} + 8 - {_AXIS}"),
            y=at,
            fill=tone,
            fontSize=alt.ExprRef("width < 320 ? 11 : 12"),
        ).encode(**words("series")),
    )


def gap_text(gaps: pd.DataFrame, country: str, partner: str, flow: str) -> str:
    """Return the mirror gap of one trade in a few words."""
    if partner == "WLD":
        return "The world keeps no books: no mirror"
    if flow == "turnover":
        return "Choose one flow to see the mirror gap"
    chosen = gaps[
        gaps["country"].eq(country) & gaps["partner"].eq(partner) & gaps["flow"].eq(flow)
    ]["relative"].dropna()
    if chosen.empty:
        return "No year with reports from both sides"
    if len(chosen) == 1:
        year = gaps.loc[chosen.index[0], "year"]
        return f"Mirror gap in {year}: {_signed(chosen.iloc[0])}"
    return f"Mirror gap, median of {len(chosen)} years: {_signed(chosen.median())}"


def _signed(share: float) -> str:
    return f"{share:+.0%}".replace("-", "−")


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
        titleX=-_AXIS,
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


def _styled(frame: pd.DataFrame) -> pd.DataFrame:
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


def _shapes() -> alt.Scale:
    return alt.Scale(domain=list(_DASHES), range=["circle", "square", "diamond", "triangle-up"])


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
