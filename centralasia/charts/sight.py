"""How far apart colours are for each kind of sight, and which are still free for a power."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from centralasia import course
from centralasia.charts import theme

Points = npt.NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHTS = {
    "common": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
"""Kinds of sight, each with the matrix that makes a colour into the one it sees."""
RANKED, OTHERS, FROM_STATES = 0.20, 0.10, 0.10
"""The least distance in OKLab of two ranked powers, of any other two, and of a power and a state.

The three that the course ranks stand beside each other in most charts, often as small symbols and
without words: 0.20 is ten times what the eye just tells apart. Colours that keep this distance from
all three of them, for every sight, are near black and fourteen in number, so it cannot hold for
powers to come. One of those is shown in lessons of its own, always with a symbol and a dash that no
other power has, and needs to be told from the others by more than its colour. It keeps half that
distance, a little more than what the five states, which have dashes as well, keep between them.
"""
STEPS = range(0, 256, 15)
"""Of red, green and blue, among which colours are looked for."""
DARKEST, DULLEST, SECTOR = 0.3, 0.07, 30
"""Lightness and chroma from which a colour has a name, and degrees of hue that have one in common.
"""
_LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def oklab(colors: Sequence[str], sight: str = "common") -> Points:
    """Return colours in OKLab (Ottosson 2020) as a kind of sight has them.

    Parameters
    ----------
    colors : sequence of str
        As ``"#4f1271"``.
    sight : str
        A key of `SIGHTS`.

    Returns
    -------
    numpy.ndarray
        Shape ``(len(colors), 3)``: lightness from 0 to 1, then the two axes of hue.

    Examples
    --------
    >>> oklab(["#ffffff", "#000000"]).round(3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    srgb = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ SIGHTS[sight].T, 0, 1)
    lms = np.cbrt(seen @ np.transpose(_LMS))
    found: Points = lms @ np.transpose(_LAB)
    return found


def linear(lab: np.ndarray) -> np.ndarray:
    """Return a colour of OKLab as linear red, green and blue: the way back from `oklab`.

    Parameters
    ----------
    lab : numpy.ndarray
        Shape ``(3,)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(3,)``, from 0 to 1 if sRGB has the colour.
    """
    lms = np.linalg.solve(np.array(_LAB), lab) ** 3
    found: np.ndarray = np.linalg.solve(np.array(_LMS), lms)
    return found


def apart(one: Sequence[str], other: Sequence[str], sight: str = "common") -> Points:
    """Return the distance of each colour from each of some others.

    Returns
    -------
    numpy.ndarray
        Shape ``(len(one), len(other))``, in OKLab, where 0.02 is just seen.

    Examples
    --------
    >>> apart(["#ffffff"], ["#000000", "#ffffff"]).round(2).tolist()
    [[1.0, 0.0]]
    """
    between = oklab(one, sight)[:, None] - oklab(other, sight)[None, :]
    distance: Points = np.linalg.norm(between, axis=2)
    return distance


def least(one: course.Power, other: course.Power) -> float:
    """Return the distance that the colours of two powers have to keep."""
    return RANKED if one.ranked and other.ranked else OTHERS


def free(key: str, others: Iterable[course.Power], ranked: bool = False) -> list[str]:
    """Return colours that would do for a power, each of another hue, the farthest from all first.

    Parameters
    ----------
    key : str
        The power that looks for one; its own row is passed over.
    others : iterable of course.Power
        All that have a colour.
    ranked : bool
        Whether it is one of those that the comparison ranks.

    Returns
    -------
    list of str
        Colours that can be named by their hue, keep their distance for every sight from all other
        powers and from the states, and stand out from the paper; none where all hues are taken.

    Examples
    --------
    >>> len(free("atlantis", course.powers())) >= 4
    True
    """
    rest = [power for power in others if power.key != key]
    colors = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in itertools.product(STEPS, repeat=3)]
    lightness, *axes = oklab(colors).T
    hue = (np.degrees(np.arctan2(axes[1], axes[0])) % 360) // SECTOR
    named = (lightness >= DARKEST) & (np.hypot(*axes) >= DULLEST)
    needed = [RANKED if ranked and power.ranked else OTHERS for power in rest]
    distances = [apart(colors, [power.color for power in rest], sight) for sight in SIGHTS]
    nearest = np.min(distances, axis=(0, 2))
    keeps = np.min(distances, axis=0) >= needed
    clear = apart(colors, list(theme.STATE_COLORS.values())).min(axis=1) > FROM_STATES
    passing = named & keeps.all(axis=1) & clear
    best: dict[float, str] = {}
    for n in np.flatnonzero(passing)[np.argsort(-nearest[passing], kind="stable")]:
        if hue[n] not in best and theme.contrast(colors[n]) >= 3:
            best[hue[n]] = colors[n]
    return list(best.values())
