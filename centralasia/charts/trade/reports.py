"""What each reporter says of one trade, packed small enough to travel inside a chart."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from centralasia import course
from centralasia.charts.theme import POWER_NAMES, RANKED, STATE_NAMES
from centralasia.measures import WORLD, mirror_gap

PARTNERS = POWER_NAMES | {WORLD: "The world"}
IN_SENTENCE = {power.area: power.in_sentence for power in course.powers()} | {WORLD: "the world"}
COMPARED = (*RANKED, WORLD)
"""The partners that a comparison of trade is about."""
REPORTERS = {"country": "The state itself", "partner": "The partner", "compilation": "Compilations"}
FLOWS = {"export": "Exports", "import": "Imports", "turnover": "Turnover"}
_LABELS = {
    "cow_trade_v4": "Correlates of War",
    "wdi_datahub_2026": "World Bank, with estimates",
    "imf_dots_us": "US customs, by way of the IMF",
}
_MINOR = "^(?:zero|preliminary|rounded|as reported|Chinese customs, rounded$)"
_BREAK = "reporter changes|level breaks|with Chinese figures"
_KEYS = ["country", "partner", "flow"]


def reports(trade: pd.DataFrame, partners: Sequence[str] = COMPARED) -> pd.DataFrame:
    """Return every report on the trade of the five with the powers and with the world.

    Parameters
    ----------
    trade
        Rows of the table ``trade``.
    partners
        Codes of powers, and ``"WLD"`` for the world.

    Returns
    -------
    pandas.DataFrame
        ``country``, ``partner``, ``flow``, ``series`` (who reports, in words), ``reporter`` (a key
        of `REPORTERS`), ``year``, ``usd_m`` (million current US dollars), ``note``. Turnover is
        added where one source gives both flows.

    Raises
    ------
    KeyError
        If a partner is neither a power nor the world.
    ValueError
        If no row is left, or a series has two values for one year.
    """
    names = [IN_SENTENCE[partner] for partner in partners]
    rows = trade[trade["country"].isin(STATE_NAMES) & trade["partner"].isin(list(partners))]
    if rows.empty:
        raise ValueError(f"No trade of the five with any of: {', '.join(names)}.")
    frame = rows.astype({"flow": str, "reporter": str, "note": object})
    frame = pd.concat([frame, _turnover(frame)], ignore_index=True)
    frame["reporter"] = frame["reporter"].replace("estimate", "compilation")
    frame["series"] = [
        _label(*row)
        for row in frame[["country", "partner", "reporter", "source_id"]].itertuples(index=False)
    ]
    frame["usd_m"] = frame["value_usd"] / 1e6
    keys = [*_KEYS, "series", "year"]
    if frame.duplicated(keys).any():
        twin = frame[frame.duplicated(keys)].iloc[0]
        raise ValueError(f"{twin['series']}: two values for {twin['country']} in {twin['year']}.")
    columns = [*_KEYS, "series", "reporter", "year", "usd_m", "note"]
    return frame[columns].sort_values(columns[:6]).reset_index(drop=True)


def packed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row a series, its values as text: ``first`` year, then ``values`` by year.

    A series whose reporter changes is cut in two ``part`` s there, so that no line joins them.
    """
    changed = frame["note"].astype(str).str.contains(_BREAK).astype(int)
    keys = [*_KEYS, "reporter", "series", "part"]
    rows = [
        (*key, *_as_text(dict(zip(group["year"], group["usd_m"], strict=True))))
        for key, group in frame.assign(part=changed).groupby(keys, sort=True)
    ]
    return pd.DataFrame(rows, columns=[*keys, "first", "values"])


