"""A composite index, and what its weights decide."""

from collections.abc import Mapping
from itertools import product
from typing import Literal, get_args

import numpy as np
import pandas as pd

Scale = Literal["minmax", "share", "none"]


def scaled_criteria(frame: pd.DataFrame, scale: Scale = "minmax") -> pd.DataFrame:
    """Return criteria on one scale, as a composite index adds them up.

    Parameters
    ----------
    frame : pandas.DataFrame
        As in `weighted_index`.
    scale : {"minmax", "share", "none"}
        As in `weighted_index`.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns.

    Raises
    ------
    ValueError
        If the scale is unknown, a value is missing or a criterion does not vary.

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": [10, 30], "arms": [8, 2]}, index=["RUS", "CHN"])
    >>> scaled_criteria(frame, "share").to_dict("list")
    {'trade': [0.25, 0.75], 'arms': [0.8, 0.2]}
    """
    if scale not in get_args(Scale):
        raise ValueError(f"The scale is one of {', '.join(get_args(Scale))}, not {scale!r}.")
    if frame.empty or not np.isfinite(frame.to_numpy(float, na_value=np.nan)).all():
        raise ValueError("A power has no value on a criterion: an index cannot skip it.")
    if scale == "share" and (frame < 0).any(axis=None):
        raise ValueError("A share needs amounts that are not negative: choose another scale.")
    if scale == "none":
        return frame.astype(float)
    low, spread = _range(frame, scale)
    flat = list(spread.index[spread <= 0])
    if flat:
        raise ValueError(
            f"All have the same value on {', '.join(map(str, flat))}: it ranks nobody."
        )
    return (frame - low) / spread


def _range(frame: pd.DataFrame, scale: str) -> tuple[pd.Series | int, pd.Series]:
    """Return where each criterion begins and how far it reaches; a reach of zero ranks nobody."""
    return (0, frame.sum()) if scale == "share" else (frame.min(), frame.max() - frame.min())


def weighted_index(
    frame: pd.DataFrame, weights: Mapping[str, float], *, scale: Scale = "minmax"
) -> pd.Series:
    """Return a weighted index of several criteria.

    The weighted mean of scaled criteria (linear aggregation; OECD and JRC 2008, Handbook on
    Constructing Composite Indicators, steps 5 and 6). It lets a high score on one criterion
    make up for a low one on another, and its ranking depends on scale and weights.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a power (or state), one numeric column a criterion; more means more influence.
    weights : mapping of str to float
        Weight of each column, none negative; they need not add up to 1. A column without a
        weight is an error: give it 0 to leave it out.
    scale : {"minmax", "share", "none"}
        "minmax" runs each criterion from 0 (lowest) to 1 (highest), "share" divides by the
        sum over all rows, "none" takes the values as they are.

    Returns
    -------
    pandas.Series
        The index of each row, highest first; from 0 to 1 with "minmax".

    Raises
    ------
    ValueError
        If weights and columns do not match, a weight is negative, all are zero, a value is
        missing (or, with "share", negative) or a criterion does not vary.

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": [10, 30], "arms": [8, 2]}, index=["RUS", "CHN"])
    >>> weighted_index(frame, {"trade": 3, "arms": 1}).to_dict()
    {'CHN': 0.75, 'RUS': 0.25}
    """
    w = pd.Series(dict(weights), dtype=float)
    odd = sorted(set(map(str, w.index)) ^ set(map(str, frame.columns)))
    if odd:
        raise ValueError(f"Weights and criteria differ in {', '.join(odd)}.")
    if not np.isfinite(w).all() or (w < 0).any() or not w.sum() > 0:
        raise ValueError("Weights must not be negative, and one at least must be above zero.")
    index = scaled_criteria(frame, scale).mul(w / w.sum()).sum(axis=1)
    return index.sort_values(ascending=False, kind="stable").rename("index")


