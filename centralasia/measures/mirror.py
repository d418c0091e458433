"""The same trade told twice, and growth told from different years."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from centralasia.measures.trade import WORLD, Flow, amounts_by_partner


def mirror_gap(exporter: pd.Series, importer: pd.Series) -> pd.DataFrame:
    """Return how far two reports of one flow differ.

    Convention: absolute = importer - exporter; relative = (importer - exporter) / exporter.
    Exports are valued free on board (FOB), imports with cost, insurance and freight (CIF), so
    a small positive gap is transport and no more (the IMF's Direction of Trade Statistics long
    took +0.10; for landlocked states it is higher). A large or a negative gap points to transit
    trade booked to another partner, goods that no customs office saw, or a missing report
    (Morgenstern 1963, On the Accuracy of Economic Observations).

    Parameters
    ----------
    exporter, importer : pandas.Series
        US dollars by year (or any shared index): what the seller and what the buyer reported.

    Returns
    -------
    pandas.DataFrame
        On the union of both indexes: ``exporter``, ``importer``, ``absolute`` (US dollars),
        ``relative`` (share of the exporter's figure). Where one side is silent, or the
        exporter reports zero, the gap is missing and the year stays.

    Raises
    ------
    ValueError
        If an index repeats, a value is negative, or the two share no year.

    Examples
    --------
    >>> mirror_gap(pd.Series({2010: 100.0}), pd.Series({2010: 130.0})).to_dict("records")
    [{'exporter': 100.0, 'importer': 130.0, 'absolute': 30.0, 'relative': 0.3}]
    """
    for name, x in (("exporter", exporter), ("importer", importer)):
        if x.index.has_duplicates:
            raise ValueError(f"The {name} has two values for one year: choose one source.")
        if (x < 0).any():
            raise ValueError(f"The {name} reports a negative value.")
    frame = pd.DataFrame({"exporter": exporter, "importer": importer}).astype(float).sort_index()
    if frame.dropna().empty:
        raise ValueError("There is no year that both sides reported.")
    frame["absolute"] = frame["importer"] - frame["exporter"]
    frame["relative"] = frame["absolute"] / frame["exporter"].replace(0, np.nan)
    return frame


def growth_multiple(series: pd.Series) -> pd.DataFrame:
    """Return by what multiple a series grew, for every pair of years.

    multiple = value in the later year / value in the earlier one. "Grew eleven-fold" is true
    of some pairs of years and of no others: this shows of which.

    Parameters
    ----------
    series : pandas.Series
        One source's values, indexed by year, above zero.

    Returns
    -------
    pandas.DataFrame
        One row a pair, earlier years first: ``from_year``, ``to_year``, ``from_value``,
        ``to_value``, ``multiple``.

    Raises
    ------
    ValueError
        If a year repeats (two sources mixed), fewer than two years are given, or a value is
        missing, zero or negative (a multiple of nothing is not a number).

    Examples
    --------
    >>> growth_multiple(pd.Series({2000: 2.0, 2005: 7.0, 2010: 22.0}))["multiple"].round(2).tolist()
    [3.5, 11.0, 3.14]
    """
    if series.index.has_duplicates:
        raise ValueError("A year occurs twice: two sources are mixed. Choose one.")
    if len(series) < 2:
        raise ValueError("Growth needs two years at least.")
    bad = series.index[~((series > 0) & (series < np.inf)).fillna(False)].tolist()
    if bad:
        raise ValueError(
            f"No value above zero for {', '.join(map(str, bad))}: leave it out, and say so."
        )
    ordered = series.sort_index().astype(float)
    early, late = np.triu_indices(len(ordered), k=1)
    years, values = ordered.index.to_numpy(), ordered.to_numpy()
    return pd.DataFrame(
        {
            "from_year": years[early],
            "to_year": years[late],
            "from_value": values[early],
            "to_value": values[late],
            "multiple": values[late] / values[early],
        }
    )


def pairs_that_fit(
    series: pd.Series,
    *,
    multiple: tuple[float, float],
    level: tuple[float, float] = (0.0, float("inf")),
) -> pd.DataFrame:
    """Return the pairs of years in which "it grew k times, to about v" is true.

    A sentence with a multiple and a level names a pair of years, or leaves it open. Looking through
    all pairs says how many would have done: with enough of them, some always fit, so the number
    of pairs that were tried belongs beside the number that fit.

    Parameters
    ----------
    series : pandas.Series
        As in `growth_multiple`.
    multiple : tuple of float
        Smallest and largest multiple that count as k times.
    level : tuple of float, default any
        Smallest and largest last value that count as v, in the unit of the series.

    Returns
    -------
    pandas.DataFrame
        The rows of `growth_multiple` that fit, numbered anew; empty if none does.

    Raises
    ------
    ValueError
        As in `growth_multiple`, or if a lower bound is above its upper one.

    Examples
    --------
    >>> trade = pd.Series({2000: 2.0, 2003: 4.0, 2007: 20.0, 2010: 30.0})
    >>> pairs_that_fit(trade, multiple=(9, 12), level=(18, 22))["to_year"].tolist()
    [2007]
    """
    for what, (low, high) in (("multiple", multiple), ("level", level)):
        if not low <= high:
            raise ValueError(f"The {what} runs from {low:g} to {high:g}: the smaller one first.")
    pairs = growth_multiple(series)
    fits = pairs["multiple"].between(*multiple) & pairs["to_value"].between(*level)
    return pairs[fits].reset_index(drop=True)


class Overtaking(NamedTuple):
    """When one series passed another, as far as both are known; see `overtaking`."""

    opens: int
    """First year that both series have."""
    closes: int
    """Last year that both series have."""
    first: int | None
    """First year in which the challenger was ahead; None for never."""
    lasting: int | None
    """First year from which it was ahead in every year to the last; None if it is not ahead."""
    behind: int | None
    """Last year before that in which it was not ahead; None if it was ahead from the start."""


def overtaking(challenger: pd.Series, leader: pd.Series) -> Overtaking:
    """Return the year in which one series passed another for good.

    A year counts as ahead if the challenger's value is the larger one; a tie does not. Years that
    one of the two lacks say nothing and are left out, so the passing lies between ``behind`` and
    ``lasting``, and "for good" means: to the last year that both have.

    Parameters
    ----------
    challenger, leader : pandas.Series
        Amounts in one unit, indexed by year.

    Returns
    -------
    Overtaking

    Raises
    ------
    ValueError
        If a year repeats (two sources mixed), or the two share no year.

    Examples
    --------
    China falls back once; 2004 has no figure of Russia's.

    >>> china = pd.Series({2001: 1.0, 2002: 3.0, 2003: 2.0, 2004: 5.0, 2005: 6.0})
    >>> russia = pd.Series({2001: 2.0, 2002: 2.0, 2003: 2.0, 2005: 4.0})
    >>> passed = overtaking(china, russia)
    >>> passed.first, passed.behind, passed.lasting
    (2002, 2003, 2005)
    """
    for name, series in (("challenger", challenger), ("leader", leader)):
        if series.index.has_duplicates:
            raise ValueError(f"The {name} has two values for one year: choose one source.")
    both = pd.DataFrame({"challenger": challenger, "leader": leader}).dropna().sort_index()
    if both.empty:
        raise ValueError("There is no year that both series have.")
    years = [int(year) for year in both.index]
    ahead = (both["challenger"] > both["leader"]).tolist()
    behind = [year for year, is_ahead in zip(years, ahead, strict=True) if not is_ahead]
    after = years if not behind else [year for year in years if year > behind[-1]]
    return Overtaking(
        opens=years[0],
        closes=years[-1],
        first=years[ahead.index(True)] if any(ahead) else None,
        lasting=after[0] if after else None,
        behind=behind[-1] if behind and after else None,
    )


def intra_bloc_share(
    trade: pd.DataFrame,
    members: Sequence[str],
    year: int,
    *,
    flow: Flow = "turnover",
    source_id: str | None = None,
    reporters: Sequence[str] | None = None,
) -> float:
    """Return the share of a bloc's trade that stays inside the bloc.

    Trade of the reporters with all other members, over their trade with the world (the
    intra-regional trade share, as in the Regional Integration Knowledge System of UNU-CRIS).

    Parameters
    ----------
    trade : pandas.DataFrame
        As in `dependence`.
    members : sequence of str
        ISO alpha-3 codes of the whole bloc on the day in question.
    year : int
    flow : {"turnover", "export", "import"}
    source_id : str, optional
        As in `dependence`.
    reporters : sequence of str, optional
        The members whose trade is counted; by default all. Name them where a member's own
        trade is not in the table: the result is then the share of the bloc in *their* trade.

    Returns
    -------
    float
        Share from 0 to 1.

    Raises
    ------
    ValueError
        If a reporter is no member, has no total for the year, or has no value for a member.

    Examples
    --------
    >>> trade = pd.DataFrame({"country": ["KAZ", "KAZ", "KGZ", "KGZ"], "year": 2010,
    ...     "partner": ["KGZ", "WLD", "KAZ", "WLD"], "flow": "export",
    ...     "value_usd": [4, 90, 3, 10], "source_id": "x"})
    >>> intra_bloc_share(trade, ["KAZ", "KGZ"], 2010, flow="export")
    0.07
    """
    members = list(dict.fromkeys(members))
    counted = members if reporters is None else list(dict.fromkeys(reporters))
    outside = sorted(set(counted) - set(members))
    if outside or not counted:
        raise ValueError(
            f"Reporters must be members of the bloc; {', '.join(outside) or 'none'} given."
        )
    missing = sorted(set(counted) - set(trade["country"].astype(str)))
    if missing:
        raise ValueError(
            f"The table does not hold the trade of {', '.join(missing)}. "
            "Name the members that it holds with reporters=."
        )
    inside = world = 0.0
    for country in counted:
        amounts = amounts_by_partner(trade, country, flow, year, source_id)
        others = [x for x in members if x != country]
        absent = [x for x in others if x not in amounts.index]
        if absent:
            raise ValueError(f"No {flow} trade of {country} with {', '.join(absent)} in {year}.")
        inside += float(amounts[others].sum())
        world += float(amounts[WORLD])
    return inside / world
