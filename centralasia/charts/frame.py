"""What stands around a chart: title, description for screen readers and source line."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import partial, wraps

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from centralasia import tables
from centralasia.charts.inline import one_row
from centralasia.charts.sizing import filled, fitted, width_left, wrapped
from centralasia.charts.theme import MUTED

_SUBTITLE_CHARS = 50
_TITLE_PX = 9.3
_SOURCE_PX = 5.8

Drawing = alt.Chart | alt.LayerChart
Composite = alt.FacetChart | alt.HConcatChart | alt.VConcatChart | alt.ConcatChart


class SourceLine(str):
    """The text under a chart, which still knows of what tables and sources it tells."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str, *names: str) -> SourceLine:
        """Return a text with the names of the tables and sources that it tells of."""
        line = cls(text)
        line.names = names
        return line

    def __radd__(self, before: str) -> SourceLine:
        """Return the line with a text before it."""
        return self.of(f"{before}{self}", *self.names)


def ready_made(make: Callable[..., Drawing | Composite]) -> Callable[..., Drawing | Composite]:
    """Show the chart that a function makes without having Altair check it, part by part and whole.

    The tests check the charts of all lessons against Vega-Lite's schema; to do it each time that
    one is shown takes longer than to make it. A chart that a learner changes is a copy, and is
    checked as ever.
    """

    @wraps(make)
    def made(*args: object, **options: object) -> Drawing | Composite:
        with debug_mode(False):
            chart = make(*args, **options)
        object.__setattr__(chart, "to_dict", partial(chart.to_dict, validate=False))
        return chart

    return made


@debug_mode(False)
def finish(
    chart: Drawing | Composite,
    title: str,
    *,
    description: str,
    source: str,
    subtitle: str | None = None,
    below: int | str = 46,
    left: int | None = None,
) -> alt.LayerChart | alt.VConcatChart:
    """Give a chart its title, its description for screen readers and the source line under it.

    A single or layered chart fills the width of the output; title and source line break to fit it
    in the browser. A faceted or joined chart keeps the width that it has. Join charts first and
    finish them then: Altair does not join charts that are finished.

    Parameters
    ----------
    chart
        The chart to finish. Parameters of a chart with selections must have names of their own.
    title
        What the chart shows, as a sentence or a noun phrase.
    description
        The content in words, for readers who do not see the chart.
    source
        The text under the chart, as `source_line` makes it.
    subtitle
        What is measured, with its unit.
    below
        Distance in pixels from the plot to the source line: 46 leaves room for axis labels and an
        axis title, 28 for axis labels alone, 10 where there is no x-axis. A Vega expression
        where it depends on the width.
    left
        Width in pixels of the axis to the left of the plot, so that the source line starts where
        the title does; 0 where there is no such axis. When left out, it starts with the plot.

    Returns
    -------
    altair.LayerChart or altair.VConcatChart
        The layered chart, or the joined chart with the source line as its last row.

    Examples
    --------
    >>> points = alt.Chart(pd.DataFrame({"x": [1], "y": [2]})).mark_point().encode(x="x", y="y")
    >>> done = finish(points, "One point", description="A point at 1, 2.", source="Source: none.")
    >>> done.description, len(done.layer)
    ('A point at 1, 2.', 2)
    """
    lines = alt.Undefined if subtitle is None else textwrap.wrap(subtitle, _SUBTITLE_CHARS)
    single = isinstance(chart, alt.Chart | alt.LayerChart)
    heads = wrapped(_quoted(title), _TITLE_PX, width_left(single))
    head = alt.TitleParams(text=alt.ExprRef(heads), subtitle=lines)
    # Properties are set in place, for each call of Altair's own methods copies all layers.
    if single:
        where = {"x": -(left or 0), "y": alt.ExprRef(f"height + {below}")}
        space = width_left(single, 60 if left is None else 0)
        caption = _caption(source, space, **where)
        done = chart + caption
        if done.width is alt.Undefined:
            done.width = "container"
        done.usermeta = {}
        if done.width == "container":
            done.autosize = alt.AutoSizeParams(type="fit-x", contains="padding")
            done.usermeta = filled()
    else:
        foot = _caption(source, width_left(single)).properties(width=120, height=12)
        done = alt.vconcat(chart, foot, spacing=10)
        done.autosize = alt.AutoSizeParams(type="pad", resize=True)
        done.usermeta = fitted(_quoted(source), _SOURCE_PX)
    done.title, done.description = head, description
    done.usermeta |= {"centralasia": told_of(source)}
    return done