def leaders_by_weight(
    frame: pd.DataFrame, *, steps: int = 20, scale: Scale = "minmax"
) -> pd.DataFrame:
    """Return who leads a weighted index under every weighting on a grid.

    Weights run over all multiples of 1/steps that add up to 1. The share of weightings that a
    power leads says how much a ranking owes to the choice of weights (a sensitivity analysis in
    the sense of step 7 of the handbook named in `weighted_index`).

    Parameters
    ----------
    frame : pandas.DataFrame
        As in `weighted_index`.
    steps : int, default 20
        With 3 criteria, 20 steps give 231 weightings.
    scale : {"minmax", "share", "none"}

    Returns
    -------
    pandas.DataFrame
        One row a weighting: the weight of each criterion, ``leader`` (the row's name; tied
        leaders are joined by " = ") and ``margin``, the lead over the next one.

    Raises
    ------
    ValueError
        As in `weighted_index`, if there are fewer than two rows, or if steps is below 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": [10, 30], "arms": [8, 2]}, index=["RUS", "CHN"])
    >>> leaders_by_weight(frame, steps=4)["leader"].tolist()
    ['RUS', 'RUS', 'RUS = CHN', 'CHN', 'CHN']
    """
    if len(frame) < 2 or steps < 1:
        raise ValueError("A lead needs two powers at least, and one step at least.")
    grid = [x for x in product(range(steps + 1), repeat=frame.shape[1]) if sum(x) == steps]
    weights = np.array(grid) / steps
    scores = weights @ scaled_criteria(frame, scale).to_numpy().T
    top = scores.max(axis=1, keepdims=True)
    names = frame.index.astype(str).to_numpy()
    result = pd.DataFrame(weights, columns=frame.columns)
    tied = top - scores <= 1e-9 * np.abs(scores).max()  # what rounding can make of a tie
    result["leader"] = [" = ".join(names[row]) for row in tied]
    ranked = np.sort(scores, axis=1)
    result["margin"] = ranked[:, -1] - ranked[:, -2]
    return result


def leads_without(frame: pd.DataFrame, *, steps: int = 20, scale: Scale = "minmax") -> pd.DataFrame:
    """Return how often each power leads, with all of them and with one left out at a time.

    Whether A stands above B should not hang on C, a third that is compared with both (Arrow 1951,
    Social Choice and Individual Values, on the independence of irrelevant alternatives). A scale
    that runs from the lowest to the highest breaks this rule, for C may be the end of the scale.

    Parameters
    ----------
    frame, steps, scale
        As in `leaders_by_weight`; at least three rows.

    Returns
    -------
    pandas.DataFrame
        One row for ``"nobody"`` and for each power left out, one column a power: the share of
        weightings that it leads alone, from 0 to 1. Missing for the power left out, and in the
        whole row where all others have the same value on a criterion.

    Raises
    ------
    ValueError
        As in `leaders_by_weight`, or if there are fewer than three rows.

    Examples
    --------
    With the third, which leads nowhere, A leads three weightings in five, without it two:

    >>> frame = pd.DataFrame({"trade": [6, 8, 0], "arms": [9, 1, 0]}, index=["A", "B", "C"])
    >>> leads_without(frame, steps=4).loc[["nobody", "C"], "A"].tolist()
    [0.8, 0.4]
    """
    if len(frame) < 3:
        raise ValueError("Leaving one out needs three powers at least.")
    names = frame.index.astype(str)
    result = pd.DataFrame(np.nan, index=["nobody", *names], columns=list(names))
    result.index.name = "left_out"
    for left_out in result.index:
        others = frame[names != left_out]
        if left_out != "nobody" and scale != "none" and (_range(others, scale)[1] <= 0).any():
            continue
        leaders = leaders_by_weight(others, steps=steps, scale=scale)["leader"]
        for name in others.index.astype(str):
            result.loc[left_out, name] = leaders.eq(name).mean()
    return result
