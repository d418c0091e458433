"""The trade explorer: one trade as each reporter tells it, and the gap between two books."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from centralasia import tables
from centralasia.charts.frame import finish, layered, ready_made, source_line
from centralasia.charts.theme import STATE_NAMES
from centralasia.charts.trade.layers import gap_bars, report_lines, warning_texts
from centralasia.charts.trade.legend import line_key
from centralasia.charts.trade.reports import (
    COMPARED,
    FLOWS,
    IN_SENTENCE,
    PARTNERS,
    REPORTERS,
    gap_text,
    mirror_gaps,
    reports,
)

SCALES = {"linear": "Linear", "log": "Logarithmic"}


@ready_made
def trade_explorer(
    trade: pd.DataFrame | None = None,
    *,
    country: str = "KAZ",
    partner: str = "CHN",
    flow: str = "export",
    partners: Sequence[str] = COMPARED,
    reporter: str = "all",
    scale: str = "linear",
    title: str = "One trade, several books: who reports what",
) -> alt.LayerChart:
    """Return a chart of one trade as every reporter tells it, with controls to choose which.

    State, partner, flow, reporter and scale are controls of the browser: they need no kernel and
    take the keyboard. Each report has its own line. Where exporter and importer both reported, a
    bar joins the two values: its length is the mirror gap.

    Parameters
    ----------
    trade
        Rows of the table ``trade``; all when left out.
    country
        One of the five, ISO alpha-3, to start with.
    partner
        One of ``partners``, to start with.
    flow
        ``"export"``, ``"import"`` or ``"turnover"``, seen from the state.
    partners
        The partners to offer: codes of powers, and ``"WLD"`` for the world. When left out, the
        powers that the course compares, and the world.
    reporter
        Whose reports stand out: ``"all"``, ``"country"``, ``"partner"`` or ``"compilation"``.
    scale
        ``"linear"`` or ``"log"``.
    title
        What the chart shows.

    Returns
    -------
    altair.LayerChart
        Parameters ``trade_country``, ``trade_partner``, ``trade_flow``, ``trade_reporter`` and
        ``trade_scale``.

    Raises
    ------
    ValueError
        If a starting value is not among the choices, or the table holds no such trade.

    Examples
    --------
    >>> chart = trade_explorer(country="KGZ", partner="CHN", flow="import")
    >>> {p.name: p.value for p in chart.params if p.name == "trade_country"}
    {'trade_country': 'KGZ'}
    """
    frame = reports(tables.load("trade") if trade is None else trade, partners)
    start = {
        "country": country,
        "partner": partner,
        "flow": flow,
        "reporter": reporter,
        "scale": scale,
    }
    gaps = mirror_gaps(frame)
    marks = (gap_bars(gaps), report_lines(frame), warning_texts(frame), *line_key(frame, gaps))
    return finish(
        layered(marks, _controls(frame, start), height=430),
        title,
        subtitle="US dollars at current prices. Grey bars run from the exporter's to the "
        "importer's figure.",
        description=_description(frame, gaps, start),
        source=source_line(
            "trade",
            note="Importers count freight and insurance (CIF), exporters do not (FOB), so a small "
            "gap above zero is normal. The compilation gives the importer's figure where it has "
            "one, and the exporter's or an estimate where not.",
        ),
        left=46,
    )


def _choices(frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the options of each control, as far as the table has them."""
    has = {column: set(frame[column]) for column in ("country", "partner", "flow")}
    return {
        "country": {k: v for k, v in STATE_NAMES.items() if k in has["country"]},
        "partner": {k: v for k, v in PARTNERS.items() if k in has["partner"]},
        "flow": {k: v for k, v in FLOWS.items() if k in has["flow"]},
        "reporter": {"all": "All reporters"} | REPORTERS,
        "scale": SCALES,
    }


def _controls(frame: pd.DataFrame, start: dict[str, str]) -> list[alt.Parameter]:
    labels = {"country": "State ", "partner": "Partner ", "flow": "Flow ", "scale": "Scale "}
    labels["reporter"] = "Highlight "
    controls = []
    for key, options in _choices(frame).items():
        if start[key] not in options:
            raise ValueError(f"No {key} {start[key]!r} here; choose from {', '.join(options)}.")
        bind = alt.binding_radio if key in ("flow", "scale") else alt.binding_select
        control = bind(options=list(options), labels=list(options.values()), name=labels[key])
        controls.append(alt.param(name=f"trade_{key}", value=start[key], bind=control))
    return controls


def _description(frame: pd.DataFrame, gaps: pd.DataFrame, start: dict[str, str]) -> str:
    """Return the opening view in words."""
    keys = ["country", "partner", "flow"]
    chosen = frame[(frame[keys] == [start[key] for key in keys]).all(axis=1)]
    told = "; ".join(
        f"{series}, {rows['year'].min()} to {rows['year'].max()}"
        for series, rows in chosen.groupby("series")
    )
    return (
        "Line chart with controls for state, partner, flow, reporter and scale. It opens with "
        f"{FLOWS[start['flow']].lower()} of {STATE_NAMES[start['country']]}, partner "
        f"{IN_SENTENCE[start['partner']]}, in current US dollars. "
        f"Reports: {told or 'none'}. "
        f"{gap_text(gaps, *(start[key] for key in keys))}."
    )