def warnings(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the breaks and gaps that a reader must know: one row a run of years with one note.

    Rounding, preliminary figures and zeros are left to the table beside the chart.
    """
    found = []
    minor = frame["note"].astype(str).str.contains(_MINOR)
    for keys, group in frame[frame["note"].notna() & ~minor].groupby([*_KEYS, "series", "note"]):
        first, last = group["year"].min(), group["year"].max()
        years = f"{first}" if first == last else f"{first} to {last}"
        row = dict(zip([*_KEYS, "series"], keys, strict=False))
        row |= {"reporter": group["reporter"].iloc[0], "year": first}
        found.append(row | {"usd_m": group["usd_m"].iloc[0], "text": f"{years}: {keys[-1]}"})
    return pd.DataFrame(found, columns=[*_KEYS, "series", "reporter", "year", "usd_m", "text"])


def mirror_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what exporter and importer reported where both did, year by year.

    The direct reports of the two sides are taken first. Where a side has none, the compilation
    stands for it: its figure is the importer's, but for years that it notes as the exporter's.

    Returns
    -------
    pandas.DataFrame
        ``country``, ``partner``, ``flow``, ``year``, ``exporter`` and ``importer`` (million current
        US dollars), ``relative`` (see `measures.mirror_gap`).
    """
    sided = frame[frame["flow"].ne("turnover") & frame["partner"].ne(WORLD)]
    sided = sided[~sided["note"].astype(str).str.contains("services")]
    sided = sided.assign(side=_sides(sided), direct=sided["reporter"].ne("compilation"))
    years = [*_KEYS, "year"]
    best = sided.sort_values("direct", ascending=False).drop_duplicates([*years, "side"])
    table = best.pivot(index=years, columns="side", values="usd_m")
    columns = [*years, "exporter", "importer", "relative"]
    if not {"exporter", "importer"} <= set(table.columns) or table.dropna().empty:
        return pd.DataFrame(columns=columns)
    return mirror_gap(table["exporter"], table["importer"]).dropna().reset_index()[columns]


def _sides(frame: pd.DataFrame) -> np.ndarray:
    """Return whether each value is the exporter's or the importer's."""
    exporter = np.where(frame["flow"].eq("export"), "country", "partner")
    from_exporter = frame["reporter"].eq(exporter)
    # The compilation took the Chinese figure for some imports from China.
    from_exporter |= frame["flow"].eq("import") & frame["note"].astype(str).str.contains(
        "Chinese figure, "
    )
    return np.where(from_exporter, "exporter", "importer")


def _turnover(frame: pd.DataFrame) -> pd.DataFrame:
    """Return exports plus imports where one source gives both."""
    flows = frame[frame["flow"].isin(["export", "import"])]
    groups = flows.groupby(["country", "partner", "year", "source_id"], as_index=False)
    total = groups.agg(
        value_usd=("value_usd", "sum"),
        reporter=("reporter", "first"),
        note=("note", _joined),
        flows=("flow", "size"),
    )
    total = total[total["flows"].eq(2)].drop(columns="flows").assign(flow="turnover")
    stated = frame[frame["flow"].eq("turnover")]
    keys = ["country", "partner", "year", "source_id"]
    known = pd.MultiIndex.from_frame(stated[keys])
    return total[~pd.MultiIndex.from_frame(total[keys]).isin(known)]


def _joined(notes: pd.Series) -> object:
    kept = notes.dropna().unique()
    return "; ".join(kept) if len(kept) else None


def _label(country: str, partner: str, reporter: str, source_id: str) -> str:
    """Return who reports a series."""
    if source_id in _LABELS:
        return _LABELS[source_id]
    if reporter == "partner":
        return f"{PARTNERS[partner]}’s customs, as quoted"
    return f"{STATE_NAMES[country]}’s own statistics"


def _as_text(values: dict[int, float]) -> tuple[int, str]:
    """Return the first year and the values from it to the last, with nothing for a gap."""
    years = range(min(values), max(values) + 1)
    every = [values.get(year, math.nan) for year in years]
    text = ["" if math.isnan(x) else f"{x:.4g}" if x < 1000 else f"{x:.0f}" for x in every]
    return years[0], ";".join(text)


def gap_text(gaps: pd.DataFrame, country: str, partner: str, flow: str) -> str:
    """Return the mirror gap of one trade in a few words."""
    if partner == "WLD":
        return "The world keeps no books: no mirror"
    if flow == "turnover":
        return "Choose one flow to see the mirror gap"
    chosen = gaps[
        gaps["country"].eq(country) & gaps["partner"].eq(partner) & gaps["flow"].eq(flow)
    ]["relative"].dropna()
    if chosen.empty:
        return "No year with reports from both sides"
    if len(chosen) == 1:
        year = gaps.loc[chosen.index[0], "year"]
        return f"Mirror gap in {year}: {signed(chosen.iloc[0])}"
    return f"Mirror gap, median of {len(chosen)} years: {signed(chosen.median())}"


def signed(share: float) -> str:
    """Return a share with its sign, in per cent."""
    return f"{share:+.0%}".replace("-", "−")
