"""What a claim is held against, made for people: names for codes, dates as dates."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from centralasia import bibliography, tables, templates
from centralasia.language import N_, _
from centralasia.pictures import VEGA

_HEADS = {
    "date_text": N_("Date"),
    "start_text": N_("From"),
    "end_text": N_("Until"),
    "title": N_("What happened"),
    "description": N_("In more words"),
    "value_usd": N_("US dollars"),
    "tiv_million": N_("Deliveries (SIPRI's units, million)"),
    "hhi": N_("Concentration (HHI)"),
    "organization": N_("Body"),
}
_CODES = re.compile(r"[A-Z]{3}(?:[;_][A-Z]{3})*")
_KEY = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?:/\d{4}-\d\d(?:-\d\d)?)?")


def as_data(thing: object, caption: str) -> dict[str, Any]:
    """Return a piece of evidence as an output stores it.

    Parameters
    ----------
    thing : pandas.DataFrame, pandas.Series, altair.TopLevelMixin or what has ``_repr_html_``
    caption : str
        What a table is called.

    Returns
    -------
    dict
        ``html``, or for a chart its specification as ``chart`` and how it is embedded as
        ``options``.

    Raises
    ------
    TypeError
        If it is none of these.
    """
    if isinstance(thing, pd.Series):
        thing = thing.to_frame()
    if isinstance(thing, pd.DataFrame):
        return {"html": table(thing, caption)}
    if isinstance(thing, alt.TopLevelMixin):
        with alt.renderers.enable("mimetype"):
            shown: Any = thing._repr_mimebundle_(None, None)
        bundle, about = shown if isinstance(shown, tuple) else (shown, {})
        options = about.get(VEGA, {}).get("embed_options", {})
        return {"chart": bundle[VEGA], "options": options}
    if hasattr(thing, "_repr_html_"):
        return {"html": thing._repr_html_()}
    raise TypeError(_("Evidence is a chart or a table, not {kind}.").format(kind=type(thing)))


def table(frame: pd.DataFrame, caption: str) -> str:
    """Return a frame as a table for people.

    Rows that nothing names lose their numbers, codes of states become names, what is missing
    stays blank. A list of dates that begins each row with one comes in their order.

    Examples
    --------
    >>> frame = pd.DataFrame({"country": ["KAZ"], "date_text": ["2001-06-15"], "left": [None]})
    >>> "Kazakhstan" in table(frame, "Members") and "15 June 2001" in table(frame, "Members")
    True
    """
    named = any(name is not None for name in frame.index.names)
    counted = not named and pd.api.types.is_integer_dtype(frame.index.dtype)
    heads = [_head(name) for name in frame.columns]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    if not counted:
        index = (
            frame.index if isinstance(frame.index, pd.MultiIndex) else [[i] for i in frame.index]
        )
        heads = [*(_head(name) if name else "" for name in frame.index.names), *heads]
        labels = [[_cell(value) for value in label] for label in index]
        rows = [[*label, *row] for label, row in zip(labels, rows, strict=True)]
    leading = list(frame.columns) if counted else [*frame.index.names, *frame.columns]
    if leading[:1] == ["date_text"]:
        dates = frame[leading[0]] if counted else frame.index.get_level_values(0)
        in_order = sorted(zip(dates.astype(str), rows, strict=True), key=lambda one: one[0])
        rows = [row for _date, row in in_order]
    return text_table(caption, heads, rows)


def text_table(caption: str, heads: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table of texts as HTML that scrolls where it is too wide.

    Parameters
    ----------
    caption : str
    heads : iterable of str
        The headings of the columns.
    rows : iterable of sequence
        Of each row its heading, then its cells.
    """
    return templates.render(
        "widgets/templates/table.html", caption=caption, heads=list(heads), rows=list(rows)
    )


@cache
def _names() -> dict[str, str]:
    return dict(tables.load("countries").set_index("country")["name"])


def _head(name: Hashable) -> str:
    if isinstance(name, tuple):
        return " · ".join(_head(part) for part in name)
    if name in _HEADS:
        return _(_HEADS[str(name)])
    said = _cell(name)
    return said[:1].upper() + said[1:]


def _cell(value: Any) -> str:
    if not pd.api.types.is_scalar(value):
        return str(value)
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, pd.Timestamp):
        return bibliography.spoken_date(value.date().isoformat())
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    text = str(value)
    if _CODES.fullmatch(text):
        names = _names()
        codes = re.split("[;_]", text)
        return ", ".join(names[code] for code in codes) if names.keys() >= set(codes) else text
    if _DATE.fullmatch(text):
        return "–".join(bibliography.spoken_date(day) for day in text.split("/"))
    return text.replace("_", " ") if _KEY.fullmatch(text) else text
