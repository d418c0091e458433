"""Verdicts on charts: mark, fields, rows, scale, titles and description, whatever the spelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from centralasia.checks import outcome, units, vega
from centralasia.checks.asks import Chart, Table
from centralasia.checks.judge_table import same_table, table_fault, table_form
from centralasia.checks.outcome import Outcome
from centralasia.checks.values import Plain
from centralasia.language import N_, _

SHORTEST_TITLE = 12
SHORTEST_DESCRIPTION = 40
OTHER_FIELD = N_("The {axis}-axis shows {there}; it should show {field}.")
NO_SERIES = N_(
    "Nothing in the chart tells the values of {series} apart. Give them a colour, or a panel each."
)
RIGHT = N_("The chart shows what the data give for your case.")
VALUES_RIGHT = N_("The values are right. {faults}")
BASELINE = N_(
    "The axis of the measure does not start at zero, so a small change looks like a collapse."
)
NO_UNIT = N_("The axis of {field} needs a title with the unit.")
NO_WORDS = N_("The axis of {field} needs a title in words.")
NO_TITLE = N_("The chart needs a title that says what it shows.")


def chart_form(ask: Chart, value: Plain) -> Outcome | None:
    """Return what is wrong with a chart's form, or None; the key is not needed for it."""
    name = ask.names[0]
    if value["type"] != "chart":
        return outcome.cannot_check(
            _(
                "{name} is a {type}, but an Altair chart is asked for. Give the chart itself the "
                "name: {name} = alt.Chart(...)."
            ).format(name=name, type=value["type"])
        )
    try:
        found = vega.views(value["spec"])
    except ValueError as error:
        return outcome.cannot_check(
            _("{name} is a chart, but {error}.").format(name=name, error=error)
        )
    view = _main_view(ask, found)
    if isinstance(view, Outcome):
        return view
    if vega.shown(view, _by(ask), _measure(ask, view)) is None:
        return outcome.cannot_check(
            _(
                "The chart computes its values while it is drawn (a transform_… step, or data from "
                "a file). Prepare the rows in pandas first, so that they can be checked."
            )
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
    return best or outcome.cannot_check(_("{name} draws nothing.").format(name=ask.names[0]))


def _meaning_fault(ask: Chart, view: vega.View) -> Outcome | None:
    """Return why a view does not show the fields asked for."""
    if view.mark not in ask.marks:
        wanted = _(" or ").join(f"mark_{mark}" for mark in ask.marks)
        return outcome.wrong(
            _("The chart draws with {mark}. What is asked for is {wanted}.").format(
                mark=f"mark_{view.mark}", wanted=wanted
            ),
            mistake="other-mark",
        )
    axes = {"x": ask.y, "y": ask.x} if _turned(ask, view) else {"x": ask.x, "y": ask.y}
    for axis, field in axes.items():
        channel = view.channels.get(axis)
        there = channel.field if channel else _("nothing")
        counted = channel is not None and channel.aggregate == "count" and field == ask.y
        if there != field and not counted:
            return outcome.wrong(
                _(OTHER_FIELD).format(axis=axis, there=there or _("a count"), field=field),
                mistake="other-field",
            )
    told_apart = {c.field for n, c in view.channels.items() if n in vega.SERIES}
    if ask.series is not None and ask.series not in told_apart:
        return outcome.wrong(_(NO_SERIES).format(series=ask.series), mistake="no-series")
    if _measure(ask, view).kind != "quantitative":
        return outcome.wrong(
            _(
                "{field} is drawn as {kind}: its values stand side by side like names. Write "
                "'{field}:Q', so that lengths mean amounts."
            ).format(field=ask.y, kind=_measure(ask, view).kind),
            mistake="measure-as-names",
        )
    return None


def chart_verdict(
    ask: Chart, value: Plain, expected: Plain, mistakes: Sequence[Mapping[str, Any]]
) -> Outcome:
    """Return the verdict on a chart whose form is right.

    Wrong rows earn nothing; with the right ones, each fault of presentation (baseline, axis
    titles, title, description) takes one point off.
    """
    view = _main_view(ask, vega.views(value["spec"]))
    assert isinstance(view, vega.View), "its form is right"
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
        return outcome.right(_(RIGHT), ask.points)
    points = max(ask.points - len(faults), 0)
    text = " ".join(faults.values())
    return outcome.wrong(
        _(VALUES_RIGHT).format(faults=text),
        points=float(points),
        mistake=next(iter(faults)),
    )


def _as_table(ask: Chart) -> Table:
    return Table(
        id=ask.id, names=("the chart",), points=ask.points, minutes=ask.minutes,
        by=tuple(_by(ask)), numbers={ask.y: ("value", -1e300, 1e300, ask.tolerance)},
    )  # fmt: skip


def _drawn(ask: Chart, view: vega.View) -> Plain:
    by = _by(ask)
    marks = vega.shown(view, by, _measure(ask, view)) or []
    rows = [[*(units.year(mark[field]) for field in by), mark["measure"]] for mark in marks]
    return {"type": "table", "columns": [*by, ask.y], "rows": rows}


def _presentation_faults(ask: Chart, view: vega.View) -> dict[str, str]:
    faults = {}
    measure = _measure(ask, view)
    if ask.zero and not measure.zero:
        faults["baseline"] = _(BASELINE)
    axis_titles = [view.channels[axis].title for axis in ("x", "y")]
    if not measure.title or measure.title == measure.field:
        faults["axis-title"] = _(NO_UNIT).format(field=ask.y)
    elif "" in axis_titles and ask.x.casefold() != "year":
        faults["axis-title"] = _(NO_WORDS).format(field=ask.x)
    if len(view.title) < SHORTEST_TITLE:
        faults["title"] = _(NO_TITLE)
    if len(view.description) < SHORTEST_DESCRIPTION:
        faults["description"] = _(
            "It needs a description for readers who cannot see it: {code}, in one or two sentences."
        ).format(code=".properties(description='...')")
    return faults
