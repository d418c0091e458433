"""One horizontal bar a row, with its value at the end."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from centralasia.charts import series
from centralasia.charts.frame import finish, ready_made
from centralasia.charts.theme import INK

_BAR = "#2d5a67"


@ready_made
def bars(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    title: str,
    description: str,
    source: str,
    unit: str,
    subtitle: str | None = None,
    ranked: bool = True,
    spec: str = ",~f",
) -> alt.LayerChart:
    """Draw one horizontal bar a row, with its value at the end.

    Parameters
    ----------
    frame
        One row a bar. States and powers, given by ISO alpha-3 code, get their names and colours.
    label
        The column that names the bars.
    value
        The column of values.
    title
        What the chart shows.
    description
        The content in words, for readers who do not see the chart.
    source
        The line under the chart.
    unit
        The unit of the values, written under the axis.
    subtitle
        The line under the title.
    ranked
        Whether the longest bar comes first; if not, the order of the frame stays.
    spec
        The format of the values (d3-format).

    Returns
    -------
    altair.LayerChart

    Examples
    --------
    >>> counts = pd.DataFrame({"verdict": ["confirmed", "failed"], "claims": [3, 9]})
    >>> chart = bars(counts, label="verdict", value="claims", title="Verdicts",
    ...     description="Two bars.", source="Source: the course.", unit="claims")
    >>> [row["name"] for data in chart.to_dict()["datasets"].values() for row in data if row]
    ['failed', 'confirmed']
    """
    rows = pd.DataFrame({"code": frame[label].astype("str"), "value": frame[value]})
    if ranked:
        rows = rows.sort_values("value", ascending=False, kind="stable")
    rows = rows.assign(name=rows["code"].map(series.name).str.replace("_", " "))
    rows["color"] = rows["code"].map(series.COLORS).fillna(_BAR)
    extent = min(150, 12 + round(6.4 * rows["name"].str.len().max()))
    axis = {"labelLimit": extent - 6, "minExtent": extent, "maxExtent": extent}
    y = alt.Y("name:N", title=None, sort=None, axis=alt.Axis(**axis, labelColor=INK, domain=False))
    space = alt.Scale(range=[0, alt.ExprRef("width - (width < 200 ? 40 : 54)")])
    ticks = alt.ExprRef("width < 200 ? 1 : 4")
    x = alt.X("value:Q", title=unit, scale=space, axis=alt.Axis(tickCount=ticks, grid=True))
    say = f"datum.name + ': ' + format(datum.value, '{spec}') + ' ' + {json.dumps(unit)}"
    base = alt.Chart().encode(x=x, y=y)
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title=unit, format=spec)]
    bar = (
        base.mark_bar(height={"band": 0.72})
        .transform_calculate(say=say)
        .encode(
            color=alt.Color("color:N", scale=None),
            tooltip=tips,
            description=alt.Description("say:N"),
        )
    )
    number = base.mark_text(align="left", dx=5, fontWeight=600, aria=False).encode(
        text=alt.Text("value:Q", format=spec)
    )
    data = rows[["name", "value", "color"]]
    chart = alt.layer(bar, number, data=data, height=26 * len(rows))
    return finish(
        chart, title, subtitle=subtitle, description=description, source=source, left=extent
    )
