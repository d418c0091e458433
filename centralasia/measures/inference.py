"""What a difference is worth: compared with others, with chance, and with how sure a share is."""

from collections.abc import Callable
from itertools import combinations
from math import comb, sqrt

import numpy as np
from numpy.typing import ArrayLike

_EXACT = 20_000
_Z = {0.5: 0.674490, 0.8: 1.281552, 0.9: 1.644854, 0.95: 1.959964, 0.99: 2.575829}

Statistic = Callable[[np.ndarray], float]


def difference_in_differences(
    before: float, after: float, other_before: float, other_after: float
) -> float:
    """Return how much more one thing changed than another that was not treated.

    (after - before) - (other_after - other_before). Read as an effect it assumes that both would
    have changed alike without the treatment (Angrist and Pischke 2009, Mostly Harmless
    Econometrics, 5.2).

    Parameters
    ----------
    before, after : float
        What was treated, such as a member's share of trade before and after it joined.
    other_before, other_after : float
        The comparison, in the same unit.

    Returns
    -------
    float
        In the unit of the arguments; percentage points for two shares in per cent.

    Raises
    ------
    ValueError
        If a value is missing.

    Examples
    --------
    A member's share rises from 50.5 to 52.7 per cent, an outsider's falls from 39.8 to 24.7:

    >>> round(difference_in_differences(50.5, 52.7, 39.8, 24.7), 1)
    17.3
    """
    values = np.array([before, after, other_before, other_after], dtype=float)
    if np.isnan(values).any():
        raise ValueError("A difference needs all four values; one is missing.")
    return float((values[1] - values[0]) - (values[3] - values[2]))


def share_interval(hits: int, cases: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval in which a share lies, by Wilson's score.

    (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n) for p = hits/cases and n = cases
    (Wilson 1927, Journal of the American Statistical Association 22(158), 209-212). It treats
    the cases as drawn at random and independent of each other; roll calls on one question are not,
    so the true interval is rather wider.

    Parameters
    ----------
    hits, cases : int
        Such as votes cast alike, and votes in which both took part.
    level : {0.5, 0.8, 0.9, 0.95, 0.99}
        How often intervals made in this way hold the true share.

    Returns
    -------
    tuple of float
        Lower and upper bound, each from 0 to 1.

    Raises
    ------
    ValueError
        If there is no case, or more hits than cases, or the level is another one.

    Examples
    --------
    >>> [round(bound, 2) for bound in share_interval(27, 54)]
    [0.37, 0.63]
    """
    if level not in _Z:
        raise ValueError(f"A level is one of {', '.join(map(str, _Z))}.")
    if not 0 <= hits <= cases or cases < 1:
        raise ValueError(f"{hits} of {cases} is no share: give hits from 0 to the number of cases.")
    z, p = _Z[level], hits / cases
    middle = p + z**2 / (2 * cases)
    reach = z * sqrt(p * (1 - p) / cases + z**2 / (4 * cases**2))
    low, high = ((middle + sign * reach) / (1 + z**2 / cases) for sign in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


def bootstrap_interval(
    values: ArrayLike,
    statistic: Statistic = np.mean,
    *,
    level: float = 0.95,
    draws: int = 5_000,
    seed: int = 2011,
) -> tuple[float, float]:
    """Return the interval of a statistic over samples drawn with replacement.

    The middle part of the statistic's values in `draws` samples as long as the data (the
    percentile method; Efron and Tibshirani 1993, An Introduction to the Bootstrap, 13.3). With
    fewer than about ten values it is too narrow.

    Parameters
    ----------
    values : array-like of float, shape (n,)
    statistic : callable, default mean
        Takes an array, returns a number.
    level : float, from 0 to 1
    draws : int
    seed : int
        The same seed gives the same interval.

    Returns
    -------
    tuple of float
        Lower and upper bound, in the unit of the statistic.

    Raises
    ------
    ValueError
        If there are fewer than two values, or one is missing, or the level is no share.

    Examples
    --------
    >>> low, high = bootstrap_interval([2, 4, 4, 5, 6, 9])
    >>> low < 5 < high
    True
    """
    data = _numbers(values)
    if len(data) < 2:
        raise ValueError("An interval needs two values at least.")
    if not 0 < level < 1:
        raise ValueError("A level lies between 0 and 1 (95 per cent is 0.95).")
    chosen = np.random.default_rng(seed).integers(len(data), size=(draws, len(data)))
    results = [statistic(data[row]) for row in chosen]
    low, high = np.quantile(results, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def permutation_p(
    first: ArrayLike, second: ArrayLike, *, draws: int = 20_000, seed: int = 2011
) -> float:
    """Return how often chance alone sets the means of two groups as far apart as they are.

    The share of all ways to deal the values into groups of these sizes in which the means differ
    by as much or more, in either direction (Fisher 1935, The Design of Experiments, 21). Up to
    20,000 ways are all tried; of more, `draws` are drawn, and the ways that were seen are counted
    with the observed one, (k + 1) / (draws + 1).

    Parameters
    ----------
    first, second : array-like of float, shape (m,) and (n,)
    draws : int
    seed : int
        The same seed gives the same share.

    Returns
    -------
    float
        From above 0 to 1: small where chance would rarely do it.

    Raises
    ------
    ValueError
        If a group is empty or a value is missing.

    Examples
    --------
    Of the 20 ways to deal six values into two threes, two are as extreme as this one:

    >>> permutation_p([1, 2, 3], [7, 8, 9])
    0.1
    """
    a, b = _numbers(first), _numbers(second)
    if not len(a) or not len(b):
        raise ValueError("Each group needs a value at least.")
    pool, size = np.concatenate([a, b]), len(a)
    observed = abs(a.mean() - b.mean())
    ways = comb(len(pool), size)
    if ways <= _EXACT:
        chosen = np.array(list(combinations(range(len(pool)), size)))
    else:
        order = np.random.default_rng(seed).permuted(
            np.tile(np.arange(len(pool)), (draws, 1)), axis=1
        )
        chosen = order[:, :size]
    sums = pool[chosen].sum(axis=1)
    gaps = np.abs(sums / size - (pool.sum() - sums) / (len(pool) - size))
    extreme = int((gaps >= observed - 1e-12 * max(1.0, observed)).sum())
    return extreme / ways if ways <= _EXACT else (extreme + 1) / (draws + 1)


def _numbers(values: ArrayLike) -> np.ndarray:
    """Return values as an array without gaps."""
    data = np.asarray(values, dtype=float)
    if data.ndim != 1:
        raise ValueError("Give one row of values.")
    if np.isnan(data).any():
        raise ValueError("A value is missing: leave it out, and say so.")
    return data
