"""Break years: how much of a series' variation lies between the periods that they make."""

from collections.abc import Iterable

import numpy as np
import pandas as pd


def period_of(year: pd.Series, breaks: Iterable[int]) -> pd.Series:
    """Return the number of the period of each year, 0 for the first.

    A break is the first year of a new period.

    Parameters
    ----------
    year
        Whole years.
    breaks
        Years, in any order.

    Returns
    -------
    pandas.Series
        Whole numbers with the index of ``year``.

    Examples
    --------
    >>> period_of(pd.Series([2004, 2005, 2014]), [2005, 2014]).tolist()
    [0, 1, 2]
    """
    found = np.searchsorted(sorted(set(breaks)), year.to_numpy(), side="right")
    return pd.Series(found, index=year.index, name="period")


def share_between_periods(year: pd.Series, value: pd.Series, breaks: Iterable[int]) -> float:
    """Return the share of a series' variation that lies between periods, from 0 to 1.

    The squared distances of the values to the mean of their own period are compared with those
    to the mean of all: eta squared, the measure of a one-way analysis of variance (Fisher 1925,
    Statistical Methods for Research Workers, ch. 7). More breaks never lower it, so compare only
    proposals with the same number of breaks.

    Parameters
    ----------
    year, value
        One entry a year, matched on their index; years without a value are left out.
    breaks
        The first year of each new period.

    Returns
    -------
    float
        0 if the breaks tell nothing, 1 if the series is flat within each period.

    Raises
    ------
    ValueError
        If a value has no year, or there is no variation to account for.

    Examples
    --------
    >>> years, troops = pd.Series(range(2000, 2004)), pd.Series([0, 0, 10, 10])
    >>> [round(share_between_periods(years, troops, [year]), 3) for year in (2002, 2001)]
    [1.0, 0.333]
    """
    frame = pd.DataFrame({"year": year, "value": value}).dropna(subset="value").astype(float)
    if frame["year"].isna().any():
        raise ValueError("A value has no year: give one year for each value.")
    known = frame["value"]
    if known.nunique() < 2:
        raise ValueError(
            "The series does not vary: there is nothing that a break could account for."
        )
    own = known.groupby(period_of(frame["year"], breaks)).transform("mean")
    return float(1 - ((known - own) ** 2).sum() / ((known - known.mean()) ** 2).sum())
