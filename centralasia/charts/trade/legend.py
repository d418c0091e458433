"""What stands above the plot of the trade explorer: heading, mirror gap and the key of lines."""

import altair as alt
import pandas as pd

from centralasia.charts.frame import words
from centralasia.charts.inline import as_csv
from centralasia.charts.sizing import width_left, wrapped
from centralasia.charts.theme import MUTED, STATE_NAMES
from centralasia.charts.trade.layers import AXIS, DASHES, LIT, MORE, PAIR, shapes, styled
from centralasia.charts.trade.reports import IN_SENTENCE, gap_text

_HEADING_PX = 8.0
_SAMPLE = "(width < 320 ? 21 : 31)"
_HEADING = (
    "trade_flow == 'export' ? {state} + '’s exports to ' + {partner} :"
    " trade_flow == 'import' ? {state} + '’s imports from ' + {partner} :"
    " {state} + '’s turnover with ' + {partner}"
)


def line_key(frame: pd.DataFrame, gaps: pd.DataFrame) -> tuple[alt.Chart, ...]:
    """Return heading, mirror gap and the key of the lines, in the room above the plot."""
    keys = ["country", "partner", "flow"]
    heads = frame[keys].drop_duplicates()
    names = {"state": "datum.state", "partner": "datum.other"}
    heads = heads.assign(
        state=heads["country"].map(STATE_NAMES),
        other=[IN_SENTENCE[p] for p in heads["partner"]],
        gap=[gap_text(gaps, *row) for row in heads.itertuples(index=False)],
    )
    head = alt.Chart(as_csv(heads)).transform_filter(PAIR)
    left = {"align": "left", "baseline": "middle", "x": -AXIS}
    heading = alt.ExprRef(wrapped(f"({_HEADING.format(**names)})", _HEADING_PX, width_left()))
    order = "indexof(['country', 'partner', 'compilation'], datum.reporter)"
    columns = [*keys, "reporter", "series"]
    series = frame[columns].drop_duplicates().sort_values(columns)
    rows = (
        alt.Chart(as_csv(styled(series)))
        .transform_filter(PAIR)
        .transform_calculate(order=order)
        .transform_window(
            row="row_number()", sort=[alt.SortField("order"), alt.SortField("series")]
        )
        .encode(opacity=alt.condition(LIT, alt.value(1), alt.value(0.3)))
    )
    at = alt.ExprRef(f"32 + {MORE} + 18 * datum.row")
    sample = alt.ExprRef(f"{_SAMPLE} - {AXIS}")
    dash = alt.Scale(domain=list(DASHES), range=list(DASHES.values()))
    tone = alt.ExprRef("datum.tone")
    return (
        head.mark_text(text=heading, fontSize=14, lineHeight=17, fontWeight=700, y=8, **left),
        head.mark_text(
            text=alt.ExprRef("datum.gap"), fill=MUTED, y=alt.ExprRef(f"28 + {MORE}"), **left
        ),
        rows.mark_rule(y=at, strokeWidth=2.2, stroke=tone, aria=False).encode(
            x=alt.XValue(1 - AXIS),
            x2=alt.X2Value(sample),
            strokeDash=alt.StrokeDash("style:N", scale=dash, legend=None),
        ),
        rows.mark_point(
            filled=True,
            size=30,
            x=alt.ExprRef(f"{_SAMPLE} / 2 - {AXIS}"),
            y=at,
            fill=tone,
            aria=False,
        ).encode(shape=alt.Shape("style:N", scale=shapes(), legend=None)),
        rows.mark_text(
            align="left",
            baseline="middle",
            x=alt.ExprRef(f"{_SAMPLE} + 8 - {AXIS}"),
            y=at,
            fill=tone,
            fontSize=alt.ExprRef("width < 320 ? 11 : 12"),
        ).encode(**words("series")),
    )
