"""The map of the region, with a year slider: bases, sites, pipelines, railways, roads and dams."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from centralasia.charts.frame import finish, layered, ready_made, source_line
from centralasia.charts.inline import as_csv
from centralasia.charts.map.ground import edges, frame_size, ground, state_names
from centralasia.charts.map.layers import site_layers
from centralasia.charts.map.sites import KINDS, OPERATORS, chosen_sites, site_rows, sites_in
from centralasia.charts.theme import POWER_NAMES, RANKED

FIRST_YEAR, LAST_YEAR = 1991, 2025
# The two legends stand one under the other: side by side they would not fit a telephone.
STACKED_LEGENDS = alt.ExprRef("{top: {direction: 'vertical', anchor: 'start', margin: 4}}")


@ready_made
def region_map(
    infrastructure: pd.DataFrame | None = None,
    *,
    kinds: Sequence[str] | None = None,
    powers: Sequence[str] = RANKED,
    year: int = 2010,
    title: str = "Who built and held what in Central Asia, year by year",
) -> alt.LayerChart:
    """Return the map of the region with a slider for the year.

    The slider, the choice of kind and the box for unfinished works are controls of the browser:
    they need no kernel and take the keyboard. A site is shown from the year it was commissioned
    to the year it closed, both included. A line is a straight segment between its two ends.

    Parameters
    ----------
    infrastructure
        Rows of the table ``infrastructure``; all when left out.
    kinds
        The kinds to keep, such as ``["base", "site"]``.
    powers
        Codes of the powers that get a letter and a colour; those that the course compares when
        left out. Whoever else is behind a site is another state.
    year
        Where the slider stands at first, from 1991 to 2025.
    title
        What the map shows.

    Returns
    -------
    altair.LayerChart
        Parameters ``map_year``, ``map_kind`` and ``map_planned``.

    Raises
    ------
    ValueError
        If the year is outside the slider, a kind is unknown or no row is left.

    Examples
    --------
    >>> chart = region_map(kinds=["base"], year=2004)
    >>> [p.name for p in chart.params if p.name.startswith("map_y")]
    ['map_year']
    """
    frame = chosen_sites(infrastructure, kinds)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"The slider runs from {FIRST_YEAR} to {LAST_YEAR}; {year} is outside.")
    rows = site_rows(frame, powers)
    operators = [name for name in OPERATORS if rows["operator"].eq(name).any()]
    present = [kind for kind in KINDS if frame["kind"].eq(kind).any()]
    parts = (*ground(), *state_names(), *site_layers(as_csv(rows), present, operators), *edges())
    chart = layered(parts, _controls(present, year))
    return finish(
        chart,
        title,
        subtitle="Straight lines are schematic: they join two ends. "
        "Dashed and hollow: agreed or unfinished.",
        description=_description(frame, year, powers),
        source=source_line(
            "infrastructure",
            "natural_earth_world_atlas",
            note="Boundaries are drawn as Natural Earth has them and endorse no claim; capitals "
            "are today's. Where symbols would cover each other, a thin line leads to the place.",
        ),
        below=8,
        left=0,
    ).configure_legend(layout=STACKED_LEGENDS)


def _controls(kinds: list[str], year: int) -> list[alt.Parameter]:
    labels = [KINDS[kind] for kind in kinds]
    slider = alt.binding_range(min=FIRST_YEAR, max=LAST_YEAR, step=1, name="Year ")
    choice = alt.binding_select(
        options=["all", *labels], labels=["All kinds", *labels], name="Kind "
    )
    box = alt.binding_checkbox(name="Also agreed or unfinished ")
    return [
        alt.param(name="map_year", value=year, bind=slider),
        alt.param(name="map_kind", value="all", bind=choice),
        alt.param(name="map_planned", value=False, bind=box),
        *frame_size(),
    ]


def _description(frame: pd.DataFrame, year: int, powers: Sequence[str]) -> str:
    """Return the map in words: what was there in the year that it opens with, and who held it."""
    shown = sites_in(frame, year)
    kinds = shown["kind"].astype(str).value_counts().reindex(KINDS).dropna().astype(int)
    listed = ", ".join(f"{KINDS[kind].lower()} {number}" for kind, number in kinds.items())
    held = shown["operators"].astype(str).str.split(";")
    numbers = {p: int(held.map(lambda x, p=p: p in x).sum()) for p in powers}
    behind = ", ".join(f"{POWER_NAMES[p]} {number}" for p, number in numbers.items() if number)
    return (
        f"Map of Central Asia and its neighbours with a slider for the year, {FIRST_YEAR} to "
        f"{LAST_YEAR}. In {year} it shows {len(shown)} sites: {listed}. "
        f"Run or paid for by, alone or with others: {behind or 'no power'}. The rest is "
        "held by the five states themselves or by other states. The folded table lists all sites."
    )
