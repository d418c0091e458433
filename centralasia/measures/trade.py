"""Trade: how concentrated, how dependent on whom, and how far two reporters differ."""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

Flow = Literal["export", "import", "turnover"]
"""A turnover is exports plus imports of one source."""
WORLD = "WLD"
# Partners that are sums of others.
AGGREGATES = frozenset({WORLD, "CIS", "EAEU"})


def hhi(values: ArrayLike, *, total: float | None = None, normalised: bool = False) -> float:
    """Return the Herfindahl-Hirschman index of concentration.

    The sum of squared shares. Hirschman (1945, National Power and the Structure of Foreign
    Trade) took the square root of it; Herfindahl (1950, Concentration in the Steel Industry)
    did not, and nor does this function. Normalised: (H - 1/n) / (1 - 1/n), so that n equal
    partners give 0 whatever n is.

    Parameters
    ----------
    values : array-like, shape (n,)
        Amounts in any one unit, or shares. Zeros count as partners when normalised.
    total : float, optional
        What the shares are shares of, if the values are only part of it. The small partners
        that are left out then add nothing, so the result is a lower bound.
    normalised : bool, default False

    Returns
    -------
    float
        From 1/n (equal partners) to 1 (one partner); from 0 to 1 when normalised.

    Raises
    ------
    ValueError
        If a value is missing or negative, all are zero, the total is less than the sum, or a
        single value or a given total meets ``normalised``.

    Examples
    --------
    Half to one partner, a quarter to each of two others: 0.25 + 0.0625 + 0.0625.

    >>> hhi([50, 25, 25])
    0.375
    >>> hhi([10, 10, 10, 10], normalised=True)
    0.0
    """
    amounts = np.asarray(values, dtype=float)
    if amounts.ndim != 1 or not amounts.size or not np.isfinite(amounts).all():
        raise ValueError("Concentration needs one known amount for each partner.")
    if (amounts < 0).any() or not amounts.sum() > 0:
        raise ValueError("Amounts must not be negative, and one at least must be above zero.")
    if total is not None and not total >= amounts.sum() * (1 - 1e-9):
        raise ValueError(
            f"The partners add up to {amounts.sum():g}, more than the total of {total:g}."
        )
    if normalised and (total is not None or amounts.size == 1):
        raise ValueError("Normalising needs all partners, two at least, and no separate total.")
    index = float(((amounts / (total or amounts.sum())) ** 2).sum())
    return (index - 1 / amounts.size) / (1 - 1 / amounts.size) if normalised else index


def _years(years: pd.Series) -> str:
    """Return years as text: first to last."""
    return f"{years.min()} to {years.max()}" if len(years) else "none"


def amounts_by_partner(
    trade: pd.DataFrame, country: str, flow: Flow, year: int, source_id: str | None
) -> pd.Series:
    """Return US dollars by partner for one state and year, from one source that has its total.

    Parameters
    ----------
    trade, country, flow, year, source_id
        As in `dependence`.

    Returns
    -------
    pandas.Series
        Indexed by partner, sums of others (`AGGREGATES`) included; a partner without one of the
        flows of a turnover is left out.

    Raises
    ------
    ValueError
        As in `dependence`.
    """
    if flow not in get_args(Flow):
        raise ValueError(f"The flow is 'export', 'import' or 'turnover', not {flow!r}.")
    flows = {"export", "import"} if flow == "turnover" else {flow}
    rows = trade[trade["country"].eq(country)]
    if rows.empty:
        known = ", ".join(sorted(trade["country"].astype(str).unique())) or "no rows"
        raise ValueError(f"No trade of {country!r} in this table; it has {known}.")
    rows = rows[rows["value_usd"].notna() & rows["flow"].isin(flows)]
    totals = rows[rows["partner"].eq(WORLD)]
    if source_id is None:
        sources = sorted(totals.loc[totals["year"].eq(year), "source_id"].astype(str).unique())
        with_partners = rows[rows["year"].eq(year) & ~rows["partner"].isin(AGGREGATES)]["source_id"]
        sources = [x for x in sources if x in set(with_partners.astype(str))]
        if len(sources) > 1:
            raise ValueError(
                f"Several sources give {country}'s trade of {year}: {', '.join(sources)}. "
                "Choose one with source_id=; a share across two sources means nothing."
            )
        source_id = sources[0] if sources else ""
    rows = rows[rows["source_id"].eq(source_id) & rows["year"].eq(year)]
    if set(rows.loc[rows["partner"].eq(WORLD), "flow"]) != flows:
        where = f"from {source_id}" if source_id else "from any source with partners"
        raise ValueError(
            f"No total of {country}'s {flow} trade in {year} {where}; "
            f"totals exist for {_years(totals['year'])}."
        )
    if rows.duplicated(["partner", "flow"]).any():
        raise ValueError(f"{country} has two values for one partner in {year} from {source_id}.")
    counts = rows.groupby(rows["partner"].astype(str))["value_usd"]
    amounts: pd.Series = counts.sum()[counts.size() == len(flows)]
    if not amounts[WORLD] > 0:
        raise ValueError(f"{country} has no {flow} trade in {year}: nothing to take a share of.")
    return amounts


