"""The charts' colours in the dark: the same hues, with their lightness turned round.

What was darker than its paper is lighter than its paper then, so that a text stays legible on its
mark and a mark on its ground. Stored charts are light; the book draws them anew in these colours
where a reader prefers the dark, and prints them light.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from centralasia.charts.sight import linear, oklab

_DARKEST, _SLOPE = 1.23, 1.03
"""Lightness in the dark is the first less the second times what it was: paper 0.98 becomes 0.22."""


def dark(color: str) -> str:
    """Return a colour for a dark paper.

    Parameters
    ----------
    color
        An sRGB colour such as ``"#fbfaf7"``.

    Returns
    -------
    str
        The colour with the same hue in OKLab (Ottosson 2020), as rich as sRGB allows, and its
        lightness turned round.

    Examples
    --------
    >>> dark("#fbfaf7"), dark("#20242b")
    ('#1a1917', '#edf3fd')
    """
    lightness, *hue = oklab([color])[0]
    turned = _DARKEST - _SLOPE * float(lightness)
    for share in np.linspace(1, 0, 51):
        found = linear(np.array([turned, *(share * part for part in hue)]))
        if found.min() >= -1e-4 and found.max() <= 1 + 1e-4:
            break
    return _written(np.clip(found, 0, 1))


def table(colors: Iterable[str]) -> dict[str, str]:
    """Return for each colour the one that stands for it in the dark; no two are the same.

    The way back is then as sure: what is printed or saved is light.

    Parameters
    ----------
    colors
        sRGB colours, in any order.

    Examples
    --------
    >>> table(["#fbfaf7"])
    {'#fbfaf7': '#1a1917'}
    """
    found: dict[str, str] = {}
    for color in sorted(set(colors)):
        turned = dark(color)
        while turned in found.values():  # the least step that no eye sees
            turned = f"#{(int(turned[1:], 16) + 1) % 0x1000000:06x}"
        found[color] = turned
    return found


def _written(linear: np.ndarray) -> str:
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * float(channel)):02x}" for channel in srgb)
