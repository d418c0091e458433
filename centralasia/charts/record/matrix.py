"""Who belonged to which organization on a date: a matrix with the whole spell in each cell."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from centralasia import tables
from centralasia.charts.frame import finish, layered, pixels, ready_made, source_line, words
from centralasia.charts.inline import one_row
from centralasia.charts.record.spells import FIRST_YEAR, HEAD, LAST_YEAR, MARGIN, ROW, names, placed
from centralasia.charts.theme import INK, MUTED, NO_DATA, PAPER, STATES

_CELL_TOP, _CELL, _STRIP = 10, 24, 6
_DARK, _PALE = "#2d5a67", "#cfdde0"
_KEY = (
    "Strong colour: member on the date; faint: another status; dashed: suspended, limited, or a "
    "member by law but hardly in practice. "
    f"Strip: all memberships, {FIRST_YEAR} to {LAST_YEAR}; the line is the date.\n"
)


@ready_made
def membership_matrix(
    memberships: pd.DataFrame,
    *,
    title: str,
    description: str,
    on: str | pd.Timestamp = "2025-01-01",
    organizations: Sequence[str] | None = None,
    countries: Sequence[str] = STATES,
    subtitle: str | None = None,
    source: str | None = None,
) -> alt.LayerChart:
    """Draw organizations by countries, with the status on a date that sliders choose.

    A spell counts on its first and on its last day, as in ``measures.members_on``. Under each cell
    a strip shows all its spells since 1991. The sliders for year and month work by keyboard and
    without a kernel.

    Parameters
    ----------
    memberships
        Rows of the table ``memberships``, as ``tables.load`` gives them.
    title
        What the chart shows.
    description
        The content in words, for readers who do not see the chart.
    on
        The date to begin with. The sliders move its year and its month and keep its day.
    organizations
        Keys of the organizations, from top to bottom; all of the frame when left out.
    countries
        ISO 3166 alpha-3 codes of the countries, from left to right.
    subtitle
        The line under the title.
    source
        The line under the key to the cells; when left out, the sources of the table.

    Returns
    -------
    altair.LayerChart

    Raises
    ------
    ValueError
        If an organization is not in the frame, or the date lies outside 1991 to 2025.

    Examples
    --------
    >>> spells = tables.load("memberships")
    >>> chart = membership_matrix(spells, on="1998-01-01", organizations=["CST", "CSTO"],
    ...     title="Who was in the treaty", description="A matrix of two rows.")
    >>> [p["value"] for p in chart.to_dict()["params"] if "value" in p]
    [1998, 1, 1]
    """
    wanted = list(memberships["organization"].unique() if organizations is None else organizations)
    missing = sorted(set(wanted) - set(memberships["organization"]))
    if missing:
        raise ValueError(f"No membership of {', '.join(missing)} in this frame.")
    date = pd.Timestamp(on)
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise ValueError(f"The chart covers {FIRST_YEAR} to {LAST_YEAR}, not {date.year}.")
    spells = placed(memberships, wanted, countries)
    layers = [*_frame_marks(wanted, countries), *_spell_marks(spells, len(countries))]
    height = HEAD + ROW * len(wanted) - 8
    return finish(
        layered(layers, _sliders(date), height=height),
        title,
        subtitle=subtitle,
        description=description,
        source=_KEY + (source or source_line("memberships")),
        below=8,
        left=0,
    )


def _sliders(date: pd.Timestamp) -> list[alt.Parameter]:
    years = alt.binding_range(min=FIRST_YEAR, max=LAST_YEAR, step=1, name="Year")
    months = alt.binding_range(min=1, max=12, step=1, name="Month")
    return [
        alt.param("year", value=date.year, bind=years),
        alt.param("month", value=date.month, bind=months),
        alt.param("day", value=date.day),
        alt.param("on", expr="timeFormat(datetime(year, month - 1, day), '%Y-%m-%d')"),
    ]


def _x(name: str, columns: int) -> alt.X:
    return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, columns], nice=False))


def _frame_marks(organizations: Sequence[str], countries: Sequence[str]) -> list[alt.Chart]:
    """Return the date, the names of countries and organizations, and the empty cells."""
    columns = len(countries)
    known = tables.load("organizations").set_index("organization")["name"]
    rows = pd.DataFrame({"org": list(organizations)})
    rows["name"] = rows["org"].map(known)
    named = rows["name"].notna() & (rows["name"] != rows["org"])
    rows["text"] = rows["org"].where(~named, rows["org"] + " · " + rows["name"])
    rows["y"] = HEAD + ROW * rows.index
    heads = pd.DataFrame({"who": countries, "name": names(countries).values()})
    heads["x"] = [i + 0.5 for i in range(columns)]
    cells = rows[["org", "y"]].merge(heads[["x"]], how="cross")
    cells["x"] -= 0.5
    # On a phone "Turkmenistan" has room for its beginning; its end goes under it.
    name = (
        f"width / {columns} < 84 && slice(datum.name, -4) == 'stan'"
        " ? [slice(datum.name, 0, -4) + '-', 'stan'] : [datum.name]"
    )
    date = alt.Chart(one_row()).mark_text(
        text=alt.ExprRef("timeFormat(datetime(year, month - 1, day), 'On %-d %B %Y')"),
        **{"x": 0, "y": 2, "align": "left", "fontSize": 15, "fontWeight": 600},
    )
    empty = alt.Chart(cells).transform_calculate(**_box("datum.x"))
    return [
        date,
        alt.Chart(heads)
        .mark_text(
            y=26,
            fontWeight=600,
            lineHeight=12,
            dy=alt.ExprRef("length(datum.t) > 1 ? -8 : 0"),
            fontSize=alt.ExprRef(f"width / {columns} < 84 ? 11 : 12"),
        )
        .transform_calculate(t=name)
        .encode(x=_x("x", columns), text=alt.Text("t:N"), description=alt.Description("name:N")),
        alt.Chart(rows)
        .mark_text(
            align="left",
            x=0,
            color=MUTED,
            limit=alt.ExprRef("width"),
            fontSize=alt.ExprRef("width < 300 ? 10.5 : 12"),
        )
        .encode(y=pixels("y"), **words("text")),
        empty.mark_rect(fill=None, stroke=NO_DATA, aria=False).encode(**_corners(columns)),
        empty.mark_rect(fill=NO_DATA, opacity=0.6, aria=False).encode(
            **_corners(columns, "strip", "under")
        ),
    ]


def _box(column: str) -> dict[str, str]:
    """Return the calculations of a cell's corners and of the strip under it."""
    return {
        "left": f"{column} + {MARGIN}",
        "right": f"{column} + {1 - MARGIN}",
        "middle": f"{column} + 0.5",
        "top": f"datum.y + {_CELL_TOP}",
        "centre": f"datum.y + {_CELL_TOP + _CELL / 2}",
        "bottom": f"datum.y + {_CELL_TOP + _CELL}",
        "strip": f"datum.y + {_CELL_TOP + _CELL + 2}",
        "under": f"datum.y + {_CELL_TOP + _CELL + 2 + _STRIP}",
    }


