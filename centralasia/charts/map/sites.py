"""The sites of the region as the map needs them: who is behind each, and from when to when."""

from collections.abc import Sequence

import pandas as pd

from centralasia import tables
from centralasia.charts.map import geography as geo
from centralasia.charts.theme import INK, POWER_COLORS, POWER_NAMES, POWERS, RANKED, STATES

KINDS = {
    "base": "Military base",
    "site": "Range, station, other site",
    "oil_pipeline": "Oil pipeline",
    "gas_pipeline": "Gas pipeline",
    "railway": "Railway",
    "road": "Road or bridge",
    "power_line": "Power line",
    "dam": "Hydropower plant",
    "dry_port": "Dry port",
}
_SEVERAL, _FIVE, _OTHER = "+ more than one power", "5 the five themselves", "o another state"
OPERATORS = {f"{POWER_NAMES[p][0]} {POWER_NAMES[p]}": POWER_COLORS[p] for p in POWERS} | {
    _SEVERAL: INK,
    _FIVE: "#1f7a5c",
    _OTHER: "#6f747c",
}


def sites_in(infrastructure: pd.DataFrame, year: int, *, planned: bool = False) -> pd.DataFrame:
    """Return the sites that the map shows in a year: the rule of the slider, for tables.

    Parameters
    ----------
    infrastructure
        Rows of the table ``infrastructure``.
    year
        A calendar year.
    planned
        Whether to give what was agreed by then but not (known to be) in service instead.

    Returns
    -------
    pandas.DataFrame
        The rows with commissioned <= year <= closed, or no closing date; with ``planned``, those
        agreed by the year, not commissioned by it and not given up before it.

    Examples
    --------
    >>> bases = tables.load("infrastructure").query("kind == 'base'")
    >>> [int("manas" in set(sites_in(bases, y)["site_id"])) for y in (2000, 2014, 2015)]
    [0, 1, 0]
    """
    start, end = infrastructure["commissioned"].dt.year, infrastructure["closed"].dt.year
    open_still = end.isna() | (end >= year)
    if planned:
        return infrastructure[
            (infrastructure["agreed"].dt.year <= year) & ~(start <= year) & open_still
        ]
    return infrastructure[(start <= year) & open_still]


def chosen_sites(infrastructure: pd.DataFrame | None, kinds: Sequence[str] | None) -> pd.DataFrame:
    """Return the rows to draw, or say which kind there is none of."""
    frame = tables.load("infrastructure") if infrastructure is None else infrastructure
    if kinds is not None:
        unknown = sorted(set(kinds) - set(KINDS))
        if unknown:
            raise ValueError(f"No kind {', '.join(unknown)}; there are {', '.join(KINDS)}.")
        frame = frame[frame["kind"].isin(list(kinds))]
    if frame.empty:
        raise ValueError("No site is left to draw.")
    return frame.reset_index(drop=True)


def _operator(codes: str, powers: Sequence[str]) -> str:
    """Return the power behind a site, or who else it is."""
    listed = codes.split(";")
    behind = [code for code in listed if code in powers]
    if behind:
        name = POWER_NAMES[behind[0]]
        return _SEVERAL if len(behind) > 1 else f"{name[0]} {name}"
    return _FIVE if listed[0] in STATES else _OTHER


def site_rows(frame: pd.DataFrame, powers: Sequence[str] = RANKED) -> pd.DataFrame:
    """Return what the browser needs of each site: years, places, words; powers by their codes."""
    drawn = geo.side_by_side(frame)
    symbols, anchors = (places.round(2).tolist() for places in geo.symbol_places(drawn))
    about = tables.load("sources", ["source_id", "title"]).set_index("source_id")["title"]
    names = tables.load("countries", ["country", "name"]).set_index("country")["name"]
    rows = []
    for site, shown, symbol, anchor in zip(
        frame.to_dict("records"), drawn.to_dict("records"), symbols, anchors, strict=True
    ):
        text = {k: "–" if pd.isna(v) else str(v) for k, v in site.items()}
        ends = {k: shown[k] for k in ("from_lat", "from_lon", "to_lat", "to_lon")}
        row = {
            "site": site["site_id"],
            "name": text["name"],
            "kind": KINDS[text["kind"]],
            "operator": (operator := _operator(text["operators"], powers)),
            "tone": OPERATORS[operator],
            "who": ", ".join(names.get(code, code) for code in text["operators"].split(";")),
            **dict(zip(("lat", "lon", "at_lat", "at_lon"), symbol + anchor, strict=True)),
            **{k: round(float(v), 2) for k, v in ends.items() if pd.notna(v)},
            **_years(site, text),
            "capacity": _capacity(text),
            "title": text["legal_title"],
            "note": text["note"],
            "source": about.get(text["source_id"], text["source_id"]),
        }
        rows.append(row)
    return pd.DataFrame(rows).astype(dict.fromkeys(("a", "s", "e"), "Int64"))


def _capacity(text: dict[str, str]) -> str:
    size, unit = text["capacity"].removesuffix(".0"), text["capacity_unit"]
    return size if "–" in (size, unit) else f"{size} {unit}"


def _years(site: dict, text: dict[str, str]) -> dict:
    """Return the years that the slider compares, and the dates as the sources give them."""
    years = {
        key: int(site[column].year) if pd.notna(site[column]) else pd.NA
        for key, column in (("a", "agreed"), ("s", "commissioned"), ("e", "closed"))
    }
    start = "not known" if pd.isna(site["commissioned"]) else f"from {text['commissioned_text']}"
    end = "" if pd.isna(site["closed"]) else f" to {text['closed_text']}"
    return years | {"agreed": text["agreed_text"], "service": start + end}
