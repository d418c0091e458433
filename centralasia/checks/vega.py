"""A chart's meaning, whatever the spelling: marks, fields, scales and rows of a Vega-Lite chart.

``alt.X("year:Q")`` and ``x="year"``, encodings of a layer or of the whole, a facet channel or a
facet operator come out the same here. Specifications are read as untrusted data.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from centralasia.checks.values import MAX_ROWS
from centralasia.language import _

Spec = Mapping[str, Any]
"""A Vega-Lite specification, or a part of one."""
MAX_PARTS = 100
"""Of one chart that is judged: a short specification can name the same rows in each part."""
COMPOSED = ("layer", "hconcat", "vconcat", "concat")
FACETS = ("facet", "row", "column")
SERIES = ("color", "fill", "stroke", "strokeDash", "shape", "detail", "opacity", *FACETS)


@dataclass(frozen=True)
class Channel:
    """What one channel of a view shows."""

    field: str
    kind: str
    """quantitative, temporal, ordinal or nominal."""
    aggregate: str
    title: str
    """Empty if the author gave none."""
    zero: bool
    """Whether a quantitative axis starts at zero."""


@dataclass(frozen=True)
class View:
    """One mark with its channels and its rows."""

    mark: str
    channels: Mapping[str, Channel]
    rows: tuple[Mapping[str, Any], ...] | None
    """None if they are computed in the chart, come from elsewhere, or are too many."""
    title: str
    description: str


def views(spec: Spec) -> list[View]:
    """Return the views of a chart, those of layers and facets included.

    Parameters
    ----------
    spec : mapping
        What ``chart.to_dict()`` gives.

    Returns
    -------
    list of View
        In the order of drawing.

    Raises
    ------
    ValueError
        If the specification cannot be read.

    Examples
    --------
    >>> found = views({"mark": "line", "data": {"values": [{"year": 2000}]},
    ...                "encoding": {"x": {"field": "year", "type": "quantitative"}}})
    >>> found[0].mark, found[0].channels["x"].field
    ('line', 'year')
    """
    try:
        datasets = _dict(spec.get("datasets", {}))
        return list(_views(spec, datasets, {}, itertools.count(1), 0))
    except (AttributeError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise ValueError(
            _("it cannot be read ({error})").format(error=type(error).__name__)
        ) from error


def _views(
    spec: Spec, datasets: Spec, above: Spec, count: Iterator[int], depth: int
) -> Iterator[View]:
    if depth > 8 or next(count) > MAX_PARTS:
        raise KeyError("too deep, or too many parts")
    here = {
        "data": spec.get("data", above.get("data")),
        "encoding": {**above.get("encoding", {}), **_dict(spec.get("encoding", {}))},
        "transform": bool(spec.get("transform")) or above.get("transform", False),
        "title": _title(spec.get("title")) or above.get("title", ""),
        "description": spec.get("description") or above.get("description", ""),
    }
    if "spec" in spec:  # a facet operator; what it splits by counts as a channel
        facet = _dict(spec.get("facet", {}))
        split = {k: v for k, v in facet.items() if k in FACETS} or {"facet": facet}
        here["encoding"] |= split
        yield from _views(_dict(spec["spec"]), datasets, here, count, depth + 1)
        return
    parts = next((spec[name] for name in COMPOSED if name in spec), None)
    if parts is not None:
        for part in parts:
            yield from _views(_dict(part), datasets, here, count, depth + 1)
        return
    mark = spec["mark"]
    channels = {
        name: _channel(value)
        for name, value in here["encoding"].items()
        if isinstance(value, dict) and ("field" in value or "aggregate" in value)
    }
    rows = None if here["transform"] else _rows(here["data"], datasets)
    yield View(
        mark if isinstance(mark, str) else str(mark["type"]),
        channels,
        rows,
        here["title"],
        str(here["description"]),
    )


def _dict(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _title(value: object) -> str:
    """Return a title as one text; it may be a text, lines, or an object with a text."""
    if isinstance(value, dict):
        value = value.get("text")
    if isinstance(value, list):
        value = " ".join(map(str, value))
    return value.strip() if isinstance(value, str) else ""


def _channel(value: Spec) -> Channel:
    axis = value.get("axis") or value.get("legend") or value.get("header") or {}
    title = value.get("title", axis.get("title") if isinstance(axis, dict) else None)
    aggregate = value.get("aggregate")
    return Channel(
        field=str(value.get("field", "")),
        kind=str(value.get("type", "quantitative" if aggregate else "")),
        aggregate=aggregate if isinstance(aggregate, str) else "",
        title=_title(title),
        zero=_starts_at_zero(value),
    )


def _starts_at_zero(channel: Spec) -> bool:
    """Say whether Vega-Lite draws zero on this scale: by default it does on a plain one."""
    scale = channel.get("scale")
    scale = scale if isinstance(scale, dict) else {}
    if scale.get("type") in ("log", "time", "utc"):
        return False
    domain = scale.get("domain")
    if isinstance(domain, list):
        numbers = [x for x in domain if isinstance(x, (int, float))]
        return bool(numbers) and min(numbers) <= 0 <= max(numbers)
    least = scale.get("domainMin")
    if isinstance(least, (int, float)):
        return least <= 0
    return scale.get("zero", True) is True and not channel.get("bin")


def _rows(data: object, datasets: Spec) -> tuple[Spec, ...] | None:
    data = _dict(data if data is not None else {})
    rows = data.get("values", datasets.get(data.get("name", "")))
    if not isinstance(rows, list) or len(rows) > MAX_ROWS:
        return None
    return tuple(_dict(row) for row in rows)


_REDUCE: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "mean": fmean,
    "average": fmean,
    "median": median,
    "min": min,
    "max": max,
    "count": len,
}


def shown(view: View, by: list[str], measure: Channel) -> list[dict[str, Any]] | None:
    """Return the values that a view draws.

    Parameters
    ----------
    view : View
    by : list of str
        The fields that tell its marks apart.
    measure : Channel
        The field whose values are drawn, aggregated as the chart says.

    Returns
    -------
    list of dict or None
        One dict a mark, with the fields of ``by`` and ``"measure"``; None if the chart computes
        its values in a way that is not followed here.
    """
    if view.rows is None or (measure.aggregate and measure.aggregate not in _REDUCE):
        return None
    marks = []
    for row in view.rows:
        value = row.get(measure.field) if measure.aggregate != "count" else 1
        if isinstance(value, (int, float)) and math.isfinite(value):
            marks.append(({field: row.get(field) for field in by}, value))
    if not measure.aggregate:
        return [key | {"measure": value} for key, value in marks]
    groups: dict[str, tuple[dict[str, Any], list[float]]] = {}
    for key, value in marks:
        groups.setdefault(repr(key), (key, []))[1].append(value)
    reduce = _REDUCE[measure.aggregate]
    return [key | {"measure": reduce(values)} for key, values in groups.values()]