def _corners(columns: int, top: str = "top", bottom: str = "bottom") -> dict[str, object]:
    return {
        "x": _x("left", columns),
        "x2": alt.X2("right:Q"),
        "y": pixels(top),
        "y2": alt.Y2(f"{bottom}:Q"),
    }


def _spell_marks(spells: pd.DataFrame, columns: int) -> list[alt.Chart]:
    """Return the strips of all spells, and the cells of those that hold on the date."""
    tips = {"org": "Organization", "who": "Country", "status": "Status", "start": "From"}
    tips |= {"end": "Last day", "note": "Note"}
    look = {
        "fill": alt.condition("datum.full", alt.value(_DARK), alt.value(_PALE)),
        "tooltip": [alt.Tooltip(f"{key}:N", title=text) for key, text in tips.items()],
    }
    narrow = f"width / {columns} < 64"
    all_spells = (
        alt.Chart(spells)
        .transform_calculate(**_box("datum.col"))
        .transform_calculate(
            say="datum.org + ', ' + datum.who + ': ' + datum.label",
            spell="datum.say + ', ' + datum.start + ' to ' + datum.end",
            word=f"{narrow} ? replace(datum.label, 'suspended', 'susp.') : datum.label",
        )
    )
    held = all_spells.transform_filter("datum.s <= on && on <= datum.e")
    share = f"(year + (month - 1) / 12 + day / 365 - {FIRST_YEAR}) / {LAST_YEAR + 1 - FIRST_YEAR}"
    at = f"datum.left + {1 - 2 * MARGIN} * {share}"
    return [
        all_spells.mark_rect(stroke=_DARK, strokeWidth=0.7).encode(
            x=_x("x0", columns),
            x2=alt.X2("x1:Q"),
            y=pixels("strip"),
            y2=alt.Y2("under:Q"),
            description=alt.Description("spell:N"),
            **look,
        ),
        *(
            held.transform_filter(f"datum.dashed == {word}")
            .mark_rect(stroke=_DARK, strokeWidth=1.4, strokeDash=dash)
            .encode(**_corners(columns), description=alt.Description("say:N"), **look)
            for word, dash in (("true", [4, 3]), ("false", [1, 0]))
        ),
        held.transform_filter(f"width / {columns} > 46")
        .mark_text(fontSize=alt.ExprRef(f"{narrow} ? 9 : 12"), aria=False)
        .encode(
            x=_x("middle", columns),
            y=pixels("centre"),
            text=alt.Text("word:N"),
            color=alt.condition("datum.full", alt.value(PAPER), alt.value(INK)),
        ),
        all_spells.transform_calculate(at=at)
        .mark_rule(color=INK, strokeWidth=1.4, aria=False)
        .encode(x=_x("at", columns), y=pixels("strip"), y2=alt.Y2("under:Q")),
    ]
