"""How good judgements are: agreement of coders, score and calibration of forecasts."""

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def cohens_kappa(
    a: Iterable[Hashable], b: Iterable[Hashable], order: Sequence[Hashable] | None = None
) -> float:
    """Return Cohen's kappa, the agreement of two coders beyond chance.

    kappa = (p_o - p_e) / (1 - p_e), where p_o is the share of items coded alike and p_e the
    share expected if each coder kept their own mix of codes and drew at random (Cohen 1960,
    Educational and Psychological Measurement 20(1), 37-46). Where the codes have an order, two
    that lie near each other count as partly alike: with k codes, 1 less their distance in steps
    divided by k - 1 (linear weights; Cohen 1968, Psychological Bulletin 70(4), 213-220).

    Parameters
    ----------
    a, b : iterable of labels, shape (n,)
        The codes that two coders gave to the same items, in the same order.
    order : sequence of labels, shape (k,), optional
        All codes from one end of the scale to the other; without it only the same code counts.

    Returns
    -------
    float
        1 for full agreement, 0 for chance, below 0 for less than chance. NaN when both
        coders used one and the same code throughout: then there is nothing to agree on.

    Raises
    ------
    ValueError
        If the lengths differ, there is no item, or an item has no code or one that is not in
        the order.

    Examples
    --------
    Fifty items; both say yes to 20 and no to 15; they differ on 5 and 10:

    >>> a = ["yes"] * 25 + ["no"] * 25
    >>> b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(cohens_kappa(a, b), 2)
    0.4

    One step apart on a scale of three counts as half alike:

    >>> scale = ["right", "partly", "wrong"]
    >>> a, b = ["right", "right", "wrong", "partly"], ["right", "partly", "wrong", "partly"]
    >>> round(cohens_kappa(a, b), 2), round(cohens_kappa(a, b, scale), 2)
    (0.64, 0.71)
    """
    first, second = pd.Series(list(a), dtype=object), pd.Series(list(b), dtype=object)
    if len(first) != len(second):
        raise ValueError(
            f"The coders coded {len(first)} and {len(second)} items: give the same items."
        )
    if first.empty:
        raise ValueError("There is no coded item.")
    if first.isna().any() or second.isna().any():
        raise ValueError("An item has no code: leave it out for both coders, or code it.")
    if first.nunique() == 1 and (first == second).all():
        return float("nan")
    labels = list(order) if order is not None else sorted({*first, *second}, key=str)
    scale = pd.Index(labels)
    codes = [scale.get_indexer(pd.Index(given)) for given in (first, second)]
    if (np.concatenate(codes) < 0).any():
        raise ValueError("A code is not in the order: name all codes of the scale.")
    place = np.arange(len(labels))
    apart = np.abs(place[:, None] - place) / (len(labels) - 1)
    alike = 1 - apart if order is not None else np.eye(len(labels))
    shares = [np.bincount(code, minlength=len(labels)) / len(code) for code in codes]
    observed = float(alike[codes[0], codes[1]].mean())
    expected = float(shares[0] @ alike @ shares[1])
    return (observed - expected) / (1 - expected)


def confidence_levels(n_options: int) -> list[int]:
    """Return the confidences to choose from, in per cent, from chance to certainty.

    Parameters
    ----------
    n_options : int
        How many answers there are to choose from, one of them right.

    Returns
    -------
    list of int
        The chance of a guess, rounded, and the full tens above it, to 100.

    Examples
    --------
    >>> confidence_levels(4)
    [25, 30, 40, 50, 60, 70, 80, 90, 100]
    """
    chance = round(100 / n_options)
    return [chance, *(n for n in range(10, 101, 10) if n > chance)]


