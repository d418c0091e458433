"""Verdicts on charts: mark, fields, rows, scale, titles and description, whatever the spelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from centralasia.checks import outcome, vega
from centralasia.checks.asks import Chart, Table
from centralasia.checks.judge_table import same_table, table_fault, table_form
from centralasia.checks.outcome import Outcome
from centralasia.checks.values import Plain

SHORTEST_TITLE = 12
SHORTEST_DESCRIPTION = 40


def chart_form(ask: Chart, value: Plain) -> Outcome | None:
    """Return what is wrong with a chart's form, or None; the key is not needed for it."""
    name = ask.names[0]
    if value["type"] != "chart":
        return outcome.cannot_check(
            f"{name} is a {value['type']}, but an Altair chart is asked for. Give the chart itself "
            f"the name: {name} = alt.Chart(...)."
        )
    try:
        found = vega.views(value["spec"])
    except ValueError as error:
        return outcome.cannot_check(f"{name} is a chart, but {error}.")
    view = _main_view(ask, found)
    if isinstance(view, Outcome):
        return view
    if vega.shown(view, _by(ask), _measure(ask, view)) is None:
        return outcome.cannot_check(
            "The chart computes its values while it is drawn (a transform_… step, or data from a "
            "file). Prepare the rows in pandas first, so that they can be checked."
        )
    return None


def _by(ask: Chart) -> list[str]:
    return [ask.x] if ask.series is None else [ask.x, ask.series]


def _turned(ask: Chart, view: vega.View) -> bool:
    across = view.channels.get("x")
    return ask.turned and across is not None and across.field != ask.x


def _measure(ask: Chart, view: vega.View) -> vega.Channel:
    return view.channels["x" if _turned(ask, view) else "y"]


def _main_view(ask: Chart, found: list[vega.View]) -> vega.View | Outcome:
    """Return the view that shows what is asked for; other layers may do as they like."""
    best: Outcome | None = None
    for view in found:
        fault = _meaning_fault(ask, view)
        if fault is None:
            return view
        if best is None or view.mark in ask.marks:
            best = fault
    return best or outcome.cannot_check(f"{ask.names[0]} draws nothing.")


def _meaning_fault(ask: Chart, view: vega.View) -> Outcome | None:
    """Return why a view does not show the fields asked for."""
    if view.mark not in ask.marks:
        wanted = " or ".join(f"mark_{mark}" for mark in ask.marks)
        return outcome.wrong(
            f"The chart draws with mark_{view.mark}. What is asked for is {wanted}.",
            mistake="other-mark",
        )
    axes = {"x": ask.y, "y": ask.x} if _turned(ask, view) else {"x": ask.x, "y": ask.y}
    for axis, field in axes.items():
        channel = view.channels.get(axis)
        there = channel.field if channel else "nothing"
        counted = channel is not None and channel.aggregate == "count" and field == ask.y
        if there != field and not counted:
            return outcome.wrong(
                f"The {axis}-axis shows {there or 'a count'}; it should show {field}.",
                mistake="other-field",
            )
    told_apart = {c.field for n, c in view.channels.items() if n in vega.SERIES}
    if ask.series is not None and ask.series not in told_apart:
        return outcome.wrong(
            f"Nothing in the chart tells the values of {ask.series} apart. Give them a colour, or "
            "a panel each.",
            mistake="no-series",
        )
    if _measure(ask, view).kind != "quantitative":
        return outcome.wrong(
            f"{ask.y} is drawn as {_measure(ask, view).kind}: its values stand side by side like "
            f"names. Write '{ask.y}:Q', so that lengths mean amounts.",
            mistake="measure-as-names",
        )
    return None


def chart_verdict(
    ask: Chart, value: Plain, expected: Plain, mistakes: Sequence[Mapping]
) -> Outcome:
    """Return the verdict on a chart whose form is right.

    Wrong rows earn nothing; with the right ones, each fault of presentation (baseline, axis
    titles, title, description) takes one point off.
    """
    view = _main_view(ask, vega.views(value["spec"]))
    table = _as_table(ask)
    drawn = _drawn(ask, view)
    fault = table_form(table, drawn)
    if fault is not None:
        return outcome.wrong(fault.message, mistake=fault.mistake or "rows")
    if not same_table(table, drawn, expected):
        for mistake in mistakes:
            if same_table(table, drawn, mistake["value"]):
                return outcome.wrong(mistake["message"], mistake=mistake["slug"])
        return outcome.wrong(table_fault(table, drawn, expected), mistake="rows")
    faults = _presentation_faults(ask, view)
    if not faults:
        return outcome.right("The chart shows what the data give for your case.", ask.points)
    points = max(ask.points - len(faults), 0)
    text = " ".join(faults.values())
    return outcome.wrong(
        f"The values are right. {text}", points=float(points), mistake=next(iter(faults))
    )


def _as_table(ask: Chart) -> Table:
    return Table(
        id=ask.id, names=("the chart",), points=ask.points, minutes=ask.minutes,
        by=tuple(_by(ask)), numbers={ask.y: ("value", -1e300, 1e300, ask.tolerance)},
    )  # fmt: skip


def _drawn(ask: Chart, view: vega.View) -> Plain:
    by = _by(ask)
    marks = vega.shown(view, by, _measure(ask, view)) or []
    rows = [[*(_year(mark[field]) for field in by), mark["measure"]] for mark in marks]
    return {"type": "table", "columns": [*by, ask.y], "rows": rows}


def _year(cell: object) -> object:
    """Return the year of a first of January, which is how Altair writes a year as a date."""
    if isinstance(cell, str) and cell[4:10] == "-01-01":
        return int(cell[:4]) if cell[:4].isdigit() else cell
    return cell


def _presentation_faults(ask: Chart, view: vega.View) -> dict[str, str]:
    faults = {}
    measure = _measure(ask, view)
    if ask.zero and not measure.zero:
        faults["baseline"] = (
            "The axis of the measure does not start at zero, so a small change looks like a "
            "collapse."
        )
    axis_titles = [view.channels[axis].title for axis in ("x", "y")]
    if not measure.title or measure.title == measure.field:
        faults["axis-title"] = f"The axis of {ask.y} needs a title with the unit."
    elif "" in axis_titles and ask.x.casefold() != "year":
        faults["axis-title"] = f"The axis of {ask.x} needs a title in words."
    if len(view.title) < SHORTEST_TITLE:
        faults["title"] = "The chart needs a title that says what it shows."
    if len(view.description) < SHORTEST_DESCRIPTION:
        faults["description"] = (
            "It needs a description for readers who cannot see it: "
            ".properties(description='...'), in one or two sentences."
        )
    return faults