def dependence(
    trade: pd.DataFrame,
    country: str,
    partner: str,
    flow: Flow,
    year: int,
    *,
    source_id: str | None = None,
) -> float:
    """Return the share of a partner in a state's trade.

    Trade with the partner over trade with the world, both from one source (the measure of
    dependence in Hirschman 1945; Keohane and Nye 1977 call the gap between the two
    sides' dependence asymmetric interdependence: see `asymmetry`).

    Parameters
    ----------
    trade : pandas.DataFrame
        Columns ``country``, ``partner``, ``year``, ``flow``, ``value_usd``, ``source_id``;
        the partner ``"WLD"`` is the total.
    country, partner : str
        ISO alpha-3 codes.
    flow : {"export", "import", "turnover"}
        "turnover" is exports plus imports of one source.
    year : int
    source_id : str, optional
        Needed where more than one source gives a total and partners for the year.

    Returns
    -------
    float
        Share from 0 to 1.

    Raises
    ------
    ValueError
        If the state, the partner, the year or the total is not there, or the source is open.

    Examples
    --------
    >>> trade = pd.DataFrame({"country": "KAZ", "partner": ["CHN", "WLD"], "year": 2010,
    ...     "flow": "export", "value_usd": [10e9, 50e9], "source_id": "x"})
    >>> dependence(trade, "KAZ", "CHN", "export", 2010)
    0.2
    """
    amounts = amounts_by_partner(trade, country, flow, year, source_id)
    if partner not in amounts.index:
        raise ValueError(
            f"No {flow} trade of {country} with {partner!r} in {year} from this source."
        )
    return float(amounts[partner] / amounts[WORLD])


def partner_shares(
    trade: pd.DataFrame, country: str, flow: Flow, year: int, *, source_id: str | None = None
) -> pd.Series:
    """Return the share of each partner in a state's trade, and of the rest of the world.

    Parameters
    ----------
    trade, country, flow, year, source_id
        As in `dependence`.

    Returns
    -------
    pandas.Series
        Indexed by partner, largest first, ``"rest"`` last; sums to 1. For concentration,
        ``hhi(shares.drop("rest"), total=1)`` is a lower bound and ``hhi(shares)``, which takes
        the rest for one partner, an upper one.

    Raises
    ------
    ValueError
        As in `dependence`, or if the partners add up to more than the total.

    Examples
    --------
    >>> trade = pd.DataFrame({"country": "KAZ", "partner": ["CHN", "RUS", "WLD"], "year": 2010,
    ...     "flow": "export", "value_usd": [10, 5, 50], "source_id": "x"})
    >>> partner_shares(trade, "KAZ", "export", 2010).to_dict()
    {'CHN': 0.2, 'RUS': 0.1, 'rest': 0.7}
    """
    amounts = amounts_by_partner(trade, country, flow, year, source_id)
    named = amounts[~amounts.index.isin(AGGREGATES)].sort_values(ascending=False, kind="stable")
    rest = amounts[WORLD] - named.sum()
    if rest < -1e-3 * amounts[WORLD]:
        raise ValueError(f"The partners of {country} in {year} add up to more than its total.")
    shares: pd.Series = pd.concat([named, pd.Series({"rest": max(rest, 0)})]) / amounts[WORLD]
    return shares.rename("share").rename_axis("partner")


def asymmetry(
    bilateral_usd: ArrayLike, country_total_usd: ArrayLike, partner_total_usd: ArrayLike
) -> pd.DataFrame:
    """Return how much each of two states depends on trade with the other.

    The same trade as a share of either side's total; the ratio says how many times more one
    side depends on it (Keohane and Nye 1977, Power and Interdependence).

    Parameters
    ----------
    bilateral_usd, country_total_usd, partner_total_usd : float or array-like, shape (n,)
        One flow, in the same unit. Series keep their index, such as years, and are matched on it;
        where one has no value, the results are missing.

    Returns
    -------
    pandas.DataFrame
        ``country_on_partner`` and ``partner_on_country`` (shares from 0 to 1) and ``ratio``,
        the first over the second, which is the partner's total over the country's.

    Raises
    ------
    ValueError
        If the trade between the two is negative, or a total is not above zero or is smaller.

    Examples
    --------
    >>> asymmetry(20, 100, 2000).round(2).to_dict("records")
    [{'country_on_partner': 0.2, 'partner_on_country': 0.01, 'ratio': 20.0}]
    """
    parts = {
        "bilateral": bilateral_usd,
        "country": country_total_usd,
        "partner": partner_total_usd,
    }
    scalars = all(np.ndim(part) == 0 for part in parts.values())
    frame = pd.DataFrame(parts, index=[0] if scalars else None)
    if (frame["bilateral"] < 0).any():
        raise ValueError("The trade between the two is negative.")
    for side in ("country", "partner"):
        if (frame[side] <= 0).any() or (frame["bilateral"] > frame[side]).any():
            raise ValueError(
                f"The {side}'s total must be above zero and hold the trade between the two."
            )
    return pd.DataFrame(
        {
            "country_on_partner": frame["bilateral"] / frame["country"],
            "partner_on_country": frame["bilateral"] / frame["partner"],
            "ratio": frame["partner"] / frame["country"],
        }
    )