def _forecasts(p: ArrayLike, outcome: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities and outcomes as checked arrays of one length."""
    probability, result = np.asarray(p, dtype=float), np.asarray(outcome, dtype=float)
    if probability.ndim != 1 or probability.shape != result.shape or not probability.size:
        raise ValueError("Give one probability and one outcome for each forecast, at least one.")
    if np.isnan(result).any():
        raise ValueError("A forecast has no outcome yet: leave it out until it is resolved.")
    for name, x in (("A probability", probability), ("An outcome", result)):
        if not ((x >= 0) & (x <= 1)).all():
            raise ValueError(f"{name} lies from 0 to 1 (70 per cent is 0.7) and is never blank.")
    return probability, result


def brier_score(p: ArrayLike, outcome: ArrayLike) -> float:
    """Return the Brier score, the mean squared error of probability forecasts.

    mean((p - outcome) ** 2). This is the usual form for an event that happens or does not;
    Brier (1950, Monthly Weather Review 78(1), 1-3) summed over both classes, which doubles it.

    Parameters
    ----------
    p : array-like, shape (n,)
        Probabilities from 0 to 1.
    outcome : array-like, shape (n,)
        1 came true, 0 did not, 0.5 came partly true.

    Returns
    -------
    float
        0 is perfect, 0.25 is what a constant 0.5 earns on yes-or-no outcomes, 1 is worst.

    Raises
    ------
    ValueError
        If a value is outside 0 to 1 or blank, the lengths differ, or there is no forecast.

    Examples
    --------
    >>> round(brier_score([0.9, 0.7, 0.2], [1, 0, 0]), 2)
    0.18
    """
    probability, result = _forecasts(p, outcome)
    return float(np.mean((probability - result) ** 2))


def calibration_table(
    p: ArrayLike, outcome: ArrayLike, bins: int | Sequence[float] = 5
) -> pd.DataFrame:
    """Return how often forecasts came true, by the probability they were given.

    The reliability table of Murphy and Winkler (1977, Applied Statistics 26(1), 41-47): a
    forecaster is calibrated if of all that was called 70 per cent likely, 70 per cent came true.

    Parameters
    ----------
    p, outcome : array-like, shape (n,)
        As in `brier_score`.
    bins : int or sequence of float, default 5
        Number of bins of equal width on 0 to 1, or their edges, from 0 to 1. A bin holds its
        lower edge, the last bin also its upper one.

    Returns
    -------
    pandas.DataFrame
        One row a bin: ``lower``, ``upper``, ``n``, ``mean_probability``, ``share_true``. An
        empty bin stays, with n = 0 and missing means.

    Raises
    ------
    ValueError
        As in `brier_score`, or if the edges do not rise from 0 to 1.

    Examples
    --------
    >>> table = calibration_table([0.6, 0.8, 0.9, 0.2], [1, 1, 0, 0], bins=2)
    >>> table["n"].tolist(), table["share_true"].round(2).tolist()
    ([1, 3], [0.0, 0.67])
    """
    probability, result = _forecasts(p, outcome)
    # n / bins, for linspace puts 0.6 above a forecast of 0.6, into the bin below it
    if isinstance(bins, (int, np.integer)):
        edges = np.arange(bins + 1) / max(bins, 1)
    else:
        edges = np.asarray(bins, float)
    if edges.size < 2 or edges[0] != 0 or edges[-1] != 1 or (np.diff(edges) <= 0).any():
        raise ValueError("The edges of the bins must rise from 0 to 1.")
    place = np.clip(np.searchsorted(edges, probability, side="right") - 1, 0, edges.size - 2)
    frame = pd.DataFrame({"bin": place, "probability": probability, "outcome": result})
    grouped = frame.groupby("bin").agg(
        n=("outcome", "size"),
        mean_probability=("probability", "mean"),
        share_true=("outcome", "mean"),
    )
    table = grouped.reindex(range(edges.size - 1)).reset_index(drop=True)
    table["n"] = table["n"].fillna(0).astype(int)
    table.insert(0, "lower", edges[:-1])
    table.insert(1, "upper", edges[1:])
    return table


def normalised_gain(before: float, after: float) -> float:
    """Return which part of what could still be learned was learned.

    g = (after - before) / (1 - before), the gain that was made over the largest possible one
    (Hake 1998, American Journal of Physics 66(1), 64-74, doi:10.1119/1.18809). For a class,
    Hake's average gain is this of the class's mean scores.

    Parameters
    ----------
    before, after : float
        Shares of right answers to the same items, 0 to 1.

    Returns
    -------
    float
        1 if everything that was missing was learned, 0 if nothing, below 0 if the score fell. NaN
        if nothing was missing: then there was nothing to gain.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1.

    Examples
    --------
    >>> normalised_gain(0.5, 0.75)
    0.5
    """
    if not (0 <= before <= 1 and 0 <= after <= 1):
        raise ValueError("A share of right answers lies between 0 and 1.")
    return float("nan") if before == 1 else (after - before) / (1 - before)