def told_of(source: str) -> dict[str, object]:
    """Return what a chart is drawn from, as data: the book shows it beside the chart.

    Parameters
    ----------
    source
        The line under the chart.

    Returns
    -------
    dict
        ``{"sources": [...]}`` with names of tables and ids of sources, or ``{"source": text}``
        where nothing but the text is known.

    Examples
    --------
    >>> told_of("Source: the course's own model."), told_of(source_line("us_troops"))
    ({'source': "Source: the course's own model."}, {'sources': ['us_troops']})
    """
    names = getattr(source, "names", ())
    return {"sources": list(names)} if names else {"source": source}


def layered(
    marks: Iterable[alt.Chart], params: Iterable[alt.Parameter] = (), **properties: object
) -> alt.LayerChart:
    """Return marks on one plot with parameters and properties such as its height.

    The same as `altair.layer` with ``properties`` and ``add_params`` after it, which each copy
    every layer, several times over.
    """
    return alt.layer(*marks, params=[each.param for each in params], **properties)


def source_line(*names: str, note: str | None = None) -> SourceLine:
    """Return the line that names the sources of a chart.

    Parameters
    ----------
    *names
        Names of tables or ids of sources. A table with more than three sources is summed up, and
        the line says which call lists them all.
    note
        A sentence to add, such as how a figure was computed.

    Returns
    -------
    SourceLine
        A line that begins with ``"Source: "``, and the names.

    Raises
    ------
    KeyError
        If a name is neither a table nor a source.

    Examples
    --------
    >>> source_line("us_troops")[:8]
    'Source: '
    """
    known = set(tables.names())
    parts = [_table_sources(n) if n in known else _one_source(n) for n in names]
    line = "Source: " + "; ".join(dict.fromkeys(parts)) + "."
    return SourceLine.of(line if note is None else f"{line} {note}", *names)


def pixels(column: str) -> alt.Y:
    """Return a vertical place in pixels from the top of the plot, read from a column as it is."""
    return alt.Y(f"{column}:Q", scale=None, axis=None)


def words(column: str) -> dict[str, alt.SchemaBase]:
    """Return the channels of a text that is read out as it stands, without its place."""
    field = f"{column}:N"
    return {"text": alt.Text(field), "description": alt.Description(field)}


def tips(heads: Mapping[str, str]) -> list[alt.Tooltip]:
    """Return what a mark tells under the mouse: columns, each with its head.

    The book makes a chart's table of the same columns.
    """
    return [alt.Tooltip(f"{field}:N", title=head) for field, head in heads.items()]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _caption(text: str, space: str, **where: object) -> alt.Chart:
    lines = alt.ExprRef(wrapped(_quoted(text), _SOURCE_PX, space))
    mark = {"align": "left", "baseline": "top", "fontSize": 11, "lineHeight": 14, "color": MUTED}
    place = {"x": 0, "y": 0} | where
    return alt.Chart(one_row()).mark_text(text=lines, **mark, **place)


def _table_sources(name: str) -> str:
    used = tables.sources(name)
    if used.empty:
        return f"the course's table '{name}'"
    if len(used) > 3:
        return f"the course's table '{name}', see tables.sources(\"{name}\")"
    return "; ".join(_one_source(source) for source in used["source_id"])


def _one_source(source_id: str) -> str:
    known = tables.load("sources", ["source_id", "publisher", "title"]).set_index("source_id")
    if source_id not in known.index:
        raise KeyError(f"'{source_id}' is neither a table nor a source of the course")
    row = known.loc[source_id]
    return row["title"] if pd.isna(row["publisher"]) else f"{row['publisher']}, {row['title']}"
